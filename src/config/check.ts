import { normalize } from 'node:path/posix';
import { type Address, kindOf, type Level, nameOf, parse, referencesOf, role as roleAddress } from '../core/address.ts';
import type { Desired } from '../core/desired.ts';
import type { Diagnostic } from '../core/diagnostic.ts';
import { nearest } from '../core/nearest.ts';
import type { Resource } from '../core/resource.ts';
import { predefinedLevel, predefinedRoles } from '../kinds/parts/predefined-roles.ts';

/**
 * What the files alone can tell beyond their schema: roles of another level, names that nobody declares, use of what is declared
 * absent. What may exist only on the server is a warning here, and checked for good when planning.
 */
export function checkFiles(desired: Desired): Diagnostic[] {
  const diagnostics: Diagnostic[] = [];
  for (const resource of desired.resources.values()) {
    const parsed = parse(resource.address);
    if (parsed.kind === 'grant') diagnostics.push(...checkRole(desired, resource, parsed.role, parsed.level));
    for (const reference of referencesOf(resource.address)) diagnostics.push(...checkReference(desired, resource, reference));
    if (resource.previously && desired.resources.has(resource.address)) diagnostics.push(...checkPrevious(desired, resource));
  }
  const all = [...diagnostics, ...checkRoots(desired), ...checkRoleless(desired), ...checkSinks(desired)];
  // A role that is wrong is wrong for all its holders, and said once.
  return [
    ...new Map(
      all.map((one) => [`${one.code} ${one.summary} ${one.place?.file}:${one.place?.line}:${one.place?.column}`, one]),
    ).values(),
  ];
}

function checkRole(desired: Desired, resource: Resource, role: string, level: Level): Diagnostic[] {
  const custom = desired.resources.get(roleAddress(role));
  const actual = custom ? (custom.spec.level as Level | undefined) : predefinedLevel(role);
  if (actual === level || (custom && actual === undefined)) return [];
  if (actual)
    return [
      problem(
        atRole(resource),
        'role-level',
        'error',
        `\`${role}\` is a role of the ${actual} level and cannot be granted on ${article(level)}`,
        `roles here: ${rolesOf(desired, level).join(', ')}`,
      ),
    ];
  const near = nearest(role, rolesOf(desired, level));
  const hint = near
    ? `did you mean \`${near}\`?`
    : 'if it is a custom role of the organization, this is fine: it is looked up when planning';
  return [problem(atRole(resource), 'role-unknown', 'warning', `no ${level} role \`${role}\` is predefined or declared`, hint)];
}

/** The same, found where its role is written rather than its holder. */
function atRole(resource: Resource): Resource {
  const place = resource.fieldPlaces?.role;
  return place ? { ...resource, place } : resource;
}

function checkReference(desired: Desired, resource: Resource, reference: Address): Diagnostic[] {
  const kind = kindOf(reference);
  if (kind === 'role') return [];
  if (desired.gone.has(reference))
    return [
      problem(resource, 'reference-absent', 'error', `${reference} is declared absent and used here`, 'remove one of the two'),
    ];
  if (desired.resources.has(reference)) return [];
  const declared = [...desired.resources.keys()].filter((one) => kindOf(one) === kind).map(nameOf);
  const near = nearest(nameOf(reference), declared);
  // Nobody has to declare people or teams; only what looks like a slip is worth a word.
  if (!near) return [];
  return [
    problem(resource, 'reference-unknown', 'warning', `${reference} is not declared in the files`, `did you mean \`${near}\`?`),
  ];
}

function checkPrevious(desired: Desired, resource: Resource): Diagnostic[] {
  return (resource.previously ?? []).flatMap((old) => {
    const before = [...desired.resources.keys()].find(
      (one) =>
        kindOf(one) === kindOf(resource.address) &&
        nameOf(one) === old &&
        one !== resource.address &&
        sameParent(one, resource.address),
    );
    const itself = old === nameOf(resource.address);
    if (!before && !itself) return [];
    const summary = itself
      ? `\`previously\` names the present name \`${old}\``
      : `\`previously\` names \`${old}\`, which is declared too`;
    const moving = before && desired.resources.get(before)?.previously;
    return moving ? [] : [problem(resource, 'rename-both-live', 'error', summary, 'keep one of them')];
  });
}

/** A project or a member that stays while what it lies in is asked to be gone is found by its references; an organization needs a name. */
function checkRoots(desired: Desired): Diagnostic[] {
  return [...desired.gone].flatMap(([address, gone]) => {
    if (gone.because !== 'absent' || gone.destroy === undefined || gone.destroy === nameOf(address)) return [];
    return [
      {
        code: 'destroy-needs-word' as const,
        severity: 'error' as const,
        summary: `\`destroy: ${gone.destroy}\` is not the name of ${address}`,
        hint: `write \`absent: { destroy: ${nameOf(address)} }\``,
        address,
        ...(gone.place ? { place: gone.place } : {}),
      },
    ];
  });
}

/** Secrets that would leave the working folder, or overwrite each other. */
function checkSinks(desired: Desired): Diagnostic[] {
  const first = new Map<string, Address>();
  return [...desired.resources.values()].flatMap((resource) => {
    if (!resource.sink || !('file' in resource.sink)) return [];
    const { file } = resource.sink;
    const path = normalize(file);
    if (path === '..' || path.startsWith('../'))
      return [
        problem(
          resource,
          'schema-value',
          'error',
          `\`${file}\` is outside the working folder`,
          'name a file below the folder in which zenform runs',
        ),
      ];
    const other = first.get(path);
    if (!other) first.set(path, resource.address);
    return other
      ? [problem(resource, 'schema-value', 'error', `${other} and ${resource.address} both go to \`${file}\``, 'name two files')]
      : [];
  });
}

/** Principals that hold something lower down while the files say that they hold nothing on the organization. */
function checkRoleless(desired: Desired): Diagnostic[] {
  const emptied = desired.claims.flatMap((claim) =>
    claim.of === 'own-roles' && claim.principal.startsWith('service_account/') ? [claim.principal] : [],
  );
  return emptied.flatMap((principal) => {
    const grants = [...desired.resources.values()].filter((one) => {
      const parsed = parse(one.address);
      return parsed.kind === 'grant' && parsed.principal === principal;
    });
    const lower = grants.find((one) => !one.address.startsWith('organization/'));
    if (!lower || grants.some((one) => one.address.startsWith('organization/'))) return [];
    return [
      problem(
        lower,
        'member-without-role',
        'warning',
        `${principal} has no organization role and gets a lower one here`,
        'give it at least Organization Member',
      ),
    ];
  });
}

function rolesOf(desired: Desired, level: Level): string[] {
  const custom = [...desired.resources.values()].filter((one) => kindOf(one.address) === 'role' && one.spec.level === level);
  return [...predefinedRoles[level], ...custom.map((one) => nameOf(one.address))];
}

function sameParent(a: Address, b: Address): boolean {
  return a.slice(0, a.lastIndexOf('/')) === b.slice(0, b.lastIndexOf('/'));
}

const article = (level: Level) => (level === 'organization' ? 'the organization' : `a ${level}`);

function problem(
  resource: Resource,
  code: Diagnostic['code'],
  severity: Diagnostic['severity'],
  summary: string,
  hint: string,
): Diagnostic {
  return { code, severity, summary, hint, address: resource.address, ...(resource.place ? { place: resource.place } : {}) };
}
