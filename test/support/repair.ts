import type { Address } from '../../src/core/address.ts';
import * as address from '../../src/core/address.ts';
import { type Block, blocksOf, type Draft, type Entry, type Holders, named } from './draft.ts';
import { type Conditions, expected, meaningOf } from './expected.ts';
import { customRoles, organizationRoles, permissions, projectRoles, workspaceRoles } from './names.ts';
import { isUnknown, levelOf, membersIn, mentionedBy, type State } from './state.ts';

/**
 * Makes a draft one that has to be accepted: what it refers to is there, nothing is written twice, the account that runs it stays
 * Organization Admin. `removable` are things that something else, such as a base, would remove unless they are declared.
 */
export function repaired(draft: Draft, state: State, conditions: Conditions, removable: ReadonlySet<Address> = new Set()): Draft {
  for (const person of Object.keys(draft.members)) mergeCase(draft, person);
  for (const section of [draft.members, draft.service_accounts, draft.teams, draft.roles, draft.workspaces])
    for (const block of Object.values(section)) repairRename(section, block);
  for (const { projects = {} } of Object.values(draft.workspaces))
    for (const block of Object.values(projects)) repairRename(projects, block);
  if (conditions.refusesInUse) keepUnseen(draft, state);
  // Nobody can wait for a server that does not say how it is.
  for (const one of state.quirky) {
    const block = draft.workspaces[address.nameOf(one)];
    if (block && !block.absent) for (const field of ['active', 'version']) delete block[field];
  }
  const ci: Block = draft.service_accounts.ci ?? {};
  draft.service_accounts.ci = ci;
  delete ci.absent;
  delete ci.previously;
  delete ci.active;
  ci.roles = [...new Set([...(ci.roles ?? []).filter((role) => role !== 'organization admin'), 'Organization Admin'])];
  for (const [name, block] of Object.entries(draft.roles)) {
    if (block.absent || state.things.has(address.role(name))) continue;
    // A role that is to be made needs all that makes one.
    block.permissions ??= [...permissions];
    if (block.level === undefined && !block.previously) delete draft.roles[name];
  }
  const scene = sceneOf(draft, state, removable);
  for (const [one, block] of blocksOf(draft)) {
    if (block.absent) continue;
    const kind = address.kindOf(one);
    if (kind === 'team') repairLists(block as Holders, scene);
    if (block.roles) block.roles = uniqueRoles(block.roles);
    if (kind === 'member' && block.roles?.length === 0) delete block.roles;
    for (const role of Object.keys(block.access ?? {})) {
      if (!block.access) continue;
      if (!scene.role(role, one)) delete block.access[role];
      else repairLists(block.access[role] ?? {}, scene);
    }
  }
  return withRoles(draft, state, conditions);
}

/** Roles that nobody can see, since their place cannot be read, keep some servers from deleting who holds them and where. */
function keepUnseen(draft: Draft, state: State): void {
  const links = [...state.links].filter((link) => isUnknown(state, link)).flatMap(mentionedBy);
  const unseen = new Set([...links, ...state.others.flatMap(({ mentions }) => mentions)]);
  if (unseen.size > 0) delete draft.organization.prune;
  const forget = (section: Record<string, Block>, make: (name: string) => Address) => {
    for (const [name, block] of Object.entries(section)) if (block.absent && unseen.has(make(name))) delete section[name];
  };
  forget(draft.teams, address.team);
  forget(draft.roles, address.role);
  forget(draft.workspaces, address.workspace);
}

interface Scene {
  readonly draft: Draft;
  /** Whether a principal may be named; what has to be declared for that is declared. */
  usable(list: keyof Holders, name: string): boolean;
  role(name: string, scope: Address): boolean;
}

function sceneOf(draft: Draft, state: State, removable: ReadonlySet<Address>): Scene {
  const prune = draft.organization.prune ?? [];
  const members = membersIn(state);
  const declare = (
    section: Draft['teams'],
    one: Address,
    name: string,
    list: 'members' | 'teams' | 'service_accounts',
    live: boolean,
  ) => {
    const known = Object.entries(section).find(([key]) =>
      list === 'members' ? key.toLowerCase() === name.toLowerCase() : key === name,
    );
    if (known) return !known[1].absent;
    const renamedAway = Object.values(section).some((block) => block.previously?.includes(name));
    if (renamedAway || (!live && list !== 'members')) return false;
    if (!live || prune.includes(list) || removable.has(one)) section[name] = {};
    return true;
  };
  return {
    draft,
    usable(list, name) {
      if (list === 'members') return declare(draft.members, address.member(name), name, list, members.has(address.member(name)));
      const one = list === 'teams' ? address.team(name) : address.serviceAccount(name);
      return declare(draft[list], one, name, list, state.things.has(one) || state.twins.has(one));
    },
    role(name, scope) {
      const level = levelOf(scope);
      const own = draft.roles[name];
      if (own) return !own.absent && own.level === level;
      if (Object.values(draft.roles).some((block) => block.previously?.includes(name))) return false;
      const predefined: readonly string[] =
        level === 'organization' ? organizationRoles : level === 'workspace' ? workspaceRoles : projectRoles;
      if (predefined.some((one) => one.toLowerCase() === name.toLowerCase())) return true;
      return (
        state.things.has(address.role(name)) &&
        customRoles.some((role) => role.name === name && role.level === level) &&
        !removable.has(address.role(name))
      );
    },
  };
}

function repairLists(holders: Holders, scene: Scene): void {
  for (const list of ['members', 'teams', 'service_accounts'] as const) {
    const entries = holders[list];
    if (!Array.isArray(entries)) continue;
    const seen = new Set<string>();
    holders[list] = entries.filter((entry: Entry) => {
      const key = list === 'members' ? named(entry).toLowerCase() : named(entry);
      if (seen.has(key) || !scene.usable(list, named(entry))) return false;
      seen.add(key);
      return true;
    });
  }
}

function uniqueRoles(roles: readonly string[]): string[] {
  return [...new Map(roles.map((role) => [role.toLowerCase(), role])).values()];
}

/** An earlier name cannot be declared too. */
function repairRename(section: Record<string, Block>, block: Block): void {
  for (const old of block.previously ?? []) {
    if (section[old]?.absent) delete section[old];
    if (section[old] || block.absent) delete block.previously;
  }
}

/** Two spellings of one e-mail address are one person. */
function mergeCase(draft: Draft, person: string): void {
  const twin = Object.keys(draft.members).find((other) => other !== person && other.toLowerCase() === person.toLowerCase());
  if (twin !== undefined) delete draft.members[twin];
}

/** An account that holds something lower down, or is in a team, needs a role on the organization. */
function withRoles(draft: Draft, state: State, conditions: Conditions): Draft {
  const meaning = meaningOf(draft, state, conditions.now);
  const after = expected(state, draft, conditions).state;
  for (const link of meaning.links) {
    const parsed = address.parse(link);
    if ((parsed.kind !== 'grant' && parsed.kind !== 'team_member') || address.kindOf(parsed.principal) !== 'service_account')
      continue;
    const holds = [...after.links].some((one) => {
      const held = address.parse(one);
      return held.kind === 'grant' && held.level === 'organization' && held.principal === parsed.principal;
    });
    if (holds) continue;
    const name = address.nameOf(parsed.principal);
    const block: Block = draft.service_accounts[name] ?? {};
    draft.service_accounts[name] = { ...block, roles: uniqueRoles([...(block.roles ?? []), 'Organization Member']) };
  }
  return draft;
}
