import { expect } from 'vitest';
import type { Address } from '../../src/core/address.ts';
import * as address from '../../src/core/address.ts';
import type { Change, Plan, Step } from '../../src/core/plan.ts';
import { stage } from './run.ts';
import { type Scenario, unfold } from './scenario.ts';
import { mentionedBy, stateOf } from './state.ts';

/** As many steps have at most so many sets that can be done at some moment. */
const most = 12;
const caller = address.serviceAccount('ci');

/**
 * However the steps of a short plan are interleaved, everybody's rights lie within those before and after, and nobody lacks what they
 * hold on both sides: every set of steps that can be done at some moment is tried on a model of links. Answers how many there were.
 */
export async function safeAtEveryCut(scenario: Scenario): Promise<number> {
  const { world, files, more } = unfold(scenario);
  const on = stage(world, scenario.switches);
  const { plan, verdict } = await on.plan(files, more);
  if (!plan || verdict !== 'ok' || plan.steps.length < 2 || plan.steps.length > most || !simple(plan)) return 0;
  const before = stateOf(on.emulator.world()).links;
  await on.apply(files, more);
  const after = stateOf(on.emulator.world()).links;
  const [first, last] = [rightsOf(before), rightsOf(after)];
  const exempt = new Set(on.accepted.flatMap(({ guard, address: one }) => (guard === 'unsafe-order' ? [one] : [])));
  const counts = (right: string) => !right.startsWith(`${caller} `) && ![...exempt].some((one) => right.startsWith(`${one} `));
  const wrong: string[] = [];
  const cuts = cutsOf(plan.steps);
  for (const done of cuts) {
    const held = rightsOf(linksAfter(done, plan, before, after));
    const names = () => done.map(({ change }) => change).join(', ') || 'nothing';
    for (const right of held)
      if (!first.has(right) && !last.has(right) && counts(right)) wrong.push(`too much: ${right}, after ${names()}`);
    for (const right of first)
      if (last.has(right) && !held.has(right) && counts(right)) wrong.push(`lost: ${right}, after ${names()}`);
  }
  expect(wrong).toEqual([]);
  return plan.changes.some(({ kind }) => kind === 'grant' || kind === 'team_member') ? cuts.length : 0;
}

/** Whether every link of a plan has one moment: names stay, and nobody holds something in two phases. */
function simple({ changes, steps }: Plan): boolean {
  const links = new Set<string>(changes.flatMap((change) => (isLink(change) ? [change.address] : [])));
  const moved = steps.map(({ change }) => change).filter((one) => links.has(one));
  return changes.every(({ from }) => from === undefined) && new Set(moved).size === moved.length;
}

const isLink = ({ kind }: Change) => kind === 'grant' || kind === 'team_member';

/** Every set of steps that holds, with a step, all that it waits for. */
function cutsOf(steps: readonly Step[]): Step[][] {
  const found: Step[][] = [];
  for (let set = 0; set < 2 ** steps.length; set++) {
    const done = steps.filter((_, index) => set & (1 << index));
    const ids = new Set(done.map(({ id }) => id));
    if (done.every(({ needs }) => needs.every((need) => ids.has(need)))) found.push(done);
  }
  return found;
}

/** The links when these steps are done: their own, those that go with what is deleted, and the role that a person comes with. */
function linksAfter(
  done: readonly Step[],
  { changes }: Plan,
  before: ReadonlySet<Address>,
  after: ReadonlySet<Address>,
): Set<Address> {
  const links = new Set(before);
  const action = new Map(changes.map((change) => [change.address, change.action]));
  const own = new Set<Address>(changes.filter(isLink).map((change) => change.address));
  for (const { change } of done) {
    const what = action.get(change);
    if (what === 'delete')
      for (const link of before) if (link === change || mentionedBy(link).includes(change)) links.delete(link);
    if (what !== 'create') continue;
    if (own.has(change)) links.add(change);
    else for (const link of after) if (!before.has(link) && mentionedBy(link).includes(change) && !own.has(link)) links.add(link);
  }
  return links;
}

/** Who holds which role where, themselves or through a team. */
function rightsOf(links: ReadonlySet<Address>): Set<string> {
  const all = [...links].map((link) => address.parse(link));
  const members = all.flatMap((one) => (one.kind === 'team_member' ? [one] : []));
  return new Set(
    all.flatMap((one) => {
      if (one.kind !== 'grant') return [];
      const who = one.principal.startsWith('team/')
        ? members.filter(({ team }) => team === one.principal).map(({ principal }) => principal)
        : [one.principal];
      return who.map((person) => `${person} holds ${one.role} on ${one.scope}`);
    }),
  );
}
