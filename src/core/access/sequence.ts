// An order of steps that keeps every demand, if there is one. First all steps are put into one row, gains early and losses late; then
// only as much of it is kept as steps that run side by side need. Where the demands contradict each other, the one that only guards
// against too much for a while gives way, and is named.
import type { Step } from '../plan.ts';

/** Every step of `next` waits for all of `first`. */
export interface Rule {
  readonly first: readonly string[];
  readonly next: readonly string[];
}

/** A demand in terms of steps: one of its options has to hold. */
export interface StepDemand<D> {
  readonly demand: D;
  /** Whether it gives way before the others. */
  readonly yields: boolean;
  readonly options: readonly Rule[];
}

/** What steps wait for, besides what they refer to, and the demands that no order keeps. */
export interface Sequenced<D> {
  readonly needs: ReadonlyMap<string, Set<string>>;
  readonly broken: readonly D[];
}

/** Adds to the needs of steps what the demands ask for, and of the preferences what does not contradict it. */
export function sequence<D>(
  steps: readonly Step[],
  demands: readonly StepDemand<D>[],
  preferences: readonly Rule[],
): Sequenced<D> {
  const late = new Set([...demands.flatMap(({ options }) => options), ...preferences].flatMap(({ next }) => next));
  const needs = new Map(steps.map((step) => [step.id, new Set(step.needs)]));
  const keep = (rule: Rule) => {
    for (const id of rule.next) for (const one of rule.first) if (one !== id) needs.get(id)?.add(one);
  };
  const single = demands.filter(({ options }) => options.length === 1);
  const { held, broken } = consistent(steps, single);
  for (const { options } of held) for (const rule of options) keep(rule);
  let row = rowOf(needs, late).positions;
  for (const { demand, options } of demands.filter((one) => one.options.length > 1)) {
    const fitting = options.find((rule) => agrees(rule, row)) ?? options.find((rule) => !closesCircle(rule, needs));
    if (!fitting) broken.push(demand);
    else {
      const agreed = agrees(fitting, row);
      keep(fitting);
      if (!agreed) row = rowOf(needs, late).positions;
    }
  }
  for (const rule of preferences)
    for (const one of rule.first) for (const id of rule.next) if (before(one, id, row)) keep({ first: [one], next: [id] });
  return { needs, broken };
}

/** The demands that can be kept together; of those that contradict each other, ones that yield are given up first. */
function consistent<D>(steps: readonly Step[], demands: readonly StepDemand<D>[]): { held: StepDemand<D>[]; broken: D[] } {
  let held = [...demands];
  const broken: D[] = [];
  for (;;) {
    const needs = new Map(steps.map((step) => [step.id, new Set(step.needs)]));
    for (const { options } of held)
      for (const { first, next } of options)
        for (const id of next) for (const one of first) if (one !== id) needs.get(id)?.add(one);
    const { stuck } = rowOf(needs, new Set());
    if (stuck.size === 0) return { held, broken };
    const inCircle = held.filter(({ options }) => options.some((rule) => circular(rule, needs, stuck)));
    // One at a time: what remains may be no circle any more.
    const given = inCircle.find(({ yields }) => yields) ?? inCircle[0];
    if (!given) throw new Error(`the steps wait for each other: ${[...stuck].join(', ')}`);
    broken.push(given.demand);
    held = held.filter((one) => one !== given);
  }
}

/** All steps in one row, each after what it needs, those of `late` as late as they can be; `stuck` is what waits in a circle, or for one. */
function rowOf(needs: ReadonlyMap<string, ReadonlySet<string>>, late: ReadonlySet<string>) {
  const open = new Map([...needs].map(([id, needed]) => [id, needed.size]));
  const waiting = new Map<string, string[]>();
  for (const [id, needed] of needs) for (const one of needed) (waiting.get(one) ?? waiting.set(one, []).get(one))?.push(id);
  const ready = [...open].filter(([, count]) => count === 0).map(([id]) => id);
  const early = ready.filter((id) => !late.has(id));
  const later = ready.filter((id) => late.has(id));
  const positions = new Map<string, number>();
  for (let [e, l] = [0, 0]; e < early.length || l < later.length; ) {
    const id = (e < early.length ? early[e++] : later[l++]) ?? '';
    positions.set(id, positions.size);
    for (const one of waiting.get(id) ?? []) {
      const left = (open.get(one) ?? 0) - 1;
      open.set(one, left);
      if (left === 0) (late.has(one) ? later : early).push(one);
    }
  }
  return { positions, stuck: new Set([...needs.keys()].filter((id) => !positions.has(id))) };
}

type Row = ReadonlyMap<string, number>;

const before = (a: string, b: string, row: Row) => (row.get(a) ?? 0) < (row.get(b) ?? 0);
const agrees = ({ first, next }: Rule, row: Row) => first.every((one) => next.every((id) => one === id || before(one, id, row)));

/** Whether what would be first waits already for what would come then. */
function closesCircle({ first, next }: Rule, needs: ReadonlyMap<string, ReadonlySet<string>>): boolean {
  return first.some((one) => next.some((id) => id !== one && reaches(one, id, needs, undefined)));
}

/** Whether a rule is part of a circle. */
function circular({ first, next }: Rule, needs: ReadonlyMap<string, ReadonlySet<string>>, stuck: ReadonlySet<string>): boolean {
  return first.some((one) => next.some((id) => stuck.has(one) && stuck.has(id) && reaches(one, id, needs, stuck)));
}

/** Whether a step waits for another, directly or not. */
function reaches(
  from: string,
  to: string,
  needs: ReadonlyMap<string, ReadonlySet<string>>,
  within: ReadonlySet<string> | undefined,
) {
  const seen = new Set([from]);
  const open = [from];
  for (let id = open.pop(); id !== undefined; id = open.pop()) {
    if (id === to) return true;
    for (const one of needs.get(id) ?? [])
      if (!seen.has(one) && (within?.has(one) ?? true)) {
        seen.add(one);
        open.push(one);
      }
  }
  return false;
}
