import fc from 'fast-check';
import { describe, it } from 'vitest';
import { adopts, exportsAgain, type Hand } from '../support/adopt.ts';
import { often, scenarios } from '../support/scenario.ts';
import { settings } from '../support/switches.ts';
import { recipes } from '../support/world.ts';

const hands: fc.Arbitrary<Hand> = fc.record({
  tape: fc.array(fc.nat(9999), { minLength: 300, maxLength: 300, size: 'max' }),
  json: fc.nat(5).map((number) => number === 5),
  aliases: fc.boolean(),
});

describe('adopting', () => {
  it('makes the plan empty for what it names, and touches nothing else of the files', async () => {
    await fc.assert(fc.asyncProperty(scenarios, hands, adopts), often(120));
  });
});

describe('an export into files that are there', () => {
  it('says what live has now, and once more changes nothing', async () => {
    await fc.assert(fc.asyncProperty(recipes, recipes, settings, exportsAgain), often(80));
  });
});
