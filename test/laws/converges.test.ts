import fc from 'fast-check';
import { describe, it } from 'vitest';
import { converges } from '../support/converges.ts';
import { often, scenarios } from '../support/scenario.ts';

describe('an apply', () => {
  it('brings the world to what the files say and to nothing else, and a second one does nothing', async () => {
    await fc.assert(fc.asyncProperty(scenarios, converges), often(100));
  });
});
