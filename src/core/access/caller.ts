import { type Address, parse } from '../address.ts';
import type { Change } from '../plan.ts';
import { admin } from './admins.ts';
import { type Holdings, type Link, type Right, rightOf } from './holdings.ts';

/** What the running identity has after a plan no more, and the changes that take it. */
export interface CallerLoss {
  readonly caller: Address;
  readonly rights: readonly Right[];
  readonly by: readonly Address[];
}

/** The rights that a plan takes from the one who runs it; those on something that is deleted itself are no loss. */
export function callerLoss(held: Holdings, caller: Address, changes: readonly Change[]): CallerLoss {
  const rights = new Set<Right>();
  const by = new Set<Address>();
  const gone = new Set<Address | undefined>(changes.filter(({ action }) => action === 'delete').map(({ address }) => address));
  // Whoever may do everything before and after needs no lower right.
  const admins = held.holds(caller, admin, 'before') && held.holds(caller, admin, 'after');
  const paths = [
    ...held.grantsOf(caller).map((given): readonly Link[] => [given]),
    ...held.membershipsOf(caller).flatMap((membership) => {
      const parsed = parse(membership.address);
      return parsed.kind === 'team_member' ? held.grantsOf(parsed.team).map((given) => [membership, given]) : [];
    }),
  ];
  for (const path of paths) {
    const given = path.at(-1);
    if (!given || !path.every((link) => link.before)) continue;
    const one = rightOf(given.address);
    if (held.holds(caller, one, 'after') || gone.has(scopeOf(given.address)) || admins) continue;
    rights.add(one);
    for (const link of path) if (!link.after) by.add(link.address);
  }
  const own = changes.find(({ address }) => address === caller);
  const shut = own?.fields.some(({ path, after }) => path === '/active' && after === false) === true;
  if (own?.action === 'delete' || shut) {
    by.add(caller);
    for (const path of paths) for (const link of path.slice(-1)) if (link.before) rights.add(rightOf(link.address));
  }
  return { caller, rights: [...rights].sort(), by: [...by] };
}

function scopeOf(grant: Address): Address | undefined {
  const parsed = parse(grant);
  return parsed.kind === 'grant' ? parsed.scope : undefined;
}
