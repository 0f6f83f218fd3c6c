import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import { converges } from '../support/converges.ts';
import { coverage } from '../support/coverage.ts';
import { directed, often, scenarios, tweaked } from '../support/scenario.ts';
import { worldOf } from '../support/world.ts';

const covered = coverage();

describe('an apply', () => {
  it('brings the world to what the files say and to nothing else, and a second one does nothing', async () => {
    await fc.assert(
      fc.asyncProperty(scenarios, async (scenario) => {
        covered.add(await converges(scenario), worldOf(scenario.recipe), scenario.layout.files);
      }),
      often(120),
    );
  });

  it('does so between any two worlds that are full', async () => {
    await fc.assert(
      fc.asyncProperty(directed, async (scenario) => {
        covered.add(await converges(scenario), worldOf(scenario.recipe), scenario.layout.files);
      }),
      often(60),
    );
  });

  it('is seen to do so with everything that can change', async () => {
    // A mutant is there to be caught, not to be covered.
    if (process.env.ZENFORM_MUTANT !== undefined || often(60).numRuns < 60) return;
    for (const scenario of fc.sample(fc.oneof(directed, tweaked), { seed: often(1).seed + 1, numRuns: 400 })) {
      if (covered.empty().length === 0) break;
      covered.add(await converges(scenario), worldOf(scenario.recipe), scenario.layout.files);
    }
    expect(covered.empty()).toEqual([]);
  });

  afterAll(() => {
    if (process.env.ZENFORM_MUTANT === undefined)
      console.log(`changes by kind, action, level and person; in one file, merged from several\n${covered.table()}`);
  });
});
