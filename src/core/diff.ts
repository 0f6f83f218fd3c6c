// The difference between what is wanted and what is, as data. Pure and total: every pair of sides has a difference, whatever they
// hold; nothing is ever replaced, so a field that cannot change is a diagnostic, not a deletion and a creation.
import { type Address, kindOf, nameOf } from './address.ts';
import { compare, type Diagnostic } from './diagnostic.ts';
import { equal, rulesOf } from './field.ts';
import type { FieldChange, Kind } from './kind.ts';
import type { Change } from './plan.ts';
import type { Json, Live, Resource } from './resource.ts';
import type { Scoped } from './scope.ts';

/** The changes, sorted by address, and what cannot be changed. */
export interface Difference {
  readonly changes: readonly Change[];
  readonly unchanged: number;
  readonly diagnostics: readonly Diagnostic[];
}

export function diff(scoped: Scoped, kindNamed: (name: ReturnType<typeof kindOf>) => Kind): Difference {
  const changes: Change[] = [];
  const diagnostics: Diagnostic[] = [];
  let unchanged = 0;
  const creating = (address: Address) => (scoped.live.has(address) ? undefined : scoped.desired.get(address));
  for (const resource of scoped.desired.values()) {
    const kind = kindNamed(kindOf(resource.address));
    const live = scoped.live.get(resource.address);
    if (!live) {
      if (!kind.coveredBy?.(resource, creating)) changes.push(creation(resource, kind));
      continue;
    }
    const renamedFrom = scoped.renames.get(resource.address);
    const compared = compareFields(resource, live, kind);
    diagnostics.push(...compared.diagnostics);
    const fields = [...renaming(resource, renamedFrom, kind), ...compared.fields];
    if (fields.length === 0) unchanged += 1;
    else changes.push(update(resource, kind, fields, renamedFrom));
  }
  for (const [address, because] of scoped.removals) {
    const live = scoped.live.get(address);
    if (live && !scoped.desired.has(address)) changes.push(removal(live, kindNamed(kindOf(address)), because));
  }
  return { changes: changes.sort((a, b) => compare(a.address, b.address)), unchanged, diagnostics };
}

function creation(resource: Resource, kind: Kind): Change {
  const fields = Object.entries(resource.spec)
    .filter(([, value]) => value !== null)
    .map(([field, after]) => ({ path: `/${field}`, before: undefined, after }));
  return { ...head(resource, kind), action: 'create', fields: sorted(fields), ...effects(kind, 'create', undefined, resource) };
}

function update(resource: Resource, kind: Kind, fields: readonly FieldChange[], from: Address | undefined): Change {
  return { ...head(resource, kind), action: 'update', fields: sorted(fields), ...(from ? { from } : {}) };
}

function removal(live: Live, kind: Kind, because: string): Change {
  const fields = Object.entries(live.spec)
    .filter(([, value]) => value !== null && value !== '')
    .map(([field, before]) => ({ path: `/${field}`, before, after: undefined }));
  return {
    address: live.address,
    kind: kind.name,
    action: 'delete',
    fields: sorted(fields),
    because,
    ...effects(kind, 'delete', live, undefined),
  };
}

function compareFields(resource: Resource, live: Live, kind: Kind): { fields: FieldChange[]; diagnostics: Diagnostic[] } {
  const fields: FieldChange[] = [];
  const diagnostics: Diagnostic[] = [];
  const rules = rulesOf(kind.spec);
  for (const [field, wanted] of Object.entries(resource.spec)) {
    const rule = rules.get(field);
    if (!rule || rule.writeOnly) continue;
    const before = live.spec[field] ?? rule.fallback;
    if (kind.same?.(field, wanted, before, live, resource) || equal(wanted ?? undefined, before ?? undefined, rule.unordered))
      continue;
    if (kind.unsupported?.(field, live))
      diagnostics.push(
        about(resource, field, 'field-not-supported', 'warning', 'the server does not have it, so it is left out'),
      );
    else if (rule.immutable)
      diagnostics.push(
        about(resource, field, 'immutable-field', 'error', `it is ${show(before)} and cannot become ${show(wanted)}`),
      );
    else fields.push({ path: `/${field}`, before, after: wanted });
  }
  return { fields, diagnostics };
}

function renaming(resource: Resource, from: Address | undefined, kind: Kind): FieldChange[] {
  if (!from || !kind.nameField) return [];
  return [{ path: `/${kind.nameField}`, before: nameOf(from), after: nameOf(resource.address) }];
}

function head(resource: Resource, kind: Kind) {
  return { address: resource.address, kind: kind.name, ...(resource.place ? { place: resource.place } : {}) };
}

function effects(kind: Kind, action: 'create' | 'delete', live: Live | undefined, resource: Resource | undefined) {
  const effect = kind.irreversible?.(action, live, resource);
  return effect ? { effects: [effect] } : {};
}

function about(
  resource: Resource,
  field: string,
  code: Diagnostic['code'],
  severity: Diagnostic['severity'],
  why: string,
): Diagnostic {
  const place = resource.fieldPlaces?.[field] ?? resource.place;
  return {
    code,
    severity,
    summary: `\`${field}\` of ${resource.address}: ${why}`,
    address: resource.address,
    ...(place ? { place } : {}),
  };
}

const sorted = (fields: readonly FieldChange[]) => [...fields].sort((a, b) => compare(a.path, b.path));
const show = (value: Json | undefined) => (value === undefined ? 'not set' : JSON.stringify(value));
