// A server that a test writes, and a client of it whose time does not pass by itself.
import type { AxiosAdapter } from 'axios';
import {
  ApiError,
  type Client,
  type ClientEvent,
  type ClientOptions,
  createClient,
  type Footprint,
  Secret,
} from '../../src/client/index.ts';

/** The planted key. */
export const key = 'ZENPROKEY_planted-0123456789';
const api = 'https://control.example/api/v1';
/** The server of a workspace. */
export const workspaceUrl = 'https://workspace.example';

/** A request that arrived. */
export interface Asked {
  readonly method: string;
  readonly url: URL;
  readonly path: string;
  readonly body: string;
  readonly at: number;
  readonly header: (name: string) => string | undefined;
}
/** What a test answers; 200 if it does not say. */
export interface Reply {
  readonly status?: number;
  readonly json?: unknown;
  readonly text?: string;
  readonly headers?: Record<string, string>;
}
/** Answers the n-th request, counted from 1, or throws what a connection would. */
export type Serve = (asked: Asked, nth: number) => Reply | Promise<Reply>;

/** The answer to a login. */
export const token = (name = 'a', expires_in: number | null = 3600): Reply => ({
  json: { access_token: `token-planted-${name}`, expires_in },
});
/** Lets everything that can go on go on. */
export const turn = () => new Promise((resolve) => setImmediate(resolve));
/** A footprint without limits. */
export const everything: Footprint = { allows: () => true, taken: () => {} };
/** A connection that ended so. */
export const lost = (code: string) => Object.assign(new Error(`lost ${code}`), { code });

/** A client of a server that a test writes; its logins work unless the test serves them. */
export function connect(
  serve: Serve,
  { readOnly, ...options }: Partial<ClientOptions> & { readonly readOnly?: true } = {},
  serveLogins = false,
) {
  const asked: Asked[] = [];
  const events: ClientEvent[] = [];
  const time = { now: 1_000_000, waits: [] as number[] };
  const clock = {
    now: () => time.now,
    sleep: async (ms: number) => {
      time.waits.push(ms);
      time.now += ms;
    },
  };
  let logins = 0;
  const adapter: AxiosAdapter = async (config) => {
    const url = new URL(config.url ?? '');
    const headers = Object.entries(config.headers.toJSON()).map(([name, value]) => [name.toLowerCase(), String(value)] as const);
    const one: Asked = {
      method: (config.method ?? '').toUpperCase(),
      url,
      path: url.pathname.replace(/^\/api\/v1(?=\/)/, ''),
      body: String(config.data ?? ''),
      at: time.now,
      header: (name) => new Map(headers).get(name),
    };
    await Promise.resolve();
    const login = one.path.endsWith('/login');
    if (!login || serveLogins) asked.push(one);
    const reply = login && !serveLogins ? token(String(++logins)) : await serve(one, asked.length);
    const data = reply.text ?? (reply.json === undefined ? '' : JSON.stringify(reply.json));
    return { data, status: reply.status ?? 200, statusText: '', headers: reply.headers ?? {}, config };
  };
  const client = createClient({
    apiUrl: api,
    credential: { kind: 'key', value: new Secret(key) },
    ...(readOnly ? {} : { writes: everything }),
    adapter,
    clock,
    random: () => 1,
    onEvent: (event) => events.push(event),
    ...options,
  });
  return { client, asked, events, time, clock };
}

/** The error of work that must fail in the world. */
export const failure = async (work: Promise<unknown>): Promise<ApiError> => {
  const error = await work.then(
    () => new Error('it succeeded'),
    (thrown: unknown) => thrown,
  );
  if (!(error instanceof ApiError)) throw error;
  return error;
};
/** A write to the control plane. */
export const create = (client: Client) => client.controlPlane.write({ method: 'POST', path: '/teams', body: { name: 'x' } });
