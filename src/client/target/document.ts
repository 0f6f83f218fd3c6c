import { reliedOn } from '../../api/relied-on.ts';
import type { Session } from '../types.ts';

export type Json = Readonly<Record<string, unknown>>;

/** One operation as a document declares it. */
export interface Operation {
  /** `METHOD /path/{template}` */
  readonly name: string;
  /** The schemas of the query parameters, and whether each must be there. */
  readonly query: ReadonlyMap<string, { readonly schema: Json; readonly required: boolean }>;
  /** The schema of a JSON body; undefined when none is declared. */
  readonly body: Json | undefined;
}

/** What a server says about itself. */
export interface TargetDocument {
  /** The version that it gives itself. */
  readonly version: string | undefined;
  /** By method and path, without the names of the parameters. */
  readonly operations: ReadonlyMap<string, Operation>;
  /** The whole document, in which references are looked up. */
  readonly root: Json;
}

const methods = ['get', 'post', 'put', 'patch', 'delete'];

/** Reads the document of a server; undefined when there is none, none that can be read, or one of something else altogether. */
export async function readTargetDocument(session: Session, server: keyof typeof reliedOn): Promise<TargetDocument | undefined> {
  try {
    const document = documentOf(await session.get('/openapi.json'));
    const own = reliedOn[server].some((one) => document?.operations.has(shapeOf(one.split('?')[0] ?? '')));
    return own ? document : undefined;
  } catch {
    return undefined;
  }
}

/** The facts of a document; undefined for what is not an OpenAPI document. */
export function documentOf(document: unknown): TargetDocument | undefined {
  const root = record(document);
  const operations = new Map<string, Operation>();
  for (const [path, item] of Object.entries(record(root.paths)))
    for (const [method, operation] of Object.entries(record(item)))
      if (methods.includes(method)) {
        const name = `${method.toUpperCase()} ${path}`;
        operations.set(shapeOf(name), operationOf(name, [record(item), record(operation)], root));
      }
  if (operations.size === 0) return undefined;
  const { version } = record(root.info);
  return { version: typeof version === 'string' ? version : undefined, operations, root };
}

function operationOf(name: string, places: readonly Json[], root: Json): Operation {
  const query = new Map<string, { schema: Json; required: boolean }>();
  for (const { parameters } of places)
    for (const one of Array.isArray(parameters) ? parameters : []) {
      const { name: parameter, in: where, schema, required } = resolved(one, root);
      if (typeof parameter === 'string' && where === 'query')
        query.set(parameter, { schema: resolved(schema, root), required: required === true });
    }
  const content = record(resolved(places.at(-1)?.requestBody, root).content);
  const schema = record(content['application/json']).schema;
  return { name, query, body: schema === undefined ? undefined : resolved(schema, root) };
}

/** What an operation is known by: names in braces do not matter, nor does a slash at the end. */
export const shapeOf = (operation: string) => operation.replace(/\{[^}]*\}/g, '{}').replace(/\/+$/, '');

/** The operation that a method and a path with ids belong to. Fixed words win over parameters. */
export function operationAt({ operations }: TargetDocument, method: string, path: string): Operation | undefined {
  const exact = operations.get(shapeOf(`${method} ${path}`));
  if (exact) return exact;
  const words = path.split('/');
  let best: Operation | undefined;
  let fixed = -1;
  for (const [shape, operation] of operations) {
    const [verb, template = ''] = shape.split(' ');
    const parts = template.split('/');
    if (verb !== method || parts.length !== words.length) continue;
    if (!parts.every((part, at) => part === '{}' || part === words[at])) continue;
    const score = parts.filter((part) => part !== '{}').length;
    if (score > fixed) [best, fixed] = [operation, score];
  }
  return best;
}

/** How a list of the target is paged: the most rows that it gives at once, as far as its document says so. */
export function pageLimit(document: TargetDocument, path: string): number | undefined {
  const query = operationAt(document, 'GET', path)?.query;
  const { maximum } = (query?.get('limit') ?? query?.get('size'))?.schema ?? {};
  return typeof maximum === 'number' && maximum >= 1 ? Math.floor(maximum) : undefined;
}

/** The fields of an object schema, with `allOf` taken together. */
export function fieldsOf(
  schema: Json | undefined,
  root: Json,
): { fields: ReadonlyMap<string, Json>; required: ReadonlySet<string> } {
  const fields = new Map<string, Json>();
  const required = new Set<string>();
  for (const part of [schema, ...(Array.isArray(schema?.allOf) ? schema.allOf : [])]) {
    const one = resolved(part, root);
    for (const [name, field] of Object.entries(record(one.properties))) fields.set(name, resolved(field, root));
    for (const name of Array.isArray(one.required) ? one.required : []) if (typeof name === 'string') required.add(name);
  }
  return { fields, required };
}

/** A part of a document, looked up where it is a reference within it. */
export function resolved(part: unknown, root: Json): Json {
  let at = record(part);
  // A reference to itself would never end.
  for (let depth = 0; depth < 20 && typeof at.$ref === 'string' && at.$ref.startsWith('#/'); depth++)
    at = record(
      at.$ref
        .slice(2)
        .split('/')
        .reduce<unknown>((node, key) => record(node)[key.replaceAll('~1', '/').replaceAll('~0', '~')], root),
    );
  return at;
}

export function record(value: unknown): Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Json) : {};
}
