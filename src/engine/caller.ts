import type { Session } from '../client/index.ts';
import { type Address, member, parse, serviceAccount } from '../core/address.ts';
import type { Caller, LiveState } from '../core/resource.ts';
import { organizationAdmin } from '../core/roles.ts';

/** Who the credential belongs to. */
export interface Identity {
  readonly id: string;
  readonly address: Address | undefined;
  readonly superuser: boolean;
}

/** Asks the control plane who is calling. */
export async function identify(controlPlane: Session): Promise<Identity> {
  const answer = await controlPlane.get('/users/me');
  const row = (typeof answer === 'object' && answer !== null ? answer : {}) as Record<string, unknown>;
  const text = (field: string) => (typeof row[field] === 'string' && row[field] !== '' ? row[field] : undefined);
  const name = row.is_service_account === true ? text('username') : (text('email') ?? text('username'));
  const address = name === undefined ? undefined : row.is_service_account === true ? serviceAccount(name) : member(name);
  return { id: text('id') ?? '', address, superuser: row.is_superuser === true };
}

/** How much the caller is sure to see, from the rights that it can be seen to hold, own ones and those of its teams. */
export function callerOf(identity: Identity, state: Omit<LiveState, 'caller'>): Caller {
  const mine = new Set<Address>(identity.address ? [identity.address] : []);
  for (const address of state.resources.keys()) {
    const parsed = parse(address);
    if (parsed.kind === 'team_member' && parsed.principal === identity.address) mine.add(parsed.team);
  }
  const held = [...state.resources.keys()].flatMap((address) => {
    const parsed = parse(address);
    return parsed.kind === 'grant' && mine.has(parsed.principal) ? [parsed] : [];
  });
  return {
    id: identity.id,
    address: identity.address,
    name: identity.address ?? identity.id,
    superuser: identity.superuser,
    seesEverything: identity.superuser || held.some(({ level, role }) => level === 'organization' && role === organizationAdmin),
    adminOf: held.filter(({ role }) => role === 'Workspace Admin' || role === 'Project Admin').map(({ scope }) => scope),
    holds: held.map(({ role, scope }) => ({ role, scope })),
  };
}
