import { Agent } from 'node:https';
import type { AxiosInstance, AxiosResponse } from 'axios';
import pLimit from 'p-limit';
import { ApiError, decodeError } from './errors.ts';
import type { ClientClock, ClientOptions, Query } from './types.ts';

/** One HTTP request, complete but for the server's address. */
export interface Sent {
  readonly server: string;
  readonly method: string;
  readonly base: string;
  readonly path: string;
  readonly query?: Query;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
}

export interface Answer {
  readonly status: number;
  readonly text: string;
  readonly retryAfter: number | undefined;
}

/** Sends single requests, so many at once and so many a second as allowed. Any answer is an answer; none is an `ApiError`. */
export type Transport = (request: Sent) => Promise<Answer>;

const unsentCodes = new Set(['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'EHOSTUNREACH', 'ENETUNREACH']);

export function createTransport(options: ClientOptions, clock: ClientClock): Transport {
  const limit = pLimit(options.concurrency ?? 8);
  const turn = rateLimit(options.rate, clock);
  let http: Promise<AxiosInstance> | undefined;
  return (request) =>
    limit(async () => {
      http ??= connect(options);
      const instance = await http;
      await turn();
      const start = clock.now();
      const done = (status?: number) =>
        options.onEvent?.({
          type: 'request',
          server: request.server,
          method: request.method,
          path: request.path,
          ms: clock.now() - start,
          ...(status === undefined ? {} : { status }),
        });
      try {
        const response = await instance.request<unknown>({
          method: request.method,
          url: `${request.base}${request.path}${queryText(request.query)}`,
          headers: request.headers,
          ...(request.body === undefined ? {} : { data: request.body }),
          ...(options.signal && request.method === 'GET' ? { signal: options.signal } : {}),
        });
        done(response.status);
        return answerOf(request, response);
      } catch (error) {
        if (error instanceof ApiError) throw error;
        done();
        throw noAnswer(request, error);
      }
    });
}

async function connect(options: ClientOptions): Promise<AxiosInstance> {
  const { default: axios } = await import('axios');
  return axios.create({
    timeout: options.timeoutMs ?? 30_000,
    // A redirect could carry the key to another host.
    maxRedirects: 0,
    responseType: 'text',
    transformResponse: (data: unknown) => data,
    validateStatus: () => true,
    ...(options.adapter ? { adapter: options.adapter } : {}),
    ...(options.ca === undefined ? {} : { httpsAgent: new Agent({ ca: options.ca }) }),
  });
}

function answerOf(request: Sent, response: AxiosResponse<unknown>): Answer {
  if (response.status >= 300 && response.status < 400) {
    const location = String(response.headers.location ?? '');
    const host = URL.canParse(location) ? new URL(location).host : location;
    throw new ApiError({
      ...about(request),
      status: response.status,
      serverMessage: `a redirect to ${host || 'nowhere'}; give the final address`,
    });
  }
  const text =
    typeof response.data === 'string'
      ? response.data
      : response.data === undefined || response.data === null
        ? ''
        : JSON.stringify(response.data);
  return { status: response.status, text, retryAfter: retryAfterOf(response.headers['retry-after']) };
}

/** An axios error holds the headers that were sent, so only its words and its code go on. */
function noAnswer(request: Sent, error: unknown): ApiError {
  const { message = String(error), code } = error as { message?: string; code?: string };
  const unsent = code !== undefined && unsentCodes.has(code);
  const words = code && !message.includes(code) ? `${message} (${code})` : message;
  return new ApiError(
    { ...about(request), serverMessage: words, ambiguous: request.method !== 'GET' && !unsent, unsent },
    { message: words, ...(code ? { code } : {}) },
  );
}

/** The error of an answer that is none of the 2xx. */
export function errorOf(request: Sent, answer: Answer): ApiError {
  const { errorClass, message } = decodeError(answer.text);
  const open = answer.status >= 500 || answer.status === 408;
  return new ApiError({
    ...about(request),
    status: answer.status,
    errorClass,
    serverMessage: message,
    retryAfter: answer.retryAfter,
    ambiguous: open && request.method !== 'GET',
  });
}

export function about(request: Sent) {
  return { server: request.server, method: request.method, path: request.path };
}

function queryText(query: Query | undefined): string {
  const pairs = Object.entries(query ?? {}).flatMap(([key, value]) =>
    value === undefined ? [] : [[key, String(value)] as [string, string]],
  );
  return pairs.length === 0 ? '' : `?${new URLSearchParams(pairs)}`;
}

/** Seconds to wait, from seconds or from a date. */
function retryAfterOf(header: unknown): number | undefined {
  if (typeof header !== 'string' || header.trim() === '') return undefined;
  const seconds = Number(header);
  if (Number.isFinite(seconds)) return Math.max(0, seconds);
  const date = Date.parse(header);
  return Number.isNaN(date) ? undefined : Math.max(0, (date - Date.now()) / 1000);
}

/** A turn for each request such that no second, wherever it begins, holds more than so many. */
function rateLimit(rate: number | undefined, clock: ClientClock): () => Promise<void> {
  if (!rate) return async () => {};
  const starts: number[] = [];
  let queue: Promise<void> = Promise.resolve();
  const next = async () => {
    const oldest = starts.length >= rate ? (starts.shift() ?? 0) : undefined;
    for (let now = clock.now(); oldest !== undefined && now <= oldest + 1000; now = clock.now())
      await clock.sleep(oldest + 1001 - now);
    starts.push(clock.now());
  };
  return () => {
    queue = queue.then(next);
    return queue;
  };
}
