import fc from 'fast-check';
import { describe, it } from 'vitest';
import { keepsSecrets } from '../support/data.ts';
import { often, scenarios } from '../support/scenario.ts';

describe('a secret', () => {
  it('is in nothing that a run hands out, not even when a server echoes it', async () => {
    await fc.assert(fc.asyncProperty(scenarios, fc.nat(200), keepsSecrets), often(60));
  });
});
