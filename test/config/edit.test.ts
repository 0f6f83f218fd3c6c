import fc from 'fast-check';
import { describe, it } from 'vitest';
import { rewrites } from '../support/edit-law.ts';
import { often } from '../support/scenario.ts';

const tapes = fc.array(fc.nat(9999), { minLength: 400, maxLength: 400, size: 'max' });

describe('rewriting a text', () => {
  it('says what it has to, and leaves every comment and every line that need not change', () => {
    fc.assert(
      fc.property(tapes, (tape) => rewrites(tape, { json: false, aliases: false })),
      often(600),
    );
  });

  it('does so with anchors and aliases', () => {
    fc.assert(
      fc.property(tapes, (tape) => rewrites(tape, { json: false, aliases: true })),
      often(600),
    );
  });

  it('does so in JSON', () => {
    fc.assert(
      fc.property(tapes, (tape) => rewrites(tape, { json: true, aliases: false })),
      often(200),
    );
  });
});
