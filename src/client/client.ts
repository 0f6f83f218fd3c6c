import { randomUUID } from 'node:crypto';
import { systemClock } from './clock.ts';
import { ApiError } from './errors.ts';
import { type Gate, gate } from './gate.ts';
import { controlPlaneTokens, workspaceTokens } from './login.ts';
import { type Redactor, redactor } from './redact.ts';
import { session } from './session.ts';
import { pageLimit as limitIn, type TargetDocument } from './target/index.ts';
import { transport } from './transport.ts';
import type { Client, ClientOptions, Session } from './types.ts';
import { checkUrl, normaliseBaseUrl } from './url.ts';
import { wire } from './wire.ts';

const controlPlane = 'control-plane';
const usualLimit = 100;
/** However many a target would give: an answer has to arrive within the time for one request. */
const mostRows = 1000;

/**
 * A client of one ZenML Pro installation. Nothing is sent before the first request; a URL that cannot be used makes every request to it
 * reject with an `ApiError` without a status.
 */
export function createClient(options: ClientOptions): Client {
  const { clock = systemClock, rate, concurrency = 8 } = options;
  return open(options, { gate: gate({ concurrency, rate, clock }), redactor: redactor() });
}

/** What clients of one run have in common. */
interface Shared {
  readonly gate: Gate;
  readonly redactor: Redactor;
}

function open(options: ClientOptions, shared: Shared, known?: TargetDocument): Client {
  const { clock = systemClock, random = Math.random, uuid = randomUUID, signal, onEvent, credential } = options;
  const { redactor: redact } = shared;
  const send = transport(options, {
    gate: shared.gate,
    clock,
    redactor: redact,
    // After an interruption a client that may write may still read, because what it wrote has to be settled.
    stopped: ({ method, login }) => signal?.aborted === true && !(options.writes && (method === 'GET' || login === true)),
  });
  const sendAgain = wire(send, { clock, random, ...(signal ? { signal } : {}), ...(onEvent ? { onEvent } : {}) });
  const logins = { wire: sendAgain, clock, redactor: redact, onEvent };
  const common = {
    transport: send,
    wire: sendAgain,
    redactor: redact,
    clock,
    uuid,
    mayWrite: options.writes !== undefined,
    credential: credential.kind,
  };

  const url = options.apiUrl;
  const problem = checkUrl(url, options);
  const tokens = problem === undefined ? controlPlaneTokens(normaliseBaseUrl(url, options), credential, logins) : undefined;
  const at = (server: string, text: string): Session => {
    const wrong = checkUrl(text, options) ?? problem;
    if (wrong !== undefined || !tokens) return unusable(server, wrong ?? 'it is not usable');
    const base = normaliseBaseUrl(text, options);
    const own = server === controlPlane ? tokens : workspaceTokens(base, tokens, credential, logins);
    const name = server === controlPlane ? server : base;
    return session({ ...common, server: name, base, tokens: own, paging: { limitHonoured: false }, pageLimit });
  };

  let document = known;
  const pageLimit = (path: string) => Math.min((document && limitIn(document, path)) ?? usualLimit, mostRows);
  const workspaces = new Map<string, Session>();
  const client: Client = {
    redactor: redact,
    adapt: (next) => {
      document = next;
      return client;
    },
    writing: (writes) => open({ ...options, writes }, shared, document),
    controlPlane: at(controlPlane, url),
    workspace: (serverUrl) => {
      const key = checkUrl(serverUrl, options) === undefined ? normaliseBaseUrl(serverUrl, options) : serverUrl;
      const known = workspaces.get(key) ?? at(key, serverUrl);
      workspaces.set(key, known);
      return known;
    },
  };
  return client;
}

function unusable(server: string, problem: string): Session {
  const name = server === controlPlane ? server : 'a workspace server';
  const reject = async (method: string, path: string): Promise<never> => {
    throw new ApiError({ server: name, method, path, serverMessage: `the URL cannot be used: ${problem}` });
  };
  return {
    get: (path) => reject('GET', path),
    list: (path) => reject('GET', path),
    write: ({ method, path }) => reject(method, path),
  };
}
