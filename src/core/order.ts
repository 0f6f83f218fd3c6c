// Order comes from references and from what everybody may hold meanwhile, never from numbers: what is created waits for what it refers
// to, what is deleted waits for what refers to it, and nobody has too much or too little on the way.
import type { Conditions } from './access/conditions.ts';
import type { Demand, Sequence } from './access/demands.ts';
import { type Rule, sequence } from './access/sequence.ts';
import { type Address, kindOf, parse, referencesOf } from './address.ts';
import type { Call } from './kind.ts';
import type { Change, Step } from './plan.ts';
import { symbolsOf } from './symbol.ts';

/** The calls of a change, in the order in which they have to happen. */
export interface Planned {
  readonly change: Change;
  readonly calls: readonly Call[];
}

/** Steps in order, and what no order could keep. */
export interface Ordered {
  readonly steps: readonly Step[];
  readonly broken: readonly Broken[];
  /** Steps that have to come after the caller has lost what they may need. */
  readonly afterCallerLoss: readonly Address[];
}

/** A demand that no order keeps, with the steps between which it is not kept. */
export interface Broken extends Demand {
  readonly from: readonly string[];
  readonly until: readonly string[];
}

/** Steps with names and with the steps that each waits for; in an order that satisfies them all. */
export function order(
  planned: readonly Planned[],
  conditions: Pick<Conditions, 'demands' | 'preferences' | 'callerLoss'>,
): Ordered {
  const drafts = draftsOf(planned);
  const stepsOf = carriers(planned, drafts);
  const ruleOf = ({ first, next }: Sequence): Rule => ({ first: first.flatMap(stepsOf), next: next.flatMap(stepsOf) });
  const demands = conditions.demands.map((demand) => ({
    demand,
    yields: demand.against === 'excess',
    options: demand.options.map(ruleOf),
  }));
  const { needs, broken } = sequence(drafts, demands, conditions.preferences.map(ruleOf));
  const last = new Set(conditions.callerLoss?.by.flatMap(stepsOf) ?? []);
  const trapped = putLast(last, needs);
  const { steps, nameOf } = numbered(sorted(drafts.map((step) => ({ ...step, needs: [...(needs.get(step.id) ?? [])] }))));
  const named = (addresses: readonly Address[]) => addresses.flatMap(stepsOf).map(nameOf);
  return {
    steps,
    broken: broken.map((demand) => {
      const [option] = demand.options;
      const [first, next] = [named(option?.first ?? []), named(option?.next ?? [])];
      return demand.against === 'excess' ? { ...demand, from: next, until: first } : { ...demand, from: first, until: next };
    }),
    afterCallerLoss: drafts.filter(({ id }) => trapped.has(id)).map(({ change }) => change),
  };
}

/** Lets steps wait for everything that does not wait for them; answers what does. */
function putLast(last: ReadonlySet<string>, needs: ReadonlyMap<string, Set<string>>): ReadonlySet<string> {
  if (last.size === 0) return last;
  const behind = new Set(last);
  for (let grown = true; grown; ) {
    grown = false;
    for (const [id, needed] of needs)
      if (!behind.has(id) && [...needed].some((one) => behind.has(one))) grown = Boolean(behind.add(id));
  }
  for (const id of last) for (const one of needs.keys()) if (!behind.has(one)) needs.get(id)?.add(one);
  return new Set([...behind].filter((id) => !last.has(id)));
}

/** The steps that carry out what happens at an address: its own, or those of what brings or takes it along. */
function carriers(planned: readonly Planned[], drafts: readonly Step[]): (address: Address) => readonly string[] {
  const changes = new Map(planned.map(({ change }) => [change.address, change]));
  const ids = new Map<Address, string[]>();
  for (const { id, change } of drafts) ids.set(change, [...(ids.get(change) ?? []), id]);
  return (address) => {
    const own = ids.get(address);
    if (own) return own;
    const action = changes.get(address)?.action ?? 'create';
    const carrier = referencesOf(address).find(
      (reference) => ids.has(reference) && changes.get(reference)?.action === action && kindOf(reference) !== 'role',
    );
    return (carrier && ids.get(carrier)) ?? [];
  };
}

/** Steps that wait for what they refer to, and for what refers to them. */
function draftsOf(planned: readonly Planned[]): Step[] {
  const index = indexOf(planned);
  const ids = new Map(planned.map(({ change, calls }) => [change.address, calls.map((_, at) => `${change.address}#${at}`)]));
  const waits = memoised((address: Address) => waitsFor(address, index));
  // A change without steps of its own is done when what it waits for is: it hands that on.
  const stepsOf = memoised((address: Address): readonly string[] => {
    const own = ids.get(address) ?? [];
    return own.length > 0 ? own : [...waits(address)].flatMap(stepsOf);
  });
  return planned.flatMap(({ change, calls }) =>
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
}

/** What of a plan is asked for while it is put in order. */
interface Index {
  readonly changes: ReadonlyMap<Address, Planned>;
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

function indexOf(planned: readonly Planned[]): Index {
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
    firstRoles: by((one) => holder(one, 'create', true)),
    lowerLosses: by((one) => holder(one, 'delete', false)),
    losing: by(({ change }) => (change.action === 'delete' ? referencesOf(change.address) : [])),
    leaving: by(({ change }) => (change.from ? [change.from] : [])),
    served: by(({ calls }) => new Set(calls.flatMap(({ server }) => (server === 'control-plane' ? [] : [server])))),
  };
}

/** The changes that have to be done before a change. */
function waitsFor(address: Address, index: Index): ReadonlySet<Address> {
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
function numbered(steps: readonly Step[]) {
  const numbers = new Map(steps.map((step, index) => [step.id, index + 1]));
  const numberOf = (id: string) => numbers.get(id) ?? 0;
  const nameOf = (id: string) => `s${numberOf(id)}`;
  const byNumber = (a: string, b: string) => numberOf(a) - numberOf(b);
  return {
    nameOf,
    steps: steps.map((step) => ({ ...step, id: nameOf(step.id), needs: [...step.needs].sort(byNumber).map(nameOf) })),
  };
}

function memoised<T>(compute: (address: Address) => T): (address: Address) => T {
  const known = new Map<Address, T>();
  return (address) => {
    const value = known.get(address) ?? compute(address);
    known.set(address, value);
    return value;
  };
}
