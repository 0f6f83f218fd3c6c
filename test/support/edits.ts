import fc from 'fast-check';
import type { Address } from '../../src/core/address.ts';
import * as address from '../../src/core/address.ts';
import { type Block, blocksOf, type Draft, dictionary, type Holders, named, type Section, sections } from './draft.ts';
import { handOver, respell, setHolder, setMember, setMode, setOrganizationAccess, setPrune, setRoles } from './edit-lists.ts';
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

export type Operation = (draft: Draft, pick: Omit<Edit, 'op'>, ground: Ground) => void;

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
    permissions: (live?.permissions as string[] | undefined) ?? [...names.permissions],
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
  if (field === 'display_name' || field === 'name') block[field] = names.pick(names.labels, c);
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
  handOver,
  handOver,
  handOver,
  setOrganizationAccess,
  setPrune,
  respell,
];

/** Edits after which people hold in another way what they hold already. */
export const handOvers = editsOf([handOver], 4);

/** Edits of fields and lists only: nothing comes or goes as a whole. */
export const tweaks = editsOf([setField, setHolder, setMember, setHolder, handOver, addRole, setHolder], 10);

function editsOf(wanted: readonly Operation[], maxLength: number): fc.Arbitrary<Edit[]> {
  const op = fc.constantFrom(...wanted.map((one) => operations.indexOf(one)));
  return fc.array(fc.record({ op, a: number, b: number, c: number }), { minLength: 1, maxLength, size: 'max' });
}
