// What Terraform has decided, done. What was done comes back as a state, also when the rest of it failed.
import { type Address, grant, organization } from '../core/address.ts';
import type { FieldChange } from '../core/kind.ts';
import type { Live, Resource } from '../core/resource.ts';
import { unknown, type Value, type Values } from './cty.ts';
import { Failed, type Problem, problemOf } from './diagnostics.ts';
import { attributeValue, changedFields, sameField, specIn, unsupportedIn } from './fields.ts';
import { guarded } from './guard.ts';
import type { Organization } from './organization.ts';
import { addressIn, later } from './place.ts';
import { refuseDestroy } from './plan.ts';
import { addressOfState, type Looked, organizationRoles, stateOf } from './read.ts';
import type { ResourceSchema } from './schema.ts';
import { changeOf, renameOf, type Written, write } from './write.ts';

export interface Order {
  readonly schema: ResourceSchema;
  readonly prior: Values | null;
  readonly planned: Values | null;
  readonly org: Organization;
}

/** Carries out what was planned for one resource. Throws what was found wrong before anything was sent. */
export async function applyResource({ schema, prior, planned, org }: Order): Promise<Looked> {
  if (planned) {
    const wanted = await wantedAddress(schema, planned, org);
    return prior ? update(schema, wanted, prior, planned, org) : create(schema, wanted, planned, org);
  }
  return prior ? destroy(schema, prior, org) : { state: null, problems: [] };
}

async function wantedAddress(schema: ResourceSchema, planned: Values, org: Organization): Promise<Address> {
  const address = await addressIn(schema, planned, org);
  if (address === undefined) throw new Failed('what this refers to is not there', 'Create it first, or correct the reference.');
  if (address === later) throw new Failed('what this refers to is not known, although everything before it was done');
  return address;
}

async function create(schema: ResourceSchema, address: Address, planned: Values, org: Organization): Promise<Looked> {
  const there = await org.find(address);
  if (there) return adopt(schema, there, planned, org);
  const resource = resourceOf(schema, address, planned);
  const written = await write(org, { change: changeOf(address, 'create', fieldsOf(resource)), resource });
  const made = written.error === undefined || Object.keys(written.ids).length > 0;
  if (!made) throw written.error;
  const live = { address, ids: written.ids, spec: resource.spec };
  org.wrote(address, live);
  if (schema.kind === 'service_account_key' && written.error !== undefined && !written.secret) {
    // Its value was lost on the way, and nobody has it: it gets another one.
    const now = await org.readBack(address);
    if (now?.spec.delivered === false) return adopt(schema, now, planned, org);
  }
  return finished(schema, live, planned, written, org, createdHint(schema, address));
}

const createdHint = (schema: ResourceSchema, address: Address) =>
  `${address} was made and is kept in the state. Terraform marks it as tainted: \`terraform untaint ${schema.type}.NAME\` goes on with it as it is.`;

/** Takes what is there already into the state, where that is what was wanted, or where the provider was told to. */
async function adopt(schema: ResourceSchema, there: Live, planned: Values, org: Organization): Promise<Looked> {
  const { name } = await org.open();
  const { address } = there;
  if (schema.kind === 'organization') {
    if (typeof planned.name === 'string' && planned.name !== name)
      throw new Failed(
        `the organization of the provider is called \`${name}\``,
        'Adopt it by its name first, then rename it.',
        'name',
      );
    return update(schema, address, await stateOf(schema, there, { ...planned, name }, org), planned, org);
  }
  if (schema.kind === 'service_account_key' && there.spec.delivered === false)
    return update(schema, address, await stateOf(schema, there, planned, org), { ...planned, key: unknown }, org);
  const asWanted =
    schema.kind === 'member'
      ? (await organizationRoles(address, org)).includes(String(planned.role))
      : schema.kind !== 'service_account_key' && changedFields(schema, planned, there).length === 0;
  if (asWanted) {
    const summary = `${address} was there already, as it is wanted, and is in the state now`;
    const detail =
      'It may have been made by hand, by somebody else, or by a run that was cut off. Destroying it destroys it for them too.';
    return { state: await stateOf(schema, there, planned, org), problems: [{ severity: 'warning', summary, detail }] };
  }
  if (org.settings.adoptExisting && schema.kind !== 'service_account_key')
    return update(schema, address, await stateOf(schema, there, {}, org), planned, org);
  const attribute = schema.attributes.find(({ source }) => source === 'name')?.name;
  const detail = `Take it over with \`terraform import ${schema.type}.NAME '${address}'\`, or, for all that is there already, with \`adopt_existing = true\` in the provider.`;
  throw new Failed(`${address} is there already, and different`, detail, attribute);
}

