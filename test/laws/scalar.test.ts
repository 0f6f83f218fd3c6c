import fc from 'fast-check';
import { describe, it } from 'vitest';
import { layouts } from '../support/layout.ts';
import { isOneWrite } from '../support/scalar.ts';
import { often } from '../support/scenario.ts';
import { settings } from '../support/switches.ts';
import { recipes } from '../support/world.ts';

describe('one field', () => {
  it('is one change, one step and one write', async () => {
    await fc.assert(fc.asyncProperty(recipes, fc.nat(99), fc.nat(99), layouts, settings, isOneWrite), often(80));
  });
});
