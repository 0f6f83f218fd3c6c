import fc from 'fast-check';
import { describe, it } from 'vitest';
import { cuts, faults, shrugsOff, survives, takesAcceptance } from '../support/crash.ts';
import { often, scenarios } from '../support/scenario.ts';

describe('a run', () => {
  it('that is cut off anywhere is finished by one more', async () => {
    await fc.assert(fc.asyncProperty(scenarios, cuts, survives), often(70));
  });

  it('shrugs off one request that goes wrong', async () => {
    await fc.assert(fc.asyncProperty(scenarios, fc.nat(999), faults, shrugsOff), often(60));
  });

  it('takes an invitation that is accepted meanwhile for what it is', async () => {
    await fc.assert(fc.asyncProperty(scenarios, fc.nat(999), fc.nat(9), takesAcceptance), often(60));
  });
});
