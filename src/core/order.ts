// Order comes from references, never from numbers: what is created waits for what it refers to, what is deleted waits for what refers
// to it, and nobody loses a right before the rights that they gain are there.
import { type Address, parse, referencesOf } from './address.ts';
import type { Call } from './kind.ts';
import type { Change, Step } from './plan.ts';
import { symbolsOf } from './symbol.ts';

/** The calls of a change, in the order in which they have to happen. */
export interface Planned {
  readonly change: Change;
  readonly calls: readonly Call[];
}

/** The people and accounts that are in a team, before or after. */
export type TeamMembers = ReadonlyMap<Address, ReadonlySet<Address>>;

/** Steps with names and with the steps that each waits for; in an order that satisfies them all. */
export function order(planned: readonly Planned[], teams: TeamMembers): Step[] {
  const index = indexOf(planned, teams);
  const ids = new Map(planned.map(({ change, calls }) => [change.address, calls.map((_, at) => `${change.address}#${at}`)]));
  const waits = memoised((address: Address) => waitsFor(address, index, teams));
  // A change without steps of its own is done when what it waits for is: it hands that on.
  const stepsOf = memoised((address: Address): readonly string[] => {
    const own = ids.get(address) ?? [];
    return own.length > 0 ? own : [...waits(address)].flatMap(stepsOf);
  });
  const drafts = planned.flatMap(({ change, calls }) =>
    calls.map((call, at): Step => {
      const needs = new Set<string>();
      if (at > 0) needs.add(`${change.address}#${at - 1}`);
      for (const other of waits(change.address))
        for (const id of change.action === 'create' ? [stepsOf(other)[0]] : stepsOf(other)) if (id) needs.add(id);
      for (const { address } of symbolsOf(call)) if (address !== change.address && ids.has(address)) needs.add(`${address}#0`);
      for (const id of aroundServer(change, call, at, index, stepsOf)) needs.add(id);
      return { id: `${change.address}#${at}`, change: change.address, ...call, needs: [...needs] };
    }),
  );
  return numbered(sorted(drafts));
}

/** What of a plan is asked for while it is put in order. */
interface Index {
  readonly changes: ReadonlyMap<Address, Planned>;
  /** Grants and memberships that are created, by everybody who gains by them. */
  readonly gaining: ReadonlyMap<Address, readonly Address[]>;
  /** Roles on the organization that are created, by their holder. */
  readonly firstRoles: ReadonlyMap<Address, readonly Address[]>;
  /** Lower roles and team memberships that are deleted, by their holder. */
  readonly lowerLosses: ReadonlyMap<Address, readonly Address[]>;
  /** What is deleted, by what it refers to. */
  readonly losing: ReadonlyMap<Address, readonly Address[]>;
  /** Renames, by the name that they set free. */
  readonly leaving: ReadonlyMap<Address, readonly Address[]>;
  /** Changes that a workspace's own server makes, by workspace. */
  readonly served: ReadonlyMap<Address, readonly Address[]>;
}

function indexOf(planned: readonly Planned[], teams: TeamMembers): Index {
  const by = (keysOf: (one: Planned) => Iterable<Address>) => {
    const map = new Map<Address, Address[]>();
    for (const one of planned) for (const key of keysOf(one)) map.set(key, [...(map.get(key) ?? []), one.change.address]);
    return map;
  };
  const holder = ({ change }: Planned, action: Change['action'], onOrganization: boolean) => {
    const parsed = parse(change.address);
    if (change.action !== action || (parsed.kind !== 'grant' && parsed.kind !== 'team_member')) return [];
    return (parsed.kind === 'grant' && parsed.level === 'organization') === onOrganization ? [parsed.principal] : [];
  };
  return {
    changes: new Map(planned.map((one) => [one.change.address, one])),
    gaining: by(({ change }) => (change.action === 'create' ? peopleOf(change.address, teams) : [])),
    firstRoles: by((one) => holder(one, 'create', true)),
    lowerLosses: by((one) => holder(one, 'delete', false)),
    losing: by(({ change }) => (change.action === 'delete' ? referencesOf(change.address) : [])),
    leaving: by(({ change }) => (change.from ? [change.from] : [])),
    served: by(({ calls }) => new Set(calls.flatMap(({ server }) => (server === 'control-plane' ? [] : [server])))),
  };
}

