import { type Address, grant, type Level, parse, role as roleAddress } from './address.ts';
import type { Claim, Desired } from './desired.ts';
import type { Diagnostic } from './diagnostic.ts';
import { nearest } from './nearest.ts';
import type { LiveRole, LiveState, Resource } from './resource.ts';

/** Everything in the organization. */
export const organizationAdmin = 'Organization Admin';

/** The desired state with roles spelled as the server spells them; a role that neither side knows is an error that lists what exists. */
export function resolveRoles(desired: Desired, live: LiveState): { desired: Desired; diagnostics: Diagnostic[] } {
  // Of an organization that is yet to be created, or whose roles cannot be read, nothing can be said.
  if (!live.organization || live.unread.some(({ prefix }) => prefix === 'role/')) return { desired, diagnostics: [] };
  const diagnostics: Diagnostic[] = [];
  const told = new Set<string>();
  const spell = (address: Address, resource?: Resource): Address => {
    const parsed = parse(address);
    if (parsed.kind !== 'grant' || desired.resources.has(roleAddress(parsed.role))) return address;
    const found = matching(live.roles, parsed.role, parsed.level);
    if (found.length === 1 && found[0]) return grant(parsed.scope, found[0].name, parsed.principal);
    const key = `${parsed.role} ${resource?.fieldPlaces?.role?.file}:${resource?.fieldPlaces?.role?.line}`;
    // A role that is wrong is wrong for all its holders, and said once.
    if (resource && !told.has(key)) diagnostics.push(unknown(resource, parsed.role, parsed.level, live.roles, found.length));
    told.add(key);
    return address;
  };
  const resources = [...desired.resources.values()].map((resource) => ({
    ...resource,
    address: spell(resource.address, resource),
  }));
  const gone = [...desired.gone].map(([address, value]) => [spell(address), value] as const);
  const claims = desired.claims.map((claim): Claim => {
    if (claim.of !== 'grants' || !claim.roles) return claim;
    const { kind } = parse(claim.scope);
    return { ...claim, roles: claim.roles.map((name) => matching(live.roles, name, kind as Level)[0]?.name ?? name) };
  });
  return {
    desired: { ...desired, resources: new Map(resources.map((one) => [one.address, one])), gone: new Map(gone), claims },
    diagnostics,
  };
}

/** The roles of a level that a name means: the exact one, else those that differ only by case. */
function matching(roles: readonly LiveRole[], name: string, level: Level): LiveRole[] {
  const here = roles.filter((role) => role.level === level);
  const exact = here.filter((role) => role.name === name);
  return exact.length > 0 ? exact : here.filter((role) => role.name.toLowerCase() === name.toLowerCase());
}

function unknown(resource: Resource, name: string, level: Level, roles: readonly LiveRole[], found: number): Diagnostic {
  const here = roles
    .filter((role) => role.level === level)
    .map((role) => role.name)
    .sort();
  const near = nearest(name, here);
  const place = resource.fieldPlaces?.role ?? resource.place;
  return {
    code: found > 1 ? 'role-ambiguous' : 'role-unknown',
    severity: 'error',
    summary: found > 1 ? `${found} ${level} roles are called \`${name}\`` : `the organization has no ${level} role \`${name}\``,
    hint: `${near && found === 0 ? `did you mean \`${near}\`? ` : ''}it has: ${here.join(', ') || 'none'}`,
    address: resource.address,
    ...(place ? { place } : {}),
  };
}
