import { ApiError, type Client, type Session } from '../client/index.ts';
import type { Address, KindName } from '../core/address.ts';
import type { Event } from '../core/event.ts';
import type { Kind, ReadContext, Reading, ServerName } from '../core/kind.ts';
import type { Live, LiveState, Unread } from '../core/resource.ts';
import { callerOf, type Identity } from './caller.ts';

export interface ReadOptions {
  readonly kinds: readonly Kind[];
  readonly organization: { readonly id: string; readonly name: string } | undefined;
  readonly identity: Identity;
  /** What the files declare: worth a lookup by name where lists may hide it. */
  readonly wanted: ReadonlySet<Address>;
  /** What files and base speak of in any way. */
  readonly mentioned: ReadonlySet<Address>;
  readonly onEvent: (event: Event) => void;
}

/** Everything live, as far as it can be read. GET only; kinds are read side by side and wait for each other where they must. */
export async function readLive(client: Client, options: ReadOptions): Promise<LiveState> {
  if (!options.organization) return emptyState(options.identity);
  const read = readContext(client, options, options.organization.id);
  const readings = await Promise.all(options.kinds.map(async (kind) => [kind, await read.of(kind.name)] as const));
  const resources = new Map<Address, Live>();
  const principals = new Map<Address, Readonly<Record<string, string>>>();
  for (const [, reading] of readings) {
    for (const live of reading.live) resources.set(live.address, live);
    for (const [address, ids] of reading.principals ?? []) principals.set(address, { ...principals.get(address), ...ids });
  }
  const unread = distinct(readings.flatMap(([, reading]) => reading.unread));
  const state = {
    organization: options.organization,
    resources,
    unread,
    oddities: readings.flatMap(([, reading]) => reading.oddities ?? []),
    roles: readings.flatMap(([, reading]) => reading.roles ?? []),
    principals,
  };
  return { ...state, caller: callerOf(options.identity, state) };
}

/** What kinds may ask while they read: memoised for one run, so that nothing is asked twice. */
export function readContext(
  client: Client,
  options: Pick<ReadOptions, 'kinds' | 'wanted' | 'mentioned' | 'onEvent'>,
  organizationId: string,
): ReadContext {
  const memory = new Map<string, Promise<unknown>>();
  const once = <T>(key: string, compute: () => Promise<T>): Promise<T> => {
    const known = memory.get(key) ?? compute();
    memory.set(key, known);
    return known as Promise<T>;
  };
  const of = (name: KindName): Promise<Reading> =>
    once(`kind/${name}`, async () => {
      const kind = options.kinds.find((one) => one.name === name);
      if (!kind) return { live: [], unread: [] };
      const reading = await kind.list(read).catch((error: unknown): Reading => {
        const reason = unreadable(error);
        return { live: [], unread: [{ prefix: prefixOf(name), reason: `the ${kind.plural} cannot be read: ${reason}` }] };
      });
      options.onEvent({ event: 'read', kind: name, count: reading.live.length });
      return reading;
    });
  const server = async (name: ServerName): Promise<Session> => {
    if (name === 'control-plane') return client.controlPlane;
    const url = (await of('workspace')).live.find((one) => one.address === name)?.facts?.server_url;
    if (typeof url !== 'string') throw new Error(`${name} has no server to ask`);
    return client.workspace(url);
  };
  const read: ReadContext = {
    organizationId,
    wanted: options.wanted,
    mentioned: options.mentioned,
    once,
    of,
    unreadable,
    absent: (error) => error instanceof ApiError && error.status === 404,
    get: async (name, path, query) => (await server(name)).get(path, query),
    list: async (name, path, query, how) => (await server(name)).list(path, query, how),
  };
  return read;
}

/** The reason, when an error says that something is there but cannot be read now; anything else is thrown on. */
function unreadable(error: unknown): string {
  if (!(error instanceof ApiError)) throw error;
  // Nobody answered, or nobody knows us: for a workspace that is its own trouble, for the control plane it is everybody's.
  if ((error.status === undefined || error.status === 401) && error.server === 'control-plane') throw error;
  return error.message;
}

function prefixOf(name: KindName): string {
  if (name === 'grant') return '*/grant/';
  if (name === 'project') return '*/project/';
  return name === 'team_member' ? 'team/' : name === 'organization' ? 'organization' : `${name}/`;
}

function distinct(unread: readonly Unread[]): Unread[] {
  return [...new Map(unread.map((part) => [part.prefix, part])).values()].sort((a, b) => (a.prefix < b.prefix ? -1 : 1));
}

/** An organization that does not exist yet: nothing is there, and nothing is hidden. */
function emptyState(identity: Identity): LiveState {
  const state = { organization: undefined, resources: new Map(), unread: [], oddities: [], roles: [], principals: new Map() };
  return { ...state, caller: { ...callerOf(identity, state), seesEverything: true } };
}
