import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { hasErrors } from '../../src/core/diagnostic.ts';
import { expected } from '../support/expected.ts';
import { stage } from '../support/run.ts';
import { often, scenarios, unfold } from '../support/scenario.ts';
import { linesOf, stateOf } from '../support/state.ts';
import { stubborn } from '../support/stubborn.ts';

describe('an apply', () => {
  it('brings the world to what the files say and to nothing else, and a second one does nothing', async () => {
    await fc.assert(
      fc.asyncProperty(scenarios, async (scenario) => {
        const { world, draft, conditions, files } = unfold(scenario);
        const { emulator, ...on } = stage(world, scenario.switches);
        const before = stateOf(emulator.world());
        const planned = await on.plan(files);
        expect(planned.diagnostics.filter((one) => hasErrors([one]))).toEqual([]);
        expect({ verdict: planned.verdict, writes: on.writes() }).toEqual({ verdict: 'ok', writes: [] });
        let applied = await on.apply(files);
        expect(applied.outcomes.filter(({ status }) => status !== 'applied')).toEqual([]);
        if (applied.plan?.notChecked.some(({ deferred }) => deferred)) applied = await on.apply(files);
        const target = expected(before, draft, conditions);
        expect(linesOf(stateOf(emulator.world()), target.open)).toEqual(linesOf(target.state, target.open));
        const rest = applied.rest.filter((change) => conditions.clears || !stubborn(change, applied));
        expect({ rest, verified: applied.verified || !conditions.clears }).toEqual({ rest: [], verified: true });
        on.clear();
        const again = await on.apply(files);
        expect(again.plan?.changes).toEqual(applied.rest);
        if (conditions.clears) expect(on.writes()).toEqual([]);
      }),
      often(100),
    );
  });
});
