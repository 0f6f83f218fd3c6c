// Order comes from references, never from numbers: what is created waits for what it refers to, what is deleted waits for what refers
// to it, and nobody loses a right before the rights that they gain are there.
import { type Address, type Parsed, parse, referencesOf } from './address.ts';
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
  const graph = new Graph(planned);
  for (const { change, calls } of planned) {
    calls.forEach((call, index) => {
      if (index > 0) graph.need(change.address, index, change.address, index - 1);
      for (const { address } of symbolsOf(call)) if (address !== change.address) graph.needAll(change.address, index, address);
    });
    for (const { change: workspace } of planned) {
      if (!calls.some((call) => call.server === workspace.address)) continue;
      // The server must run while its projects change: it is started before, and stopped after.
      if (workspace.action === 'create') {
        graph.needChange(change.address, workspace.address, 0);
        graph.need(workspace.address, 1, change.address, calls.length - 1);
      } else if (stops(workspace)) graph.needChange(workspace.address, change.address);
      else graph.needChange(change.address, workspace.address);
    }
  }
  for (const { change } of planned) for (const other of waitsFor(change, planned, teams)) graph.needChange(change.address, other);
  return graph.steps();
}

function waitsFor(change: Change, planned: readonly Planned[], teams: TeamMembers): Address[] {
  const result: Address[] = [];
  const mine = parse(change.address);
  const references = new Set(referencesOf(change.address));
  const affected = change.action === 'delete' ? peopleOf(mine, teams) : new Set<Address>();
  for (const { change: other } of planned) {
    if (other === change) continue;
    if (change.action === 'create' && other.action === 'create' && (references.has(other.address) || firstRole(mine, other)))
      result.push(other.address);
    if (
      change.action === 'delete' &&
      other.action === 'delete' &&
      (referencesOf(other.address).includes(change.address) || lowerRole(mine, other))
    )
      result.push(other.address);
    if (change.action === 'delete' && other.action === 'create' && overlaps(affected, peopleOf(parse(other.address), teams)))
      result.push(other.address);
    if (takesNameOf(change, other)) result.push(other.address);
  }
  return result;
}

/** Team memberships and lower roles are for members: a role on the organization comes first. */
function firstRole(mine: Parsed, other: Change): boolean {
  const theirs = parse(other.address);
  if (theirs.kind !== 'grant' || theirs.level !== 'organization') return false;
  if (mine.kind === 'team_member') return mine.principal === theirs.principal;
  return mine.kind === 'grant' && mine.level !== 'organization' && mine.principal === theirs.principal;
}

/** The same backwards: the role on the organization goes last. */
function lowerRole(mine: Parsed, other: Change): boolean {
  if (mine.kind !== 'grant' || mine.level !== 'organization') return false;
  const theirs = parse(other.address);
  return (
    (theirs.kind === 'team_member' || (theirs.kind === 'grant' && theirs.level !== 'organization')) &&
    theirs.principal === mine.principal
  );
}

/** Everybody whose rights a grant or membership decides about. */
function peopleOf(parsed: Parsed, teams: TeamMembers): ReadonlySet<Address> {
  if (parsed.kind !== 'grant' && parsed.kind !== 'team_member') return new Set();
  return new Set([parsed.principal, ...(teams.get(parsed.principal) ?? [])]);
}

function overlaps(a: ReadonlySet<Address>, b: ReadonlySet<Address>): boolean {
  for (const one of a) if (b.has(one)) return true;
  return false;
}

/** A rename, or a creation, that takes a name which another rename or deletion sets free. */
function takesNameOf(change: Change, other: Change): boolean {
  return change.action !== 'delete' && other.from !== undefined && other.from === change.address;
}

/** Whether a workspace's server stops because of a change. */
function stops(change: Change): boolean {
  return change.action === 'delete' || change.fields.some(({ path, after }) => path === '/active' && after === false);
}

/** The steps under construction; it lives as long as `order` runs. */
class Graph {
  readonly #byChange = new Map<Address, { id: string; call: Call; needs: Set<string> }[]>();

  constructor(planned: readonly Planned[]) {
    let count = 0;
    for (const { change, calls } of planned) {
      const steps = calls.map((call) => {
        count += 1;
        return { id: `s${count}`, call, needs: new Set<string>() };
      });
      this.#byChange.set(change.address, steps);
    }
  }

  need(change: Address, index: number, other: Address, otherIndex: number): void {
    const needed = this.#byChange.get(other)?.[otherIndex];
    if (needed) this.#byChange.get(change)?.[index]?.needs.add(needed.id);
  }

  needAll(change: Address, index: number, other: Address): void {
    const step = this.#byChange.get(change)?.[index];
    for (const needed of this.#byChange.get(other) ?? []) step?.needs.add(needed.id);
  }

  /** All steps of a change wait for another change, or for one step of it. */
  needChange(change: Address, other: Address, otherIndex?: number): void {
    this.#byChange.get(change)?.forEach((_, index) => {
      if (otherIndex === undefined) this.needAll(change, index, other);
      else this.need(change, index, other, otherIndex);
    });
  }

  /** All steps, each after those it needs. A cycle is a fault of ours: references have none, and creations never wait for deletions. */
  steps(): Step[] {
    const all = [...this.#byChange].flatMap(([change, steps]) => steps.map((step) => ({ ...step, change })));
    const done = new Set<string>();
    const result: Step[] = [];
    let waiting = all;
    while (waiting.length > 0) {
      const ready = waiting.filter((step) => [...step.needs].every((need) => done.has(need)));
      if (ready.length === 0) throw new Error(`the steps wait for each other: ${waiting.map((step) => step.change).join(', ')}`);
      for (const { id, change, call, needs } of ready) {
        done.add(id);
        result.push({ id, change, ...call, needs: [...needs].sort(byNumber) });
      }
      waiting = waiting.filter((step) => !done.has(step.id));
    }
    return numbered(result);
  }
}

const byNumber = (a: string, b: string) => Number(a.slice(1)) - Number(b.slice(1));

/** Steps counted in the order in which they can happen. */
function numbered(steps: readonly Step[]): Step[] {
  const names = new Map(steps.map((step, index) => [step.id, `s${index + 1}`]));
  return steps.map((step) => ({
    ...step,
    id: names.get(step.id) ?? step.id,
    needs: step.needs.map((need) => names.get(need) ?? need).sort(byNumber),
  }));
}
