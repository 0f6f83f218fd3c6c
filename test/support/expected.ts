// What an organization has to hold after an apply, worked out a second time from the words of the language and from nothing else.
import type { Address, Level } from '../../src/core/address.ts';
import * as address from '../../src/core/address.ts';
import { type Access, type Block, blocksOf, type Draft, type Entry, named } from './draft.ts';
import { organizationRoles, projectRoles, workspaceRoles } from './names.ts';
import { type Fields, isUnknown, type Leaving, membersIn, mentionedBy, type State, type Value } from './state.ts';

export interface Conditions {
  /** `YYYY-MM-DD`. */
  readonly now: string;
  /** Whether the server clears a field that is patched to null. */
  readonly clears: boolean;
  /** Whether the workspace servers know `project_metadata`. */
  readonly metadata: boolean;
  /** Whether the server makes whoever creates a workspace its admin. */
  readonly creatorAdmin: boolean;
  /** Whether the server refuses to delete what holds, or is the place of, a role. */
  readonly refusesInUse: boolean;
  readonly base?: Draft;
}

/** What a configuration says. */
export interface Meaning {
  readonly declared: ReadonlyMap<Address, Block>;
  readonly gone: ReadonlySet<Address>;
  readonly links: ReadonlySet<Address>;
  readonly claims: readonly ((link: Address) => boolean)[];
}

const fieldsOfKind: Readonly<Record<string, readonly string[]>> = {
  organization: ['description', 'logo_url'],
  service_account: ['name', 'description', 'active'],
  team: ['description'],
  role: ['level', 'description', 'permissions'],
  workspace: ['display_name', 'description', 'logo_url', 'version', 'active'],
  project: ['display_name', 'description', 'project_metadata'],
};

/** What the words of a draft mean, with roles spelled as they are known. */
export function meaningOf(draft: Draft, state: State, now: string): Meaning {
  const declared = new Map<Address, Block>();
  const gone = new Set<Address>();
  const links = new Set<Address>();
  const claims: ((link: Address) => boolean)[] = [];
  const known = [...organizationRoles, ...workspaceRoles, ...projectRoles, ...rolesKnown(state), ...Object.keys(draft.roles)];
  const spell = (name: string) =>
    known.includes(name) ? name : (known.find((one) => one.toLowerCase() === name.toLowerCase()) ?? name);
  const add = (entry: Entry, make: (name: string) => Address) => {
    const late = typeof entry !== 'string' && entry.expires !== undefined && entry.expires < now;
    (late ? gone : links).add(make(named(entry)));
  };
  for (const [one, block] of blocksOf(draft)) {
    if (block.absent) gone.add(one);
    else declared.set(one, block);
    if (block.absent) continue;
    const kind = address.kindOf(one);
    if (block.roles) {
      claims.push((link) => holdsItself(link, one));
      for (const role of block.roles) links.add(address.grant(address.organization, spell(role), one));
    }
    for (const [list, make] of kind === 'team' ? principals : []) {
      const entries = block[list];
      if (!entries) continue;
      claims.push((link) => link.startsWith(`${one}/${make('x').split('/')[0]}/`));
      for (const entry of entries) add(entry, (name) => address.teamMember(one, make(name)));
    }
    if (block.access) takeAccess(one, block.access, block.access_mode ?? 'complete', spell, add, claims);
  }
  for (const link of links) gone.delete(link);
  return { declared, gone, links, claims };
}

const principals = [
  ['members', address.member],
  ['service_accounts', address.serviceAccount],
] as const;

function takeAccess(
  scope: Address,
  access: Access,
  mode: string,
  spell: (role: string) => string,
  add: (entry: Entry, make: (name: string) => Address) => void,
  claims: ((link: Address) => boolean)[],
): void {
  const written = Object.keys(access).map(spell);
  claims.push((link) => {
    const parsed = address.parse(link);
    return (
      parsed.kind === 'grant' &&
      parsed.scope === scope &&
      mode !== 'add' &&
      (mode === 'complete' || written.includes(parsed.role))
    );
  });
  for (const [role, holders] of Object.entries(access))
    for (const [list, make] of [...principals, ['teams', address.team] as const])
      for (const entry of holders[list] ?? []) add(entry, (name) => address.grant(scope, spell(role), make(name)));
}

