import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';
import { fieldsOf, type Json, type Operation, operationAt, type TargetDocument } from './document.ts';

/** A write as it was planned. */
export interface Write {
  readonly method: string;
  readonly path: string;
  readonly query?: Readonly<Record<string, string>>;
  readonly body?: unknown;
}

const symbol = /\$\{[^{}$]+\.[a-z_]+\}/g;
const anyId = '00000000-0000-4000-8000-000000000000';

/** Whether the target's document has the operation of a write at all. */
export function serves(document: TargetDocument, { method, path }: Write): boolean {
  return operationAt(document, method, path.replace(symbol, anyId)) !== undefined;
}

/** A write with each of its arguments where the target's document has it: in the query, or in the body. */
export function placed<W extends Write>(document: TargetDocument, write: W): W {
  const operation = operationAt(document, write.method, write.path.replace(symbol, anyId));
  if (!operation) return write;
  const { fields } = fieldsOf(operation.body, document.root);
  const body = isObject(write.body) ? write.body : undefined;
  const toBody = Object.entries(write.query ?? {}).filter(([name]) => !operation.query.has(name) && fields.has(name));
  const toQuery = Object.entries(body ?? {}).filter(
    ([name, value]) => typeof value === 'string' && !fields.has(name) && operation.query.has(name),
  ) as [string, string][];
  if (toBody.length + toQuery.length === 0) return write;
  const { query: _, body: __, ...rest } = write;
  const query = { ...without(write.query ?? {}, toBody), ...Object.fromEntries(toQuery) };
  const fieldsNow = { ...without(body ?? {}, toQuery), ...Object.fromEntries(toBody) };
  return {
    ...rest,
    ...(Object.keys(query).length > 0 ? { query } : {}),
    ...(Object.keys(fieldsNow).length > 0 ? { body: fieldsNow } : {}),
  } as W;
}

/** Why the target would refuse a write, by its own document; undefined when it would not. */
export function judge(document: TargetDocument): (write: Write) => string | undefined {
  const ajv = new Ajv2020({ strict: false, validateFormats: false, allErrors: false });
  const checks = new Map<Operation, ValidateFunction | undefined>();
  const checkOf = (operation: Operation) => {
    if (!checks.has(operation)) checks.set(operation, compiled(ajv, operation, document));
    return checks.get(operation);
  };
  return (write) => {
    const path = write.path.replace(symbol, anyId);
    const operation = operationAt(document, write.method, path);
    if (!operation) return `it has no ${write.method} ${path.replaceAll(/[0-9a-f]{8}-[0-9a-f-]{27}/g, '…')}`;
    const query = write.query ?? {};
    for (const [name, { required }] of operation.query)
      if (required && !(name in query)) return `${operation.name} demands \`${name}\``;
    const unknown = Object.keys(query).find((name) => !operation.query.has(name));
    if (unknown !== undefined) return `${operation.name} does not know the parameter \`${unknown}\``;
    const check = operation.body === undefined ? undefined : checkOf(operation);
    if (!check || check(JSON.parse(JSON.stringify(withoutNulls(write.body ?? {}, document)).replace(symbol, anyId))))
      return undefined;
    const [first] = check.errors ?? [];
    const where = first?.instancePath ? `\`${first.instancePath.slice(1)}\` ` : '';
    return `${operation.name}: ${where}${first?.message ?? 'is wrong'}`;
  };
}

/** The check of a body; undefined for a schema that cannot be understood, which is not held against anybody. */
function compiled(ajv: Ajv2020, operation: Operation, document: TargetDocument): ValidateFunction | undefined {
  try {
    // References of a schema lead into the whole document.
    return ajv.compile({ ...operation.body, components: document.root.components });
  } catch {
    return undefined;
  }
}

/** OpenAPI 3.0 says in a way of its own what may be null, so null is not judged by such a document. */
function withoutNulls(body: unknown, { root }: TargetDocument): unknown {
  if (!isObject(body) || !String(root.openapi).startsWith('3.0')) return body;
  return Object.fromEntries(Object.entries(body).filter(([, value]) => value !== null));
}

const isObject = (value: unknown): value is Json => typeof value === 'object' && value !== null && !Array.isArray(value);
const without = (values: Json, names: readonly [string, unknown][]) =>
  Object.fromEntries(Object.entries(values).filter(([name]) => !names.some(([other]) => other === name)));
