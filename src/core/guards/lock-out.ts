import { type AdminSides, admin } from '../access/admins.ts';
import type { CallerLoss } from '../access/caller.ts';
import { rightText } from '../access/holdings.ts';
import { type Address, organization, parse } from '../address.ts';
import type { Change } from '../plan.ts';
import { type Refusal, refusal } from './refusal.ts';

/** Nobody locks the organization, or the one who runs this, out. */
export function lockOutGuard(
  populations: readonly AdminSides[],
  loss: CallerLoss | undefined,
  afterLoss: readonly Address[],
): Refusal[] {
  return [...fewAdmins(populations), ...(loss ? ownRights(loss, afterLoss) : [])];
}

/** Nobody deletes the key that this may run with. */
export function ownKeyGuard(changes: readonly Change[], caller: Address | undefined): Refusal[] {
  return changes.flatMap(({ address, action }) => {
    const parsed = parse(address);
    if (action !== 'delete' || parsed.kind !== 'service_account_key' || parsed.account !== caller) return [];
    const summary = `${address} would be deleted, and it may be the key that this runs with`;
    return [refusal('lock-out', address, { summary, why: 'run it as somebody else; or, if it is another key' })];
  });
}

function fewAdmins(populations: readonly AdminSides[]): Refusal[] {
  const short = populations.find(({ before, after }) => after.size < Math.min(2, before.size));
  if (!short) return [];
  const { name, before, after } = short;
  const going = [...before].filter((one) => !after.has(one)).sort();
  const left = after.size === 0 ? 'none would be left' : `${after.size} would be left (${[...after].sort().join(', ')})`;
  const summary = `of ${before.size} ${name} that are Organization Admin and can log in, ${left}: ${going.join(', ')} would no longer be`;
  return [refusal('lock-out', organization, { summary, why: 'give somebody else the role first; or, if that is meant' })];
}

function ownRights({ caller, rights, by }: CallerLoss, afterLoss: readonly Address[]): Refusal[] {
  if (rights.includes(admin)) {
    const summary = `${caller}, which runs this, would no longer be Organization Admin: ${by.join(', ')}`;
    return [refusal('lock-out', caller, { summary, why: 'run it as somebody else; or, if that is meant' })];
  }
  if (rights.length === 0 || afterLoss.length === 0) return [];
  const summary = `${caller}, which runs this, would lose ${rights.map(rightText).join(', ')} before ${afterLoss.join(', ')}, which may need it`;
  return [refusal('lock-out', caller, { summary, why: 'run it as somebody else; or, if that is meant' })];
}
