import { type Address, kindOf, type Level, nameOf, organization, type Parsed, parse } from '../core/address.ts';
import { compare } from '../core/diagnostic.ts';
import type { Json, Live, LiveState } from '../core/resource.ts';
import { predefinedRoles } from '../kinds/parts/predefined-roles.ts';

export type Block = { [key: string]: Json };

/** What lies on, or is held by, each thing: grants by scope and by holder, memberships by team, projects by workspace. */
type Index = ReadonlyMap<Address, readonly (Parsed & { readonly address: Address })[]>;

/** The live state with its index, and what of it is wanted. */
export interface View extends LiveState {
  readonly under: Index;
  readonly selected: (address: Address) => boolean;
}

export const viewOf = (live: LiveState, selected: View['selected'] = () => true): View => ({
  ...live,
  under: indexOf(live),
  selected,
});

function indexOf(state: LiveState): Index {
  const under = new Map<Address, (Parsed & { address: Address })[]>();
  const add = (key: Address, one: Parsed & { address: Address }) => {
    const list = under.get(key);
    if (list) list.push(one);
    else under.set(key, [one]);
  };
  for (const address of [...state.resources.keys()].sort(compare)) {
    const parsed = { ...parse(address), address };
    if (parsed.kind === 'project') add(parsed.workspace, parsed);
    if (parsed.kind === 'team_member') add(parsed.team, parsed);
    if (parsed.kind === 'grant') add(parsed.level === 'organization' ? parsed.principal : parsed.scope, parsed);
  }
  return under;
}

/** Names as a person sorts them: without regard to case, `team-2` before `team-10`; the same on every machine. */
export function byName(a: string, b: string): number {
  const [left, right] = [partsOf(a), partsOf(b)];
  for (const [index, part] of left.entries()) {
    const other = right[index];
    if (other === undefined) return 1;
    const numbers = typeof part === 'number' && typeof other === 'number' ? part - other : 0;
    const order = numbers || compare(String(part), String(other));
    if (order !== 0) return order;
  }
  return left.length - right.length || compare(a, b);
}

const partsOf = (name: string) =>
  (name.toLowerCase().match(/\d{1,15}|\D+|\d+/g) ?? []).map((part) => (/^\d{1,15}$/.test(part) ? Number(part) : part));

/** Roles as a person sorts them: the predefined ones as the documentation has them, then those of the organization. */
export function byRole(level: Level): (a: string, b: string) => number {
  const known: readonly string[] = predefinedRoles[level];
  const rank = (role: string) => (known.includes(role) ? known.indexOf(role) : known.length);
  return (a, b) => rank(a) - rank(b) || byName(a, b);
}

/** The block of a named thing in the configuration language: what is empty, or what everything has, is left out. */
export function blockOf(state: View, address: Address): Block {
  const { kind } = parse(address);
  const own = fields(state.resources.get(address));
  if (kind === 'member') {
    const { roles } = rolesOf(state, address) as { roles?: readonly Json[] };
    return roles && roles.length > 0 ? { roles } : {};
  }
  if (kind === 'service_account') return { ...own, ...rolesOf(state, address) };
  if (kind === 'team') return { ...own, ...membersOf(state, address), ...rolesOf(state, address) };
  if (kind === 'workspace') return { ...own, ...accessOf(state, address), ...projectsOf(state, address) };
  return kind === 'project' ? { ...own, ...accessOf(state, address) } : own;
}

/** The blocks of all things of a kind, in order. */
export function mapOf(state: View, kind: 'member' | 'service_account' | 'team' | 'workspace'): Block {
  const found = [...state.resources.keys()].filter((address) => kindOf(address) === kind);
  const wanted = found.flatMap((address): [string, Block][] => {
    if (state.selected(address)) return [[nameOf(address), blockOf(state, address)]];
    // Of a workspace that is not wanted, projects may be.
    const projects = kind === 'workspace' ? (projectsOf(state, address).projects as Block | undefined) : undefined;
    return projects && Object.keys(projects).length > 0 ? [[nameOf(address), { projects }]] : [];
  });
  return record(wanted.sort(([a], [b]) => byName(a, b)));
}

export const organizationFields = (state: View) =>
  state.selected(organization) ? fields(state.resources.get(organization)) : {};

