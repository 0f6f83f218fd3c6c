import { adminCount } from './access.ts';
import { accept } from './control/invitations.ts';
import { settle } from './control/lifecycle.ts';
import { serveControlEndpoint } from './control-endpoints.ts';
import { type Served, serveControlPlane } from './control-plane.ts';
import { type Core, switchOf } from './core.ts';
import { worldOf } from './dump.ts';
import { type ArmedFault, arm, type Fault, hit } from './faults.ts';
import { happenings } from './happenings.ts';
import { listenOn } from './listen.ts';
import { stateOf } from './load.ts';
import { type LoggedRequest, logEntry } from './log.ts';
import { queryOfText, type Received } from './request.ts';
import type { State } from './state.ts';
import { defaultSwitches, switchProblems } from './switches.ts';
import { invitationStatus } from './views.ts';
import { serveWorkspace } from './workspace/server.ts';
import { defaultWorld, type World } from './world.ts';

export type { Fault } from './faults.ts';
export type { LoggedRequest } from './log.ts';
export type { State } from './state.ts';
export { switchTable, unknownCount } from './switches.ts';
export type * from './world.ts';
export { parseWorld } from './world-schema.ts';

/** How to start an emulator. */
export interface EmulatorOptions {
  readonly seed?: World;
  readonly switches?: Readonly<Record<string, string>>;
  /** Default `http://emulator.invalid`. */
  readonly baseUrl?: string;
  /** Milliseconds, for tokens and timestamps. */
  readonly now?: () => number;
}

/** A request without a port; the URL is absolute or a path with query. */
export interface EmulatorRequest {
  readonly method: string;
  readonly url: string;
  readonly headers: Record<string, string>;
  readonly body?: string;
}

/** The answer to a request. */
export interface EmulatorResponse {
  readonly status: number;
  readonly headers: Record<string, string>;
  readonly body: string;
}

/** What happened on the wire: an answer, one that breaks off in the middle, or none. */
export type Outcome =
  | { readonly kind: 'answer' | 'truncate'; readonly response: EmulatorResponse }
  | { readonly kind: 'drop' }
  | { readonly kind: 'hang' };

/** A successful call that may have changed the state. */
export interface Write {
  readonly request: LoggedRequest;
  readonly operation: string;
  /** Accounts of an organization that are Organization Admin and can log in. */
  readonly adminCount: (organizationId: string) => number;
  /** The world in seed form; takes longer. */
  readonly world: () => World;
}

/** Called before each API request, which it may precede with changes; the index counts from 1. */
export type RequestHook = (index: number, request: EmulatorRequest, emulator: Emulator) => void | Promise<void>;

/** A control plane and its workspace servers, in memory. */
export interface Emulator {
  handle(request: EmulatorRequest, signal?: AbortSignal): Promise<EmulatorResponse>;
  listen(port?: number): Promise<{ readonly url: string; close(): Promise<void> }>;
  readonly requests: readonly LoggedRequest[];
  clearRequests(): void;
  /** The live state, to look at only. */
  state(): Readonly<State>;
  world(): World;
  load(world: World): void;
  setSwitches(switches: Readonly<Record<string, string>>): void;
  addFault(fault: Fault): void;
  clearFaults(): void;
  acceptInvitation(email: string, organization?: string): void;
  onRequest(hook: RequestHook): () => void;
  onWrite(listener: (write: Write) => void): () => void;
  /** Key value of the first service account that is Organization Admin. */
  adminKey(organization?: string): string | undefined;
}

