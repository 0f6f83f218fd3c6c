import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { accessChanges } from '../../src/core/access/effective.ts';
import { holdings } from '../../src/core/access/holdings.ts';
import {
  type Address,
  grant,
  kindOf,
  member,
  organization,
  serviceAccount,
  team,
  teamMember,
  workspace,
} from '../../src/core/address.ts';
import type { Change } from '../../src/core/plan.ts';
import type { Live } from '../../src/core/resource.ts';

const people = [member('ada@acme.io'), member('alan@acme.io'), serviceAccount('ci')];
const teams = [team('ml'), team('constructor')];
const scopes = [organization, workspace('prod')];
const roles = ['Admin', '__proto__', 'Viewer'];

/** Every link that there can be: memberships, and grants to people and teams. */
const links = [
  ...teams.flatMap((one) => people.map((person) => teamMember(one, person))),
  ...scopes.flatMap((scope) => roles.flatMap((role) => [...people, ...teams].map((holder) => grant(scope, role, holder)))),
];
const some = fc.subarray(links);

/** The roles of somebody on a scope, looked up the long way. */
function rolesOf(person: Address, scope: Address, side: ReadonlySet<Address>): string[] {
  const holders = [person, ...teams.filter((one) => side.has(teamMember(one, person)))];
  return roles.filter((role) => holders.some((holder) => side.has(grant(scope, role, holder)))).sort();
}

describe('what a plan does to access', () => {
  it('is, for everybody and everywhere, what the role assignments and memberships before and after it give', () => {
    fc.assert(
      fc.property(some, some, (before, after) => {
        const [old, now] = [new Set(before), new Set(after)];
        const live = new Map(before.map((address): [Address, Live] => [address, { address, spec: {}, ids: {} }]));
        const change = (action: 'create' | 'delete') => (address: Address) =>
          ({ address, kind: kindOf(address), action, fields: [] }) satisfies Change;
        const changes = [
          ...after.filter((one) => !old.has(one)).map(change('create')),
          ...before.filter((one) => !now.has(one)).map(change('delete')),
        ];
        const found = accessChanges(holdings(live, changes));
        const expected = [...people].sort().flatMap((principal) =>
          scopes.flatMap((scope) => {
            const [had, has] = [rolesOf(principal, scope, old), rolesOf(principal, scope, now)];
            return had.join() === has.join() ? [] : [{ principal, scope, before: had, after: has }];
          }),
        );
        expect(found.map(({ principal, scope, before, after }) => ({ principal, scope, before, after }))).toEqual(expected);
        for (const { principal, scope, before, after, by, effect } of found) {
          const [gained, lost] = [after.filter((one) => !before.includes(one)), before.filter((one) => !after.includes(one))];
          expect(Object.keys(by).sort()).toEqual([...gained, ...lost].sort());
          expect(effect).toBe(lost.length === 0 ? 'widen' : gained.length === 0 ? 'narrow' : 'both');
          // By each of those named, the role is there on one side and not on the other.
          const holds = (holder: Address, role: string, side: ReadonlySet<Address>) =>
            side.has(grant(scope, role, holder)) && (holder === principal || side.has(teamMember(holder, principal)));
          for (const [role, holders] of Object.entries(by)) {
            expect(holders.length).toBeGreaterThan(0);
            for (const holder of holders) expect(holds(holder, role, old)).not.toBe(holds(holder, role, now));
          }
        }
      }),
      { numRuns: 500 },
    );
  });

  it('begins with the first role of a person who comes', () => {
    const ada = member('ada@acme.io');
    const created: Change = {
      address: ada,
      kind: 'member',
      action: 'create',
      fields: [{ path: '/role', before: undefined, after: 'Organization Admin' }],
    };
    expect(accessChanges(holdings(new Map(), [created]))).toEqual([
      {
        principal: ada,
        person: 'ada@acme.io',
        scope: organization,
        before: [],
        after: ['Organization Admin'],
        effect: 'widen',
        via: [],
        by: { 'Organization Admin': [ada] },
      },
    ]);
  });
});
