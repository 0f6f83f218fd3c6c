import type { Address, KindName, Level } from '../core/address.ts';
import * as address from '../core/address.ts';
import type { Accept, Claim, Desired, Gone, Ignore } from '../core/desired.ts';
import type { Diagnostic, Place } from '../core/diagnostic.ts';
import type { Json, Resource, Sink, Spec } from '../core/resource.ts';
import { kinds } from '../kinds/index.ts';
import { organizationMember, predefinedRoles } from '../kinds/parts/predefined-roles.ts';
import { minutesIn } from '../kinds/service-account-key.ts';
import { at, entriesOf, itemsOf, type Mapping, type Tree, textOf, toJson } from './tree.ts';

/** What resolving collects. One run, one collector; the result is frozen data. */
interface Collector {
  readonly now: string;
  readonly resources: Map<Address, Resource>;
  readonly gone: Map<Address, Gone>;
  readonly claims: Claim[];
  readonly diagnostics: Diagnostic[];
}

/**
 * The desired state that a merged and valid tree describes. `now` is the day (`YYYY-MM-DD`) that `expires` is measured against.
 * Pure; every problem becomes a diagnostic with its place.
 */
export function resolve(tree: Mapping, now: string): { desired: Desired; diagnostics: Diagnostic[] } {
  const into: Collector = { now, resources: new Map(), gone: new Map(), claims: [], diagnostics: [] };
  const block = at(tree, 'organization');
  declare(into, address.organization, 'organization', block);
  access(into, block, address.organization, 'organization');
  for (const [name, { value, keyPlace }] of entriesOf(at(tree, 'roles')))
    declare(into, address.role(name), 'role', value, keyPlace);
  for (const [name, { value, keyPlace }] of entriesOf(at(tree, 'service_accounts'))) serviceAccount(into, name, value, keyPlace);
  for (const [name, { value, keyPlace }] of entriesOf(at(tree, 'teams'))) team(into, name, value, keyPlace);
  for (const [key, { value, keyPlace }] of entriesOf(at(tree, 'workspaces'))) workspace(into, key, value, keyPlace);
  const people = entriesOf(at(tree, 'members'));
  for (const [email, { value }] of people) if (!isGone(value)) ownRoles(into, address.member(email), value);
  const roles = organizationRoles(into.resources.keys());
  for (const [email, { value, keyPlace }] of people) person(into, email, value, keyPlace, roles);
  const { name, id, api } = (block ? toJson(block) : {}) as { name?: string; id?: string; api?: string };
  const domains = at(block, 'allowed_domains');
  const desired: Desired = {
    organization: {
      ...(name === undefined ? {} : { name }),
      ...(id === undefined ? {} : { id }),
      ...(api === undefined ? {} : { api }),
      create: scalarOf(at(block, 'create')) === true,
      ...(domains ? { allowedDomains: itemsOf(domains).flatMap((item) => textOf(item) ?? []) } : {}),
      ...(block ? { place: at(block, 'name')?.place ?? block.place } : {}),
    },
    resources: into.resources,
    gone: into.gone,
    claims: into.claims,
    prune: new Set(itemsOf(at(block, 'prune')).map((item) => pruned[textOf(item) ?? ''] ?? 'team')),
    ignores: itemsOf(at(tree, 'ignore_drift')).map((item) => ({ ...(toJson(item) as unknown as Ignore), place: item.place })),
    accepts: itemsOf(at(tree, 'accept')).map((item) => ({ ...(toJson(item) as unknown as Accept), place: item.place })),
  };
  return { desired, diagnostics: into.diagnostics };
}

const pruned: Readonly<Record<string, KindName>> = { teams: 'team', members: 'member', service_accounts: 'service_account' };

/** Adds a named thing, or asks it to be gone; answers whether it is declared. */
function declare(into: Collector, resource: Address, kind: KindName, block: Tree | undefined, keyPlace?: Place): boolean {
  const absent = at(block, 'absent');
  const place = keyPlace ?? block?.place;
  if (absent) {
    const destroy = textOf(at(absent, 'destroy'));
    into.gone.set(resource, {
      because: 'absent',
      place: absent.place,
      ...(destroy === undefined ? {} : { destroy }),
      ...(scalarOf(at(block, 'protected')) === true ? { protected: true } : {}),
    });
    return false;
  }
  const spec: Record<string, Json> = {};
  const fieldPlaces: Record<string, Place> = {};
  for (const field of Object.keys(kinds[kind].spec.properties)) {
    const value = at(block, field);
    if (!value || (kind === 'organization' && field === 'name')) continue;
    spec[field] = toJson(value);
    fieldPlaces[field] = value.place;
  }
  const earlier = itemsOf(at(block, 'previously')).flatMap((item) => textOf(item) ?? []);
  const previous = into.resources.get(resource);
  if (previous) into.diagnostics.push(twice(resource, place, previous.place));
  into.resources.set(resource, {
    address: resource,
    spec,
    fieldPlaces,
    ...(place ? { place } : {}),
    ...(earlier.length > 0 ? { previously: earlier } : {}),
    ...(scalarOf(at(block, 'protected')) === true ? { protected: true } : {}),
  });
  return true;
}

