import fc from 'fast-check';
import { describe, it } from 'vitest';
import { nobodyLosesOnTheWay } from '../support/prefix.ts';
import { handedOver, often, scenarios } from '../support/scenario.ts';

describe('a person', () => {
  it('loses nothing on the way that they hold before and after', async () => {
    await fc.assert(fc.asyncProperty(scenarios, nobodyLosesOnTheWay), often(80));
  });

  it('loses nothing either when a team takes over from its members, or they from it', async () => {
    await fc.assert(fc.asyncProperty(handedOver, nobodyLosesOnTheWay), often(50));
  });
});
