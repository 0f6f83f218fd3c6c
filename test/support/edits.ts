import fc from 'fast-check';
import type { Address } from '../../src/core/address.ts';
import * as address from '../../src/core/address.ts';
import {
  type Access,
  accessOf,
  type Block,
  blocksOf,
  type Draft,
  dictionary,
  type Entry,
  type Holders,
  named,
  type Section,
  sections,
} from './draft.ts';
import * as names from './names.ts';
import type { State } from './state.ts';

/** One change of a configuration: what kind, and numbers that pick where and how. */
export interface Edit {
  readonly op: number;
  readonly a: number;
  readonly b: number;
  readonly c: number;
}

/** What an edit may rely on. */
export interface Ground {
  readonly state: State;
  /** Whether custom roles can be written on this server. */
  readonly customRoles: boolean;
  /** The day of the run. */
  readonly now: string;
}

const number = fc.nat(60);
/** A few edits. */
export const edits: fc.Arbitrary<Edit[]> = fc.array(fc.record({ op: number, a: number, b: number, c: number }), { maxLength: 6 });

type Operation = (draft: Draft, pick: Omit<Edit, 'op'>, ground: Ground) => void;

/** Makes the edits, one after the other; one that finds nothing to work on does nothing. */
export function edited(draft: Draft, list: readonly Edit[], ground: Ground): Draft {
  for (const { op, ...pick } of list) names.pick(operations, op)?.(draft, pick, ground);
  return draft;
}

const limits: Readonly<Record<Section, readonly string[]>> = {
  members: names.people,
  service_accounts: names.accounts,
  teams: names.teams,
  roles: [],
  workspaces: names.workspaces,
};

const forget: Operation = (draft, { a, b }) => {
  const section = names.pick(sections, a) ?? 'teams';
  const name = names.pick(Object.keys(draft[section]), b);
  if (name !== undefined && name !== 'ci') delete draft[section][name];
};

const forgetKey: Operation = (draft, { a, b }) => {
  const [, block] = names.pick(blocksOf(draft), a) ?? [];
  const key = block && names.pick(Object.keys(block), b);
  if (block && key && key !== 'name' && key !== 'absent' && key !== 'previously') delete block[key];
};

const remove: Operation = (draft, { a, c }, { state }) => {
  const found = blocksOf(draft).filter(([one]) => one !== address.organization && one !== 'service_account/ci');
  const [one, block] = names.pick(found, a) ?? [];
  if (!one || !block) return;
  for (const key of Object.keys(block)) if (c % 2 === 0) delete block[key];
  delete block.previously;
  const holdsData = ['workspace', 'project', 'service_account'].includes(address.kindOf(one));
  block.absent = holdsData && state.things.has(one) ? { destroy: address.nameOf(one) } : true;
};

const add: Operation = (draft, { a, b, c }) => {
  const section =
    names.pick(['members', 'members', 'service_accounts', 'teams', 'teams', 'workspaces', 'workspaces'] as const, a) ?? 'teams';
  const free = limits[section].filter((name) => !(name in draft[section]) && !(name.toLowerCase() in draft[section]));
  const name = names.pick(free, b);
  if (name === undefined) return;
  const text = names.pick(names.texts, c);
  const role = names.pick(names.organizationRoles, c) ?? 'Organization Member';
  const blocks: Readonly<Record<Section, Block>> = {
    members:
      c % 3 === 0
        ? {}
        : { roles: [role, ...(c % 3 === 1 ? ['Billing Admin'] : [])].filter((one, index, all) => all.indexOf(one) === index) },
    service_accounts: { roles: [role], ...(c % 2 ? { description: text } : {}), ...(c % 5 === 0 ? { active: false } : {}) },
    teams: { ...(c % 2 ? { description: text } : {}), ...(c % 3 ? { members: [], roles: [role] } : {}) },
    roles: {},
    workspaces: {
      display_name: names.pick(names.labels, c),
      ...(c % 4 === 0 ? { active: false } : {}),
      ...(c % 7 === 0 ? { enroll: true } : {}),
      projects: dictionary(),
    },
  };
  draft[section][name] = blocks[section];
};

const addProject: Operation = (draft, { a, b, c }) => {
  const workspace = names.pick(Object.values(draft.workspaces), a);
  const name = names.pick(names.projects, b) ?? 'churn';
  if (!workspace || workspace.absent) return;
  workspace.projects ??= dictionary();
  workspace.projects[name] ??= {
    ...(c % 2 ? { description: names.pick(names.texts, c) } : {}),
    ...(c % 3 === 0 ? { display_name: names.pick(names.labels, c) } : {}),
    ...(c % 4 === 0 ? { project_metadata: { n: c } } : {}),
    ...(c % 5 === 0 ? { access: dictionary() } : {}),
  };
};

const addRole: Operation = (draft, { a, c }, { customRoles, state }) => {
  const role = names.pick(names.customRoles, a);
  if (!role || !customRoles || role.name in draft.roles) return;
  const live = state.things.get(address.role(role.name));
  draft.roles[role.name] = {
    level: role.level,
    permissions: (live?.permissions as string[] | undefined) ?? [{ resource: 'project', action: 'read' }],
    ...(c % 2 ? { description: names.pick(names.texts, c) } : {}),
  };
};

