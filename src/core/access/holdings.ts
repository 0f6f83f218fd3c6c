// Who holds what, before a plan and after it. A right is a role on a scope; somebody holds it by a grant of their own, or by being in
// a team that has one. What a plan moves are the links of such paths: grants and memberships.
import { type Address, grant, kindOf, organization, parse } from '../address.ts';
import type { Change } from '../plan.ts';
import type { Live } from '../resource.ts';

/** A role on a scope, whoever holds it: the start of the addresses of its grants. */
export type Right = string;

/** A grant or a membership, as it is on either side of a plan. */
export interface Link {
  readonly address: Address;
  readonly before: boolean;
  readonly after: boolean;
}

/** The links by which somebody comes to a right: a grant, or a membership and the grant of the team. */
export type Path = readonly Link[];

export type Side = 'before' | 'after';

/** What everybody holds, and by which paths. */
export interface Holdings {
  readonly links: ReadonlyMap<Address, Link>;
  /** The memberships in a team, those of somebody in teams, and the grants of a principal. */
  membersOf(team: Address): readonly Link[];
  membershipsOf(person: Address): readonly Link[];
  grantsOf(principal: Address): readonly Link[];
  paths(person: Address, right: Right): readonly Path[];
  holds(person: Address, right: Right, side: Side): boolean;
  rightsOf(person: Address, side: Side): readonly Right[];
  /** Everybody who holds a right on either side. */
  holders(right: Right): ReadonlySet<Address>;
}

/** The holdings that a plan starts from and leads to. */
export function holdings(live: ReadonlyMap<Address, Live>, changes: readonly Change[]): Holdings {
  const links = linksOf(live, changes);
  const members = new Map<Address, Link[]>();
  const teams = new Map<Address, Link[]>();
  const grants = new Map<Address, Link[]>();
  const granted = new Map<Right, Address[]>();
  for (const link of links.values()) {
    const parsed = parse(link.address);
    if (parsed.kind === 'team_member') {
      push(members, parsed.team, link);
      push(teams, parsed.principal, link);
    } else if (parsed.kind === 'grant') {
      push(grants, parsed.principal, link);
      push(granted, rightOf(link.address), parsed.principal);
    }
  }
  const paths = (person: Address, right: Right): Path[] => {
    const own = links.get(`${right}${person}` as Address);
    const through = (teams.get(person) ?? []).flatMap((membership): Path[] => {
      const given = links.get(`${right}${teamOf(membership)}` as Address);
      return given ? [[membership, given]] : [];
    });
    return own ? [[own], ...through] : through;
  };
  return {
    links,
    paths,
    membersOf: (team) => members.get(team) ?? [],
    membershipsOf: (person) => teams.get(person) ?? [],
    grantsOf: (principal) => grants.get(principal) ?? [],
    rightsOf: (person, side) => {
      const through = (teams.get(person) ?? []).filter((link) => link[side]).flatMap((link) => grants.get(teamOf(link)) ?? []);
      return [...(grants.get(person) ?? []), ...through].filter((link) => link[side]).map((link) => rightOf(link.address));
    },
    holds: (person, right, side) => paths(person, right).some((path) => path.every((link) => link[side])),
    holders: (right) =>
      new Set(
        (granted.get(right) ?? []).flatMap((principal) =>
          kindOf(principal) === 'team' ? (members.get(principal) ?? []).map(personOf) : [principal],
        ),
      ),
  };
}

/** Every grant and membership of either side. */
function linksOf(live: ReadonlyMap<Address, Live>, changes: readonly Change[]): Map<Address, Link> {
  const links = new Map<Address, Link>();
  for (const address of live.keys()) if (isLink(address)) links.set(address, { address, before: true, after: true });
  for (const { address, action, fields } of changes) {
    if (isLink(address) && action !== 'update')
      links.set(address, { address, before: action === 'delete', after: action === 'create' });
    // A person comes with the first role, which has no line of its own.
    const first =
      action === 'create' && kindOf(address) === 'member' ? fields.find(({ path }) => path === '/role')?.after : undefined;
    if (typeof first !== 'string') continue;
    const given = grant(organization, first, address);
    links.set(given, { address: given, before: links.get(given)?.before ?? false, after: true });
  }
  return links;
}

/** The right that a grant gives. */
export function rightOf(grantAddress: Address): Right {
  const parsed = parse(grantAddress);
  if (parsed.kind !== 'grant') throw new Error(`not a grant: ${grantAddress}`);
  return grantAddress.slice(0, -parsed.principal.length);
}

/** The right to a role on a scope. */
export function right(scope: Address, role: string): Right {
  return grant(scope, role, '' as Address);
}

/** A right in words: `Workspace Admin on workspace/prod`. */
export function rightText(one: Right): string {
  const parsed = parse(`${one}member/x` as Address);
  return parsed.kind === 'grant' ? `${parsed.role} on ${parsed.scope}` : one;
}

/** Whose membership, or whose grant, a link is. */
export function personOf({ address }: Link): Address {
  const parsed = parse(address);
  if (parsed.kind !== 'team_member' && parsed.kind !== 'grant') throw new Error(`not a link: ${address}`);
  return parsed.principal;
}

function teamOf({ address }: Link): Address {
  const parsed = parse(address);
  if (parsed.kind !== 'team_member') throw new Error(`not a membership: ${address}`);
  return parsed.team;
}

function isLink(address: Address): boolean {
  const kind = kindOf(address);
  return kind === 'grant' || kind === 'team_member';
}

function push<K, V>(map: Map<K, V[]>, key: K, value: V): void {
  const known = map.get(key);
  if (known) known.push(value);
  else map.set(key, [value]);
}
