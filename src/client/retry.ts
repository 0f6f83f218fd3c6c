import type { Result } from './transport.ts';
import type { ClientClock } from './types.ts';

/** What is sent again: reads (and logins) whenever it may help; writes only when it is sure that the server did not carry them out. */
export type Mode = 'read' | 'write';

const attempts = 6;
/** Milliseconds after which nothing is sent again; waits that the server asked for do not count. */
const budget = 60_000;
const firstPause = 500;
const longestRetryAfter = 120;

/** Codes of connections that were never made, so that no request can have travelled over them. */
const neverConnected = new Set(['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN']);
/** Codes of requests that were not sent and that sending again would not help. */
const neverSent =
  /^(INTERRUPTED|CERT_.*|ERR_TLS_.*|DEPTH_ZERO_SELF_SIGNED_CERT|SELF_SIGNED_CERT_IN_CHAIN|UNABLE_TO_.*|ERR_INVALID_.*|ERR_BAD_OPTION.*)$/;

/** Seconds of a `Retry-After`, given as a number or as a date; at most 120. */
export function retryAfter(header: string | undefined, now: number): number | undefined {
  if (header === undefined || header.trim() === '') return undefined;
  const seconds = /^\s*\d+(\.\d+)?\s*$/.test(header) ? Number(header) : (Date.parse(header) - now) / 1000;
  return Number.isNaN(seconds) ? undefined : Math.min(longestRetryAfter, Math.max(0, seconds));
}

/** Whether a write with this result may have been carried out. */
export function isAmbiguous(result: Result): boolean {
  if (!result.answered) return !neverConnected.has(result.code) && !neverSent.test(result.code);
  if (result.status >= 200 && result.status < 300) return result.body.kind === 'text';
  return result.status === 408 || result.status >= 500;
}

/** Whether, and why, a request may be sent again after its n-th attempt came to this. */
function reasonToRepeat(result: Result, mode: Mode, attempt: number): string | undefined {
  if (!result.answered) {
    const may = mode === 'write' ? neverConnected.has(result.code) : !neverSent.test(result.code);
    return may ? result.code : undefined;
  }
  const { status, body } = result;
  if (status === 429) return '429';
  if (mode === 'write') return undefined;
  if ([408, 502, 503, 504].includes(status) || (status >= 500 && attempt <= 2)) return String(status);
  const cutOff = status >= 200 && status < 300 && (body.kind === 'text' ? !body.markup : body.kind === 'empty');
  return cutOff ? 'incomplete answer' : undefined;
}

/** Sends until there is a result that is not to be repeated, at most 6 times and for about a minute; gives the last result. */
export async function withRetries(
  send: () => Promise<Result>,
  how: {
    readonly mode: Mode;
    readonly clock: ClientClock;
    readonly random: () => number;
    readonly signal: AbortSignal | undefined;
    readonly onRetry: (retry: { attempt: number; waitMs: number; reason: string; status: number | undefined }) => void;
  },
): Promise<Result> {
  const { clock, signal } = how;
  const start = clock.now();
  let told = 0;
  for (let attempt = 1; ; attempt++) {
    const result = await send();
    const reason = reasonToRepeat(result, how.mode, attempt);
    if (reason === undefined || attempt === attempts || signal?.aborted) return result;
    const asked = result.answered ? retryAfter(result.header('retry-after'), clock.now()) : undefined;
    const waitMs = Math.round(Math.max(how.random() * firstPause * 2 ** (attempt - 1), (asked ?? 0) * 1000));
    if (asked !== undefined) told += waitMs;
    if (clock.now() + waitMs - start - told >= budget) return result;
    how.onRetry({ attempt, waitMs, reason, status: result.answered ? result.status : undefined });
    await clock.sleep(waitMs, signal);
    if (signal?.aborted) return result;
  }
}
