// Writing, by the rules of the client: a write is sent once, and what became of one that was not answered is found out by reading again.
import { randomUUID } from 'node:crypto';
import { type Secret, systemClock } from '../client/index.ts';
import { type Address, kindOf, nameOf, organization, parse, referencesOf } from '../core/address.ts';
import { planContext } from '../core/context.ts';
import type { Call, PlanContext } from '../core/kind.ts';
import { nearest } from '../core/nearest.ts';
import type { Change, Step } from '../core/plan.ts';
import type { Live, LiveRole, Resource } from '../core/resource.ts';
import { footprint } from '../engine/footprint.ts';
import { Ids } from '../engine/ids.ts';
import { perform } from '../engine/perform.ts';
import type { Run } from '../engine/run.ts';
import { kindNamed, kinds } from '../kinds/index.ts';
import { Failed } from './diagnostics.ts';
import { oddities } from './odd.ts';
import type { Organization } from './organization.ts';

/** One change, with what it needs to know of. */
export interface Intent {
  readonly change: Change;
  /** What is wanted; absent for a deletion. */
  readonly resource?: Resource;
  /** What is there now, under the address of the change. */
  readonly live?: Live;
}

/** What came of a change. */
export interface Written {
  /** The ids that are known by now; none while it was not created. */
  readonly ids: Readonly<Record<string, string>>;
  /** A secret that an answer brought. */
  readonly secret: Secret | undefined;
  /** Whether a server was waited for, so that more about it is known now. */
  readonly waited: boolean;
  /** Why it did not get to its end. */
  readonly error?: unknown;
}

/** Carries out a change. Throws only what is wrong before anything was sent. */
export async function write(org: Organization, intent: Intent): Promise<Written> {
  const { client, id, placed } = await org.open();
  const { change, resource } = intent;
  const ground = await groundOf(org, intent);
  const calls = callsOf(intent, ground.context).map(placed);
  const steps = calls.map((call, index): Step => ({ ...call, id: `s${index + 1}`, change: change.address, needs: [] }));
  const ids = new Ids();
  ids.learn(organization, { id });
  for (const live of ground.all.values()) ids.learn(live.address, live.ids);
  for (const [address, known] of ground.principals) ids.learn(address, known);
  let secret: Secret | undefined;
  const run: Run = {
    client: client.writing(footprint(steps, ids, ground.all, org.settings)),
    ids,
    kinds: Object.keys(kinds).map((name) => kindNamed(name as keyof typeof kinds)),
    // What has no id of its own need not be looked for after it was made.
    kindNamed: (name) =>
      oddities[name]?.withoutId && name !== 'member' ? { ...kindNamed(name), created: async () => ({}) } : kindNamed(name),
    changes: new Map([[change.address, change]]),
    desired: new Map(resource ? [[change.address, resource]] : []),
    live: ground.all,
    onEvent: () => {},
    clock: org.settings.clock ?? systemClock,
    uuid: randomUUID,
    prepare: async () => {},
    deliver: async (_sink, value) => {
      secret = value;
    },
    ...(org.settings.signal ? { signal: org.settings.signal } : {}),
  };
  const ended = (error?: unknown): Written => ({
    ids: ids.of(change.address),
    secret,
    waited: calls.some(({ until }) => until !== undefined),
    ...(error === undefined ? {} : { error }),
  });
  for (const step of steps)
    try {
      await perform(step, run);
    } catch (error) {
      return ended(error);
    }
  return ended();
}

function callsOf({ change, resource, live }: Intent, context: PlanContext): readonly Call[] {
  const kind = kindNamed(change.kind);
  if (change.action === 'create' && resource) return kind.create(resource, context);
  if (change.action === 'update' && resource && live) return kind.update?.(resource, live, change.fields, context) ?? [];
  return live ? (kind.delete?.(live, context, () => false) ?? []) : [];
}

/** What calls are made from: the things that an address speaks of, and their ids. */
async function groundOf(org: Organization, { change, resource, live }: Intent) {
  const { id, name } = await org.open();
  const all = new Map<Address, Live>(live ? [[change.address, live]] : []);
  const principals = new Map<Address, Readonly<Record<string, string>>>();
  const caller = change.kind === 'service_account_key' ? (await org.identity()).address : undefined;
  let roles: readonly LiveRole[] = [];
  for (const reference of spokenOf(change.address)) {
    const kind = kindOf(reference);
    if (kind === 'role') continue;
    const found = await org.find(reference);
    if (found) all.set(reference, found);
    else if (kind === 'member' || kind === 'service_account') principals.set(reference, (await org.known(reference)) ?? {});
    else if (change.action !== 'delete')
      throw new Failed(`${reference} is not there`, 'Create it first, or correct the name.', kind);
  }
  if (change.kind === 'member' && change.action === 'create')
    principals.set(change.address, (await org.known(change.address)) ?? {});
  if (change.kind === 'grant' || change.kind === 'member') {
    roles = (await org.all('role')).roles ?? [];
    checkRole(change, resource, roles);
  }
  for (const [address, ids] of principals) if (Object.keys(ids).length === 0) principals.delete(address);
  const desired = new Map<Address, Resource>(resource ? [[change.address, resource]] : []);
  const state = { organization: { id, name }, roles, principals, caller: { address: caller } };
  return { all, principals, context: planContext({ all, desired }, state, [], name) };
}

/** Everything that an address speaks of, and what that speaks of. */
function spokenOf(address: Address): Set<Address> {
  const found = new Set<Address>();
  for (const one of referencesOf(address)) {
    if (one !== organization) found.add(one);
    for (const further of spokenOf(one)) if (further !== organization) found.add(further);
  }
  return found;
}

/** A role that is not there is known before anything is sent. */
function checkRole(change: Change, resource: Resource | undefined, roles: readonly LiveRole[]): void {
  if (change.action === 'delete') return;
  const parsed = parse(change.address);
  const level = parsed.kind === 'grant' ? parsed.level : 'organization';
  const name = parsed.kind === 'grant' ? parsed.role : String(resource?.spec.role);
  const here = roles.filter((one) => one.level === level).map((one) => one.name);
  if (here.includes(name)) return;
  const close = nearest(name, here);
  throw new Failed(
    `there is no role \`${name}\` of ${level} level`,
    `${close ? `Did you mean \`${close}\`? ` : ''}There are: ${[...here].sort().join(', ')}.`,
    'role',
  );
}

/** A change of one thing, as a plan would have it. */
export function changeOf(address: Address, action: Change['action'], fields: Change['fields'] = []): Change {
  return { address, kind: kindOf(address), action, fields };
}

/** A rename, as a change of the field that holds the name. */
export function renameOf(from: Address, to: Address): Change['fields'] {
  const field = kindNamed(kindOf(to)).nameField;
  return from === to || !field ? [] : [{ path: `/${field}`, before: nameOf(from), after: nameOf(to) }];
}
