import { type Address, kindOf, nameOf, referencesOf } from './address.ts';
import type { Desired } from './desired.ts';
import type { Diagnostic } from './diagnostic.ts';
import { type LiveState, type Resource, unreadFor } from './resource.ts';

/**
 * Leaves out the people whom the base declared already, who are neither members nor invited any more and have no account to be given a
 * role: somebody withdrew the invitation, or nobody took it. Another e-mail is sent only when it is asked for.
 */
export function withoutLapsed(
  resources: ReadonlyMap<Address, Resource>,
  base: Desired | undefined,
  state: LiveState,
  reinvite: (address: Address) => boolean,
): { readonly resources: ReadonlyMap<Address, Resource>; readonly diagnostics: readonly Diagnostic[] } {
  const lapsed = [...resources.values()].filter(
    ({ address }) =>
      kindOf(address) === 'member' &&
      base?.resources.has(address) &&
      !state.resources.has(address) &&
      state.principals.get(address)?.user_id === undefined &&
      !unreadFor(state.unread, address) &&
      !reinvite(address),
  );
  if (lapsed.length === 0) return { resources, diagnostics: [] };
  const out = new Set(lapsed.map(({ address }) => address));
  const kept = [...resources].filter(([address]) => !out.has(address) && !referencesOf(address).some((one) => out.has(one)));
  return { resources: new Map(kept), diagnostics: lapsed.map(notAgain) };
}

function notAgain({ address, place }: Resource): Diagnostic {
  return {
    code: 'invitation-lapsed',
    severity: 'warning',
    summary: `${nameOf(address)} was declared before, and is neither a member nor invited any more; no other e-mail is sent`,
    hint: `give --reinvite ${nameOf(address)} to invite them again, or remove them from the files`,
    address,
    ...(place ? { place } : {}),
  };
}