/** The changes that have to be done before a change. */
function waitsFor(address: Address, index: Index, teams: TeamMembers): ReadonlySet<Address> {
  const action = index.changes.get(address)?.change.action;
  const parsed = parse(address);
  const result = new Set<Address>();
  const add = (addresses: readonly Address[] = []) => {
    for (const one of addresses) if (one !== address) result.add(one);
  };
  if (action === 'create') {
    add(referencesOf(address).filter((reference) => index.changes.get(reference)?.change.action === 'create'));
    // Teams and lower roles are for members: a role on the organization comes first.
    const lower = parsed.kind === 'team_member' || (parsed.kind === 'grant' && parsed.level !== 'organization');
    if (lower) add(index.firstRoles.get(parsed.principal));
  }
  if (action === 'delete') {
    add(index.losing.get(address));
    if (parsed.kind === 'grant' && parsed.level === 'organization') add(index.lowerLosses.get(parsed.principal));
    for (const person of peopleOf(address, teams)) add(index.gaining.get(person));
  } else add(index.leaving.get(address));
  return result;
}

/** The server of a workspace must run while its projects change: it is started before, and stopped after. */
function aroundServer(
  change: Change,
  call: Call,
  at: number,
  index: Index,
  stepsOf: (address: Address) => readonly string[],
): readonly string[] {
  if (call.server !== 'control-plane') {
    const workspace = index.changes.get(call.server);
    if (!workspace || stops(workspace.change)) return [];
    return workspace.change.action === 'create' ? stepsOf(call.server).slice(0, 1) : stepsOf(call.server);
  }
  const stopping = stops(change) || (change.action === 'create' && at > 0);
  return stopping ? (index.served.get(change.address) ?? []).flatMap(stepsOf) : [];
}

/** Everybody whose rights a grant or membership decides about. */
function peopleOf(address: Address, teams: TeamMembers): ReadonlySet<Address> {
  const parsed = parse(address);
  if (parsed.kind !== 'grant' && parsed.kind !== 'team_member') return new Set();
  return new Set([parsed.principal, ...(teams.get(parsed.principal) ?? [])]);
}

/** Whether a workspace's server stops because of a change. */
function stops(change: Change): boolean {
  return (
    change.action === 'delete' ||
    (change.action === 'update' && change.fields.some(({ path, after }) => path === '/active' && after === false))
  );
}

/** The steps, each after those it needs. A cycle is a fault of ours: references have none, and creations never wait for deletions. */
function sorted(drafts: readonly Step[]): Step[] {
  const done = new Set<string>();
  const result: Step[] = [];
  let waiting = drafts;
  while (waiting.length > 0) {
    const ready = waiting.filter((step) => step.needs.every((need) => done.has(need)));
    if (ready.length === 0) throw new Error(`the steps wait for each other: ${waiting.map((step) => step.change).join(', ')}`);
    for (const step of ready) done.add(step.id);
    result.push(...ready);
    waiting = waiting.filter((step) => !done.has(step.id));
  }
  return result;
}

/** Steps named by the order in which they can happen. */
function numbered(steps: readonly Step[]): Step[] {
  const names = new Map(steps.map((step, index) => [step.id, index + 1]));
  const nameOf = (id: string) => names.get(id) ?? 0;
  return steps.map((step) => ({
    ...step,
    id: `s${nameOf(step.id)}`,
    needs: step.needs
      .map(nameOf)
      .sort((a, b) => a - b)
      .map((number) => `s${number}`),
  }));
}

function memoised<T>(compute: (address: Address) => T): (address: Address) => T {
  const known = new Map<Address, T>();
  return (address) => {
    const value = known.get(address) ?? compute(address);
    known.set(address, value);
    return value;
  };
}
