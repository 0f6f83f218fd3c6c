// What is live, as Terraform keeps it.
import { type Address, type KindName, organization, parse } from '../core/address.ts';
import type { Live } from '../core/resource.ts';
import { unknown, type Value, type Values } from './cty.ts';
import { Failed, type Problem } from './diagnostics.ts';
import { attributeValue, sameField, unsupportedIn } from './fields.ts';
import type { Organization } from './organization.ts';
import { addressForImport, addressIn, later, placeKept } from './place.ts';
import { type ResourceSchema, resourceOf } from './schema.ts';
import { Unreadable } from './snapshot.ts';

/** A state, or null when there is nothing any more, and what has to be said about it. */
export interface Looked {
  readonly state: Values | null;
  readonly problems: readonly Problem[];
}

/** The state of a resource as it is on the server. What is there and cannot be read stays as it was, and is said. */
export async function readResource(schema: ResourceSchema, state: Values, org: Organization): Promise<Looked> {
  try {
    const address = await addressOfState(schema, state, org);
    const live = address && (await org.find(address));
    return { state: live ? await stateOf(schema, live, state, org) : null, problems: [] };
  } catch (error) {
    if (!(error instanceof Unreadable)) throw error;
    const detail = 'It is not checked: its state stays as it was.';
    return { state, problems: [{ severity: 'warning', summary: error.message, detail }] };
  }
}

/** Where the thing of a state is now: found by its id, or else by its name. */
export async function addressOfState(schema: ResourceSchema, state: Values, org: Organization): Promise<Address | undefined> {
  const found = typeof state.id === 'string' ? await org.withId(schema.kind, state.id) : undefined;
  const address = found ?? (await addressIn(schema, state, org));
  return address === later ? undefined : address;
}

/** The state of a thing that is live; what only Terraform knows is kept. */
export async function stateOf(schema: ResourceSchema, live: Live, kept: Values, org: Organization): Promise<Values> {
  const { name } = await org.open();
  const place = await placeKept(schema, live.address, kept, org, name);
  const missing = unsupportedIn(schema, live);
  const known: Record<string, Value> = {};
  for (const attribute of schema.attributes) {
    const before = withoutUnknown(kept[attribute.name]);
    if (attribute.source === 'id') known.id = live.ids.id ?? live.address;
    else if (attribute.source === 'own' || attribute.createOnly || missing.has(attribute.name)) known[attribute.name] = before;
    else if (attribute.source !== 'field') known[attribute.name] = place[attribute.name] ?? null;
    else {
      const now = attributeValue(attribute, live.spec[attribute.name]);
      known[attribute.name] = before !== null && sameField(schema, attribute, before, now, live) ? before : now;
    }
  }
  if (parse(live.address).kind === 'member') {
    known.id = live.address;
    known.role = await roleOf(live.address, withoutUnknown(kept.role), org);
  }
  if (schema.kind === 'service_account_key') known.expires_at = attributeText(live.facts?.expires_at);
  return known;
}

const withoutUnknown = (value: Value | undefined): Value => (value === undefined || value === unknown ? null : value);
const attributeText = (value: unknown): Value => (typeof value === 'string' ? value : null);

/** The organization role that stands for a person: the one that is meant while they hold it, else the first by name. */
async function roleOf(person: Address, meant: Value, org: Organization): Promise<Value> {
  const held = await organizationRoles(person, org);
  if (typeof meant === 'string' && (held.length === 0 || held.includes(meant))) return meant;
  return held[0] ?? null;
}

/** The organization roles that somebody holds directly, sorted. */
export async function organizationRoles(person: Address, org: Organization): Promise<string[]> {
  const start = `${organization}/grant/`;
  const { live } = await org.all('grant');
  return live
    .flatMap(({ address }) => {
      if (!address.startsWith(start) || !address.endsWith(`/${person}`)) return [];
      const parsed = parse(address);
      return parsed.kind === 'grant' && parsed.principal === person && parsed.level === 'organization' ? [parsed.role] : [];
    })
    .sort();
}

/** What an import brings into the state. */
export async function importResource(schema: ResourceSchema, text: string, org: Organization): Promise<Values> {
  const address = await addressForImport(schema, text, org);
  const live = await org.find(address);
  if (!live) throw new Failed(`there is no ${address} that can be seen`, 'Check the name, and whether the caller may read it.');
  return stateOf(schema, live, {}, org);
}

/** The kinds that have something to do with who may do what. */
export const accessKinds: readonly KindName[] = (['member', 'service_account', 'team', 'team_member', 'grant'] as const).filter(
  (kind) => resourceOf(kind) !== undefined,
);
