// Nobody locks the organization, or the one who runs this, out. Terraform shows a provider one resource at a time, so this is found out
// at the moment of each write, and not at plan time: by reading again, one write after the other.
import { conditionsOf } from '../core/access/conditions.ts';
import { type Address, organization, referencesOf } from '../core/address.ts';
import { lockOutGuard, ownKeyGuard } from '../core/guards/lock-out.ts';
import type { Reading } from '../core/kind.ts';
import type { Change } from '../core/plan.ts';
import type { Live } from '../core/resource.ts';
import { Failed } from './diagnostics.ts';
import type { Organization } from './organization.ts';
import { accessKinds } from './read.ts';
import { changeOf } from './write.ts';

/** Does the work unless the changes would lock somebody out. Work that takes rights of admins, or of the caller, is done alone. */
export async function guarded<T>(org: Organization, changes: readonly Change[], work: () => Promise<T>): Promise<T> {
  if (org.settings.acceptLockOut || !changes.some(takesRights)) return work();
  const { address: caller } = await org.identity();
  const own = ownKeyGuard(changes, caller);
  if (own[0]) throw refused(own[0].diagnostic.summary);
  const seen = await everything((kind) => org.all(kind));
  if (!matters(seen, caller, changes)) return work();
  return org.alone(async (now) => {
    const { populations, callerLoss } = conditions(await everything((kind) => now.all(kind)), caller, changes);
    const [refusal] = lockOutGuard(populations, callerLoss, []);
    if (refusal) throw refused(refusal.diagnostic.summary);
    return work();
  });
}

const refused = (summary: string) =>
  new Failed(
    summary,
    'Give somebody else the role first, or run this as somebody else. If it is meant, write `accept_lock_out = true` in the provider.',
  );

const takesRights = ({ action, fields, kind }: Change) =>
  (action === 'delete' && (accessKinds.includes(kind) || kind === 'service_account_key')) ||
  fields.some(({ path, after }) => path === '/active' && after === false);

type Things = ReadonlyMap<Address, Live>;

async function everything(read: (kind: (typeof accessKinds)[number]) => Promise<Reading>): Promise<Things> {
  const readings = await Promise.all(accessKinds.map(read));
  return new Map(readings.flatMap(({ live }) => live.map((one) => [one.address, one] as const)));
}

function conditions(live: Things, caller: Address | undefined, changes: readonly Change[]) {
  return conditionsOf(live, caller, withDependents(live, changes));
}

/** Whether an admin, or the one who runs this, has less afterwards. */
function matters(live: Things, caller: Address | undefined, changes: readonly Change[]): boolean {
  const { populations, callerLoss } = conditions(live, caller, changes);
  return populations.some(({ before, after }) => after.size < before.size) || (callerLoss?.rights.length ?? 0) > 0;
}

/** With a thing goes what cannot exist without it. */
function withDependents(live: Things, changes: readonly Change[]): Change[] {
  const going = new Set(changes.filter(({ action }) => action === 'delete').map(({ address }) => address));
  const dependents = [...live.keys()].filter(
    (address) => !going.has(address) && referencesOf(address).some((one) => one !== organization && going.has(one)),
  );
  return [...changes, ...dependents.map((address) => changeOf(address, 'delete'))];
}