function person(
  into: Collector,
  email: string,
  block: Tree,
  keyPlace: Place,
  roles: ReadonlyMap<Address, readonly string[]>,
): void {
  const who = address.member(email);
  if (!declare(into, who, 'member', block, keyPlace)) return;
  const [first = organizationMember] = [...(roles.get(who) ?? [])].sort();
  const declared = into.resources.get(who);
  if (declared) into.resources.set(who, { ...declared, spec: { ...declared.spec, role: first } });
}

/** The roles on the organization that the files give to each holder. */
function organizationRoles(resources: Iterable<Address>): ReadonlyMap<Address, readonly string[]> {
  const roles = new Map<Address, string[]>();
  for (const one of resources) {
    const parsed = address.parse(one);
    if (parsed.kind === 'grant' && parsed.level === 'organization')
      roles.set(parsed.principal, [...(roles.get(parsed.principal) ?? []), parsed.role]);
  }
  return roles;
}

function serviceAccount(into: Collector, name: string, block: Tree, keyPlace: Place): void {
  const who = address.serviceAccount(name);
  if (!declare(into, who, 'service_account', block, keyPlace)) return;
  ownRoles(into, who, block);
  for (const [key, { value, keyPlace: place }] of entriesOf(at(block, 'keys'))) apiKey(into, who, key, value, place);
}

/** A key, of which the files say where its value goes and how old that may get. */
function apiKey(into: Collector, account: Address, name: string, block: Tree, keyPlace: Place): void {
  const key = address.serviceAccountKey(account, name);
  if (!declare(into, key, 'service_account_key', block, keyPlace)) return;
  const sink = sinkOf(at(block, 'to'));
  const oldest = textOf(at(block, 'rotate_after'));
  const declared = into.resources.get(key);
  if (!sink)
    into.diagnostics.push({
      code: 'schema-missing',
      severity: 'error',
      summary: `${key} says nowhere to put its value, which the server shows once`,
      hint: 'write `to: { file: … }` or `to: { exec: […] }`',
      address: key,
      place: keyPlace,
    });
  if (!declared || !sink) return;
  const now = `${into.now}T00:00:00Z`;
  const before = oldest && new Date(Date.parse(now) - minutesIn(oldest) * 60_000);
  into.resources.set(key, {
    ...declared,
    spec: { ...declared.spec, delivered: true, ...(oldest ? { rotated: `within ${oldest}` } : {}) },
    fieldPlaces: { ...declared.fieldPlaces, ...placeOf(at(block, 'rotate_after')) },
    sink,
    age: { now, ...(before ? { oldest: before.toISOString() } : {}) },
  });
}

const placeOf = (tree: Tree | undefined) => (tree ? { rotated: tree.place } : {});

function sinkOf(block: Tree | undefined): Sink | undefined {
  const [file, exec] = [textOf(at(block, 'file')), at(block, 'exec')];
  if (file !== undefined) return { file };
  return exec && { exec: itemsOf(exec).map((item) => textOf(item) ?? '') };
}

function team(into: Collector, name: string, block: Tree, keyPlace: Place): void {
  const group = address.team(name);
  if (!declare(into, group, 'team', block, keyPlace)) return;
  ownRoles(into, group, block);
  for (const principals of ['member', 'service_account'] as const) {
    const list = at(block, principals === 'member' ? 'members' : 'service_accounts');
    if (!list) continue;
    into.claims.push({ of: 'members', team: group, principals });
    entries(into, list, (principal) => address.teamMember(group, principal), principals);
  }
}

