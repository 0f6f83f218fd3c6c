// What an order of steps has to keep, so that at every moment everybody's rights lie within those before and those after, and nobody
// is without what they hold on both sides. A membership and a grant of its team that never stand together before or after must not
// meet on the way: the lost one goes before the gained one comes. What is held on both sides, but by no path that stays, needs a new
// path before an old one breaks.
import { type Address, kindOf, parse } from '../address.ts';
import { type AdminSides, admin } from './admins.ts';
import { type Holdings, type Link, type Path, personOf, type Right, rightOf } from './holdings.ts';

/** The first grants, memberships or accounts have to be moved before the others. */
export interface Sequence {
  readonly first: readonly Address[];
  readonly next: readonly Address[];
}

/** One of the sequences has to be kept, or the person has too much, or too little, for a while. */
export interface Demand {
  readonly person: Address;
  readonly right: Right;
  readonly against: 'excess' | 'loss';
  readonly options: readonly Sequence[];
}

/** Everything that an order must keep; `populations` are those of which enough have to stay Organization Admin. */
export function demandsOn(held: Holdings, populations: readonly AdminSides[]): Demand[] {
  return [...excesses(held), ...losses(held), ...populations.flatMap((sides) => succession(held, sides))];
}

/** What is better in this order, where nothing speaks against it: nobody loses anything before they have what they gain. */
export function preferencesOn(held: Holdings): Sequence[] {
  const gains = new Map<Address, Address[]>();
  for (const link of held.links.values())
    if (link.after && !link.before)
      for (const person of peopleOf(link, held)) gains.set(person, [...(gains.get(person) ?? []), link.address]);
  return [...held.links.values()]
    .filter(isLost)
    .map((link) => {
      const first = new Set(peopleOf(link, held).flatMap((person) => gains.get(person) ?? []));
      return { first: [...first], next: [link.address] };
    })
    .filter(({ first }) => first.length > 0);
}

function excesses(held: Holdings): Demand[] {
  const demands: Demand[] = [];
  for (const membership of held.links.values()) {
    const parsed = parse(membership.address);
    if (parsed.kind !== 'team_member' || membership.before === membership.after) continue;
    for (const given of held.grantsOf(parsed.team)) {
      if (given.before === given.after || given.before === membership.before) continue;
      const [person, one] = [parsed.principal, rightOf(given.address)];
      if (held.holds(person, one, 'before') || held.holds(person, one, 'after')) continue;
      const [lost, gained] = membership.before ? [membership, given] : [given, membership];
      demands.push({ person, right: one, against: 'excess', options: [{ first: [lost.address], next: [gained.address] }] });
    }
  }
  return demands;
}

function losses(held: Holdings): Demand[] {
  const demands: Demand[] = [];
  const seen = new Set<string>();
  for (const link of held.links.values()) {
    if (!isLost(link)) continue;
    for (const [person, one] of heldThrough(link, held)) {
      const key = `${person}\n${one}`;
      if (seen.has(key)) continue;
      seen.add(key);
      const options = replacements(held.paths(person, one));
      if (options && options.length > 0) demands.push({ person, right: one, against: 'loss', options });
    }
  }
  return demands;
}

/** The ways to get from an old path to a new one; undefined when a path stays, none when the right is not held on both sides. */
function replacements(paths: readonly Path[]): Sequence[] | undefined {
  if (paths.some((path) => path.every((link) => link.before && link.after))) return undefined;
  const old = paths.filter((path) => path.every((link) => link.before));
  const fresh = paths.filter((path) => path.every((link) => link.after));
  return fresh.flatMap((one) =>
    old.map((other) => ({ first: one.filter(isGained).map(addressOf), next: other.filter(isLost).map(addressOf) })),
  );
}

/** Where too few admins stay admins all the way, the new ones come before the old ones go. */
function succession(held: Holdings, { before, after, leaving }: AdminSides): Demand[] {
  const staying = [...before].filter((one) => after.has(one)).length;
  const coming = [...after].filter((one) => !before.has(one));
  if (staying >= Math.min(2, before.size) || coming.length === 0) return [];
  const first = coming.flatMap((one) => {
    const path = held.paths(one, admin).find((links) => links.every((link) => link.after)) ?? [];
    return [...path.filter(isGained).map(addressOf), one];
  });
  return [...before]
    .filter((one) => !after.has(one))
    .map((person) => {
      const links = held.paths(person, admin).filter((path) => path.every((link) => link.before));
      const next = [...links.flat().filter(isLost).map(addressOf), ...(leaving.has(person) ? [person] : [])];
      return { person, right: admin, against: 'loss', options: [{ first, next }] };
    });
}

/** The rights, by person, that a link is part of before the plan. */
function heldThrough(link: Link, held: Holdings): [Address, Right][] {
  const parsed = parse(link.address);
  if (parsed.kind === 'team_member')
    return held
      .grantsOf(parsed.team)
      .filter((given) => given.before)
      .map((given) => [parsed.principal, rightOf(given.address)]);
  return peopleOf(link, held).map((person) => [person, rightOf(link.address)]);
}

/** Everybody whose rights a link decides about. */
function peopleOf(link: Link, held: Holdings): Address[] {
  const principal = personOf(link);
  return kindOf(principal) === 'team' ? held.membersOf(principal).map(personOf) : [principal];
}

const isLost = (link: Link) => link.before && !link.after;
const isGained = (link: Link) => link.after && !link.before;
const addressOf = (link: Link) => link.address;
