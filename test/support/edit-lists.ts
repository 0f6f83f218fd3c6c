import * as address from '../../src/core/address.ts';
import { type Access, accessOf, blocksOf, dictionary, type Entry, type Holders, named } from './draft.ts';
import type { Operation } from './edits.ts';
import * as names from './names.ts';

/** Changes who is in a team. */
export const setMember: Operation = (draft, { a, b, c }, { now }) => {
  const team = names.pick(
    Object.values(draft.teams).filter(({ absent }) => !absent),
    a,
  );
  if (team) change(team, c % 3 === 0 ? 'service_accounts' : 'members', b, c, now);
};

/** Changes who holds a role on a scope. */
export const setHolder: Operation = (draft, { a, b, c }, { now, state, customRoles }) => {
  const scopes = blocksOf(draft).filter(
    ([one, block]) =>
      ['organization', 'workspace', 'project'].includes(address.kindOf(one)) &&
      !block.absent &&
      (one !== 'organization' || block.access),
  );
  const [one, block] = names.pick(scopes, a) ?? [];
  if (!one || !block) return;
  const level = address.kindOf(one);
  const own = names.customRoles.filter(
    (role) => role.level === level && (state.things.has(address.role(role.name)) || (customRoles && role.name in draft.roles)),
  );
  const roles =
    level === 'organization' ? names.organizationRoles : level === 'workspace' ? names.workspaceRoles : names.projectRoles;
  const role = names.pick([...own.map(({ name }) => name), ...roles], b);
  if (role === undefined) return;
  block.access ??= dictionary();
  block.access[role] ??= {};
  change(block.access[role] ?? {}, names.pick(['members', 'teams', 'service_accounts'] as const, c) ?? 'teams', a + b, c, now);
};

/** Adds a name to a list, or takes one out; now and then with a last day. */
function change(holders: Holders, list: keyof Holders, pick: number, how: number, now: string): void {
  const entries: Entry[] = holders[list] ?? [];
  holders[list] = entries;
  const pool: readonly string[] = list === 'members' ? names.people : list === 'teams' ? names.teams : ['ci', ...names.accounts];
  const name = names.pick(pool, pick) ?? 'ci';
  const at = entries.findIndex((entry) => named(entry).toLowerCase() === name.toLowerCase());
  if (at >= 0 && how % 2 === 0) entries.splice(at, 1);
  else if (at >= 0) entries[at] = dated(name, list, how % 4 === 1 ? '2020-02-29' : now);
  else entries.push(how % 5 === 0 ? dated(name, list, how % 2 ? '2020-02-29' : now) : name);
}

function dated(name: string, list: keyof Holders, expires: string): Entry {
  return list === 'members' ? { email: name, expires } : { name, expires };
}

/** Changes the roles of a person, team or account. */
export const setRoles: Operation = (draft, { a, b, c }) => {
  const found = blocksOf(draft).filter(
    ([one, block]) => /^(member|team|service_account)\//.test(one) && one !== 'service_account/ci' && !block.absent,
  );
  const [, block] = names.pick(found, a) ?? [];
  const role = names.pick(names.organizationRoles, b) ?? 'Organization Member';
  if (!block) return;
  const roles: string[] = block.roles ?? [];
  block.roles = roles;
  if (roles.includes(role)) roles.splice(roles.indexOf(role), 1);
  else roles.push(role);
  if (c % 3 === 0) block.roles = [role];
};

/** Changes how complete an access list is. */
export const setMode: Operation = (draft, { a, b }) => {
  const found = blocksOf(draft).filter(([, block]) => block.access);
  const [, block] = names.pick(found, a) ?? [];
  const mode = names.pick(['roles', 'add', 'complete', 'roles', 'add'] as const, b);
  if (block && mode) block.access_mode = mode;
};

/** Writes the organization's own access list, complete unless told otherwise, and takes the roles out of some blocks. */
export const setOrganizationAccess: Operation = (draft, { a, b, c }, { state }) => {
  const access: Access = accessOf(state, address.organization);
  const role = names.pick(Object.keys(access), a);
  if (role !== undefined && c % 2 === 0) delete access[role];
  draft.organization.access = access;
  for (const block of [...Object.values(draft.members), ...Object.values(draft.teams)]) if (b % 2 === 0) delete block.roles;
  if (b % 3 === 1) draft.organization.access_mode = c % 2 ? 'roles' : 'add';
};

/** Prunes a kind. */
export const setPrune: Operation = (draft, { a, b }) => {
  const kinds = ['teams', 'members', 'service_accounts'] as const;
  const kind = names.pick(kinds, a) ?? 'teams';
  const others = b % 2 ? [] : (draft.organization.prune ?? []);
  draft.organization.prune = [...new Set([...others, kind])];
};

/** Spells people and roles in another case. */
export const respell: Operation = (draft, { a, b }) => {
  const email = names.pick(Object.keys(draft.members), a);
  if (email !== undefined && b % 2 === 0) {
    const block = draft.members[email] ?? {};
    delete draft.members[email];
    draft.members[email.toUpperCase().replace('%2F', '%2f').replace('@ACME', '@Acme')] = block;
  }
  const [, block] =
    names.pick(
      blocksOf(draft).filter(([, one]) => one.roles),
      a,
    ) ?? [];
  if (block?.roles && b % 2 === 1) block.roles = block.roles.map((role) => role.toLowerCase());
};

/** Lets people keep a role in another way: through a team instead of themselves, or the other way round. */
export const handOver: Operation = (draft, { a, b, c }) => {
  const held = blocksOf(draft).flatMap(([, block]) => (block.absent ? [] : Object.values(block.access ?? {})));
  const teams = Object.entries(draft.teams).filter(([, { absent }]) => !absent);
  if (b % 2 === 0) {
    // Whoever is in the team already must not lose the role before the team has it.
    const pairs = held.flatMap((holders) =>
      (holders.members ?? []).flatMap((entry) => teams.map(([name, team]) => ({ holders, name, team, person: named(entry) }))),
    );
    const inside = pairs.filter(({ team, person }) => team.members?.some((one) => named(one) === person));
    const { holders, name, team, person } = names.pick(inside.length > 0 && c % 4 > 0 ? inside : pairs, a) ?? {};
    if (!holders || !team || person === undefined || name === undefined) return;
    team.members = [...(team.members ?? []).filter((one) => named(one) !== person), person];
    holders.teams = [...(holders.teams ?? []).filter((one) => named(one) !== name), name];
    holders.members = holders.members?.filter((one) => named(one) !== person) ?? [];
  } else {
    const holders = names.pick(
      held.filter((one) => (one.teams ?? []).length > 0),
      a,
    );
    const name = holders?.teams?.map(named).find((one) => (draft.teams[one]?.members ?? []).length > 0);
    const team = name === undefined ? undefined : draft.teams[name];
    if (!holders || !team) return;
    holders.members = [...new Set([...(holders.members ?? []).map(named), ...(team.members ?? []).map(named)])];
    if (c % 2 === 0) holders.teams = (holders.teams ?? []).filter((one) => named(one) !== name);
    else team.members = [];
  }
};
