// Resources of zenform as resources of Terraform: what `import-blocks` writes for a live organization, and `synth` for files.
import { type Address, parse } from '../core/address.ts';
import { canonical } from '../core/field.ts';
import type { Json, Resource } from '../core/resource.ts';
import { organizationMember } from '../kinds/parts/predefined-roles.ts';
import { blockNames } from './names.ts';
import { type Attribute, type ResourceSchema, resourceOf } from './schema.ts';

/** A reference to an attribute of another block of the same set. */
export interface Reference {
  readonly refersTo: Address;
  readonly attribute: string;
}

/** Text, number, truth, or a list of these; JSON objects are texts. */
export type BlockValue = Json | Reference;

/** One resource of Terraform. `importId` is what `terraform import` and import blocks take. */
export interface Block {
  readonly address: Address;
  readonly schema: ResourceSchema;
  /** The name after the type. */
  readonly name: string;
  readonly importId: string;
  readonly attributes: Readonly<Record<string, BlockValue>>;
}

type Source = Pick<Resource, 'address' | 'spec'> & Pick<Partial<Resource>, 'protected'>;

/** Whether a value is a reference; no other value of a block is an object. */
export function isReference(value: BlockValue): value is Reference {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/**
 * The blocks of some resources, in their order. What a person's first organization role says is in the person's block; what has no
 * resource in Terraform, such as the definition of a role, is left out.
 */
export function blocksOf(
  resources: readonly Source[],
  options: { readonly organizationName?: string; readonly wanted?: (address: Address) => boolean } = {},
): Block[] {
  const first = firstRoles(resources);
  const wanted = resources.filter(({ address }) => {
    const parsed = parse(address);
    if (!resourceOf(parsed.kind) || options.wanted?.(address) === false) return false;
    return parsed.kind !== 'grant' || parsed.level !== 'organization' || first.get(parsed.principal) !== parsed.role;
  });
  const names = blockNames(wanted.map(({ address }) => address));
  return wanted.flatMap((resource): Block[] => {
    const schema = resourceOf(parse(resource.address).kind);
    if (!schema) return [];
    const role = first.get(resource.address);
    const spec = role === undefined ? resource.spec : { ...resource.spec, role };
    const attributes = attributesOf({ ...resource, spec }, schema, (address) => names.has(address), options.organizationName);
    return [
      { address: resource.address, schema, name: names.get(resource.address) ?? '', importId: resource.address, attributes },
    ];
  });
}

/** The role of every person's block: the first by name, as where files are read. */
function firstRoles(resources: readonly Source[]): ReadonlyMap<Address, string> {
  const roles = new Map<Address, string[]>();
  for (const { address, spec } of resources) {
    const parsed = parse(address);
    if (parsed.kind === 'member') roles.set(address, [...(roles.get(address) ?? [])]);
    if (parsed.kind === 'member' && typeof spec.role === 'string') roles.get(address)?.push(spec.role);
  }
  const held = new Map<Address, string[]>();
  for (const { address } of resources) {
    const parsed = parse(address);
    if (parsed.kind === 'grant' && parsed.level === 'organization' && roles.has(parsed.principal))
      held.set(parsed.principal, [...(held.get(parsed.principal) ?? []), parsed.role]);
  }
  return new Map(
    [...roles].map(([address, own]) => [address, [...(held.get(address) ?? own)].sort()[0] ?? organizationMember] as const),
  );
}

function attributesOf(
  { address, spec }: Source,
  schema: ResourceSchema,
  isBlock: (address: Address) => boolean,
  organizationName: string | undefined,
): Record<string, BlockValue> {
  const place = placeValues(address, organizationName);
  const entries = schema.attributes.flatMap((attribute): [string, BlockValue][] => {
    if (attribute.source === 'name') {
      const value = place.names[attribute.name];
      return value === undefined ? [] : [[attribute.name, value]];
    }
    if (attribute.source === 'reference') {
      const target = place.references[attribute.name];
      if (target === undefined) return [];
      if (!isBlock(target)) return [[attribute.name, nameIn(target)]];
      return [[attribute.name, { refersTo: target, attribute: attribute.refersTo?.attribute ?? 'id' }]];
    }
    if (attribute.source === 'field') return fieldValue(attribute, spec[attribute.name]);
    const age = attribute.name === 'rotate_after' ? /^within (.+)$/.exec(String(spec.rotated ?? ''))?.[1] : undefined;
    return age === undefined ? [] : [[attribute.name, age]];
  });
  return Object.fromEntries(entries);
}

function fieldValue(attribute: Attribute, value: Json | undefined): [string, BlockValue][] {
  if (value === undefined || attribute.mode === 'computed') return [];
  if (value === null) return attribute.clearable ? [[attribute.name, attribute.json ? '{}' : '']] : [];
  return [[attribute.name, toAttribute(attribute, value)]];
}

/** A value of zenform as Terraform has it. */
export function toAttribute(attribute: Attribute, value: Json): Json {
  if (attribute.json) return canonical(value);
  if (Array.isArray(value)) return value.map((item) => (typeof item === 'object' ? canonical(item) : item));
  return value;
}

/** The names and references that an address speaks of, by attribute. */
export function placeValues(
  address: Address,
  organizationName?: string,
): { readonly names: Readonly<Record<string, string>>; readonly references: Readonly<Record<string, Address>> } {
  const parsed = parse(address);
  const own = (name: string) => ({ [ownAttribute(parsed.kind)]: name });
  const holder = (principal: Address) => ({ [parse(principal).kind]: principal });
  switch (parsed.kind) {
    case 'organization':
      return { names: organizationName === undefined ? {} : own(organizationName), references: {} };
    case 'project':
      return { names: own(parsed.name), references: { workspace: parsed.workspace } };
    case 'service_account_key':
      return { names: own(parsed.name), references: { service_account: parsed.account } };
    case 'team_member':
      return { names: {}, references: { team: parsed.team, ...holder(parsed.principal) } };
    case 'grant': {
      const scope = parse(parsed.scope);
      const places: Record<string, Address> =
        scope.kind === 'project'
          ? { workspace: scope.workspace, project: parsed.scope }
          : scope.kind === 'workspace'
            ? { workspace: parsed.scope }
            : {};
      return { names: { role: parsed.role }, references: { ...places, ...holder(parsed.principal) } };
    }
    default:
      return { names: own(parsed.name), references: {} };
  }
}

const ownAttribute = (kind: ReturnType<typeof parse>['kind']) =>
  resourceOf(kind)?.attributes.find(({ source }) => source === 'name')?.name ?? 'name';

function nameIn(address: Address): string {
  const parsed = parse(address);
  return 'name' in parsed ? parsed.name : address;
}
