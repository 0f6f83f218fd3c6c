import { createHash } from 'node:crypto';
import type { Address } from '../core/address.ts';
import { parse } from '../core/address.ts';

/**
 * The names of resources in Terraform: readable, and the same in every run for the same addresses. Where two of one kind would get
 * the same, both get a part of a hash of their address.
 */
export function blockNames(addresses: Iterable<Address>): ReadonlyMap<Address, string> {
  const taken = new Map<string, Address[]>();
  for (const address of new Set(addresses)) {
    const key = `${parse(address).kind} ${plain(address)}`;
    taken.set(key, [...(taken.get(key) ?? []), address]);
  }
  return new Map(
    [...taken.values()].flatMap((same) =>
      same.map((address) => [address, same.length === 1 ? plain(address) : `${plain(address)}_${hash(address)}`] as const),
    ),
  );
}

/** The names that an address speaks of, with what Terraform does not take in a name made `_`. */
function plain(address: Address): string {
  const text = wordsOf(address)
    .map((word) => word.replace(/[^A-Za-z0-9-]+/g, '_').replace(/^_+|_+$/g, ''))
    .filter((word) => word !== '')
    .join('_');
  return /^[A-Za-z]/.test(text) ? text : `_${text}`;
}

function wordsOf(address: Address): string[] {
  const parsed = parse(address);
  switch (parsed.kind) {
    case 'organization':
      return ['organization'];
    case 'project':
      return [...wordsOf(parsed.workspace), parsed.name];
    case 'service_account_key':
      return [...wordsOf(parsed.account), parsed.name];
    case 'team_member':
      return [...wordsOf(parsed.team), ...wordsOf(parsed.principal)];
    case 'grant':
      return [...(parsed.level === 'organization' ? [] : wordsOf(parsed.scope)), parsed.role, ...wordsOf(parsed.principal)];
    default:
      return [parsed.name];
  }
}

const hash = (text: string) => createHash('sha256').update(text).digest('hex').slice(0, 8);