async function update(
  schema: ResourceSchema,
  wanted: Address,
  prior: Values,
  planned: Values,
  org: Organization,
): Promise<Looked> {
  const before = schema.kind === 'organization' ? organization : await addressOfState(schema, prior, org);
  const there = before && (await org.find(before));
  if (!before || !there) throw new Failed(`${before ?? wanted} is not there any more`, 'Plan again: then it is created.');
  if (schema.kind === 'member') return updateMember(schema, there, prior, planned, org);
  const missing = unsupportedIn(schema, there);
  const problems = [...missing].flatMap((name) => (wantsField(schema, planned, there, name) ? [unsupported(name)] : []));
  const renamed = schema.kind === 'organization' ? organizationRename(prior, planned) : renameOf(before, wanted);
  const fields = [
    ...renamed,
    ...changedFields(schema, planned, there).filter(({ path }) => !missing.has(path.slice(1))),
    ...rotation(planned, there),
  ];
  const live = { ...there, address: wanted };
  if (fields.length === 0) return { state: await stateOf(schema, live, planned, org), problems };
  const resource = resourceOf(schema, wanted, planned);
  const change = changeOf(wanted, 'update', fields);
  const written = await guarded(org, [change], () => write(org, { change, resource, live }));
  // Other addresses speak of the name.
  if (renamed.length > 0) org.forget();
  if (written.error !== undefined) {
    const now = await org.readBack(wanted).catch(() => undefined);
    const state = now ? await stateOf(schema, now, now && prior, org) : prior;
    return { state: withKey(state, written), problems: [...problems, problemOf(written.error, attributeNames(schema))] };
  }
  const spec = { ...there.spec, ...resource.spec };
  org.wrote(wanted, { ...live, spec });
  const done = await finished(schema, { ...live, spec }, planned, written, org, '');
  return { state: done.state, problems: [...problems, ...done.problems] };
}

const attributeNames = (schema: ResourceSchema) => schema.attributes.map(({ name }) => name);

function wantsField(schema: ResourceSchema, planned: Values, there: Live, name: string): boolean {
  const attribute = schema.attributes.find((one) => one.name === name);
  const value = planned[name] ?? null;
  if (!attribute || value === null || value === unknown) return false;
  return !sameField(schema, attribute, value, attributeValue(attribute, there.spec[name]), there);
}

const unsupported = (attribute: string): Problem => ({
  severity: 'warning',
  summary: `the server does not have \`${attribute}\`, so it is left out`,
  attribute,
});

function organizationRename(prior: Values, planned: Values): FieldChange[] {
  if (typeof planned.name !== 'string' || planned.name === prior.name) return [];
  return [{ path: '/name', before: String(prior.name), after: planned.name }];
}

const rotation = (planned: Values, there: Live): FieldChange[] =>
  planned.key === unknown ? [{ path: '/rotated', before: there.spec.rotated, after: 'now' }] : [];

