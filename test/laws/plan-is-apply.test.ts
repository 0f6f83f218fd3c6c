import fc from 'fast-check';
import { describe, it } from 'vitest';
import { planIsApply } from '../support/plan-is-apply.ts';
import { often, scenarios } from '../support/scenario.ts';

describe('a plan', () => {
  it('is what an apply sends, and planning itself only asks', async () => {
    await fc.assert(fc.asyncProperty(scenarios, planIsApply), often(100));
  });
});
