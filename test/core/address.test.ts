import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import * as address from '../../src/core/address.ts';

const name = fc.string({ minLength: 1, unit: 'grapheme' });

describe('addresses', () => {
  it('say what they were made of, whatever the names hold', () => {
    fc.assert(
      fc.property(name, name, name, (a, b, c) => {
        const workspace = address.workspace(a);
        const project = address.project(workspace, b);
        expect(address.parse(project)).toEqual({ kind: 'project', workspace, name: b });
        for (const scope of [address.organization, workspace, project])
          for (const principal of [address.team(c), address.member(c), address.serviceAccount(c)]) {
            const grant = address.grant(scope, b, principal);
            expect(address.parse(grant)).toMatchObject({ kind: 'grant', scope, role: b, principal });
          }
        const membership = address.teamMember(address.team(a), address.member(b));
        expect(address.parse(membership)).toEqual({ kind: 'team_member', team: address.team(a), principal: address.member(b) });
      }),
    );
  });

  it('differ for different things', () => {
    fc.assert(
      fc.property(fc.uniqueArray(name, { minLength: 2, maxLength: 2 }), ([a = '', b = '']) => {
        expect(address.team(a)).not.toBe(address.team(b));
        expect(address.project(address.workspace('w'), a)).not.toBe(address.project(address.workspace('w'), b));
      }),
    );
  });

  it('follow a rename everywhere and nowhere else', () => {
    const [from, to] = [address.team('ds'), address.team('data')];
    const grant = (team: address.Address) => address.grant(address.workspace('ds'), 'ds', team);
    expect(address.renamed(grant(from), from, to)).toBe(grant(to));
    expect(address.renamed(address.teamMember(from, address.member('ds')), from, to)).toBe(
      address.teamMember(to, address.member('ds')),
    );
    expect(address.renamed(address.member('ds'), from, to)).toBe(address.member('ds'));
  });

  it.each([
    '',
    'team',
    'team/',
    'team//x',
    'x/y',
    'workspace/a/project',
    'grant/a/member/b',
    'team/a/grant/R/member/b',
    'organization/grant/R',
  ])('are not %j', (text) => {
    expect(address.tryParse(text)).toBeUndefined();
  });
});
