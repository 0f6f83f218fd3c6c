import { systemClock } from './clock.ts';
import { ApiError, WriteForbidden } from './errors.ts';
import { type Authentication, controlPlaneLogin, workspaceLogin } from './login.ts';
import { arrayOf, listByOffset, listByPage } from './pages.ts';
import { withRetries } from './retry.ts';
import { about, createTransport, errorOf, type Sent, type Transport } from './transport.ts';
import type { Client, ClientClock, ClientOptions, Query, Session, WriteRequest } from './types.ts';
import { checkedUrl } from './url.ts';

export { systemClock } from './clock.ts';
export { ApiError, WriteForbidden } from './errors.ts';
export { Secret } from './secret.ts';
export type { Client, ClientClock, ClientEvent, ClientOptions, Credential, Query, Session, WriteRequest } from './types.ts';

/** A client of the control plane and of the workspaces' own servers. Nothing is sent before the first call. */
export function createClient(options: ClientOptions): Client {
  const clock = options.clock ?? systemClock;
  const transport = createTransport(options, clock);
  const base = checkedUrl(options.apiUrl, 'control-plane', options.insecureHttp);
  const authentication = controlPlaneLogin(base, options, transport, clock);
  const sessions = new Map<string, Session>();
  return {
    controlPlane: session({ name: 'control-plane', base, authentication, paging: 'offset', transport, options, clock }),
    workspace(serverUrl) {
      const known = sessions.get(serverUrl);
      if (known) return known;
      const own = checkedUrl(serverUrl, serverUrl, options.insecureHttp);
      const login = workspaceLogin(own, own, authentication, options, transport, clock);
      const created = session({ name: own, base: own, authentication: login, paging: 'page', transport, options, clock });
      sessions.set(serverUrl, created);
      return created;
    },
  };
}

interface Connection {
  readonly name: string;
  readonly base: string;
  readonly authentication: Authentication;
  readonly paging: 'offset' | 'page';
  readonly transport: Transport;
  readonly options: ClientOptions;
  readonly clock: ClientClock;
}

function session(connection: Connection): Session {
  const { options, clock } = connection;
  const limitHonoured = { value: options.limitHonoured === true };
  const get = (path: string, query?: Query) =>
    withRetries(() => call(connection, { method: 'GET', path, ...(query ? { query } : {}) }), options, clock);
  const list = async (path: string, query: Query = {}, { paged = true } = {}) => {
    try {
      if (!paged) return arrayOf(await get(path, query));
      const page = (asked: Query) => get(path, asked);
      return await (connection.paging === 'offset' ? listByOffset(page, query, limitHonoured) : listByPage(page, query));
    } catch (error) {
      if (!(error instanceof TypeError)) throw error;
      throw new ApiError({ server: connection.name, method: 'GET', path, status: 200, serverMessage: error.message });
    }
  };
  const write = async (request: WriteRequest) => {
    if (!options.allowWrites) throw new WriteForbidden(request.method, request.path);
    const key =
      connection.paging === 'page' && request.method === 'POST'
        ? (request.idempotencyKey ?? (options.uuid ?? randomUuid)())
        : undefined;
    return withRetries(() => call(connection, request, key), options, clock);
  };
  return { get, list, write };
}

/** One call, with a new login when the server no longer takes the token: a refusal is not a write. */
async function call(
  connection: Connection,
  request: { method: string; path: string; query?: Query; body?: unknown },
  key?: string,
): Promise<unknown> {
  for (let attempt = 1; ; attempt++) {
    const bearer = await connection.authentication.bearer();
    const sent: Sent = {
      server: connection.name,
      method: request.method,
      base: connection.base,
      path: request.path,
      ...(request.query ? { query: request.query } : {}),
      headers: {
        authorization: `Bearer ${bearer}`,
        accept: 'application/json',
        ...(request.body === undefined ? {} : { 'content-type': 'application/json' }),
        ...(key ? { 'idempotency-key': key } : {}),
      },
      ...(request.body === undefined ? {} : { body: JSON.stringify(request.body) }),
    };
    const answer = await connection.transport(sent);
    if (answer.status < 300) return parsed(sent, answer.text);
    const error = errorOf(sent, answer);
    const final = error.errorClass === 'AuthorizationException';
    if (answer.status !== 401 || final || attempt > 1 || !connection.authentication.renew(bearer)) throw error;
  }
}

/** The JSON of an answer; none at all is null. What was cut off says nothing, for a write not even whether it happened. */
function parsed(sent: Sent, text: string): unknown {
  if (text.trim() === '') return null;
  try {
    return JSON.parse(text);
  } catch {
    const serverMessage = `the answer is not JSON: ${text.slice(0, 80).replace(/\s+/g, ' ')}`;
    throw new ApiError({ ...about(sent), serverMessage, ambiguous: sent.method !== 'GET' });
  }
}

const randomUuid = () => globalThis.crypto.randomUUID();
