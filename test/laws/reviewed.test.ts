import fc from 'fast-check';
import { describe, it } from 'vitest';
import { doesWhatWasReviewed } from '../support/reviewed.ts';
import { often, scenarios, tweaked } from '../support/scenario.ts';

const between = fc.record({
  others: fc.option(fc.oneof(tweaked, scenarios), { nil: undefined, freq: 4 }),
  forged: fc.boolean(),
  which: fc.nat(1000),
});

describe('a reviewed plan', () => {
  it('is done as far as it is still the same, and never more than the files say', async () => {
    await fc.assert(fc.asyncProperty(fc.oneof(scenarios, tweaked), between, doesWhatWasReviewed), often(80));
  });
});
