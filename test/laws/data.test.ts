import fc from 'fast-check';
import { describe, it } from 'vitest';
import { isData } from '../support/data.ts';
import { often, scenarios } from '../support/scenario.ts';

describe('a plan', () => {
  it('survives JSON, and the same inputs give the same bytes', async () => {
    await fc.assert(fc.asyncProperty(scenarios, isData), often(80));
  });
});
