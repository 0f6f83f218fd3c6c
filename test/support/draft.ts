import type { Address } from '../../src/core/address.ts';
import * as address from '../../src/core/address.ts';
import { isUnknown, membersIn, type State, type Value } from './state.ts';

/** An entry of a list: a name, or a name with the last day on which it counts. */
export type Entry = string | { email?: string; name?: string; expires?: string };
export type Holders = { members?: Entry[]; teams?: Entry[]; service_accounts?: Entry[] };
export type Access = Record<string, Holders>;
export type Mode = 'complete' | 'roles' | 'add';
type Fields = Record<string, Value>;
export type Absent = true | { destroy: string };

/** Any block of a configuration, seen as what all of them may hold. */
export interface Block {
  absent?: Absent;
  previously?: string[];
  roles?: string[];
  members?: Entry[];
  service_accounts?: Entry[];
  access?: Access;
  access_mode?: Mode;
  projects?: Record<string, Block>;
  prune?: ('teams' | 'members' | 'service_accounts')[];
  [field: string]: unknown;
}

/** A whole configuration that a law may edit. */
export interface Draft {
  organization: Block;
  members: Record<string, Block>;
  service_accounts: Record<string, Block>;
  teams: Record<string, Block>;
  roles: Record<string, Block>;
  workspaces: Record<string, Block>;
}

export type Section = Exclude<keyof Draft, 'organization'>;
export const sections: readonly Section[] = ['members', 'service_accounts', 'teams', 'roles', 'workspaces'];

/** A record whose keys may be anything, `constructor` too. */
export function dictionary<T>(): Record<string, T> {
  return Object.create(null) as Record<string, T>;
}

/** A configuration that says nothing but which organization is meant. */
export function emptyDraft(): Draft {
  return {
    organization: { name: 'acme' },
    members: dictionary(),
    service_accounts: dictionary(),
    teams: dictionary(),
    roles: dictionary(),
    workspaces: dictionary(),
  };
}

/** Everything that a state holds, declared: all lists complete, roles under their holders. Custom roles stay undeclared. */
export function draftOf(state: State): Draft {
  const draft = emptyDraft();
  Object.assign(draft.organization, fieldsOf(state, address.organization));
  for (const person of membersIn(state)) {
    const roles = rolesOf(state, person);
    draft.members[address.nameOf(person)] = roles.length > 0 ? { roles } : {};
  }
  for (const [one, fields] of state.things) {
    const parsed = address.parse(one);
    const name = address.nameOf(one);
    const shown = { ...(fields as Fields) };
    if (String(shown.name).trim() !== String(shown.name)) delete shown.name;
    if (parsed.kind === 'service_account') draft.service_accounts[name] = { ...shown, roles: rolesOf(state, one) };
    if (parsed.kind === 'team')
      draft.teams[name] = {
        ...shown,
        roles: rolesOf(state, one),
        members: inTeam(state, one, 'member'),
        service_accounts: inTeam(state, one, 'service_account'),
      };
    if (parsed.kind === 'workspace')
      draft.workspaces[name] = {
        ...shown,
        access: accessOf(state, one),
        ...(state.closed.has(one) ? {} : { projects: projectsOf(state, one) }),
      };
  }
  return draft;
}

/** Every block of a draft with its address; `access` stands where it is allowed. */
export function blocksOf(draft: Draft): [Address, Block][] {
  const of = (section: Section, make: (name: string) => Address) =>
    Object.entries(draft[section]).map(([name, block]): [Address, Block] => [make(name), block]);
  const workspaces = of('workspaces', address.workspace);
  return [
    [address.organization, draft.organization],
    ...of('members', address.member),
    ...of('service_accounts', address.serviceAccount),
    ...of('teams', address.team),
    ...of('roles', address.role),
    ...workspaces,
    ...workspaces.flatMap(([one, block]) =>
      block.absent
        ? []
        : Object.entries(block.projects ?? {}).map(([name, inner]): [Address, Block] => [address.project(one, name), inner]),
    ),
  ];
}

/** The entry's name. */
export function named(entry: Entry): string {
  return typeof entry === 'string' ? entry : (entry.email ?? entry.name ?? '');
}

/** Organization roles that somebody holds directly. */
export function rolesOf(state: Pick<State, 'links'>, principal: Address): string[] {
  const roles = [...state.links].flatMap((link) => {
    const parsed = address.parse(link);
    return parsed.kind === 'grant' && parsed.level === 'organization' && parsed.principal === principal ? [parsed.role] : [];
  });
  return roles.sort();
}

/** The direct grants on a scope, as `access`. */
export function accessOf(state: State, scope: Address): Access {
  const access: Access = dictionary();
  for (const link of [...state.links].sort()) {
    const parsed = address.parse(link);
    if (parsed.kind !== 'grant' || parsed.scope !== scope || isUnknown(state, link)) continue;
    const holders = access[parsed.role] ?? {};
    const list = `${address.kindOf(parsed.principal)}s` as keyof Holders;
    access[parsed.role] = { ...holders, [list]: [...(holders[list] ?? []), address.nameOf(parsed.principal)] };
  }
  return access;
}

function projectsOf(state: State, workspace: Address): Record<string, Block> {
  const projects = dictionary<Block>();
  for (const [one, fields] of state.things) {
    const parsed = address.parse(one);
    if (parsed.kind === 'project' && parsed.workspace === workspace)
      projects[parsed.name] = { ...fields, access: accessOf(state, one) };
  }
  return projects;
}

function inTeam(state: State, team: Address, kind: 'member' | 'service_account'): string[] {
  const found = [...state.links].flatMap((link) => {
    const parsed = address.parse(link);
    return parsed.kind === 'team_member' && parsed.team === team && address.kindOf(parsed.principal) === kind
      ? [parsed.principal]
      : [];
  });
  return found.map(address.nameOf).sort();
}

function fieldsOf(state: State, one: Address): Fields {
  return { ...(state.things.get(one) as Fields | undefined) };
}
