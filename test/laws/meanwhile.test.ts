import fc from 'fast-check';
import { describe, it } from 'vitest';
import { faults } from '../support/crash.ts';
import { getsThrough, takesWhatIsDone } from '../support/meanwhile.ts';
import { often, scenarios } from '../support/scenario.ts';

describe('one write', () => {
  it('that is refused for the moment, or whose answer is lost, is made good by the same run', async () => {
    await fc.assert(fc.asyncProperty(scenarios, fc.nat(99), faults, getsThrough), often(70));
  });

  it('that somebody else has done meanwhile counts as done', async () => {
    await fc.assert(fc.asyncProperty(scenarios, fc.nat(99), takesWhatIsDone), often(70));
  });
});
