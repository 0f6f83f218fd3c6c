import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import * as address from '../../src/core/address.ts';
import { substitute, symbol, symbolsIn } from '../../src/core/symbol.ts';

const name = fc.string({ minLength: 1, unit: fc.constantFrom('a', '}', '{', '$', '.', '%', '/', ' ', 'é') });

describe('symbols', () => {
  it('are found again, whatever the name holds', () => {
    fc.assert(
      fc.property(name, (text) => {
        const team = address.team(text);
        expect(symbolsIn(`/teams/${symbol(team, 'id')}/members`)).toEqual([{ address: team, name: 'id' }]);
      }),
    );
  });

  it('become ids in paths, queries and id fields, and never in the texts of a user', () => {
    const team = address.team('x');
    const text = symbol(team, 'id');
    const call = { path: `/teams/${text}`, query: { team_id: text }, body: { organization_id: text, description: text } };
    expect(substitute(call, () => 'a/b')).toEqual({
      path: '/teams/a%2Fb',
      query: { team_id: 'a/b' },
      body: { organization_id: 'a/b', description: text },
    });
  });

  it('leave no call half done', () => {
    expect(substitute({ path: `/teams/${symbol(address.team('x'), 'id')}` }, () => undefined)).toBeUndefined();
  });
});