/** Another role for a person: given before the old one is taken, so that they are a member all the time. */
async function updateMember(
  schema: ResourceSchema,
  there: Live,
  prior: Values,
  planned: Values,
  org: Organization,
): Promise<Looked> {
  const { address } = there;
  const held = await organizationRoles(address, org);
  const [old, next] = [String(prior.role), String(planned.role)];
  const given = grant(organization, next, address);
  if (!held.includes(next)) {
    const written = await write(org, { change: changeOf(given, 'create'), resource: { address: given, spec: {} } });
    if (written.error !== undefined) throw written.error;
    org.wrote(given, { address: given, spec: {}, ids: there.ids });
  }
  const taken = grant(organization, old, address);
  const state = { ...prior, ...planned, id: address };
  const live = old === next || !held.includes(old) ? undefined : await org.find(taken);
  if (!live) return { state, problems: [] };
  try {
    const change = changeOf(taken, 'delete');
    const written = await guarded(org, [change], () => write(org, { change, live }));
    if (written.error !== undefined) throw written.error;
    org.wrote(taken, undefined);
    return { state, problems: [] };
  } catch (error) {
    // The person holds both now; the old one stays in the state, so that the next plan goes on.
    return { state: { ...state, role: old }, problems: [problemOf(error, attributeNames(schema))] };
  }
}

async function destroy(schema: ResourceSchema, prior: Values, org: Organization): Promise<Looked> {
  if (schema.kind === 'organization') {
    const summary = 'the organization is left as it is';
    const detail = 'The provider never deletes an organization: it is out of the state now.';
    return { state: null, problems: [{ severity: 'warning', summary, detail }] };
  }
  refuseDestroy(schema, prior);
  const address = await addressOfState(schema, prior, org);
  const live = address && (await org.find(address));
  if (!address || !live) return { state: null, problems: [] };
  const change = changeOf(address, 'delete');
  const written = await guarded(org, [change], () => write(org, { change, live }));
  if (written.error !== undefined) return { state: prior, problems: [problemOf(written.error)] };
  org.wrote(address, undefined);
  return { state: null, problems: [] };
}

function resourceOf(schema: ResourceSchema, address: Address, planned: Values): Resource {
  const spec = specIn(schema, planned);
  // Secrets of answers are asked for, and go nowhere but into the state.
  const sink = schema.kind === 'service_account_key' || planned.enroll === true ? { sink: { file: 'state' } } : {};
  return { address, spec: schema.kind === 'service_account_key' ? { ...spec, delivered: true } : spec, ...sink };
}

const fieldsOf = ({ spec }: Resource): FieldChange[] =>
  Object.entries(spec).map(([name, after]) => ({ path: `/${name}`, before: undefined, after }));

/** The state after a write: as it was planned, with what only the server knows. */
async function finished(
  schema: ResourceSchema,
  made: Live,
  planned: Values,
  written: Written,
  org: Organization,
  hint: string,
): Promise<Looked> {
  const open = Object.entries(planned).some(([name, value]) => value === unknown && name !== 'id' && name !== 'enrollment_key');
  const failed = written.error === undefined ? [] : [problemOf(written.error, attributeNames(schema))];
  const problems: Problem[] = failed.map((one) => ({ ...one, detail: [one.detail, hint].filter(Boolean).join(' ') }));
  const look = open || written.waited || failed.length > 0;
  const read = look ? await org.readBack(made.address).catch((error: unknown) => void problems.push(notRead(error))) : undefined;
  const state = await stateOf(schema, read || made, planned, org);
  return { state: withKey({ ...state, ...knownOf(planned, schema) }, written), problems };
}

const notRead = (error: unknown): Problem => ({ ...problemOf(error), severity: 'warning' });

/** What was planned holds: what the server made of it is seen by the next plan. */
function knownOf(planned: Values, schema: ResourceSchema): Record<string, Value> {
  return Object.fromEntries(
    Object.entries(planned).filter(([name, value]) => value !== unknown && !(schema.kind === 'member' && name === 'id')),
  );
}

/** The state with the secret that an answer brought. */
function withKey(state: Values, { secret }: Written): Values {
  if (!secret) return state;
  return { ...state, [Object.hasOwn(state, 'enrollment_key') ? 'enrollment_key' : 'key']: secret.reveal() };
}
