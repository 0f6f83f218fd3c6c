// Which part of the world a run speaks for.
//
// A list that is written is complete; a named thing that is live and not in the files is not ours. So before anything is compared,
// both sides are cut down: live to what the files declare, claim by a complete list, ask to be gone, prune, or declared at the base
// revision; desired to what can be compared at all. What could not be read leaves both sides, since nothing is known about it, and
// what goes takes along everything that cannot exist without it, so that the plan has a line for each.
import { hiddenFrom } from './access/sight.ts';
import { type Address, grant, type KindName, kindOf, organization, parse, referencesOf } from './address.ts';
import { claimed, type Desired } from './desired.ts';
import { compare, type Diagnostic } from './diagnostic.ts';
import { withoutLapsed } from './lapsed.ts';
import { findRenames, type Renames, renameDesired, renameLive, renameUnread } from './rename.ts';
import { type Json, type Live, type LiveState, type Resource, type Unread, unreadFor } from './resource.ts';
import { resolveRoles } from './roles.ts';

/** Both sides of the comparison, cut down to what is ours and known. */
export interface Scoped {
  readonly desired: ReadonlyMap<Address, Resource>;
  /** Everything that the files declare, also outside the selection. */
  readonly declared: ReadonlySet<Address>;
  /** What is declared and live, and what is to be removed. */
  readonly live: ReadonlyMap<Address, Live>;
  /** Everything live, under the names that hold after the renames. */
  readonly all: ReadonlyMap<Address, Live>;
  readonly renames: Renames;
  /** Why each thing is removed: `absent`, `expired`, `list`, `prune`, `base`, or the address of what takes it along. */
  readonly removals: ReadonlyMap<Address, string>;
  readonly unmanaged: readonly { readonly address: Address; readonly kind: KindName }[];
  readonly notChecked: readonly {
    readonly address: string;
    readonly reason: string;
    readonly deferred?: boolean;
    readonly hint?: string;
  }[];
  readonly diagnostics: readonly Diagnostic[];
}

/** What scoping needs beyond the two sides. */
export interface ScopeOptions {
  readonly base?: Desired;
  readonly selected: (address: Address) => boolean;
  /** The value that clears a field that the base declared and the files no longer do; undefined where nothing clears it. */
  readonly cleared: (kind: KindName, field: string) => Json | undefined;
  /** What a resource keeps from being worked on in this run. */
  readonly defers: (resource: Resource, live: Live | undefined) => Unread | undefined;
  /** What a declared person holds at least. */
  readonly memberRole: string;
  /** The people who are sent another invitation although an earlier one has come to nothing. */
  readonly reinvite: (address: Address) => boolean;
}

export function scope(files: Desired, read: LiveState, options: ScopeOptions): Scoped {
  const before = withDeferred(files, read, options);
  const roles = resolveRoles(files, before);
  const desired = roles.desired;
  const { renames, diagnostics: renaming } = findRenames(desired.resources, before);
  const state = { ...before, unread: renameUnread(before.unread, renames) };
  const all = renameLive(state.resources, renames);
  const base = options.base && renameDesired(resolveRoles(options.base, state).desired, renames);
  const { kept, hidden } = visible(removals(desired, base, all, state.caller.address), state);
  const wanted = withMinimum(desired.resources, all, kept, options.memberRole);
  const invited = withoutLapsed(wanted, base, state, options.reinvite);
  const fields = base ? clearFields(invited.resources, base, options) : { resources: wanted, diagnostics: [] };
  const doubtful = doubtsOf(fields.resources, all, state);
  const known = (address: Address) => !unreadFor(state.unread, address) && !doubtful.has(address);
  const ours = new Map(
    [...all].filter(
      ([address]) => (fields.resources.has(address) || kept.has(address)) && known(address) && options.selected(address),
    ),
  );
  const conflicts = [...kept].flatMap(([address, because]) =>
    fields.resources.has(address) && because.includes('/') ? [conflict(fields.resources.get(address), because)] : [],
  );
  return {
    desired: new Map([...fields.resources].filter(([address]) => known(address) && options.selected(address))),
    declared: new Set(wanted.keys()),
    live: ours,
    all,
    renames,
    removals: new Map([...kept].filter(([address]) => ours.has(address))),
    unmanaged: unmanaged(all, wanted, kept),
    notChecked: [...notChecked(state, desired, base), ...doubtsToTell(doubtful, options.selected)].sort((a, b) =>
      compare(a.address, b.address),
    ),
    diagnostics: [
      ...roles.diagnostics,
      ...renaming,
      ...invited.diagnostics,
      ...fields.diagnostics,
      ...conflicts,
      ...hidden,
      ...callersOwn(desired, all, state.caller.address),
      ...withoutBase(options),
    ],
  };
}

