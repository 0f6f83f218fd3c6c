import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { often, scenarios, unfold } from '../support/scenario.ts';
import { stage } from '../support/run.ts';
import { linesOf, stateOf } from '../support/state.ts';
import { expected } from '../support/expected.ts';

describe('an apply', () => {
  it('brings the world to what the files say and to nothing else, and a second one does nothing', async () => {
    await fc.assert(
      fc.asyncProperty(scenarios, async (scenario) => {
        const { world, state, draft, conditions, files } = unfold(scenario);
        const { emulator, ...on } = stage(world, scenario.switches);
        const planned = await on.plan(files);
        expect({ verdict: planned.verdict, errors: planned.diagnostics.filter(({ severity }) => severity === 'error') }).toEqual({ verdict: 'ok', errors: [] });
        expect(on.writes()).toEqual([]);
        let applied = await on.apply(files);
        expect(applied.outcomes.filter(({ status }) => status !== 'applied')).toEqual([]);
        if (applied.plan?.notChecked.some(({ deferred }) => deferred)) applied = await on.apply(files);
        const target = expected(state, draft, conditions);
        expect(linesOf(stateOf(emulator.world()), target.open)).toEqual(linesOf(target.state, target.open));
        expect({ verified: applied.verified, rest: applied.rest }).toEqual({ verified: true, rest: [] });
        on.clear();
        const again = await on.apply(files);
        expect({ changes: again.plan?.changes, writes: on.writes() }).toEqual({ changes: [], writes: [] });
      }),
      often(100),
    );
  });
});
