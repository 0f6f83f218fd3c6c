import { ApiError } from './errors.ts';
import type { ClientClock, ClientOptions } from './types.ts';

const most = 6;
const mostServerErrors = 3;
const firstPauseMs = 500;
const patienceMs = 60_000;
const longestAskedMs = 120_000;
const passing = new Set([408, 429, 502, 503, 504]);

/**
 * Tries again what may be tried again: reads after any passing trouble; writes only when the server refused to begin, or was never
 * reached. Throws the last error.
 */
export async function withRetries<T>(
  send: (attempt: number) => Promise<T>,
  options: ClientOptions,
  clock: ClientClock,
): Promise<T> {
  const start = clock.now();
  for (let attempt = 1; ; attempt++) {
    try {
      return await send(attempt);
    } catch (error) {
      if (!(error instanceof ApiError) || !mayRepeat(error, attempt) || options.signal?.aborted) throw error;
      const waitMs = pause(error, attempt, options.random ?? Math.random);
      if (clock.now() - start + waitMs > Math.max(patienceMs, error.retryAfter ? longestAskedMs : 0)) throw error;
      const { server, method, path } = error;
      options.onEvent?.({
        type: 'retry',
        server,
        method,
        path,
        attempt,
        waitMs,
        reason: error.status === undefined ? 'no answer' : String(error.status),
      });
      await clock.sleep(waitMs, options.signal);
    }
  }
}

function mayRepeat(error: ApiError, attempt: number): boolean {
  if (attempt >= most) return false;
  if (error.method !== 'GET') return error.status === 429 || (error.unsent && error.method !== 'CONNECT');
  if (error.status === undefined) return true;
  return passing.has(error.status) || (error.status >= 500 && attempt < mostServerErrors);
}

function pause(error: ApiError, attempt: number, random: () => number): number {
  if (error.retryAfter !== undefined) return Math.min(error.retryAfter * 1000, longestAskedMs);
  return Math.round(firstPauseMs * 2 ** (attempt - 1) * random());
}
