import { expect } from 'vitest';
import { hasErrors } from '../../src/core/diagnostic.ts';
import type { Change } from '../../src/core/plan.ts';
import { expected } from './expected.ts';
import { stage } from './run.ts';
import { type Scenario, unfold } from './scenario.ts';
import { linesOf, stateOf } from './state.ts';
import { stubborn } from './stubborn.ts';

/** An apply brings the world to what the files say and to nothing else, and a second one does nothing. */
export async function converges(scenario: Scenario): Promise<readonly Change[]> {
  const { world, draft, conditions, files, more } = unfold(scenario);
  const { emulator, ...on } = stage(world, scenario.switches);
  const before = stateOf(emulator.world());
  const planned = await on.plan(files, more);
  expect(planned.diagnostics.filter((one) => hasErrors([one]))).toEqual([]);
  expect({ verdict: planned.verdict, writes: on.writes() }).toEqual({ verdict: 'ok', writes: [] });
  const changes = [...(planned.plan?.changes ?? [])];
  let applied = await on.apply(files, more);
  expect(applied.outcomes.filter(({ status }) => status !== 'applied')).toEqual([]);
  if (applied.plan?.notChecked.some(({ deferred }) => deferred)) applied = await on.apply(files, more);
  const target = expected(before, draft, conditions);
  expect(linesOf(stateOf(emulator.world()), target)).toEqual(linesOf(target.state, target));
  const rest = [...applied.rest, ...applied.moved].filter((change) => conditions.clears || !stubborn(change, applied));
  expect({ rest, verified: applied.verified || !conditions.clears }).toEqual({ rest: [], verified: true });
  on.clear();
  const again = await on.apply(files, more);
  expect(again.plan?.changes).toEqual([...applied.rest, ...applied.moved]);
  if (conditions.clears) expect(on.writes()).toEqual([]);
  return changes;
}
