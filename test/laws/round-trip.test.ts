import fc from 'fast-check';
import { describe, it } from 'vitest';
import { comesBack, comesBackWhole } from '../support/round-trip.ts';
import { often } from '../support/scenario.ts';
import { settings } from '../support/switches.ts';
import { recipes } from '../support/world.ts';

describe('an export', () => {
  it('changes nothing when it is planned on its own world', async () => {
    await fc.assert(fc.asyncProperty(recipes, settings, comesBack), often(80));
  });

  it('leaves nothing out', async () => {
    await fc.assert(fc.asyncProperty(recipes, settings, comesBackWhole), often(60));
  });
});
