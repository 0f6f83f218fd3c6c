// From the attributes that name a thing to its address, and back. References are written as ids or as names, so they are looked up.
import {
  type Address,
  grant,
  type KindName,
  kindOf,
  member,
  named,
  nameOf,
  organization,
  parse,
  project,
  serviceAccountKey,
  teamMember,
  tryParse,
  workspace,
} from '../core/address.ts';
import { unknown, type Value, type Values } from './cty.ts';
import { Failed } from './diagnostics.ts';
import type { Organization } from './organization.ts';
import type { Attribute, ResourceSchema } from './schema.ts';

const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** What names a thing cannot be told yet. */
export const later = Symbol('later');

/**
 * The address that attributes name: `later` while something in them is unknown, undefined when what they refer to is not there. Throws
 * `Failed` when they name nothing.
 */
export async function addressIn(
  schema: ResourceSchema,
  values: Values,
  org: Organization,
): Promise<Address | undefined | typeof later> {
  const parts = schema.attributes.filter(({ source }) => source === 'name' || source === 'reference');
  if (schema.kind !== 'organization' && parts.some(({ name }) => values[name] === unknown)) return later;
  const text = (name: string) => (typeof values[name] === 'string' ? (values[name] as string) : undefined);
  const own = text(parts.find(({ source }) => source === 'name')?.name ?? '') ?? '';
  const referred = async (name: string, within?: Address) => {
    const value = text(name);
    return value === undefined ? undefined : reference(name as KindName, value, org, within);
  };
  const holder = async () => (await referred('member')) ?? (await referred('team')) ?? (await referred('service_account'));
  switch (schema.kind) {
    case 'organization':
      return organization;
    case 'project': {
      const place = await referred('workspace');
      return place && project(place, own);
    }
    case 'service_account_key': {
      const account = await referred('service_account');
      return account && serviceAccountKey(account, own);
    }
    case 'team_member': {
      const [team, principal] = [await referred('team'), (await referred('member')) ?? (await referred('service_account'))];
      return team && principal && teamMember(team, principal);
    }
    case 'grant': {
      const place = await referred('workspace');
      if (text('workspace') !== undefined && !place) return undefined;
      const within = await referred('project', place);
      if (text('project') !== undefined && !within) return undefined;
      const principal = await holder();
      return principal && grant(within ?? place ?? organization, own, principal);
    }
    case 'member':
      return member(own);
    default:
      return named(schema.kind, own);
  }
}

/** The address that an id or a name stands for; a name need not be that of something that is there. */
async function reference(kind: KindName, text: string, org: Organization, within?: Address): Promise<Address | undefined> {
  if (kind === 'member') return member(text);
  const found = await org.withId(kind, text);
  if (found) return found;
  // An id that nothing has is that of something that is gone, and no name.
  if (uuid.test(text)) return undefined;
  if (kind !== 'project') return named(kind, text);
  if (!within)
    throw new Failed('a project by name needs its workspace', 'Write the id of the project, or `workspace` as well.', kind);
  return project(within, text);
}

/** The attributes that name a thing, as they are written where nobody has written them. */
export function placeAttributes(schema: ResourceSchema, address: Address, organizationName: string): Values {
  const parsed = parse(address);
  const values: Record<string, Value> = {};
  const put = (kind: string, text: string) => {
    values[kind] = text;
  };
  const own = schema.attributes.find(({ source }) => source === 'name');
  if (own)
    put(own.name, parsed.kind === 'organization' ? organizationName : parsed.kind === 'grant' ? parsed.role : nameOf(address));
  if (parsed.kind === 'project') put('workspace', nameOf(parsed.workspace));
  if (parsed.kind === 'service_account_key') put('service_account', nameOf(parsed.account));
  if (parsed.kind === 'team_member') put('team', nameOf(parsed.team));
  if (parsed.kind === 'team_member' || parsed.kind === 'grant') put(kindOf(parsed.principal), nameOf(parsed.principal));
  if (parsed.kind === 'grant') {
    const scope = parse(parsed.scope);
    if (scope.kind === 'project') put('project', scope.name);
    if (scope.kind === 'project') put('workspace', nameOf(scope.workspace));
    if (scope.kind === 'workspace') put('workspace', scope.name);
  }
  return values;
}

/** The attributes that name a thing, as a state has them where they still mean the same, and by name where they do not. */
export async function placeKept(
  schema: ResourceSchema,
  address: Address,
  state: Values,
  org: Organization,
  organizationName: string,
): Promise<Values> {
  const plain = placeAttributes(schema, address, organizationName);
  const kept: Record<string, Value> = {};
  for (const attribute of schema.attributes) {
    if (attribute.source !== 'name' && attribute.source !== 'reference') continue;
    const now: Value = plain[attribute.name] ?? null;
    const before: Value = state[attribute.name] ?? null;
    // A project named by its id needs no workspace beside it.
    if (before === null && attribute.name === 'workspace' && typeof state.project === 'string') continue;
    kept[attribute.name] = (await meansSame(attribute, before, now, org)) ? before : now;
  }
  return kept;
}

/** Whether two values of an attribute that names something name the same thing. */
export async function meansSame(attribute: Attribute, a: Value, b: Value, org: Organization): Promise<boolean> {
  if (a === b) return true;
  if (typeof a !== 'string' || typeof b !== 'string') return false;
  if (attribute.name === 'email' || attribute.name === 'member') return a.toLowerCase() === b.toLowerCase();
  if (attribute.source !== 'reference') return false;
  const kind = attribute.name as KindName;
  const idOf = async (text: string) => {
    if (kind !== 'project') {
      const address = await reference(kind, text, org);
      return address && ((await org.find(address))?.ids.id ?? address);
    }
    // Names of projects mean something in their workspace only, so here they are told by the id that one of both is.
    const address = await org.withId('project', text);
    return address ? nameOf(address) : text;
  };
  const [x, y] = [await idOf(a), await idOf(b)];
  return x !== undefined && x === y;
}

/** What an import takes for a thing: its address, its id, or its name where that is enough. */
export async function addressForImport(schema: ResourceSchema, text: string, org: Organization): Promise<Address> {
  const { kind } = schema;
  if (kind === 'organization') {
    const { id, name } = await org.open();
    if (![id, name, organization].includes(text as Address))
      throw new Failed(`the provider works on \`${name}\`, not on \`${text}\``);
    return organization;
  }
  const address = addressOf(text);
  if (address && kindOf(address) === kind) return address;
  const byId = await org.withId(kind, text);
  if (byId) return byId;
  const simple = !schema.attributes.some(({ source }) => source === 'reference');
  if (simple && text !== '' && !uuid.test(text)) return kind === 'member' ? member(text) : named(kind, text);
  const [before, after] = [text.slice(0, text.indexOf('/')), text.slice(text.indexOf('/') + 1)];
  if (kind === 'project' && before !== '' && text.includes('/')) return project(workspace(before), after);
  throw new Failed(
    `\`${text}\` names no ${kind} that can be seen`,
    `Give its address as zenform prints it${simple ? ', its id or its name' : ''}.`,
  );
}

/** The text as an address, if it is one: then a cast is all that is left to do. */
const addressOf = (text: string) => (tryParse(text) ? (text as Address) : undefined);
