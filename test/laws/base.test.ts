import fc from 'fast-check';
import { describe, it } from 'vitest';
import { followsBase } from '../support/base.ts';
import { edits } from '../support/edits.ts';
import { layouts } from '../support/layout.ts';
import { often } from '../support/scenario.ts';
import { settings } from '../support/switches.ts';
import { recipes } from '../support/world.ts';

describe('a base', () => {
  it('has removed what its files declared and the files no longer do, and nothing else', async () => {
    await fc.assert(fc.asyncProperty(recipes, edits, layouts, settings, followsBase), often(50));
  });
});