function projectsOf(state: View, workspace: Address): Block {
  if (state.unread.some(({ prefix }) => prefix === `${workspace}/project/` || prefix === '*/project/')) return {};
  const found = (state.under.get(workspace) ?? []).flatMap(({ kind, address }) =>
    kind === 'project' && state.selected(address) ? [address] : [],
  );
  const blocks = found.map((address): [string, Block] => [nameOf(address), blockOf(state, address)]);
  return { projects: record(blocks.sort(([a], [b]) => byName(a, b))) };
}

/** The fields that say something: what is empty, or what everything has unless told otherwise, is left out. */
function fields(live: Live | undefined): Block {
  const said = Object.entries(live?.spec ?? {}).filter(([field, value]) => {
    // A release that is written is a wish; what happens to run is none.
    // What is shown is the name unless told otherwise.
    if (live && field === 'display_name' && value === nameOf(live.address)) return false;
    if (value === null || value === '' || field === 'version' || (field === 'active' && value === true)) return false;
    if (Array.isArray(value)) return value.length > 0;
    return typeof value !== 'object' || Object.keys(value).length > 0;
  });
  return record(said.map(([field, value]) => [field, literal(value)]));
}

/** A value that reads as itself: what looks like a variable is none. */
export function literal(value: Json): Json {
  // A replacement text takes `$$` for one `$`.
  if (typeof value === 'string') return value.replaceAll('${var:', () => '$${var:');
  if (Array.isArray(value)) return value.map(literal);
  if (typeof value !== 'object' || value === null) return value;
  return record(Object.entries(value).map(([key, item]) => [key, literal(item as Json)]));
}

const listNames = { member: 'members', team: 'teams', service_account: 'service_accounts' } as const;

/** The list of a role, or of a team, in which a principal is written. */
export const listOf = (principal: Address) => listNames[kindOf(principal) as keyof typeof listNames];

/** The direct grants of a scope as one complete list, empty ones too: an export speaks for all that it saw. */
export function accessOf(state: View, scope: Address): Block {
  if (grantsUnread(state)) return {};
  const { kind } = parse(scope);
  const access = new Map<string, Map<string, string[]>>();
  for (const parsed of state.under.get(scope) ?? []) {
    if (parsed.kind !== 'grant') continue;
    const list = listOf(parsed.principal);
    const holders = access.get(parsed.role) ?? new Map<string, string[]>();
    holders.set(list, [...(holders.get(list) ?? []), nameOf(parsed.principal)]);
    access.set(parsed.role, holders);
  }
  const roles = [...access].sort(([a], [b]) => byRole(kind as Level)(a, b));
  const order = Object.values(listNames) as string[];
  return {
    access: record(
      roles.map(([role, holders]) => [
        role,
        record(
          order.flatMap((list) => (holders.has(list) ? [[list, literal(holders.get(list)?.sort(byName) ?? [])] as const] : [])),
        ),
      ]),
    ),
  };
}

/** The organization roles that somebody holds, complete. */
export function rolesOf(state: View, principal: Address): Block {
  if (grantsUnread(state)) return {};
  const roles = (state.under.get(principal) ?? []).flatMap((held) => (held.kind === 'grant' ? [held.role] : []));
  return { roles: literal(roles.sort(byRole('organization'))) };
}

/** The people and the accounts of a team, each list complete. */
export function membersOf(state: View, team: Address): Block {
  if (state.unread.some(({ prefix }) => prefix === `${team}/`)) return {};
  const principals = (state.under.get(team) ?? []).flatMap((one) => (one.kind === 'team_member' ? [one.principal] : []));
  const named = (kind: string) =>
    principals
      .filter((one) => kindOf(one) === kind)
      .map(nameOf)
      .sort(byName);
  return { members: literal(named('member')), service_accounts: literal(named('service_account')) };
}

const grantsUnread = (state: LiveState) => state.unread.some(({ prefix }) => prefix.startsWith('*/grant/') || prefix === 'role/');

/** An object whose keys are the user's: it has no prototype that one of them could mean. */
export function record(entries: readonly (readonly [string, Json])[]): Block {
  const object: Block = Object.create(null);
  for (const [key, value] of entries) object[key] = value;
  return object;
}
