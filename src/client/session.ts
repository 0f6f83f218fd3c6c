import { ApiError, WriteForbidden } from './errors.ts';
import { errorClassOf, failureOf, finalRefusal } from './failure.ts';
import { distinct } from './identity.ts';
import { type Paging, pageOf, readByOffset, readByPage, rowsOf } from './pages.ts';
import type { Redactor } from './redact.ts';
import type { Mode } from './retry.ts';
import { documentOf, pageLimit } from './target/index.ts';
import type { Bearer, Tokens } from './tokens.ts';
import type { Outgoing, Result, Transport } from './transport.ts';
import type { ClientClock, Query, Session } from './types.ts';
import type { Wire } from './wire.ts';

/** What a session is made of. */
export interface SessionParts {
  /** `control-plane`, or the base URL of a workspace server. */
  readonly server: string;
  readonly base: string;
  readonly tokens: Tokens;
  readonly transport: Transport;
  readonly wire: Wire;
  readonly redactor: Redactor;
  readonly clock: ClientClock;
  readonly mayWrite: boolean;
  readonly uuid: () => string;
  readonly paging: Paging;
  /** How many rows of a list are asked for at once. */
  readonly pageLimit: (path: string) => number;
  /** How a refused credential is called. */
  readonly credential: string;
}

const json = 'application/json';

/** Requests to one server, authorized by its tokens. */
export function session(parts: SessionParts): Session {
  const { server, base } = parts;
  const controlPlane = server === 'control-plane';

  const call = async (
    method: string,
    path: string,
    query: Query = {},
    rest: Pick<Outgoing, 'body' | 'headers' | 'step'> = { headers: {} },
  ) => {
    const mode: Mode = method === 'GET' ? 'read' : 'write';
    if (mode === 'write' && !parts.mayWrite) throw new WriteForbidden(method, path, 'this client may only read');
    const request = { server, base, method, path: path.startsWith('/') ? path : `/${path}`, query: queryText(query), ...rest };
    return answerOf(await parts.wire(request, mode, authorized(parts)), request, mode, parts);
  };
  const noList = (path: string) =>
    new ApiError({ server, method: 'GET', path, status: 200, serverMessage: 'the answer is not a list' });
  const rows = async (path: string, query: Query = {}) => {
    const found = rowsOf(await call('GET', path, query));
    if (!found) throw noList(path);
    return found;
  };
  const page = async (path: string, query: Query & { readonly page: number }) => {
    try {
      const found = pageOf(await call('GET', path, query));
      if (!found) throw noList(path);
      return found;
    } catch (error) {
      if (query.page > 1 && error instanceof ApiError && error.status === 400) return undefined;
      throw error;
    }
  };

  return {
    get: (path, query) => call('GET', path, query),
    list: async (path, query = {}, { paged = true, size = 100 } = {}) => {
      if (!paged) return distinct(await rows(path, query));
      if (controlPlane) return readByOffset((part) => rows(path, { ...query, ...part }), parts.paging, parts.pageLimit(path));
      try {
        return await readByPage((part) => page(path, { ...query, ...part }), size);
      } catch (error) {
        if (!(error instanceof ApiError) || error.status !== 422) throw error;
        // Smaller pages than usual: the server's own document says how large they are, or its own choice has to do.
        const document = documentOf(await call('GET', '/openapi.json').catch(() => undefined));
        const most = document && pageLimit(document, path);
        const own = most !== undefined && most < size ? { size: most } : { size: undefined };
        return readByPage((part) => page(path, { ...query, ...part, ...own }), size);
      }
    },
    write: async ({ method, path, query, body, idempotencyKey, step }) => {
      // Only workspace servers know the header, and only on POST.
      const keyed = !controlPlane && method === 'POST';
      const headers = {
        ...(body === undefined ? {} : { 'Content-Type': json }),
        ...(keyed ? { 'Idempotency-Key': idempotencyKey ?? parts.uuid() } : {}),
      };
      return call(method, path, query, {
        headers,
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
        ...(step === undefined ? {} : { step }),
      });
    },
  };
}

/** One attempt with a bearer, and a second one with a new bearer when the first is refused; one new login for all attempts together. */
function authorized(parts: SessionParts): Transport {
  let renewed = false;
  const send = (request: Outgoing, bearer: Bearer) =>
    parts.transport({ ...request, headers: { ...request.headers, Authorization: `Bearer ${bearer.value.reveal()}` } });
  return async (request) => {
    const bearer = await parts.tokens.current();
    const result = await send(request, bearer);
    if (renewed || !result.answered || result.status !== 401 || errorClassOf(result) === finalRefusal) return result;
    renewed = true;
    const other = await parts.tokens.renew(bearer);
    return other ? send(request, other) : result;
  };
}

function answerOf(result: Result, request: Outgoing, mode: Mode, parts: SessionParts): unknown {
  if (result.answered && result.status >= 200 && result.status < 300) {
    if (result.body.kind === 'json') return result.body.value;
    if (result.body.kind === 'empty' && mode === 'write') return null;
  }
  const refused = result.answered && result.status === 401 && errorClassOf(result) !== finalRefusal;
  throw failureOf(request, result, { mode, ...parts, ...(refused ? { before: `the ${parts.credential} was refused` } : {}) });
}

/** The query of a request as it leaves. */
export function queryText(query: Query): string {
  const given = Object.entries(query).flatMap(([name, value]) =>
    value === undefined ? [] : [[name, String(value)] as [string, string]],
  );
  return new URLSearchParams(given).toString();
}
