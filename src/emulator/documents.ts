import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';
import formats from 'ajv-formats';
import controlPlane from '../api/control-plane.openapi.json' with { type: 'json' };
import workspaceServer from '../api/workspace.openapi.json' with { type: 'json' };
import { frameworkRefusal, invalid } from './refusal.ts';

interface Parameter {
  readonly name: string;
  readonly in: string;
  readonly required?: boolean;
  readonly schema: { readonly type?: unknown; readonly default?: unknown };
}

/** One operation of a document, with what is needed to check a request against it. */
export interface Operation {
  readonly id: string;
  readonly method: string;
  readonly segments: readonly string[];
  readonly open: boolean;
  /** Documented without a form of its answer. */
  readonly anyResult: boolean;
  readonly parameters: readonly Parameter[];
  readonly bodyType: 'json' | 'form' | null;
  readonly bodyRequired: boolean;
  readonly bodySchema: unknown;
  checkPath?: ValidateFunction | null;
  checkQuery?: ValidateFunction | null;
  checkBody?: ValidateFunction;
}

/** A document, ready for routing. */
export interface Document {
  readonly name: string;
  readonly text: unknown;
  readonly literal: ReadonlyMap<string, readonly Operation[]>;
  readonly templated: ReadonlyMap<number, readonly Operation[]>;
}

let ajv: Ajv2020 | undefined;
const documents = new Map<string, Document>();

// biome-ignore lint/suspicious/noExplicitAny: JSON enters here
type Json = any;

function rooted(schema: Json, name: string): Json {
  if (Array.isArray(schema)) return schema.map((part) => rooted(part, name));
  if (typeof schema !== 'object' || schema === null) return schema;
  return Object.fromEntries(
    Object.entries(schema).map(([key, value]) => [
      key,
      key === '$ref' && typeof value === 'string' ? `${name}${value}` : rooted(value, name),
    ]),
  );
}

function resolve(document: Json, value: Json): Json {
  if (typeof value?.$ref !== 'string') return value;
  return value.$ref
    .slice(2)
    .split('/')
    .reduce((at: Json, key: string) => at[key], document);
}

function operationsOf(document: Json, name: string, more: Json): Operation[] {
  const found: Operation[] = [];
  for (const [path, item] of [...Object.entries<Json>(document.paths), ...Object.entries<Json>(more)]) {
    const shared = item.parameters ?? [];
    for (const [method, operation] of Object.entries<Json>(item)) {
      if (method === 'parameters') continue;
      const content = operation.requestBody?.content ?? {};
      const type = content['application/json'] ? 'json' : content['application/x-www-form-urlencoded'] ? 'form' : null;
      const schema = content['application/json']?.schema ?? content['application/x-www-form-urlencoded']?.schema;
      const answer = operation.responses?.['200']?.content?.['application/json']?.schema;
      found.push({
        id: operation.operationId,
        method: method.toUpperCase(),
        segments: path.split('/').slice(1),
        open: Array.isArray(operation.security) && operation.security.length === 0,
        anyResult: answer?.$ref === '#/components/schemas/AnyResult',
        parameters: [...shared, ...(operation.parameters ?? [])].map((parameter: Json) => resolve(document, parameter)),
        bodyType: type,
        bodyRequired: operation.requestBody?.required === true,
        bodySchema: rooted(schema ?? true, name),
      });
    }
  }
  return found;
}

const shared = {
  name: { in: 'path', name: 'user_name_or_id', required: true, schema: { type: 'string' } },
};

/** Routes of a workspace server that its document leaves out and that the recorded exchanges show. */
const unlisted = {
  '/api/v1/users': {
    post: {
      operationId: 'createUser',
      requestBody: {
        required: true,
        content: {
          'application/json': {
            schema: { type: 'object', required: ['name'], properties: { name: { type: 'string', minLength: 1 } } },
          },
        },
      },
    },
  },
  '/api/v1/users/{user_name_or_id}': { delete: { operationId: 'deleteUser', parameters: [shared.name] } },
  '/api/v1/logout': { get: { operationId: 'logout' } },
  '/api/v1/pipelines': {
    post: {
      operationId: 'createPipeline',
      requestBody: {
        required: true,
        content: {
          'application/json': {
            schema: {
              type: 'object',
              required: ['name', 'project'],
              properties: { name: { type: 'string' }, project: { type: 'string' } },
            },
          },
        },
      },
    },
  },
  '/api/v1/pipelines/{pipeline_id}': {
    get: {
      operationId: 'getPipeline',
      parameters: [{ in: 'path', name: 'pipeline_id', required: true, schema: { type: 'string', format: 'uuid' } }],
    },
  },
  '/openapi.json': { get: { operationId: 'getDocument', security: [] } },
};

/** The verbs that some servers may use instead of the documented ones. */
function otherVerbs(operations: readonly Operation[]): Operation[] {
  const ids = ['updateServiceAccount', 'updateApiKey', 'rotateApiKey'];
  return operations.filter((operation) => ids.includes(operation.id)).map((operation) => ({ ...operation, method: 'PUT' }));
}

function build(name: 'control-plane' | 'workspace'): Document {
  const text: Json = name === 'control-plane' ? controlPlane : workspaceServer;
  const operations = operationsOf(text, name, name === 'workspace' ? unlisted : { '/openapi.json': unlisted['/openapi.json'] });
  if (name === 'control-plane') operations.push(...otherVerbs(operations));
  const literal = new Map<string, Operation[]>();
  const templated = new Map<number, Operation[]>();
  for (const operation of operations) {
    if (operation.segments.some((segment) => segment.startsWith('{'))) {
      const size = operation.segments.length;
      templated.set(size, [...(templated.get(size) ?? []), operation]);
    } else {
      const path = operation.segments.join('/');
      literal.set(path, [...(literal.get(path) ?? []), operation]);
    }
  }
  return { name, text, literal, templated };
}