function workspace(into: Collector, key: string, block: Tree, keyPlace: Place): void {
  const name = textOf(at(block, 'name')) ?? key;
  const place = address.workspace(name);
  if (!at(block, 'name') && !/^[a-z0-9-]+$/.test(name))
    into.diagnostics.push({
      code: 'schema-value',
      severity: 'error',
      summary: `\`${name}\` cannot be the name of a workspace`,
      hint: 'a name has lower-case letters, digits and hyphens only; with another key, write `name:` in the block',
      address: place,
      place: keyPlace,
    });
  if (!declare(into, place, 'workspace', block, at(block, 'name')?.place ?? keyPlace)) return;
  const sink = sinkOf(at(block, 'enrollment_key', 'to'));
  const declared = into.resources.get(place);
  if (sink && declared) into.resources.set(place, { ...declared, sink });
  access(into, block, place, 'workspace');
  for (const [projectName, { value, keyPlace: at_ }] of entriesOf(at(block, 'projects'))) {
    const project = address.project(place, projectName);
    if (declare(into, project, 'project', value, at_)) access(into, value, project, 'project');
  }
}

function ownRoles(into: Collector, principal: Address, block: Tree): void {
  const roles = at(block, 'roles');
  if (!roles) return;
  into.claims.push({ of: 'own-roles', principal });
  for (const item of itemsOf(roles))
    add(into, address.grant(address.organization, roleName(textOf(item) ?? '', 'organization'), principal), item.place);
}

function access(into: Collector, block: Tree | undefined, scope: Address, level: Level): void {
  const lists = at(block, 'access');
  const mode = textOf(at(block, 'access_mode')) ?? 'complete';
  if (!lists) return;
  const written = entriesOf(lists).map(([name]) => roleName(name, level));
  if (mode !== 'add') into.claims.push({ of: 'grants', scope, ...(mode === 'roles' ? { roles: written } : {}) });
  for (const [name, { value, keyPlace }] of entriesOf(lists)) {
    const role = roleName(name, level);
    for (const [list, kind] of [
      ['members', 'member'],
      ['teams', 'team'],
      ['service_accounts', 'service_account'],
    ] as const)
      entries(into, at(value, list), (principal) => address.grant(scope, role, principal), kind, keyPlace);
  }
}

/** The people, teams or accounts of a list: each a bare name, or a mapping with the last day on which it counts. */
function entries(
  into: Collector,
  list: Tree | undefined,
  make: (principal: Address) => Address,
  kind: address.PrincipalKind,
  rolePlace?: Place,
): void {
  const seen = new Map<Address, Place>();
  for (const item of itemsOf(list)) {
    const name = textOf(item) ?? textOf(at(item, 'email')) ?? textOf(at(item, 'name'));
    if (name === undefined) continue;
    const principal =
      kind === 'member' ? address.member(name) : kind === 'team' ? address.team(name) : address.serviceAccount(name);
    const first = seen.get(principal);
    if (first) into.diagnostics.push(twice(make(principal), item.place, first));
    seen.set(principal, item.place);
    const expires = textOf(at(item, 'expires'));
    if (expires === undefined || expires >= into.now) add(into, make(principal), item.place, rolePlace);
    else expire(into, make(principal), item.place, expires);
  }
}

function expire(into: Collector, one: Address, place: Place, day: string): void {
  into.gone.set(one, { because: 'expired', place });
  into.diagnostics.push({
    code: 'expired',
    severity: 'note',
    summary: `${one} expired on ${day} and counts as not written`,
    hint: 'remove the entry, or write a later date',
    address: one,
    place,
  });
}

function add(into: Collector, one: Address, place: Place, rolePlace?: Place): void {
  // The same grant may be written under `roles:` of its holder and under `access:` of its scope; they mean the same.
  if (!into.resources.has(one))
    into.resources.set(one, {
      address: one,
      spec: {} as Spec,
      place,
      ...(rolePlace ? { fieldPlaces: { role: rolePlace } } : {}),
    });
}

/** The server's spelling of a predefined role, whatever case the file uses; any other name as it is. */
function roleName(name: string, level: Level): string {
  return predefinedRoles[level].find((role) => role.toLowerCase() === name.toLowerCase()) ?? name;
}

function twice(one: Address, place: Place | undefined, first: Place | undefined): Diagnostic {
  return {
    code: 'name-twice',
    severity: 'error',
    summary: `${one} is written twice`,
    hint: 'keep one of them',
    address: one,
    ...(place ? { place } : {}),
    ...(first ? { related: [first] } : {}),
  };
}

const isGone = (block: Tree) => at(block, 'absent') !== undefined;
const scalarOf = (tree: Tree | undefined) => (tree?.type === 'scalar' ? tree.value : undefined);
