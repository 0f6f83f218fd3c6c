import { type Address, kindOf, nameOf, parse, referencesOf } from './address.ts';
import type { Diagnostic } from './diagnostic.ts';
import { nearest } from './nearest.ts';
import type { Change } from './plan.ts';
import type { LiveState, Resource } from './resource.ts';
import type { Scoped } from './scope.ts';

/** What is to be created needs everything it refers to: live, or created by the same run. */
export function checkReferences(scoped: Scoped, state: LiveState, changes: readonly Change[]): Diagnostic[] {
  const creating = new Set(changes.filter((change) => change.action === 'create').map((change) => change.address));
  const exists = (address: Address) => scoped.all.has(address) || creating.has(address);
  return changes.flatMap((change) => {
    const resource = change.action === 'create' ? scoped.desired.get(change.address) : undefined;
    if (!resource) return [];
    return referencesOf(change.address).flatMap((reference) => {
      // Roles were looked up by level and name before.
      if (kindOf(reference) === 'role' || reference === 'organization' || exists(reference)) return [];
      return [missing(resource, reference, scoped, state)];
    });
  });
}

function missing(resource: Resource, reference: Address, scoped: Scoped, state: LiveState): Diagnostic {
  const { place, address } = resource;
  const about = { severity: 'error' as const, address, ...(place ? { place } : {}) };
  if (scoped.declared.has(reference)) {
    return {
      ...about,
      code: 'selection-reference',
      summary: `${address} needs ${reference}, which is not live and not selected`,
      hint: `select it too: --only '${reference}'`,
    };
  }
  if (state.principals.has(reference)) {
    const level = parse(address).kind === 'grant' ? 'a role' : 'a team membership';
    const summary = `${reference} has an account but no organization role, and would get ${level} here`;
    return { ...about, code: 'member-without-role', summary, hint: `declare \`${nameOf(reference)}\` under \`members\`` };
  }
  const kind = kindOf(reference);
  const near = nearest(
    nameOf(reference),
    [...scoped.all.keys(), ...scoped.desired.keys()].filter((one) => kindOf(one) === kind).map(nameOf),
  );
  const hint = near ? `did you mean \`${near}\`?` : `declare it, or check the name`;
  return { ...about, code: 'reference-missing', summary: `${reference} is neither declared nor live`, hint };
}
