import { ApiError } from './errors.ts';
import { failureOf } from './failure.ts';
import type { Redactor } from './redact.ts';
import { Secret } from './secret.ts';
import { type Bearer, renewAt, type Tokens, tokens } from './tokens.ts';
import type { Result } from './transport.ts';
import type { ClientClock, ClientOptions, Credential } from './types.ts';
import type { Wire } from './wire.ts';

interface Parts {
  readonly wire: Wire;
  readonly clock: ClientClock;
  readonly redactor: Redactor;
  readonly onEvent: ClientOptions['onEvent'];
}

interface Place {
  readonly server: string;
  readonly base: string;
  readonly path: string;
}

/** The tokens of the control plane: the key exchanged, or, where nothing exchanges keys, the key itself. */
export function controlPlaneTokens(base: string, credential: Credential, parts: Parts): Tokens {
  const secret = parts.redactor.know(new Secret(credential.value.reveal().trim()));
  const itself: Bearer = { value: secret, renewAt: Number.POSITIVE_INFINITY, fixed: true };
  if (credential.kind === 'token') return tokens(async () => itself, parts.clock);
  const place = { server: 'control-plane', base, path: '/auth/login' };
  let refused: ApiError | undefined;
  return tokens(async () => {
    // Asking again and again with a key that was refused could lock it out.
    if (refused) throw refused;
    const result = await login(place, { password: secret }, undefined, parts);
    const bearer = bearerOf(result, place, parts);
    if (bearer) return bearer;
    if (result.answered && [404, 405, 422].includes(result.status)) return itself;
    const error = refusal(place, result, 'the control plane refused the key', parts);
    if (result.answered && [400, 401, 403].includes(result.status)) refused = error;
    throw error;
  }, parts.clock);
}

/** The tokens of a workspace server: from the token of the control plane, or else from the key. */
export function workspaceTokens(server: string, controlPlane: Tokens, credential: Credential, parts: Parts): Tokens {
  const place = { server, base: server, path: '/api/v1/login' };
  const external = (bearer: Bearer) => login(place, { grant_type: 'zenml-external' }, bearer.value, parts);
  return tokens(async () => {
    const first = await controlPlane.current();
    let result = await external(first);
    if (result.answered && result.status === 401) {
      const renewed = await controlPlane.renew(first);
      if (renewed) result = await external(renewed);
    }
    const bearer = bearerOf(result, place, parts);
    if (bearer) return bearer;
    // 200 without a token is the answer that sends a browser to log in.
    const declined = result.answered && [200, 400, 401, 403, 422].includes(result.status);
    if (declined && credential.kind === 'key') {
      const byKey = await login(place, { password: new Secret(credential.value.reveal().trim()) }, undefined, parts);
      const bearer = bearerOf(byKey, place, parts);
      if (bearer) return bearer;
      result = byKey;
    }
    throw refusal(place, result, 'the workspace server let nobody in', parts);
  }, parts.clock);
}

function login(
  place: Place,
  form: Readonly<Record<string, string | Secret>>,
  bearer: Secret | undefined,
  parts: Parts,
): Promise<Result> {
  const fields = Object.entries(form).map(
    ([name, value]) => [name, typeof value === 'string' ? value : value.reveal()] as [string, string],
  );
  return parts.wire(
    {
      ...place,
      method: 'POST',
      login: true,
      headers: {
        'Content-Type': 'application/x-www-form-urlencoded',
        ...(bearer ? { Authorization: `Bearer ${bearer.reveal()}` } : {}),
      },
      body: new URLSearchParams(fields).toString(),
    },
    'read',
  );
}

function bearerOf(result: Result, place: Place, parts: Parts): Bearer | undefined {
  if (!result.answered || result.status < 200 || result.status > 299 || result.body.kind !== 'json') return undefined;
  const { access_token: token, expires_in: expires } = (result.body.value ?? {}) as Record<string, unknown>;
  if (typeof token !== 'string' || token === '') return undefined;
  const expiresIn = Number(expires ?? Number.NaN);
  parts.onEvent?.({ type: 'login', server: place.server, ...(expiresIn > 0 ? { expiresIn } : {}) });
  return { value: parts.redactor.know(new Secret(token)), renewAt: renewAt(expires, parts.clock.now()), fixed: false };
}

/** A refused credential is status 401 whatever number the control plane gave it, because that is what it means to the caller. */
function refusal(place: Place, result: Result, before: string, parts: Parts): ApiError {
  const request = { ...place, method: 'POST' };
  // A page, or 407, is from something that stands in between.
  const refused =
    result.answered &&
    result.status >= 400 &&
    result.status < 500 &&
    ![407, 408, 429].includes(result.status) &&
    !(result.body.kind === 'text' && result.body.markup);
  const how = { mode: 'read' as const, ...parts, ...(refused ? { before } : {}) };
  const error = failureOf(request, result, how);
  if (!refused || place.server !== 'control-plane' || result.status === 401) return error;
  const { server, method, path, errorClass } = error;
  const serverMessage = `${error.serverMessage} (the login answered ${result.status})`;
  return new ApiError({ server, method, path, status: 401, errorClass, serverMessage });
}
