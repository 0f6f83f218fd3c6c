// The schemas of resources and data sources, read off the kinds: a kind that is added appears here by itself. What a kind cannot know,
// because it is a habit of Terraform, stands in `odd.ts`.
import type { KindName } from '../core/address.ts';
import type { Json } from '../core/resource.ts';
import { kindNamed, kinds } from '../kinds/index.ts';
import { oddities } from './odd.ts';

/** A type of Terraform's, in the form in which its protocol writes them. */
export type AttributeType =
  | 'string'
  | 'number'
  | 'bool'
  | readonly ['list' | 'set' | 'map', AttributeType]
  | readonly ['object', { readonly [name: string]: AttributeType }];

/** The JSON Schema of one value, as far as it limits it. */
export type ValueSchema = Readonly<Record<string, unknown>>;

/** One attribute of a resource or a data source. */
export interface Attribute {
  readonly name: string;
  readonly type: AttributeType;
  /** Must be written, may be written, may be written and has the server's value otherwise, or is the server's alone. */
  readonly mode: 'required' | 'optional' | 'optional-computed' | 'computed';
  readonly description: string;
  readonly sensitive?: boolean;
  /**
   * Where the value comes from: `field` of the kind's schema, `name` in the address, `reference` in the address, or `own`, which only
   * Terraform knows.
   */
  readonly source: 'field' | 'name' | 'reference' | 'own' | 'id';
  /** The kind that a reference names, and the attribute of its resource that is best referred to. */
  readonly refersTo?: { readonly kind: KindName; readonly attribute: string };
  /** The text holds JSON, and is compared as such. */
  readonly json?: boolean;
  /** An empty text, or null where the attribute is required to be known, means that the server has nothing there. */
  readonly clearable?: boolean;
  /** Counts only when the thing is created. */
  readonly createOnly?: boolean;
  /** Cannot change: `replace` makes a new thing, `error` refuses, since data would be lost. */
  readonly immutable?: 'replace' | 'error';
  /** What a value has to look like, as JSON Schema. */
  readonly schema?: ValueSchema;
  /** A value for documentation. */
  readonly example?: Json;
}

/** A resource or a data source, named as in Terraform. */
export interface ResourceSchema {
  /** Such as `zenmlpro_team`. */
  readonly type: string;
  readonly kind: KindName;
  readonly version: number;
  readonly description: string;
  readonly attributes: readonly Attribute[];
  /** Of these, one or at most one is given. */
  readonly oneOf?: { readonly names: readonly string[]; readonly required: boolean };
  /** Needs the second word before it is destroyed. */
  readonly guarded: boolean;
}

/** The provider's name, and the start of all its types. */
export const providerName = 'zenmlpro';
/** Where Terraform finds the provider. */
export const providerSource = 'registry.terraform.io/zenml-io/zenmlpro';
/** Grows when a state of before has to be read differently. */
const version = 1;

const typeOf = (kind: KindName) => `${providerName}_${oddities[kind]?.type ?? kind}`;
/** The attribute that holds the name of a named thing. */
export const nameAttribute = (kind: KindName) => oddities[kind]?.nameAttribute ?? kindNamed(kind).nameField ?? 'name';

const names = Object.keys(kinds) as KindName[];

/** All resources, by type. */
export const resourceSchemas: ReadonlyMap<string, ResourceSchema> = byType(
  names.filter((kind) => oddities[kind]?.resource !== false).map(resourceSchema),
);

/** All data sources, by type. */
export const dataSchemas: ReadonlyMap<string, ResourceSchema> = byType(
  names.filter((kind) => oddities[kind]?.data !== false).map(dataSchema),
);

/** The resource of a kind, where there is one. */
export function resourceOf(kind: KindName): ResourceSchema | undefined {
  return resourceSchemas.get(typeOf(kind));
}

function byType(schemas: readonly ResourceSchema[]): ReadonlyMap<string, ResourceSchema> {
  return new Map(schemas.map((schema) => [schema.type, schema]));
}

function resourceSchema(kind: KindName): ResourceSchema {
  const { summary } = kindNamed(kind);
  const odd = oddities[kind];
  const guarded = odd?.guarded === true;
  const attributes = [id(kind), ...placeOf(kind), ...fieldsOf(kind), ...(odd?.own ?? []), ...(guarded ? guards(kind) : [])];
  return {
    type: typeOf(kind),
    kind,
    version,
    description: odd?.description ?? summary,
    attributes,
    guarded,
    ...(odd?.oneOf ? { oneOf: odd.oneOf } : {}),
  };
}

function id(kind: KindName): Attribute {
  const description = oddities[kind]?.withoutId
    ? 'Its address, such as `team/ml/member/ada@acme.io`, since the server has no lasting id for it.'
    : "The server's id.";
  return { name: 'id', type: 'string', mode: 'computed', source: 'id', description };
}

