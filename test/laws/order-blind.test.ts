import fc from 'fast-check';
import { describe, it } from 'vitest';
import { layouts } from '../support/layout.ts';
import { isOrderBlind } from '../support/order-blind.ts';
import { often, scenarios } from '../support/scenario.ts';

describe('a plan', () => {
  it('does not depend on the order of files, keys, entries and lists', async () => {
    await fc.assert(fc.asyncProperty(scenarios, layouts, isOrderBlind), often(100));
  });
});