/** The live state with what this very plan keeps out of reach, such as the projects of a workspace that is yet to be enrolled. */
function withDeferred(files: Desired, state: LiveState, options: ScopeOptions): LiveState {
  const deferred = [...files.resources.values()].flatMap(
    (resource) => options.defers(resource, state.resources.get(resource.address)) ?? [],
  );
  if (deferred.length === 0) return state;
  const prefixes = new Set(deferred.map(({ prefix }) => prefix));
  return { ...state, unread: [...state.unread.filter(({ prefix }) => !prefixes.has(prefix)), ...deferred] };
}

/** Everything live that has to go, with the reason; what cannot exist without it goes too. */
function removals(
  desired: Desired,
  base: Desired | undefined,
  live: ReadonlyMap<Address, Live>,
  caller: Address | undefined,
): Map<Address, string> {
  const going = new Map<Address, string>();
  const listed = claimed(desired.claims);
  for (const [address, gone] of desired.gone) if (live.has(address)) going.set(address, gone.because);
  for (const address of live.keys()) {
    if (going.has(address) || desired.resources.has(address)) continue;
    if (listed(address) && !heldBy(address, caller)) going.set(address, 'list');
    else if (desired.prune.has(kindOf(address))) going.set(address, 'prune');
    else if (base?.resources.has(address) && address !== organization) going.set(address, 'base');
  }
  // References are few and never cyclic; passes end as soon as one adds nothing.
  for (let grown = true; grown; ) {
    grown = false;
    for (const address of live.keys()) {
      const takenBy = going.has(address) ? undefined : referencesOf(address).find((reference) => going.has(reference));
      if (takenBy) grown = Boolean(going.set(address, takenBy));
    }
  }
  return going;
}

/** Whether a grant is the caller's own: servers make who creates a workspace its admin, and taking that away would cut the branch. */
function heldBy(address: Address, caller: Address | undefined): boolean {
  const parsed = parse(address);
  return parsed.kind === 'grant' && parsed.principal === caller;
}

/** One line about what the caller holds beyond the lists. */
function callersOwn(desired: Desired, live: ReadonlyMap<Address, Live>, caller: Address | undefined): Diagnostic[] {
  const own = [...live.keys()].filter((address) => heldBy(address, caller) && !desired.resources.has(address));
  const kept = own.filter(claimed(desired.claims)).sort(compare);
  if (kept.length === 0) return [];
  const summary = `the caller holds what no list has, and keeps it: ${kept.join(', ')}`;
  return [
    {
      code: 'caller-kept',
      severity: 'note',
      summary,
      hint: 'servers may make the creator of a workspace its admin; write it in `access`, or revoke it by hand',
    },
  ];
}

/** Removals that the caller may judge: who does not see everything cannot tell what a complete list lacks. */
function visible(asked: ReadonlyMap<Address, string>, state: LiveState): { kept: Map<Address, string>; hidden: Diagnostic[] } {
  if (state.caller.seesEverything) return { kept: new Map(asked), hidden: [] };
  const mayJudge = (address: Address) => state.caller.adminOf.some((scope) => address.startsWith(`${scope}/`));
  const kept = new Map([...asked].filter(([address]) => mayJudge(address)));
  const hidden = [...asked.keys()]
    .filter((address) => !kept.has(address))
    .sort(compare)
    .map(
      (address): Diagnostic => ({
        code: 'as-far-as-visible',
        severity: 'warning',
        summary: `${address} would be removed, but the caller does not see everything`,
        hint: 'run as an Organization Admin',
        address,
      }),
    );
  return { kept, hidden };
}

/** A declared person keeps at least one organization role: without any they would not be a member. */
function withMinimum(
  resources: ReadonlyMap<Address, Resource>,
  live: ReadonlyMap<Address, Live>,
  going: ReadonlyMap<Address, string>,
  role: string,
) {
  const result = new Map(resources);
  const held = new Set<Address>();
  const losing = new Set<Address>();
  for (const address of new Set([...live.keys(), ...resources.keys()])) {
    const parsed = parse(address);
    if (parsed.kind !== 'grant' || parsed.level !== 'organization') continue;
    if (going.has(address)) losing.add(parsed.principal);
    else held.add(parsed.principal);
  }
  for (const principal of losing) {
    const declared = resources.get(principal);
    if (!declared || kindOf(principal) !== 'member' || held.has(principal)) continue;
    const address = grant(organization, role, principal);
    result.set(address, { address, spec: {}, ...(declared.place ? { place: declared.place } : {}) });
  }
  return result;
}

