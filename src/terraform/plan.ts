// What Terraform is told that will happen to a resource. Nothing is written here, and nothing is read unless a reference is written in
// two ways.
import type { PlanContext } from '../core/kind.ts';
import type { Live } from '../core/resource.ts';
import { kindNamed } from '../kinds/index.ts';
import { minutesIn } from '../kinds/service-account-key.ts';
import { sameValue, unknown, type Value, type Values } from './cty.ts';
import { Failed, type Problem } from './diagnostics.ts';
import { liveFrom, sameField, specIn } from './fields.ts';
import type { Organization } from './organization.ts';
import { meansSame } from './place.ts';
import type { Attribute, ResourceSchema } from './schema.ts';

/** A planned state, the attributes that make a replacement necessary, and what has to be said. */
export interface Planned {
  readonly state: Values | null;
  readonly replaces: readonly string[];
  readonly problems: readonly Problem[];
}

/** What a plan is made from; the organization is absent while the provider's own configuration is not known. */
export interface Question {
  readonly schema: ResourceSchema;
  readonly prior: Values | null;
  readonly config: Values | null;
  readonly org: Organization | undefined;
  /** Milliseconds. */
  readonly now: number;
}

export async function planResource({ schema, prior, config, org, now }: Question): Promise<Planned> {
  if (!config) {
    if (prior) refuseDestroy(schema, prior);
    return { state: null, replaces: [], problems: [] };
  }
  if (!prior) return { state: created(schema, config), replaces: [], problems: checked(schema, config, undefined) };
  const live = liveFrom(schema, addressLike(schema, prior), prior);
  const planned: Record<string, Value> = {};
  const changed: Attribute[] = [];
  for (const attribute of schema.attributes) {
    const before = prior[attribute.name] ?? null;
    const wanted = config[attribute.name] ?? null;
    const own = attribute.mode.endsWith('computed');
    if (wanted === null) {
      planned[attribute.name] = own ? before : null;
      if (!own && before !== null && attribute.immutable && !impliedBy(attribute, config)) changed.push(attribute);
      continue;
    }
    const same = await unchanged(schema, attribute, before, wanted, live, org);
    planned[attribute.name] = same && before !== null ? before : wanted;
    if (!same) changed.push(attribute);
  }
  const replaced = changed.filter(({ immutable }) => immutable === 'replace').map(({ name }) => name);
  const [lasting] = changed.filter(({ immutable }) => immutable === 'error');
  if (lasting) throw new Failed(...cannotChange(schema, lasting, prior));
  if (renamesByName(schema, changed, org))
    throw new Failed(
      'the provider names the organization by its name, which would be another one after this',
      'Write the id of the organization in the provider (`organization = "…"`) first.',
      'name',
    );
  if (rotates(schema, prior, config, now)) for (const name of ['key', 'rotated', 'expires_at']) planned[name] = unknown;
  return { state: planned, replaces: replaced, problems: checked(schema, planned, live) };
}

/** What a new thing will be like: the server's own values are known when it is there. */
function created(schema: ResourceSchema, config: Values): Values {
  return Object.fromEntries(
    schema.attributes.map(({ name, mode, source }) => {
      const wanted = config[name] ?? null;
      const filled = wanted === null && mode.endsWith('computed') && !isNever(schema, name, config);
      return [name, source === 'id' || filled ? unknown : wanted];
    }),
  );
}

/** The one computed value of which it is known beforehand that there will be none. */
const isNever = (schema: ResourceSchema, name: string, config: Values) =>
  schema.kind === 'workspace' && name === 'enrollment_key' && config.enroll !== true && config.enroll !== unknown;

/** A workspace beside a project that is named by its id says nothing of its own. */
const impliedBy = (attribute: Attribute, config: Values) =>
  attribute.name === 'workspace' && config.project !== null && config.project !== undefined;