/** The state after applying a draft as often as it takes, and the links of which nothing can be said. */
export function expected(before: State, draft: Draft, conditions: Conditions): Leaving & { readonly state: State } {
  const closed = closedAfter(before, new Map(blocksOf(draft).filter(([, block]) => !block.absent)));
  const renames = renamesOf({ ...before, closed }, draft);
  const live = renames.size === 0 ? before : relabelled(before, renames);
  const meaning = meaningOf(draft, live, conditions.now);
  const base = conditions.base && renamedMeaning(meaningOf(conditions.base, live, conditions.now), renames);
  const unknown = (one: Address) => isUnknown({ closed, twins: live.twins }, one);
  const going = goingOf(live, draft, meaning, base, unknown);
  const things = new Map([...live.things].filter(([one]) => !mentionedBy(one).some((part) => going.has(part))));
  const links = new Set([...live.links].filter((link) => !lost(link, going, unknown)));
  const invited = new Set([...live.invited].filter((one) => !going.has(one)));
  for (const [one, block] of meaning.declared) if (!unknown(one)) write(things, one, withCleared(one, block, base), conditions);
  for (const link of meaning.links) if (!unknown(link)) links.add(link);
  if (conditions.creatorAdmin)
    for (const one of meaning.declared.keys())
      if (address.kindOf(one) === 'workspace' && !live.things.has(one)) links.add(address.grant(one, 'Workspace Admin', caller));
  const was = membersIn(live);
  const state: State = { ...live, things, links, invited, closed };
  const now = new Set([...links].flatMap((link) => (holdsItself(link) ? principalOf(link) : [])));
  for (const one of meaning.declared.keys()) {
    if (!one.startsWith('member/') || now.has(one)) continue;
    const hadSome = [...live.links].some((link) => holdsItself(link, one));
    if (hadSome || !was.has(one)) links.add(address.grant(address.organization, 'Organization Member', one));
  }
  const moved = new Set([...renames].flat());
  const gone = (one: Address) => mentionedBy(one).some((part) => going.has(part) || moved.has(part));
  return { state, gone, open: (one) => mentionedBy(one).some((part) => going.has(part)) && !going.has(one) };
}

/** The workspaces that keep their projects from being read, also in the end. */
function closedAfter(live: State, declared: ReadonlyMap<Address, Block>): Set<Address> {
  const closed = new Set<Address>();
  for (const one of live.closed) {
    const block = declared.get(one);
    const starts = live.starting.has(one) && block !== undefined;
    const activated = live.things.get(one)?.active === false && block?.active === true;
    const cured = live.failed.has(one) && block?.version !== undefined && block.version !== live.things.get(one)?.version;
    if (!starts && !activated && !cured) closed.add(one);
  }
  for (const [one, block] of declared) if (block.enroll === true && !live.things.has(one)) closed.add(one);
  return closed;
}

/** What has to go, for a reason that the draft gives. */
function goingOf(
  live: State,
  draft: Draft,
  meaning: Meaning,
  base: Meaning | undefined,
  unknown: (one: Address) => boolean,
): Set<Address> {
  const members = membersIn(live);
  const pruned = new Set<string>((draft.organization.prune ?? []).map((one) => one.slice(0, -1)));
  const going = new Set<Address>();
  for (const one of [...live.things.keys(), ...live.links, ...members]) {
    if (unknown(one) || one === address.organization || meaning.declared.has(one) || meaning.links.has(one)) continue;
    const claimed = live.links.has(one) && !isCallers(one) && meaning.claims.some((claim) => claim(one));
    const removed = base !== undefined && (base.declared.has(one) || base.links.has(one));
    if (meaning.gone.has(one) || claimed || pruned.has(address.kindOf(one)) || removed) going.add(one);
  }
  return going;
}

/** The program does not take roles from the account that it runs as: some servers make whoever creates a workspace its admin. */
function isCallers(link: Address): boolean {
  return principalOf(link)[0] === caller;
}

const caller = address.serviceAccount('ci');

/** Whether a link goes: itself, or with what it speaks of; a person's links stay where nobody can see them. */
function lost(link: Address, going: ReadonlySet<Address>, unknown: (one: Address) => boolean): boolean {
  const taker = mentionedBy(link).find((part) => going.has(part));
  if (!taker) return false;
  return (
    taker === link ||
    !taker.startsWith('member/') ||
    !unknown(link) ||
    mentionedBy(link).some((part) => going.has(part) && !part.startsWith('member/'))
  );
}