/** Fields that the base declared and the files no longer do are cleared, where the server has a way to. */
function clearFields(resources: ReadonlyMap<Address, Resource>, base: Desired, options: ScopeOptions) {
  const diagnostics: Diagnostic[] = [];
  const cleared = new Map(resources);
  for (const [address, before] of base.resources) {
    const now = resources.get(address);
    if (!now) continue;
    const dropped = Object.keys(before.spec).filter((field) => !(field in now.spec));
    const values = dropped.flatMap((field) => {
      const value = options.cleared(kindOf(address), field);
      if (value !== undefined) return [[field, value] as const];
      diagnostics.push({
        code: 'field-not-clearable',
        severity: 'note',
        summary: `\`${field}\` of ${address} was removed from the files; it has no empty value and stays as it is`,
        address,
        ...(now.place ? { place: now.place } : {}),
      });
      return [];
    });
    if (values.length > 0) cleared.set(address, { ...now, spec: { ...now.spec, ...Object.fromEntries(values) } });
  }
  return { resources: cleared, diagnostics };
}

/** What is live and not ours; of grants and memberships only those on managed ground, since the rest goes with what is unmanaged itself. */
function unmanaged(
  live: ReadonlyMap<Address, Live>,
  desired: ReadonlyMap<Address, Resource>,
  going: ReadonlyMap<Address, string>,
) {
  const found: { address: Address; kind: KindName }[] = [];
  for (const address of [...live.keys()].sort(compare)) {
    if (address === organization || desired.has(address) || going.has(address)) continue;
    const parsed = parse(address);
    const [ground] = referencesOf(address);
    if ((parsed.kind === 'grant' || parsed.kind === 'team_member') && ground !== organization && ground && !desired.has(ground))
      continue;
    found.push({ address, kind: parsed.kind });
  }
  return found;
}

/** The unread subtrees that matter: those in which the files, or the base, say something, or of what they declare. */
function notChecked(state: LiveState, desired: Desired, base: Desired | undefined) {
  const declared = [...desired.resources.keys(), ...(base?.resources.keys() ?? [])];
  const touched = new Set(declared.map((address) => unreadFor(state.unread, address)));
  const owners = new Set<string>(declared);
  // Whoever leaves may hold something in projects that nobody could read.
  const leaving = [...desired.gone.keys()].some((address) => ['member', 'team', 'service_account'].includes(kindOf(address)));
  return state.unread
    .filter(
      (part) =>
        touched.has(part) || leaving || !part.prefix.includes('/project/') || owners.has(part.prefix.replace(/\/project\/$/, '')),
    )
    .map(({ prefix, reason, deferred, hint }) => ({
      address: `${prefix}${prefix.endsWith('/') ? '*' : ''}`,
      reason,
      ...(deferred ? { deferred } : {}),
      ...(hint === undefined ? {} : { hint }),
    }))
    .sort((a, b) => compare(a.address, b.address));
}

/** What is declared and not seen, by a caller who would not see it either if it were there; with what refers to such things. */
function doubtsOf(desired: ReadonlyMap<Address, Resource>, live: ReadonlyMap<Address, Live>, { caller }: LiveState) {
  const hidden = hiddenFrom(caller);
  const doubtful = new Map<Address, string>();
  const missing = [...desired.keys()].filter((address) => !live.has(address));
  for (const address of missing) {
    const reason = hidden(address);
    if (reason !== undefined) doubtful.set(address, reason);
  }
  for (const address of missing) {
    const about = doubtful.has(address) ? undefined : referencesOf(address).find((one) => doubtful.has(one));
    if (about !== undefined) doubtful.set(address, `${about} is not seen`);
  }
  return doubtful;
}

/** What hangs on something that is told already needs no line of its own. */
const doubtsToTell = (doubtful: ReadonlyMap<Address, string>, selected: ScopeOptions['selected']) =>
  [...doubtful]
    .filter(([address]) => selected(address))
    .filter(([address]) => !referencesOf(address).some((one) => doubtful.has(one)))
    .map(([address, reason]) => ({ address: String(address), reason }));

function conflict(resource: Resource | undefined, because: string): Diagnostic {
  return {
    code: 'reference-absent',
    severity: 'error',
    summary: `${resource?.address} is declared, and ${because} is to be removed`,
    hint: 'remove the entry from the files too, or keep what it needs',
    ...(resource ? { address: resource.address } : {}),
    ...(resource?.place ? { place: resource.place } : {}),
  };
}

function withoutBase(options: ScopeOptions): Diagnostic[] {
  if (options.base) return [];
  const summary = 'without --base REV, what the files no longer declare is not seen and left alone';
  return [{ code: 'removals-not-seen', severity: 'note', summary }];
}
