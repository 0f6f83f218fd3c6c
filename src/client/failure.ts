import { decodeError, describeText } from './decode-error.ts';
import { ApiError } from './errors.ts';
import type { Redactor } from './redact.ts';
import { isAmbiguous, type Mode, retryAfter } from './retry.ts';
import type { Outgoing, Result } from './transport.ts';
import type { ClientClock } from './types.ts';

/** Class of a 401 that another login cannot change. */
export const finalRefusal = 'AuthorizationException';

/** The server's name for what went wrong, if it gives one. */
export function errorClassOf(result: Result): string | undefined {
  return result.answered && result.body.kind === 'json' ? decodeError(result.body.value).errorClass : undefined;
}

/** What a request came to, as an error without secrets; `before` opens its message. */
export function failureOf(
  request: Pick<Outgoing, 'server' | 'base' | 'method' | 'path'>,
  result: Result,
  how: { readonly mode: Mode; readonly redactor: Redactor; readonly clock: ClientClock; readonly before?: string },
): ApiError {
  const { server, method, path } = request;
  const clean = (text: string) => how.redactor.clean(how.before === undefined ? text : `${how.before}: ${text}`);
  const common = { server, method, path, ambiguous: how.mode === 'write' && isAmbiguous(result) };
  if (!result.answered) {
    const cause = Object.assign(new Error(result.message), { code: result.code });
    const through = result.proxy === undefined ? '' : ` through the proxy ${result.proxy}`;
    return new ApiError({
      ...common,
      serverMessage: clean(words(result.code, result.message, through)),
      proxy: result.proxy,
      cause,
    });
  }
  const { errorClass, message } = wordsOf(result, request.base);
  return new ApiError({
    ...common,
    status: result.status,
    errorClass: errorClass === undefined ? undefined : how.redactor.clean(errorClass),
    serverMessage: clean(message),
    page: result.body.kind === 'text' && result.body.markup,
    retryAfter: retryAfter(result.header('retry-after'), how.clock.now()),
  });
}

function words(code: string, message: string, through: string): string {
  if (code === 'INTERRUPTED') return message;
  // The library's own words are for its authors.
  if (code === 'EPROTO') return `no answer${through}: the TLS handshake failed (EPROTO)`;
  return `no answer${through}: ${message}${message.includes(code) || code === 'UNKNOWN' ? '' : ` (${code})`}`;
}

function wordsOf(result: Extract<Result, { answered: true }>, base: string): { errorClass?: string; message: string } {
  const { status, body } = result;
  if (status >= 300 && status < 400) return { message: redirect(result.header('location'), base) };
  const success = status >= 200 && status < 300;
  if (body.kind === 'empty') return { message: 'the answer is empty' };
  if (body.kind === 'json') return success ? { message: 'the answer has an unexpected form' } : decodeError(body.value);
  const shown = describeText(body.text);
  if (body.markup) return { message: `the answer is a page, not JSON; is the URL right? It says: ${shown}` };
  return { message: success ? `the answer breaks off or is not JSON: ${shown}` : shown };
}

/** Only the host of the target is told: the rest of the address may hold anything. */
function redirect(location: string | undefined, base: string): string {
  const target = location !== undefined && URL.canParse(location, base) ? new URL(location, base) : undefined;
  if (!target) return 'the server redirects, without saying where to; redirects are not followed';
  const where = target.origin === new URL(base).origin ? 'another path of the same host' : `${target.protocol}//${target.host}`;
  return `the server redirects to ${where}; redirects are not followed, so give the final URL`;
}
