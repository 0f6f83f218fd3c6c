import type { Session } from './types.ts';

/** Facts from the OpenAPI document that a control plane serves about itself. */
export interface TargetDocument {
  /** The version that it gives itself. */
  readonly version: string | undefined;
  /** The largest `limit` that all its lists allow; undefined when none of them says. */
  readonly limitHonoured: number | undefined;
  /** `METHOD /path/{template}` of everything it serves. */
  readonly operations: ReadonlySet<string>;
}

type Json = Readonly<Record<string, unknown>>;

const methods = ['get', 'post', 'put', 'patch', 'delete'];

/** Reads the document of a control plane; undefined when there is none, or none that can be read. */
export async function readTargetDocument(session: Session): Promise<TargetDocument | undefined> {
  try {
    return factsOf(await session.get('/openapi.json'));
  } catch {
    return undefined;
  }
}

/** The facts of a document; undefined for what is not an OpenAPI document. */
export function factsOf(document: unknown): TargetDocument | undefined {
  const root = record(document);
  const operations = Object.entries(record(root.paths)).flatMap(([path, item]) =>
    Object.entries(record(item)).flatMap(([method, operation]) =>
      methods.includes(method)
        ? [{ name: `${method.toUpperCase()} ${path}`, limit: limitOf([record(operation), record(item)], root) }]
        : [],
    ),
  );
  if (operations.length === 0) return undefined;
  const limits = operations.flatMap(({ limit }) => (limit === undefined ? [] : [limit]));
  const { version } = record(root.info);
  return {
    version: typeof version === 'string' ? version : undefined,
    limitHonoured: limits.length === 0 ? undefined : Math.min(...limits),
    operations: new Set(operations.map(({ name }) => name)),
  };
}

/** The operations, as `METHOD /path/{template}`, that are relied on and not served; the names in braces do not matter. */
export function differences(document: TargetDocument, reliedOn: readonly string[]): readonly string[] {
  const served = new Set([...document.operations].map(shape));
  return reliedOn.filter((operation) => !served.has(shape(operation)));
}

const shape = (operation: string) => operation.replace(/\{[^}]*\}/g, '{}').replace(/\/+$/, '');

function limitOf(places: readonly Json[], root: Json): number | undefined {
  for (const { parameters } of places)
    for (const one of Array.isArray(parameters) ? parameters : []) {
      const { name, in: where, schema } = resolved(one, root);
      if (name !== 'limit' || where !== 'query') continue;
      const { maximum } = resolved(schema, root);
      if (typeof maximum === 'number') return maximum;
    }
  return undefined;
}

/** A part of a document, looked up where it is a reference within it. */
function resolved(part: unknown, root: Json): Json {
  const { $ref: reference } = record(part);
  if (typeof reference !== 'string' || !reference.startsWith('#/')) return record(part);
  return record(
    reference
      .slice(2)
      .split('/')
      .reduce<unknown>((at, key) => record(at)[key.replaceAll('~1', '/').replaceAll('~0', '~')], root),
  );
}

function record(value: unknown): Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Json) : {};
}