async function unchanged(
  schema: ResourceSchema,
  attribute: Attribute,
  before: Value,
  wanted: Value,
  live: Live,
  org: Organization | undefined,
): Promise<boolean> {
  if (sameValue(before, wanted, attribute.type)) return true;
  if (before === null || wanted === unknown) return false;
  if (attribute.source === 'field') return sameField(schema, attribute, wanted, before, live);
  return org !== undefined && meansSame(attribute, before, wanted, org);
}

/** An address for a thing of which only the state is at hand: its name is in it, whatever it is in. */
function addressLike(schema: ResourceSchema, prior: Values): Live['address'] {
  const name = schema.attributes.find(({ source }) => source === 'name')?.name ?? 'name';
  const own = `${schema.kind}/${String(prior[name] ?? '').replaceAll('/', '%2F')}`;
  // Only compared with names, and never looked up.
  return (schema.kind === 'project' ? `workspace/x/${own}` : own) as Live['address'];
}

function cannotChange(schema: ResourceSchema, attribute: Attribute, prior: Values): [string, string, string] {
  return [
    `\`${attribute.name}\` of a ${schema.kind} cannot change: it is ${JSON.stringify(prior[attribute.name])}`,
    `Another one would be another ${schema.kind}, and everything in this one would be destroyed. Write a resource of its own for it, and destroy this one when it is no longer needed.`,
    attribute.name,
  ];
}

function renamesByName(schema: ResourceSchema, changed: readonly Attribute[], org: Organization | undefined): boolean {
  if (schema.kind !== 'organization' || !changed.some(({ source }) => source === 'name')) return false;
  return org !== undefined && !/^[0-9a-f-]{36}$/i.test(org.settings.organization ?? '');
}

/** Whether a key gets a new value: it was asked for, or the one it has is too old at the start of the day. */
function rotates(schema: ResourceSchema, prior: Values, config: Values, now: number): boolean {
  if (schema.kind !== 'service_account_key') return false;
  if (config.rotate_when !== null && config.rotate_when !== prior.rotate_when) return true;
  const { rotate_after: after } = config;
  if (typeof after !== 'string' || typeof prior.rotated !== 'string') return false;
  const zone = /(Z|[+-]\d\d:?\d\d)$/i.test(prior.rotated) ? '' : 'Z';
  const today = Math.floor(now / 86_400_000) * 86_400_000;
  return Date.parse(`${prior.rotated}${zone}`) < today - minutesIn(after) * 60_000;
}

/** What the kind itself has against a resource. */
function checked(schema: ResourceSchema, wanted: Values, live: Live | undefined): Problem[] {
  const kind = kindNamed(schema.kind);
  if (!kind.check || schema.kind === 'service_account_key') return [];
  const address = live?.address ?? addressLike(schema, wanted);
  const resource = { address, spec: specIn(schema, wanted), sink: { file: '' } };
  // A check asks for what is live, and for nothing else.
  const plan = { live: () => live } as unknown as PlanContext;
  return kind.check(resource, plan).map(({ severity, summary, hint }) => {
    const attribute = /`([a-z_]+)`/.exec(summary)?.[1];
    return {
      severity: severity === 'error' ? 'error' : 'warning',
      summary,
      ...(hint === undefined ? {} : { detail: hint }),
      ...(attribute === undefined ? {} : { attribute }),
    };
  });
}

/** A thing that holds data is destroyed only when that was said beforehand, and in two words. */
export function refuseDestroy(schema: ResourceSchema, prior: Values): void {
  if (!schema.guarded) return;
  const name = `${schema.kind} \`${String(prior.name)}\``;
  if (prior.protected === true)
    throw new Failed(
      `${name} is protected and would be destroyed`,
      'Remove `protected`, and apply that on its own first.',
      'protected',
    );
  if (prior.allow_destroy !== true)
    throw new Failed(
      `${name} would be destroyed: ${kindNamed(schema.kind).irreversible?.('delete', undefined, undefined) ?? 'that destroys data'}`,
      'Write `allow_destroy = true`, and apply that on its own first.',
      'allow_destroy',
    );
}
