import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import { kindsOfFault, trial } from '../support/everywhere.ts';
import { often, scenarios } from '../support/scenario.ts';

/** How many requests a run may have at most, so that each of them can go wrong in every way. */
const longest = 75;

describe('a run', () => {
  const figures = { scenarios: 0, faults: 0 };

  it('ends right however any of its requests goes wrong, and never asks faster than it may', async () => {
    const { seed, numRuns } = often(3);
    for (const scenario of fc.sample(scenarios, { seed, numRuns: Math.max(400, numRuns * 130) })) {
      if (figures.scenarios >= numRuns) break;
      const run = await trial(scenario, longest);
      if (!run) continue;
      figures.scenarios += 1;
      for (let at = 1; at <= run.length; at++)
        for (const [name, how] of Object.entries(kindsOfFault)) {
          figures.faults += 1;
          try {
            await run.disturb(at, how);
          } catch (error) {
            throw new Error(`${name} at request ${at} of ${run.length} of ${fc.stringify(scenario)}`, { cause: error });
          }
        }
    }
    expect(figures.scenarios).toBe(numRuns);
  });

  afterAll(() => {
    const count = Object.keys(kindsOfFault).length;
    console.log(`fault law: ${figures.faults} faults of ${count} kinds, at every request of ${figures.scenarios} runs`);
  });
});
