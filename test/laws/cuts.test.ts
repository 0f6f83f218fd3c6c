import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import { safeAtEveryCut } from '../support/cuts.ts';
import { handedOver, often, type Scenario, scenarios, tweaked } from '../support/scenario.ts';

describe('a short plan', () => {
  const figures = { plans: 0, cuts: 0 };

  it('is safe at every moment that any interleaving of its steps has', async () => {
    const { seed, numRuns } = often(100);
    const any: fc.Arbitrary<Scenario> = fc.oneof(scenarios, tweaked, handedOver);
    for (const scenario of fc.sample(any, { seed, numRuns: numRuns * 20 })) {
      if (figures.plans >= numRuns) break;
      try {
        const cuts = await safeAtEveryCut(scenario);
        figures.cuts += cuts;
        figures.plans += cuts > 0 ? 1 : 0;
      } catch (error) {
        throw new Error(fc.stringify(scenario), { cause: error });
      }
    }
    expect(figures.plans).toBeGreaterThanOrEqual(numRuns / 2);
  });

  afterAll(() => console.log(`cut law: ${figures.cuts} sets of steps of ${figures.plans} plans`));
});
