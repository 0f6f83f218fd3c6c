import fc from 'fast-check';
import { describe, it } from 'vitest';
import { often, scenarios } from '../support/scenario.ts';
import { isNotEmpty, removesNothing } from '../support/unreadable.ts';

describe('what cannot be read', () => {
  it('is not taken for empty', async () => {
    await fc.assert(fc.asyncProperty(scenarios, fc.nat(99), fc.constantFrom(403, 404, 500), isNotEmpty), often(100));
  });

  it('is not removed by somebody who may not see it', async () => {
    await fc.assert(fc.asyncProperty(scenarios, fc.nat(7), fc.nat(5), removesNothing), often(60));
  });
});
