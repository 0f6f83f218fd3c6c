import { type Address, organization, parse } from '../address.ts';
import type { Change } from '../plan.ts';
import type { Caller, LiveRole } from '../resource.ts';
import { type Refusal, refusal } from './refusal.ts';

/**
 * What the caller may not do, as far as that can be known: it is seen to hold roles, and all of them are predefined ones that do not
 * give the right. What a custom role gives nobody can tell, so its holder is let through, and the server decides.
 */
export function rightsGuard(changes: readonly Change[], caller: Caller, roles: readonly LiveRole[]): Refusal[] {
  const predefined = new Set(roles.filter((role) => role.predefined).map(({ name }) => name));
  const known = caller.holds.length > 0 && caller.holds.every(({ role }) => predefined.has(role));
  if (caller.seesEverything || !known) return [];
  const creating = new Set(changes.filter(({ action }) => action === 'create').map(({ address }) => address));
  const lacking = new Map<Address, { readonly roles: string; readonly changes: Change[] }>();
  for (const change of changes) {
    const { ground, roles: wanted } = neededFor(change);
    // Whoever creates a workspace may become its admin: what the server makes of that is not known.
    if (parse(change.address).kind !== 'workspace' && [...creating].some((one) => one === workspaceOf(change.address))) continue;
    if (caller.holds.some(({ role, scope }) => wanted.some((one) => one.role === role && one.scope === scope))) continue;
    const entry = lacking.get(ground) ?? { roles: wordsFor(wanted), changes: [] };
    entry.changes.push(change);
    lacking.set(ground, entry);
  }
  return [...lacking].map(([ground, { roles: needed, changes: refused }]) => {
    const [first] = refused;
    const more = refused.length > 1 ? ` and ${refused.length - 1} more` : '';
    return refusal('right-missing', ground, {
      summary: `${first?.address}${more}: ${caller.name} may not do that; it needs ${needed}`,
      why: 'run as somebody who may, or leave that part out with --skip; if the server lets it all the same',
      ...(first?.place ? { place: first.place } : {}),
    });
  });
}

interface Needed {
  readonly role: string;
  readonly scope: Address;
}

/** The roles of which one is enough for a change, and the thing that they are about. */
function neededFor({ address, action }: Change): { readonly ground: Address; readonly roles: readonly Needed[] } {
  const parsed = parse(address);
  const everywhere = [{ role: 'Organization Manager', scope: organization }];
  const scope = parsed.kind === 'grant' ? parsed.scope : address;
  const place = parse(scope);
  if (place.kind === 'project') {
    const own = action === 'create' && parsed.kind === 'project' ? [] : [{ role: 'Project Admin', scope }];
    const workspace = ['Workspace Admin', 'Workspace Developer'].map((role) => ({ role, scope: place.workspace }));
    return { ground: own.length > 0 ? scope : place.workspace, roles: [...own, ...workspace] };
  }
  // Changing a workspace is for its admins; what a manager may do there is not known.
  if (place.kind === 'workspace' && !(parsed.kind === 'workspace' && action === 'create'))
    return { ground: scope, roles: [{ role: 'Workspace Admin', scope }, ...everywhere] };
  return { ground: organization, roles: everywhere };
}

function workspaceOf(address: Address): Address | undefined {
  const parsed = parse(address);
  const place = parsed.kind === 'grant' ? parse(parsed.scope) : parsed;
  if (place.kind === 'project') return place.workspace;
  return parsed.kind === 'grant' && place.kind === 'workspace' ? parsed.scope : undefined;
}

const wordsFor = (wanted: readonly Needed[]) =>
  ['Organization Admin', ...wanted.map(({ role, scope }) => (scope === organization ? role : `${role} of ${scope}`))].join(
    ' or ',
  );
