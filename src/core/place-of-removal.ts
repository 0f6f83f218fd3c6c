import { type Address, parse, tryParse } from './address.ts';
import type { Desired } from './desired.ts';
import type { Place } from './diagnostic.ts';
import type { Change } from './plan.ts';
import type { Resource } from './resource.ts';

/**
 * Where the files say that something goes: the entry that is absent or has expired, the thing whose list does not have it, or what takes it
 * along. What is no longer in the files at all has no place in them.
 */
export function placeOfRemoval(
  { address, because = '' }: Pick<Change, 'address' | 'because'>,
  files: Desired,
  desired: ReadonlyMap<Address, Resource>,
): Place | undefined {
  const own = files.gone.get(address)?.place;
  if (own) return own;
  if (because !== 'list') return tryParse(because) ? files.gone.get(because as Address)?.place : undefined;
  return holdersOf(address)
    .map((one) => desired.get(one)?.place)
    .find((place) => place !== undefined);
}

/** Under what the list stands that does not have it: a role of the organization is mostly written under its holder. */
function holdersOf(address: Address): readonly Address[] {
  const parsed = parse(address);
  if (parsed.kind === 'team_member') return [parsed.team];
  if (parsed.kind !== 'grant') return [];
  return parsed.level === 'organization' ? [parsed.principal, parsed.scope] : [parsed.scope, parsed.principal];
}
