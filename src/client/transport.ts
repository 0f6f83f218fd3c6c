import type { AxiosRequestConfig, AxiosResponse, AxiosStatic } from 'axios';
import { WriteForbidden } from './errors.ts';
import type { Gate } from './gate.ts';
import type { Redactor } from './redact.ts';
import type { ClientClock, ClientOptions, Observation } from './types.ts';
import { isLocal } from './url.ts';

/** One HTTP request, ready to go. */
export interface Outgoing {
  readonly server: string;
  readonly base: string;
  readonly method: string;
  readonly path: string;
  readonly query?: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
  /** Only proves who is calling: it changes nothing, whatever its method. */
  readonly login?: boolean;
  /** The planned step that a write is for. */
  readonly step?: string;
}

/** What an answer's body turned out to be. */
export type Body =
  | { readonly kind: 'json'; readonly value: unknown }
  | { readonly kind: 'empty' }
  /** Neither: markup, words, or JSON that breaks off. */
  | { readonly kind: 'text'; readonly text: string; readonly markup: boolean };

/** What came back: an answer of any status, or the reason why there is none. */
export type Result =
  | {
      readonly answered: true;
      readonly status: number;
      readonly body: Body;
      readonly header: (name: string) => string | undefined;
    }
  | {
      readonly answered: false;
      readonly code: string;
      readonly message: string;
      /** Host of the proxy that the environment puts in the way. */
      readonly proxy?: string;
    };

/** Sends requests, one exchange each; never rejects for what the world does, and lets no write pass that is not of the footprint. */
export type Transport = (request: Outgoing) => Promise<Result>;

/** Code of a request that was not sent because the run was interrupted. */
export const interrupted = 'INTERRUPTED';

const timedOut = 'ETIMEDOUT';

/** The way to the network, or to the adapter given from outside. axios and TLS are loaded with the first request. */
export function transport(
  options: Pick<ClientOptions, 'adapter' | 'timeoutMs' | 'ca' | 'onEvent' | 'observe' | 'userAgent' | 'writes'>,
  parts: {
    readonly gate: Gate;
    readonly clock: ClientClock;
    readonly redactor: Redactor;
    readonly stopped: (request: Outgoing) => boolean;
  },
): Transport {
  const timeout = options.timeoutMs ?? 30_000;
  let loaded: Promise<{ axios: AxiosStatic; agents: Agents }> | undefined;
  const load = async () => ({
    axios: (await import('axios')).default,
    agents: options.adapter ? {} : await agentsFor(options.ca),
  });

  const exchange = async (request: Outgoing): Promise<Result> => {
    loaded ??= load();
    const { axios, agents } = await loaded;
    const start = parts.clock.now();
    const write = request.method !== 'GET' && !request.login;
    if (write && !options.writes?.allows(request))
      throw new WriteForbidden(request.method, request.path, 'it is no step of the plan');
    const result = await deadline(timeout, (signal) =>
      axios.request({ ...configOf(request, options, timeout), ...agents, signal }).then(
        (response) => {
          options.observe?.(observationOf(response, request.server, start, parts.clock.now()));
          return resultOf(response);
        },
        async (error) => ({ ...noAnswer(error, parts.redactor), ...(options.adapter ? {} : await throughProxy(request)) }),
      ),
    );
    if (write && result.answered && result.status >= 200 && result.status < 300 && result.body.kind !== 'text')
      options.writes?.taken(request);
    const ms = parts.clock.now() - start;
    const { server, method, path } = request;
    options.onEvent?.({ type: 'request', server, method, path, ...(result.answered ? { status: result.status } : {}), ms });
    return result;
  };
  const refusal = (request: Outgoing): Result | undefined =>
    parts.stopped(request) ? { answered: false, code: interrupted, message: 'interrupted, so it was not sent' } : undefined;
  return (request) =>
    parts.gate(
      () => exchange(request),
      () => refusal(request),
    );
}

