import { type Address, organization, parse } from '../address.ts';
import type { Caller } from '../resource.ts';

/** Roles with which all that belongs to the organization itself is listed, as far as the vendor says. */
const readers = ['Organization Manager', 'Organization Viewer'];

/**
 * Why something that no list shows may be there all the same: lists leave out silently what their reader may not see. Undefined where
 * its absence is certain: for who sees everything, below a scope of which the caller is admin, and for what was looked up by its name.
 */
export function hiddenFrom(caller: Caller): (address: Address) => string | undefined {
  const reads = caller.holds.some(({ role, scope }) => scope === organization && readers.includes(role));
  const reason = `${caller.name} does not see all of them: it may be there`;
  return (address) => {
    if (caller.seesEverything || reads) return undefined;
    const parsed = parse(address);
    switch (parsed.kind) {
      case 'team':
      case 'member':
      case 'service_account':
      case 'role':
        return reason;
      case 'grant':
        return caller.adminOf.some((scope) => address.startsWith(`${scope}/`)) ? undefined : reason;
      default:
        // Workspaces and projects are asked for by name; the others are listed whole by what they belong to, or not at all.
        return undefined;
    }
  };
}