function pathOf(core: Core, url: string): { path: string; search: string } {
  const absolute = /^https?:\/\/[^/?#]*/i.exec(url)?.[0] ?? '';
  const rest = url.slice(absolute.length).split('#', 1)[0] ?? '';
  const cut = rest.indexOf('?');
  let path = cut < 0 ? rest : rest.slice(0, cut);
  const prefix = core.baseUrl.replace(/^https?:\/\/[^/]*/i, '');
  if (prefix !== '' && path.startsWith(`${prefix}/`)) path = path.slice(prefix.length);
  return { path: path === '' ? '/' : path, search: cut < 0 ? '' : rest.slice(cut + 1) };
}

/** Tokens outlive an edit of the world, and so does what servers have reported: what they stand for may be gone, but nobody is asked again. */
function keepSessions(old: State, state: State): void {
  for (const [id, workspace] of state.workspaces) {
    for (const user of old.workspaces.get(id)?.server.users.values() ?? []) {
      if (user.externalId !== null) workspace.server.users.set(user.id, user);
    }
  }
  for (const [token, session] of old.sessions) state.sessions.set(token, session);
  for (const [key, count] of old.counters) if (key === 'token' || key.startsWith('usage\u0000')) state.counters.set(key, count);
}

function responseOf(served: Served['answer']): EmulatorResponse {
  const text = served.text !== undefined;
  const contentType = served.contentType ?? (text && served.text !== '' ? 'text/plain; charset=utf-8' : 'application/json');
  const body = served.text ?? JSON.stringify(served.body ?? null);
  return { status: served.status, headers: { 'content-type': contentType, ...served.headers }, body };
}

function broken(message: string, code: string): Error {
  return Object.assign(new Error(message), { code });
}

/** Creates an emulator with its own world. */
export function createEmulator(options: EmulatorOptions = {}): Emulator {
  const now = options.now ?? Date.now;
  const log: LoggedRequest[] = [];
  const hooks = new Set<RequestHook>();
  const listeners = new Set<(write: Write) => void>();
  let faults: ArmedFault[] = [];
  let index = 0;

  const core: Core = {
    state: undefined as unknown as State,
    switches: defaultSwitches(),
    baseUrl: (options.baseUrl ?? 'http://emulator.invalid').replace(/\/+$/, ''),
    now,
    internalCall: (method, path) => {
      if (faults.length === 0) return null;
      // A fault on every path means calls of clients; calls between servers have to be named.
      const named = faults.filter(({ fault }) =>
        /^\/(rbac|usage-event|users\/authorize|organizations\/.*entitlement)/.test(fault.match?.path ?? ''),
      );
      const fault = hit(named, method, [path]);
      if (!fault) return null;
      const { status = 500, body } = typeof fault.do === 'object' ? fault.do : {};
      return { status, isJson: typeof body === 'object' };
    },
  };

  const happens = happenings(core);

  const setSwitches = (given: Readonly<Record<string, string>>): void => {
    const problems = switchProblems(given);
    if (problems.length > 0) throw new Error(problems.join('\n'));
    for (const [name, value] of Object.entries(given)) core.switches[name] = String(value);
    happens.restart(Object.keys(given));
  };

  const load = (world: World): void => {
    const { state, problems } = stateOf(world, { switches: core.switches, now: now() });
    if (problems.length > 0)
      throw new Error(`The world is not valid:\n${problems.map((problem) => `  - ${problem}`).join('\n')}`);
    if (core.state) keepSessions(core.state, state);
    core.state = state;
  };

  const loadWithSwitches = (world: World): void => {
    if (world.switches) setSwitches(world.switches);
    load(world);
  };

  function received(request: EmulatorRequest): { request: Received; workspaceId: string | null; fullPath: string } {
    const { path, search } = pathOf(core, request.url);
    const headers: Record<string, string> = {};
    for (const [name, value] of Object.entries(request.headers)) headers[name.toLowerCase()] = value;
    const base = { method: request.method.toUpperCase(), query: queryOfText(search), headers, body: request.body ?? '' };
    const inside = /^\/_workspace\/([^/]+)(\/.*)?$/.exec(path);
    const own = inside ? (inside[2] ?? '/') : path;
    return { request: { ...base, path: own }, workspaceId: inside?.[1]?.toLowerCase() ?? null, fullPath: path };
  }

  function carryOut(request: Received, workspaceId: string | null): Served {
    settle(core);
    happens.before();
    if (happens.tooMany()) {
      const headers = switchOf(core, 'retry-after') === 'sent' ? { 'retry-after': '1' } : {};
      return { answer: { status: 429, body: { error: 'Too many requests' }, headers }, operation: null, wrote: false };
    }
    const served = workspaceId === null ? serveControlPlane(core, request) : serveWorkspace(core, workspaceId, request);
    settle(core);
    return served;
  }

  async function exchange(given: EmulatorRequest): Promise<Outcome> {
    const { request, workspaceId, fullPath } = received(given);
    if (workspaceId === null && request.path.startsWith('/_emulator/')) {
      const answer = serveControlEndpoint(emulator, core, request);
      return { kind: 'answer', response: responseOf(answer) };
    }
    index += 1;
    for (const hook of hooks) {
      const pending = hook(index, given, emulator);
      if (pending) await pending;
    }
    const workspace = workspaceId === null ? undefined : core.state.workspaces.get(workspaceId);
    const entry = logEntry(request, workspaceId === null ? 'control-plane' : `workspace/${workspace?.name ?? workspaceId}`);
    log.push(entry);
    const fault = faults.length === 0 ? null : hit(faults, request.method, [request.path, fullPath]);
    const action = fault?.do;
    const delay = Math.max(Number(switchOf(core, 'slow-answer')), typeof action === 'object' ? (action.delay ?? 0) : 0);
    if (delay > 0) await new Promise((resolve) => setTimeout(resolve, delay));
    if (happens.losesRequest()) return { kind: 'drop' };
    const skips = fault !== null && fault.when !== 'after' && action !== 'truncate';
    const replaced = typeof action === 'object' && (action.status !== undefined || action.body !== undefined);
    if (skips && (action === 'drop' || action === 'hang')) return { kind: action };
    let response: EmulatorResponse;
    if (skips && replaced) {
      response = { status: 500, headers: {}, body: '' };
    } else {
      const served = carryOut(request, workspaceId);
      response = responseOf(served.answer);
      entry.status = response.status;
      if (served.wrote && response.status < 300 && listeners.size > 0 && served.operation !== null) {
        const write: Write = {
          request: entry,
          operation: served.operation,
          adminCount: (id) => adminCount(core, id),
          world: () => worldOf(core.state, core.switches),
        };
        for (const listener of listeners) listener(write);
      }
    }
    const lost = request.method !== 'GET' && happens.losesAnswer();
    if (action === 'drop' || action === 'hang' || lost) {
      entry.status = 0;
      return { kind: action === 'hang' ? action : 'drop' };
    }
    if (action === 'truncate') return { kind: 'truncate', response };
    if (typeof action === 'object' && replaced) {
      const { status = 500, headers = {}, body = '' } = action;
      const text = typeof body === 'string' ? body : JSON.stringify(body);
      const type = typeof body === 'string' ? 'text/plain; charset=utf-8' : 'application/json';
      response = { status, headers: { 'content-type': type, ...headers }, body: text };
      entry.status = status;
    }
    return { kind: 'answer', response };
  }

  async function handle(request: EmulatorRequest, signal?: AbortSignal): Promise<EmulatorResponse> {
    if (signal?.aborted) throw signal.reason;
    const outcome = await exchange(request);
    if (outcome.kind === 'drop') throw broken('read ECONNRESET', 'ECONNRESET');
    if (outcome.kind === 'hang') {
      return new Promise((_resolve, reject) => {
        signal?.addEventListener('abort', () => reject(signal.reason), { once: true });
      });
    }
    if (outcome.kind === 'answer') return outcome.response;
    const { body } = outcome.response;
    return { ...outcome.response, body: body.slice(0, Math.floor(body.length / 2)) };
  }

  function acceptInvitation(email: string, organization?: string): void {
    const { state } = core;
    const found = [...state.invitations.values()].filter((invitation) => {
      const home = state.organizations.get(invitation.organizationId);
      const fits = organization === undefined || home?.name === organization || home?.id === organization;
      return fits && invitation.email.toLowerCase() === email.toLowerCase() && invitationStatus(core, invitation) === 'pending';
    });
    if (found.length === 0) throw new Error(`There is no pending invitation for ${email}.`);
    for (const invitation of found) accept(core, invitation);
  }

  function adminKey(organization?: string): string | undefined {
    const { state } = core;
    for (const row of state.assignments) {
      const home = state.organizations.get(row.organizationId);
      if (organization !== undefined && home?.name !== organization && home?.id !== organization) continue;
      if (row.kind !== 'user' || state.roles.get(row.roleId)?.name !== 'Organization Admin') continue;
      const account = state.accounts.get(row.principalId);
      if (!account?.organizationId || !account.isActive) continue;
      const key = account.keys.find((candidate) => candidate.active && (candidate.expires === null || candidate.expires > now()));
      if (key) return key.value;
    }
    return undefined;
  }

  const emulator: Emulator = {
    handle,
    listen: (port) =>
      listenOn(exchange, port ?? 0, (url) => {
        core.baseUrl = url;
      }),
    requests: log,
    clearRequests: () => {
      log.length = 0;
    },
    state: () => core.state,
    world: () => worldOf(core.state, core.switches),
    load: loadWithSwitches,
    setSwitches,
    addFault: (fault) => {
      faults.push(arm(fault));
    },
    clearFaults: () => {
      faults = [];
    },
    acceptInvitation,
    onRequest: (hook) => {
      hooks.add(hook);
      return () => hooks.delete(hook);
    },
    onWrite: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    adminKey,
  };

  const seed = options.seed ?? defaultWorld;
  if (seed.switches) setSwitches(seed.switches);
  if (options.switches) setSwitches(options.switches);
  load(seed);
  settle(core);
  return emulator;
}
