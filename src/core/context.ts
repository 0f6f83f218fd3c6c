import { type Address, kindOf, organization, role as roleAddress } from './address.ts';
import type { PlanContext } from './kind.ts';
import type { Change } from './plan.ts';
import type { LiveState } from './resource.ts';
import type { Scoped } from './scope.ts';
import { symbol } from './symbol.ts';

/** What kinds may ask while they make calls: real ids of what is live, symbols for what this plan creates. */
export function planContext(
  scoped: Pick<Scoped, 'all' | 'desired'>,
  state: Pick<LiveState, 'organization' | 'roles' | 'principals'> & { readonly caller: Pick<LiveState['caller'], 'address'> },
  changes: readonly Change[],
  organizationName: string,
): PlanContext {
  const creating = new Set(changes.filter((change) => change.action === 'create').map((change) => change.address));
  const idOf = (address: Address, name: string) =>
    address === organization ? state.organization?.id : (scoped.all.get(address)?.ids[name] ?? undefined);
  const ref = (address: Address, name = 'id') => idOf(address, name) ?? symbol(address, name);
  const known = (address: Address) => scoped.all.get(address)?.ids ?? state.principals.get(address);
  return {
    ref,
    known,
    organizationName,
    caller: state.caller.address,
    live: (address) => scoped.all.get(address),
    desired: (address) => scoped.desired.get(address),
    roleId(name, level) {
      const live = state.roles.find((role) => role.name === name && role.level === level);
      return live?.id ?? symbol(roleAddress(name), creating.has(roleAddress(name)) ? 'id' : level);
    },
    principal(address) {
      if (kindOf(address) === 'team') return { query: { team_id: ref(address) }, alternatives: [] };
      if (kindOf(address) === 'service_account')
        return { query: { user_id: known(address)?.user_id ?? ref(address) }, alternatives: [] };
      const ids = known(address);
      const account = { user_id: ids?.user_id ?? symbol(address, 'user_id') };
      if (ids?.user_id) return { query: account, alternatives: [] };
      // An invitation may turn into an account at any moment, also between plan and apply.
      return { query: { invitation_id: ids?.invitation_id ?? symbol(address, 'invitation_id') }, alternatives: [account] };
    },
  };
}