function configOf(request: Outgoing, options: Pick<ClientOptions, 'adapter' | 'userAgent'>, timeout: number): AxiosRequestConfig {
  const asItIs = (data: unknown) => data;
  return {
    url: `${request.base}${request.path}${request.query ? `?${request.query}` : ''}`,
    method: request.method,
    headers: { Accept: 'application/json', 'User-Agent': options.userAgent ?? 'zenform', ...request.headers },
    ...(request.body === undefined ? {} : { data: request.body }),
    adapter: options.adapter ?? 'http',
    // A proxy has no business with what stays on this machine.
    ...(isLocal(new URL(request.base).hostname) ? { proxy: false as const } : {}),
    timeout,
    maxRedirects: 0,
    responseType: 'text',
    transformRequest: asItIs,
    transformResponse: asItIs,
    validateStatus: () => true,
  };
}

interface Agents {
  readonly httpAgent?: unknown;
  readonly httpsAgent?: unknown;
}

async function agentsFor(ca: string | undefined): Promise<Agents> {
  const [http, https, tls] = await Promise.all([import('node:http'), import('node:https'), import('node:tls')]);
  // Said aloud, because the environment can switch the checking off.
  const trust = { keepAlive: true, rejectUnauthorized: true, ...(ca === undefined ? {} : { ca: [...tls.rootCertificates, ca] }) };
  return { httpAgent: new http.Agent({ keepAlive: true }), httpsAgent: new https.Agent(trust) };
}

/** Ends what takes too long, even when whoever does it ignores the signal. */
async function deadline(ms: number, work: (signal: AbortSignal) => Promise<Result>): Promise<Result> {
  const controller = new AbortController();
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<Result>((resolve) => {
    timer = setTimeout(() => {
      resolve({ answered: false, code: timedOut, message: `no answer within ${ms / 1000} s` });
      controller.abort();
    }, ms);
  });
  return Promise.race([work(controller.signal), late]).finally(() => clearTimeout(timer));
}

function observationOf(response: AxiosResponse, server: string, start: number, end: number): Observation {
  const socket = (response.request as { readonly socket?: { readonly getProtocol?: () => string | null } } | undefined)?.socket;
  const tls = socket?.getProtocol?.();
  const date = Date.parse(String((response.headers as Readonly<Record<string, unknown>> | undefined)?.date ?? ''));
  return {
    server,
    ms: end - start,
    ...(tls ? { tls } : {}),
    // The answer was made somewhere between the two moments.
    ...(Number.isNaN(date) ? {} : { aheadMs: date + 500 - (start + end) / 2 }),
  };
}

function resultOf(response: AxiosResponse): Result {
  const headers = response.headers as Readonly<Record<string, unknown>> | undefined;
  const header = (name: string) => {
    const key = Object.keys(headers ?? {}).find((one) => one.toLowerCase() === name);
    const value = key === undefined ? undefined : headers?.[key];
    return typeof value === 'string' || typeof value === 'number' ? String(value) : undefined;
  };
  return { answered: true, status: response.status, body: bodyOf(response.data), header };
}

function bodyOf(data: unknown): Body {
  if (data === undefined || data === null || data === '') return { kind: 'empty' };
  const text = typeof data === 'string' ? data : Buffer.isBuffer(data) ? data.toString('utf8') : undefined;
  if (text === undefined) return { kind: 'json', value: data };
  if (text.trim() === '') return { kind: 'empty' };
  try {
    return { kind: 'json', value: JSON.parse(text) };
  } catch {
    return { kind: 'text', text, markup: text.trimStart().startsWith('<') };
  }
}

/** The proxy that axios takes for a request, by the environment; only its host is told, because its URL may hold a password. */
async function throughProxy({ base, path }: Outgoing): Promise<{ readonly proxy?: string }> {
  if (isLocal(new URL(base).hostname)) return {};
  const { getProxyForUrl } = await import('proxy-from-env');
  const url = getProxyForUrl(`${base}${path}`);
  return url === '' || !URL.canParse(url) ? {} : { proxy: new URL(url).host };
}

/** Of an error of axios only code and words are kept: its other fields hold the headers, and so the key. */
function noAnswer(error: unknown, redactor: Redactor): Result {
  const { code, message } = (typeof error === 'object' && error !== null ? error : {}) as { code?: unknown; message?: unknown };
  const text = redactor.clean(typeof message === 'string' && message !== '' ? message : 'the connection failed');
  return { answered: false, code: typeof code === 'string' ? code : 'UNKNOWN', message: text };
}
