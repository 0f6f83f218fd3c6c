import { type Address, kindOf, nameOf, parse } from '../address.ts';
import { compare } from '../diagnostic.ts';
import type { AccessChange } from '../plan.ts';
import { type Holdings, type Link, personOf } from './holdings.ts';

/**
 * Who holds other roles on a scope after a plan than before: by role assignments of their own, or by being in a team that has them. What a
 * role on a wider scope implies is not counted. Sorted by holder and scope.
 */
export function accessChanges(held: Holdings): AccessChange[] {
  const affected = new Set<Address>();
  for (const link of held.links.values()) {
    if (link.before === link.after) continue;
    const principal = personOf(link);
    const holders = kindOf(principal) === 'team' ? held.membersOf(principal).map(personOf) : [principal];
    for (const holder of holders) affected.add(holder);
  }
  return [...affected].sort(compare).flatMap((holder) => changesOf(holder, held));
}

interface Roles {
  readonly before: Set<string>;
  readonly after: Set<string>;
  readonly paths: {
    readonly role: string;
    readonly holder: Address;
    readonly before: boolean;
    readonly after: boolean;
  }[];
}

function changesOf(holder: Address, held: Holdings): AccessChange[] {
  const scopes = new Map<Address, Roles>();
  const add = (given: Link, membership?: Link) => {
    const parsed = parse(given.address);
    if (parsed.kind !== 'grant') return;
    const roles = scopes.get(parsed.scope) ?? { before: new Set(), after: new Set(), paths: [] };
    scopes.set(parsed.scope, roles);
    const before = given.before && (membership?.before ?? true);
    const after = given.after && (membership?.after ?? true);
    if (before) roles.before.add(parsed.role);
    if (after) roles.after.add(parsed.role);
    roles.paths.push({ role: parsed.role, holder: parsed.principal, before, after });
  };
  for (const given of held.grantsOf(holder)) add(given);
  for (const membership of held.membershipsOf(holder)) {
    const parsed = parse(membership.address);
    if (parsed.kind === 'team_member') for (const given of held.grantsOf(parsed.team)) add(given, membership);
  }
  return [...scopes].sort(([a], [b]) => compare(a, b)).flatMap(([scope, roles]) => changeOn(holder, scope, roles) ?? []);
}

function changeOn(holder: Address, scope: Address, { before, after, paths }: Roles): AccessChange | undefined {
  const gained = [...after].filter((role) => !before.has(role));
  const lost = [...before].filter((role) => !after.has(role));
  if (gained.length + lost.length === 0) return undefined;
  const moving = new Set([...gained, ...lost]);
  const by = Object.fromEntries(
    [...moving].sort(compare).map((role) => {
      const holders = paths.filter((path) => path.role === role && path.before !== path.after).map((path) => path.holder);
      return [role, [...new Set(holders)].sort(compare)] as const;
    }),
  );
  const teams = Object.values(by)
    .flat()
    .filter((one) => one !== holder);
  return {
    principal: holder,
    ...(kindOf(holder) === 'member' ? { person: nameOf(holder) } : {}),
    scope,
    before: [...before].sort(compare),
    after: [...after].sort(compare),
    effect: lost.length === 0 ? 'widen' : gained.length === 0 ? 'narrow' : 'both',
    via: [...new Set(teams)].sort(compare),
    by,
  };
}
