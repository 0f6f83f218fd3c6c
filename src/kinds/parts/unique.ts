import type { Address } from '../../core/address.ts';
import type { Reading } from '../../core/kind.ts';
import type { Live, Oddity } from '../../core/resource.ts';

/** A reading of what was decoded; of several things with one name none is taken, since there is no telling which is meant. */
export function unique(decoded: readonly (Live | undefined)[], plural: string): Reading {
  const byAddress = new Map<Address, Live[]>();
  for (const live of decoded) if (live) byAddress.set(live.address, [...(byAddress.get(live.address) ?? []), live]);
  const live: Live[] = [];
  const oddities: Oddity[] = [];
  for (const [address, found] of byAddress) {
    const [only, ...others] = found;
    if (only && others.length === 0) live.push(only);
    else
      oddities.push({
        code: 'name-duplicate-live',
        address,
        summary: `${found.length} live ${plural} have the name of ${address}: ${idsOf(found).join(', ')}`,
      });
  }
  return { live, unread: oddities.map(({ address, summary }) => ({ prefix: address ?? '', reason: summary })), oddities };
}

/** In an order of their own, because that of a list means nothing. */
const idsOf = (found: readonly Live[]) => found.map(({ ids }) => ids.id ?? '').sort();
