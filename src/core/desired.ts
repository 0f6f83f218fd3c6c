import { type Address, type KindName, kindOf, parse } from './address.ts';
import type { Place } from './diagnostic.ts';
import type { Resource } from './resource.ts';

/** What the files want, and how much of the live state they speak for. */
export interface Desired {
  readonly organization: OrganizationReference;
  readonly resources: ReadonlyMap<Address, Resource>;
  /** What is asked to be gone. */
  readonly gone: ReadonlyMap<Address, Gone>;
  /** Lists that are complete: what is live and not in them goes. */
  readonly claims: readonly Claim[];
  /** Kinds of which everything unmanaged goes. */
  readonly prune: ReadonlySet<KindName>;
  readonly accepts: readonly Accept[];
  /** Differences that are no drift. */
  readonly ignores: readonly Ignore[];
}

/** Which organization is meant; `id` and `api` are pins. */
export interface OrganizationReference {
  readonly name?: string;
  readonly id?: string;
  readonly api?: string;
  readonly create: boolean;
  /** The only domains of e-mail addresses that people may have, where they are written. */
  readonly allowedDomains?: readonly string[];
  readonly place?: Place;
}

export interface Gone {
  readonly because: 'absent' | 'expired';
  /** The second word that allows deleting data: the name again. */
  readonly destroy?: string;
  /** Still protected, so not to be deleted after all. */
  readonly protected?: boolean;
  readonly place?: Place;
}

export interface Accept {
  readonly guard: string;
  readonly address: string;
  readonly reason: string;
  readonly place: Place;
}

/** A difference that is no drift: addresses as a glob, one field or all, through the last day that it counts. */
export interface Ignore {
  readonly address: string;
  readonly field?: string;
  readonly reason?: string;
  readonly until?: string;
  readonly place?: Place;
}

/** A list that was written, and so is complete: direct grants of a scope, a principal's own roles, or the members of a team. */
export type Claim =
  | { readonly of: 'grants'; readonly scope: Address; readonly roles?: readonly string[] }
  | { readonly of: 'own-roles'; readonly principal: Address }
  | { readonly of: 'members'; readonly team: Address; readonly principals: 'member' | 'service_account' };

/**
 * Whether a live grant or membership belongs to a list that was written complete. The claims are indexed once: there are as many of them
 * as there are scopes and teams, and every live grant is asked about.
 */
export function claimed(claims: readonly Claim[]): (address: Address) => boolean {
  const keys = new Set(claims.flatMap(keysOf));
  return (address) => {
    const parsed = parse(address);
    if (parsed.kind === 'team_member') return keys.has(key('members', parsed.team, kindOf(parsed.principal)));
    if (parsed.kind !== 'grant') return false;
    if (parsed.level === 'organization' && keys.has(key('own-roles', parsed.principal))) return true;
    return keys.has(key('grants', parsed.scope)) || keys.has(key('grants', parsed.scope, parsed.role));
  };
}

function keysOf(claim: Claim): string[] {
  if (claim.of === 'members') return [key('members', claim.team, claim.principals)];
  if (claim.of === 'own-roles') return [key('own-roles', claim.principal)];
  return claim.roles ? claim.roles.map((role) => key('grants', claim.scope, role)) : [key('grants', claim.scope)];
}

const key = (...parts: readonly string[]) => parts.join('\n');
