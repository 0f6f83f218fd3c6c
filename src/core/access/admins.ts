import { type Address, kindOf, organization } from '../address.ts';
import type { Change } from '../plan.ts';
import type { Live } from '../resource.ts';
import { organizationAdmin } from '../roles.ts';
import { type Holdings, type Link, personOf, right, type Side } from './holdings.ts';

/** The right to everything in the organization. */
export const admin = right(organization, organizationAdmin);

/** Who of a population is Organization Admin and can log in, before a plan and after it. */
export interface AdminSides {
  readonly name: 'people' | 'accounts';
  readonly before: ReadonlySet<Address>;
  readonly after: ReadonlySet<Address>;
  /** Accounts that are deleted or deactivated as such, whatever they hold. */
  readonly leaving: ReadonlySet<Address>;
}

/**
 * The admins among people, and among all accounts: an organization that only a program can enter is as lost as one that nobody can,
 * and one whose programs are all gone may have nobody left either. An invited person cannot log in.
 */
export function adminSides(held: Holdings, live: ReadonlyMap<Address, Live>, changes: readonly Change[]): AdminSides[] {
  const activity = new Map(
    changes.flatMap(({ address, fields }) => {
      const change = kindOf(address) === 'service_account' ? fields.find(({ path }) => path === '/active') : undefined;
      return change ? [[address, change.after !== false] as const] : [];
    }),
  );
  const deleted = new Set(changes.filter(({ action }) => action === 'delete').map(({ address }) => address));
  const able = (one: Address, side: Side): boolean => {
    if (side === 'after' && deleted.has(one)) return false;
    // Whoever comes with this plan has no key yet, or has to accept an invitation first. Whoever is only in teams is no member.
    const known = [one, ...held.membershipsOf(one).map(({ address }) => address)].flatMap((address) => live.get(address) ?? []);
    if (kindOf(one) === 'member') return known.some(({ ids }) => ids.user_id !== undefined);
    const account = live.get(one);
    if (!account) return false;
    const active = account.spec.active !== false;
    return side === 'before' ? active : (activity.get(one) ?? active);
  };
  // What only an invitation holds counts for nobody who logs in, not even for somebody who has an account besides.
  const counts = (link: Link, side: Side) =>
    link[side] && (kindOf(personOf(link)) !== 'member' || live.get(link.address)?.ids.user_id !== undefined || !link.before);
  const isAdmin = (one: Address, side: Side) =>
    able(one, side) && held.paths(one, admin).some((path) => path.every((link) => counts(link, side)));
  const holders = [...held.holders(admin)];
  const on = (people: boolean, side: Side) =>
    new Set(holders.filter((one) => (!people || kindOf(one) === 'member') && isAdmin(one, side)));
  const leaving = new Set(holders.filter((one) => able(one, 'before') && !able(one, 'after')));
  return [
    { name: 'people', before: on(true, 'before'), after: on(true, 'after'), leaving },
    { name: 'accounts', before: on(false, 'before'), after: on(false, 'after'), leaving },
  ];
}
