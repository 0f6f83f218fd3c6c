import { type Address, kindOf, parse } from '../address.ts';
import type { AccessChange, Change } from '../plan.ts';
import type { Live } from '../resource.ts';
import { type AdminSides, adminSides } from './admins.ts';
import { type CallerLoss, callerLoss } from './caller.ts';
import { type Demand, demandsOn, preferencesOn, type Sequence } from './demands.ts';
import { accessChanges } from './effective.ts';
import { type Holdings, holdings } from './holdings.ts';

/** What a plan does to everybody's access, as far as its order and its guards have to know. */
export interface Conditions {
  readonly demands: readonly Demand[];
  readonly preferences: readonly Sequence[];
  readonly populations: readonly AdminSides[];
  readonly callerLoss: CallerLoss | undefined;
  readonly access: readonly AccessChange[];
  /** Grants and memberships with which somebody loses their last role in a workspace, with that workspace. */
  readonly leaving: ReadonlyMap<Address, Address>;
}

/** The conditions that the changes of a plan put on their order. */
export function conditionsOf(
  live: ReadonlyMap<Address, Live>,
  caller: Address | undefined,
  changes: readonly Change[],
): Conditions {
  const held = holdings(live, changes);
  const populations = adminSides(held, live, changes);
  return {
    demands: demandsOn(held, populations),
    preferences: preferencesOn(held),
    populations,
    callerLoss: caller && callerLoss(held, caller, changes),
    access: accessChanges(held),
    leaving: lastRoles(held, changes),
  };
}

/** The changes with which a person loses the last role in a workspace: what was shared with them there individually goes as well. */
function lastRoles(held: Holdings, changes: readonly Change[]): Map<Address, Address> {
  const deleted = new Set(changes.filter(({ action }) => action === 'delete').map(({ address }) => address));
  const result = new Map<Address, Address>();
  for (const address of deleted) {
    const parsed = parse(address);
    if (parsed.kind !== 'grant' && parsed.kind !== 'team_member') continue;
    if (kindOf(parsed.principal) !== 'member') continue;
    const given =
      parsed.kind === 'grant'
        ? [address]
        : held
            .grantsOf(parsed.team)
            .filter((link) => link.before)
            .map((link) => link.address);
    for (const one of given) {
      const grant = parse(one);
      if (grant.kind !== 'grant' || grant.level !== 'workspace' || deleted.has(grant.scope)) continue;
      if (!held.rightsOf(parsed.principal, 'after').some((right) => right.startsWith(`${grant.scope}/grant/`)))
        result.set(address, grant.scope);
    }
  }
  return result;
}