function write(
  things: Map<Address, Readonly<Record<string, Value>>>,
  one: Address,
  block: Block,
  { clears, metadata }: Conditions,
): void {
  const kind = address.kindOf(one);
  const rules = fieldsOfKind[kind];
  if (!rules) return;
  const old = things.get(one);
  const fields: Record<string, Value> = { ...(old ?? defaults(one)) };
  for (const field of rules) {
    const value = block[field] as Value | undefined;
    if (value === undefined || (field === 'project_metadata' && !metadata)) continue;
    const empty =
      value === null ||
      value === '' ||
      (field === 'active' && value === true) ||
      (typeof value === 'object' && Object.keys(value).length === 0);
    if (!empty) fields[field] = value;
    else if (value !== null || clears || kind === 'project') delete fields[field];
  }
  if (kind === 'project' && fields.display_name === address.nameOf(one)) delete fields.display_name;
  things.set(one, fields);
}

/** A block in which what the base declared, and it no longer does, is cleared, where there is an empty value. */
function withCleared(one: Address, block: Block, base: Meaning | undefined): Block {
  const before = base?.declared.get(one);
  const kind = address.kindOf(one);
  const clearable =
    kind === 'project'
      ? ['display_name', 'description', 'project_metadata']
      : ['description', 'logo_url', ...(kind === 'service_account' ? ['name'] : [])];
  const dropped = clearable.filter((field) => before && field in before && !(field in block));
  return {
    ...block,
    ...Object.fromEntries(dropped.map((field) => [field, kind === 'project' && field === 'display_name' ? '' : null])),
  };
}

/** What the API gives to something new. */
function defaults(one: Address): Record<string, Value> {
  return address.kindOf(one) === 'workspace' ? { display_name: address.nameOf(one), version: '0.98.0' } : {};
}

/** The renames that a draft asks for and the live state allows: old address to new. */
function renamesOf(before: State, draft: Draft): Map<Address, Address> {
  const found = new Map<Address, Address>();
  for (const [one, block] of blocksOf(draft))
    for (const old of block.absent ? [] : (block.previously ?? [])) {
      const from = sibling(one, old);
      if (before.things.has(from) && !isUnknown(before, from)) found.set(from, one);
    }
  return found;
}

function sibling(one: Address, name: string): Address {
  const parsed = address.parse(one);
  if (parsed.kind === 'project') return address.project(parsed.workspace, name);
  return parsed.kind === 'team' ? address.team(name) : parsed.kind === 'role' ? address.role(name) : address.serviceAccount(name);
}

/** The address that a thing has after the renames. */
function newAddress(renames: ReadonlyMap<Address, Address>): (one: Address) => Address {
  const to = (one: Address): Address => {
    const direct = renames.get(one);
    if (direct) return direct;
    const parsed = address.parse(one);
    if (parsed.kind === 'project') return address.project(to(parsed.workspace), parsed.name);
    if (parsed.kind === 'team_member') return address.teamMember(to(parsed.team), to(parsed.principal));
    if (parsed.kind !== 'grant') return one;
    return address.grant(to(parsed.scope), address.nameOf(to(address.role(parsed.role))), to(parsed.principal));
  };
  return to;
}

function renamedMeaning(meaning: Meaning, renames: ReadonlyMap<Address, Address>): Meaning {
  const to = newAddress(renames);
  const declared = new Map([...meaning.declared].map(([one, block]) => [to(one), block]));
  return { ...meaning, declared, links: new Set([...meaning.links].map(to)) };
}

function relabelled(state: State, renames: ReadonlyMap<Address, Address>): State {
  const to = newAddress(renames);
  // A project without a name to show is shown by its name, and that stays as it was.
  const shown = (one: Address, fields: Fields) =>
    one.includes('/project/') && to(one) !== one ? { display_name: address.nameOf(one), ...fields } : fields;
  const things = new Map([...state.things].map(([one, fields]) => [to(one), shown(one, fields)]));
  return { ...state, things, links: new Set([...state.links].map(to)) };
}

function holdsItself(link: Address, principal?: Address): boolean {
  const parsed = address.parse(link);
  return (
    parsed.kind === 'grant' &&
    parsed.level === ('organization' satisfies Level) &&
    (principal === undefined || parsed.principal === principal)
  );
}

function principalOf(link: Address): Address[] {
  const parsed = address.parse(link);
  return parsed.kind === 'grant' ? [parsed.principal] : [];
}

function rolesKnown(state: State): string[] {
  return [...state.things.keys()].filter((one) => one.startsWith('role/')).map(address.nameOf);
}