/** The parts of the address: what names the thing. */
function placeOf(kind: KindName): Attribute[] {
  const odd = oddities[kind];
  if (odd?.place) return odd.place.map((one) => withImmutable(kind, one));
  return [ownName(kind)];
}

/** The attribute for the name of a thing: of one that the server can rename, it can change. */
function ownName(kind: KindName): Attribute {
  const name = nameAttribute(kind);
  const renamed = kindNamed(kind).nameField !== undefined;
  return withImmutable(kind, {
    name,
    type: 'string',
    mode: 'required',
    source: 'name',
    description: `Its name.${renamed ? ' Another one renames it in place.' : ''}`,
    schema: { minLength: 1, maxLength: 255 },
    ...(renamed ? {} : { immutable: 'replace' }),
    ...oddities[kind]?.name,
  });
}

/** What cannot change makes a new thing, unless data would be lost. */
function withImmutable(kind: KindName, one: Attribute): Attribute {
  return one.immutable && oddities[kind]?.guarded ? { ...one, immutable: 'error' } : one;
}

/** The attributes of the declared fields. */
function fieldsOf(kind: KindName): Attribute[] {
  const { spec } = kindNamed(kind);
  const odd = oddities[kind]?.fields ?? {};
  return Object.entries(spec.properties as Record<string, ValueSchema>).flatMap(([name, schema]) => {
    const own = odd[name];
    return own === false ? [] : [withImmutable(kind, { ...fieldAttribute(name, schema), ...own })];
  });
}

function fieldAttribute(name: string, schema: ValueSchema): Attribute {
  const words = [schema.type ?? (schema.enum ? 'string' : 'object')].flat().map(String);
  const json = words.includes('object');
  const [example] = (schema.examples as readonly Json[] | undefined) ?? [];
  return {
    name,
    type: json ? 'string' : typeFor(schema, words),
    mode: schema.writeOnly === true ? 'optional' : 'optional-computed',
    source: 'field',
    description: String(schema.description ?? ''),
    schema,
    ...(json ? { json: true } : {}),
    ...(words.includes('null') ? { clearable: true } : {}),
    ...(schema.writeOnly === true ? { createOnly: true } : {}),
    ...(schema['x-immutable'] === true ? { immutable: 'replace' as const } : {}),
    ...(example === undefined ? {} : { example: json ? JSON.stringify(example) : example }),
  };
}

function typeFor(schema: ValueSchema, words: readonly string[]): AttributeType {
  if (words.includes('boolean')) return 'bool';
  if (words.includes('integer') || words.includes('number')) return 'number';
  if (!words.includes('array')) return 'string';
  const items = (schema.items ?? {}) as ValueSchema;
  const inner = [items.type ?? 'object'].flat().map(String);
  return [schema.uniqueItems === true ? 'set' : 'list', inner.includes('object') ? 'string' : typeFor(items, inner)];
}

function guards(kind: KindName): Attribute[] {
  const optional = { type: 'bool', mode: 'optional', source: 'own' } as const;
  return [
    {
      ...optional,
      name: 'protected',
      description: `Forbids to destroy the ${kind} altogether. Applied on its own: what counts is the value in the state.`,
    },
    {
      ...optional,
      name: 'allow_destroy',
      description: `The second word that destroying the ${kind} needs, since that destroys data. It has to be applied before.`,
    },
  ];
}

/** A data source: one thing by name, or without a name all of them. */
function dataSchema(kind: KindName): ResourceSchema {
  const { summary, plural } = kindNamed(kind);
  const description = oddities[kind]?.resource === false ? oddities[kind]?.description : undefined;
  const place = placeOf(kind).map(({ immutable: _, ...one }): Attribute => ({ ...one, mode: 'optional' }));
  const computed = [
    id(kind),
    ...fieldsOf(kind)
      .filter((one) => !one.createOnly)
      .map(({ immutable: _, ...one }): Attribute => ({ ...one, mode: 'computed' })),
    ...(oddities[kind]?.facts ?? []),
  ];
  const members = Object.fromEntries([...place, ...computed].map(({ name, type }) => [name, type]));
  const all: Attribute = {
    name: 'all',
    type: ['map', ['object', members]],
    mode: 'computed',
    source: 'own',
    description: `All ${plural} that can be seen, by name; null where one is asked for.`,
  };
  return {
    type: typeOf(kind),
    kind,
    version: 0,
    description:
      `${description ?? summary} ${kind === 'organization' ? '' : 'One by name, or all of them where no name is given.'}`.trim(),
    attributes: [...place, ...computed, ...(kind === 'organization' ? [] : [all])],
    guarded: false,
  };
}
