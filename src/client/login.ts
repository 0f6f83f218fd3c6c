import { ApiError } from './errors.ts';
import { withRetries } from './retry.ts';
import { type Answer, errorOf, type Sent, type Transport } from './transport.ts';
import type { ClientClock, ClientOptions } from './types.ts';

/** What gives a session its bearer, and a new one when the server no longer takes it. */
export interface Authentication {
  bearer(): Promise<string>;
  /** Forgets a bearer that was refused. Answers whether a new one can be had. */
  renew(refused: string): boolean;
}

interface Token {
  readonly value: string;
  /** When a new one is asked for, in milliseconds; never, where it does not expire. */
  readonly renewAt: number;
}

/** A token is renewed so long before it ends, in milliseconds. */
const margin = 300_000;

/** Keeps one token, shared by all requests, and logs in again when it is about to end or was refused. */
function keepToken(logIn: () => Promise<Token>, clock: ClientClock): Authentication {
  let current: Promise<Token> | undefined;
  let held: Token | undefined;
  return {
    async bearer() {
      if (held && clock.now() >= held.renewAt) current = undefined;
      current ??= logIn().catch((error: unknown) => {
        current = undefined;
        throw error;
      });
      held = await current;
      return held.value;
    },
    renew(refused) {
      if (held?.value === refused) current = undefined;
      return true;
    },
  };
}

/** The control plane: a key is exchanged for tokens, or sent as it is where the exchange is not served. */
export function controlPlaneLogin(
  base: string,
  options: ClientOptions,
  transport: Transport,
  clock: ClientClock,
): Authentication {
  const { kind, value } = options.credential;
  if (kind === 'token') return { bearer: async () => value.reveal(), renew: () => false };
  return keepToken(async () => {
    const request = form('control-plane', base, '/auth/login', { password: value.reveal() });
    const answer = await exchange(request, transport, options, clock);
    if (answer.status === 404 || answer.status === 405 || answer.status === 422)
      return { value: value.reveal(), renewAt: Number.POSITIVE_INFINITY };
    return tokenOf(request, answer, clock);
  }, clock);
}

/** A workspace's own server: the control plane's token is exchanged for one of its own; a key directly, where that is refused. */
export function workspaceLogin(
  name: string,
  base: string,
  controlPlane: Authentication,
  options: ClientOptions,
  transport: Transport,
  clock: ClientClock,
): Authentication {
  return keepToken(async () => {
    const external = async () => {
      const bearer = await controlPlane.bearer();
      const request = form(name, base, '/api/v1/login', { grant_type: 'zenml-external' }, bearer);
      return { request, bearer, answer: await exchange(request, transport, options, clock) };
    };
    let { request, bearer, answer } = await external();
    if (answer.status === 401 && controlPlane.renew(bearer)) ({ request, answer, bearer } = await external());
    const { kind, value } = options.credential;
    if (kind === 'key' && [400, 401, 403, 422].includes(answer.status)) {
      const byKey = form(name, base, '/api/v1/login', { password: value.reveal() });
      const second = await exchange(byKey, transport, options, clock);
      if (second.status < 300) return tokenOf(byKey, second, clock);
    }
    return tokenOf(request, answer, clock);
  }, clock);
}

/** A login changes nothing that lasts, so it is repeated like a read. */
async function exchange(request: Sent, transport: Transport, options: ClientOptions, clock: ClientClock): Promise<Answer> {
  options.onEvent?.({ type: 'login', server: request.server });
  return withRetries(
    async () => {
      try {
        const answer = await transport(request);
        if (answer.status === 408 || answer.status === 429 || answer.status >= 500) throw errorOf(request, answer);
        return answer;
      } catch (error) {
        if (!(error instanceof ApiError)) throw error;
        throw new ApiError({ ...error, method: 'GET', ambiguous: false, serverMessage: `logging in: ${error.serverMessage}` });
      }
    },
    options,
    clock,
  );
}

function form(server: string, base: string, path: string, fields: Record<string, string>, bearer?: string): Sent {
  return {
    server,
    method: 'POST',
    base,
    path,
    headers: {
      'content-type': 'application/x-www-form-urlencoded',
      accept: 'application/json',
      ...(bearer ? { authorization: `Bearer ${bearer}` } : {}),
    },
    body: new URLSearchParams(fields).toString(),
  };
}

function tokenOf(request: Sent, answer: Answer, clock: ClientClock): Token {
  if (answer.status >= 300) throw errorOf(request, answer);
  let json: { access_token?: unknown; expires_in?: unknown } = {};
  try {
    json = (JSON.parse(answer.text) ?? {}) as typeof json;
  } catch {
    // Falls through to the error below: what came is no token.
  }
  if (typeof json.access_token !== 'string')
    throw new ApiError({
      server: request.server,
      method: 'POST',
      path: request.path,
      status: answer.status,
      serverMessage: 'the login answered without a token',
    });
  const seconds = typeof json.expires_in === 'number' && json.expires_in > 0 ? json.expires_in : Number.POSITIVE_INFINITY;
  // A token that lives shorter than the margin is renewed half-way.
  return { value: json.access_token, renewAt: clock.now() + Math.max(seconds * 1000 - margin, seconds * 500) };
}