/** A document by name; built once per process, at its first use. */
export function documentOf(name: 'control-plane' | 'workspace'): Document {
  let document = documents.get(name);
  if (!document) {
    document = build(name);
    documents.set(name, document);
  }
  return document;
}

function compile(schema: Json): ValidateFunction {
  if (!ajv) {
    ajv = new Ajv2020({ strict: false, allErrors: false, validateFormats: true, addUsedSchema: false });
    (formats as unknown as (instance: Ajv2020) => void)(ajv);
    for (const name of ['control-plane', 'workspace'] as const) {
      ajv.addSchema({ $id: name, components: (documentOf(name).text as Json).components });
    }
  }
  return ajv.compile(schema);
}

/** The operation for a method and path, with its path arguments; refuses an unknown path and a wrong verb. */
export function route(
  document: Document,
  method: string,
  path: string,
): { readonly operation: Operation; readonly params: Record<string, string> } {
  const literal = document.literal.get(path.slice(1));
  if (literal) {
    const operation = literal.find((candidate) => candidate.method === method);
    if (operation) return { operation, params: {} };
    throw frameworkRefusal(405, 'Method Not Allowed');
  }
  let known = false;
  const segments = path.slice(1).split('/');
  for (const operation of document.templated.get(segments.length) ?? []) {
    const params: Record<string, string> = {};
    let fits = true;
    for (let index = 0; index < segments.length && fits; index += 1) {
      const pattern = operation.segments[index] ?? '';
      const segment = segments[index] ?? '';
      if (pattern.startsWith('{')) {
        fits = segment !== '';
        params[pattern.slice(1, -1)] = decode(segment);
      } else {
        fits = pattern === segment;
      }
    }
    if (!fits) continue;
    known = true;
    if (operation.method === method) return { operation, params };
  }
  throw known ? frameworkRefusal(405, 'Method Not Allowed') : frameworkRefusal(404, 'Not Found');
}

function decode(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    return segment;
  }
}

function objectSchema(parameters: readonly Parameter[], document: string): Json {
  return {
    type: 'object',
    required: parameters.filter((parameter) => parameter.required).map((parameter) => parameter.name),
    properties: Object.fromEntries(parameters.map((parameter) => [parameter.name, rooted(parameter.schema, document)])),
  };
}

function firstProblem(check: ValidateFunction, place: string): never {
  const error = check.errors?.[0];
  const missing = (error?.params as { missingProperty?: string } | undefined)?.missingProperty;
  const at = (error?.instancePath ?? '').split('/').slice(1);
  throw invalid(
    [place, ...at, ...(missing === undefined ? [] : [missing])],
    missing === undefined ? (error?.message ?? 'is wrong') : 'Field required',
  );
}

const truths: Readonly<Record<string, boolean>> = {
  true: true,
  '1': true,
  on: true,
  t: true,
  yes: true,
  y: true,
  false: false,
  '0': false,
  off: false,
  f: false,
  no: false,
  n: false,
};

function typed(parameter: Parameter, values: readonly string[]): unknown {
  const value = values[values.length - 1] ?? '';
  if (parameter.schema.type === 'array') return values;
  if (parameter.schema.type === 'integer') return /^[+-]?\d+$/.test(value) ? Number(value) : value;
  if (parameter.schema.type === 'boolean') return truths[value.toLowerCase()] ?? value;
  return value;
}

/** Checks path arguments; refuses with 422. */
export function checkPath(document: Document, operation: Operation, params: Record<string, string>): void {
  if (operation.checkPath === undefined) {
    const inPath = operation.parameters.filter((parameter) => parameter.in === 'path');
    const strict = inPath.some((parameter) => Object.keys(parameter.schema).length > 1);
    operation.checkPath = strict ? compile(objectSchema(inPath, document.name)) : null;
  }
  if (operation.checkPath && !operation.checkPath(params)) firstProblem(operation.checkPath, 'path');
}

/** Reads the documented query arguments in their types, with defaults; unknown ones are left out; refuses with 422. */
export function readQuery(
  document: Document,
  operation: Operation,
  query: ReadonlyMap<string, readonly string[]>,
): Record<string, unknown> {
  const read: Record<string, unknown> = {};
  const inQuery = operation.parameters;
  for (const parameter of inQuery) {
    if (parameter.in !== 'query') continue;
    const values = query.get(parameter.name);
    if (values) read[parameter.name] = typed(parameter, values);
    else if (parameter.schema.default !== undefined) read[parameter.name] = parameter.schema.default;
  }
  if (operation.checkQuery === undefined) {
    const named = inQuery.filter((parameter) => parameter.in === 'query');
    operation.checkQuery = named.length === 0 ? null : compile(objectSchema(named, document.name));
  }
  if (operation.checkQuery && !operation.checkQuery(read)) firstProblem(operation.checkQuery, 'query');
  return read;
}

/** Checks a body against the document; refuses with 422. */
export function checkBody(operation: Operation, body: unknown): void {
  operation.checkBody ??= compile(operation.bodySchema);
  if (!operation.checkBody(body)) firstProblem(operation.checkBody, 'body');
}