const rename: Operation = (draft, { a, b }, { state }) => {
  const kinds = ['team', 'project', 'service_account', 'role'];
  const found = blocksOf(draft).filter(
    ([one, block]) =>
      kinds.includes(address.kindOf(one)) &&
      state.things.has(one) &&
      !block.absent &&
      !block.previously &&
      one !== 'service_account/ci',
  );
  const [one, block] = names.pick(found, a) ?? [];
  if (!one || !block) return;
  const parsed = address.parse(one);
  const old = address.nameOf(one);
  const home =
    parsed.kind === 'project'
      ? (draft.workspaces[address.nameOf(parsed.workspace)]?.projects ?? {})
      : draft[sectionOf(parsed.kind)];
  const pool = parsed.kind === 'project' ? names.projects : parsed.kind === 'team' ? names.teams : names.accounts;
  const make = (name: string): Address =>
    parsed.kind === 'project'
      ? address.project(parsed.workspace, name)
      : parsed.kind === 'team'
        ? address.team(name)
        : address.serviceAccount(name);
  const free = [...pool, 'renamed'].filter(
    (name) => !(name in home) && !state.things.has(make(name)) && !state.twins.has(make(name)),
  );
  const next = parsed.kind === 'role' ? `${old} 2` : names.pick(free, b);
  if (next === undefined) return;
  delete home[old];
  home[next] = { ...block, previously: [old] };
  if (parsed.kind !== 'project') renameUses(draft, parsed.kind as 'team' | 'service_account' | 'role', old, next);
};

const sectionOf = (kind: string): Section => (kind === 'team' ? 'teams' : kind === 'role' ? 'roles' : 'service_accounts');

function renameUses(draft: Draft, kind: 'team' | 'service_account' | 'role', old: string, next: string): void {
  for (const [, block] of blocksOf(draft)) {
    if (kind === 'role' && block.access?.[old]) {
      block.access[next] = block.access[old] ?? {};
      delete block.access[old];
    }
    const list = kind === 'role' ? undefined : (`${kind}s` as 'teams' | 'service_accounts');
    const holders: Holders[] = [block as Holders, ...Object.values(block.access ?? {})];
    for (const one of list ? holders : [])
      if (list && Array.isArray(one[list])) one[list] = one[list]?.map((entry) => (named(entry) === old ? next : entry)) ?? [];
  }
}

const setField: Operation = (draft, { a, b, c }, { state }) => {
  const found = blocksOf(draft).filter(
    ([one, block]) => !block.absent && !one.startsWith('member/') && one !== 'service_account/ci',
  );
  const [one, block] = names.pick(found, a) ?? [];
  if (!one || !block) return;
  const kind = address.kindOf(one);
  const text = c % 4 === 0 ? null : (names.pick(names.texts, c) ?? null);
  const field = names.pick(fields[kind] ?? ['description'], b) ?? 'description';
  if (field === 'display_name') block.display_name = names.pick(names.labels, c);
  else if (field === 'active') block.active = c % 2 === 0;
  else if (field === 'version') block.version = state.things.get(one)?.version === '0.98.0' ? '0.99.0' : '0.98.0';
  else if (field === 'project_metadata') block.project_metadata = c % 4 === 0 ? null : { owner: text, list: [c, { deep: true }] };
  else block[field] = text;
};

const fields: Readonly<Record<string, readonly string[]>> = {
  organization: ['description', 'logo_url'],
  service_account: ['description', 'active', 'name'],
  workspace: ['description', 'display_name', 'active', 'version', 'logo_url'],
  project: ['description', 'display_name', 'project_metadata'],
};

const setMember: Operation = (draft, { a, b, c }, { now }) => {
  const team = names.pick(
    Object.values(draft.teams).filter(({ absent }) => !absent),
    a,
  );
  if (team) change(team, c % 3 === 0 ? 'service_accounts' : 'members', b, c, now);
};

const setHolder: Operation = (draft, { a, b, c }, { now, state, customRoles }) => {
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

const setRoles: Operation = (draft, { a, b, c }) => {
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

const setMode: Operation = (draft, { a, b }) => {
  const found = blocksOf(draft).filter(([, block]) => block.access);
  const [, block] = names.pick(found, a) ?? [];
  const mode = names.pick(['roles', 'add', 'complete', 'roles', 'add'] as const, b);
  if (block && mode) block.access_mode = mode;
};

/** Writes the organization's own access list, complete unless told otherwise, and takes the roles out of some blocks. */
const setOrganizationAccess: Operation = (draft, { a, b, c }, { state }) => {
  const access: Access = accessOf(state, address.organization);
  const role = names.pick(Object.keys(access), a);
  if (role !== undefined && c % 2 === 0) delete access[role];
  draft.organization.access = access;
  for (const block of [...Object.values(draft.members), ...Object.values(draft.teams)]) if (b % 2 === 0) delete block.roles;
  if (b % 3 === 1) draft.organization.access_mode = c % 2 ? 'roles' : 'add';
};

const setPrune: Operation = (draft, { a, b }) => {
  const kinds = ['teams', 'members', 'service_accounts'] as const;
  const kind = names.pick(kinds, a) ?? 'teams';
  const others = b % 2 ? [] : (draft.organization.prune ?? []);
  draft.organization.prune = [...new Set([...others, kind])];
};

/** Spells people and roles in another case. */
const respell: Operation = (draft, { a, b }) => {
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

const operations: readonly Operation[] = [
  forget,
  forgetKey,
  remove,
  remove,
  add,
  add,
  add,
  addProject,
  addProject,
  addRole,
  rename,
  rename,
  setField,
  setField,
  setField,
  setMember,
  setMember,
  setHolder,
  setHolder,
  setHolder,
  setRoles,
  setRoles,
  setMode,
  setOrganizationAccess,
  setPrune,
  respell,
];
