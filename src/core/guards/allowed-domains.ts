import { type Address, kindOf, nameOf, parse } from '../address.ts';
import type { Desired } from '../desired.ts';
import type { Change } from '../plan.ts';
import { type Refusal, refusal } from './refusal.ts';

/** Nobody from outside the domains that the files allow is invited or given anything. */
export function allowedDomainsGuard(changes: readonly Change[], desired: Desired): Refusal[] {
  const allowed = desired.organization.allowedDomains?.map((domain) => domain.toLowerCase());
  if (!allowed) return [];
  const gaining = new Map<Address, Change[]>();
  for (const change of changes) {
    const person = change.action === 'create' ? personOf(change.address) : undefined;
    if (person && !allowed.includes(domainOf(person))) gaining.set(person, [...(gaining.get(person) ?? []), change]);
  }
  return [...gaining].map(([person, given]) => {
    const place = desired.resources.get(person)?.place ?? given[0]?.place;
    return refusal('allowed-domains', person, {
      summary: `${nameOf(person)} would get ${given.map(({ address }) => address).join(', ')}, and is not of ${allowed.join(' or ')}`,
      why: 'add the domain to `allowed_domains`, or correct the address; or, for this person alone',
      ...(place ? { place } : {}),
    });
  });
}

/** The person that a new thing is, or is for. */
function personOf(address: Address): Address | undefined {
  const parsed = parse(address);
  if (parsed.kind === 'member') return address;
  const principal = parsed.kind === 'grant' || parsed.kind === 'team_member' ? parsed.principal : undefined;
  return principal && kindOf(principal) === 'member' ? principal : undefined;
}

/** What follows the last `@`; nothing for a user name, which is of no domain. */
const domainOf = (person: Address) => nameOf(person).split('@').at(-1)?.toLowerCase() ?? '';
