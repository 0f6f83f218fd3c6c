import fc from 'fast-check';
import { describe, it } from 'vitest';
import { needsWords } from '../support/guards.ts';
import { often } from '../support/scenario.ts';
import { settings } from '../support/switches.ts';
import { recipes } from '../support/world.ts';

describe('what holds data', () => {
  it('is deleted only with a second word, and never while it is protected', async () => {
    await fc.assert(fc.asyncProperty(recipes, fc.nat(30), settings, needsWords), often(50));
  });
});
