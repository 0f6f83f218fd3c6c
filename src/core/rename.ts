import { type Address, kindOf, parse, project, renamed, role, serviceAccount, team } from './address.ts';
import type { Desired } from './desired.ts';
import type { Diagnostic } from './diagnostic.ts';
import type { Live, LiveState, Resource, Unread } from './resource.ts';

/** The renames that the files ask for and live confirms: new address to old. */
export type Renames = ReadonlyMap<Address, Address>;

/** Finds the renames: an earlier name that is live, while the new one is not (or is itself renamed away). */
export function findRenames(
  desired: ReadonlyMap<Address, Resource>,
  live: LiveState,
): { renames: Renames; diagnostics: Diagnostic[] } {
  const wishes = [...desired.values()].flatMap((resource) =>
    (resource.previously ?? []).map((old) => ({ resource, old: sibling(resource.address, old) })),
  );
  const found = wishes.filter(({ old }) => live.resources.has(old));
  const leaving = new Set(found.map(({ old }) => old));
  const renames = new Map<Address, Address>();
  const diagnostics: Diagnostic[] = [];
  for (const { resource, old } of found) {
    const taken = live.resources.has(resource.address) && !leaving.has(resource.address);
    if (!taken && !renames.has(resource.address)) renames.set(resource.address, old);
    else
      diagnostics.push({
        code: 'rename-both-live',
        severity: 'error',
        summary: `${old} is to become ${resource.address}, and both are live`,
        hint: 'delete or rename one of them by hand, or remove the name from `previously`',
        address: resource.address,
        ...(resource.place ? { place: resource.place } : {}),
      });
  }
  return { renames, diagnostics };
}

/** The live state as it is called after the renames. */
export function renameLive(resources: ReadonlyMap<Address, Live>, renames: Renames): Map<Address, Live> {
  if (renames.size === 0) return new Map(resources);
  return new Map(
    [...resources.values()]
      .map((live) => ({ ...live, address: readdress(live.address, renames) }))
      .map((live) => [live.address, live]),
  );
}

/** The subtrees that could not be read, as they are called after the renames. */
export function renameUnread(unread: readonly Unread[], renames: Renames): readonly Unread[] {
  return unread.map((part) => {
    for (const [to, from] of renames)
      if (part.prefix === from || part.prefix.startsWith(`${from}/`))
        return { ...part, prefix: `${to}${part.prefix.slice(from.length)}` };
    return part;
  });
}

/** What a base declared, under the names that the files use now. */
export function renameDesired(base: Desired, renames: Renames): Desired {
  if (renames.size === 0) return base;
  const resources = [...base.resources.values()].map((resource) => ({
    ...resource,
    address: readdress(resource.address, renames),
  }));
  return { ...base, resources: new Map(resources.map((resource) => [resource.address, resource])) };
}

/** An address after all renames at once, so that a chain of them does not apply twice. */
function readdress(address: Address, renames: Renames): Address {
  const marked = [...renames].map(([to, from], index) => ({ from, to, mark: sibling(from, `\u0000${index}`) }));
  const away = marked.reduce((one, { from, mark }) => renamed(one, from, mark), address);
  return marked.reduce((one, { mark, to }) => renamed(one, mark, to), away);
}

/** The address of a thing of another name in the same place. */
export function sibling(address: Address, name: string): Address {
  const parsed = parse(address);
  if (parsed.kind === 'project') return project(parsed.workspace, name);
  if (parsed.kind === 'team') return team(name);
  if (parsed.kind === 'service_account') return serviceAccount(name);
  if (parsed.kind === 'role') return role(name);
  throw new Error(`a ${kindOf(address)} cannot be renamed`);
}
