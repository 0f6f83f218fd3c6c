import fc from 'fast-check';
import { describe, it } from 'vitest';
import { keysArrive, keysSurvive, rings } from '../support/keys.ts';
import { often } from '../support/scenario.ts';

describe('the value of a key', () => {
  it('is where the files say, and the same as before unless it was due or lost', async () => {
    await fc.assert(fc.asyncProperty(rings, keysArrive), often(80));
  });

  it('arrives with one more run after a kill at any write, and nobody is cut off meanwhile', async () => {
    await fc.assert(fc.asyncProperty(rings, keysSurvive), often(25));
  });
});
