import { createEmulator, type Emulator } from '../../src/emulator/index.ts';
import { prepare, proIds, proWorld } from '../contract/pro-world.ts';
import { type Json, type Replay, type Row, replayRow } from '../contract/replay.ts';
import type { Environment } from './environment.ts';
import { fill, freePort, type RealServer, startServer } from './server.ts';

/** A row as the real server has it now, and how it is unlike the row whose request was sent. */
export interface Recorded {
  readonly row: Row;
  readonly problems: readonly string[];
}

interface Peer {
  readonly server: RealServer;
  readonly plane?: { readonly emulator: Emulator; close(): Promise<void> };
}

/** Sends the requests of rows to real servers, one server for each mode, and answers what those have answered. */
export async function record(environment: Environment, rows: readonly Row[]): Promise<Recorded[]> {
  const modes = [...new Set(rows.map(({ mode }) => mode))];
  const recorded = await Promise.all(
    modes.map(async (mode) => {
      const peer = await start(environment, mode);
      try {
        return await play(
          peer,
          rows.filter((row) => row.mode === mode),
        );
      } finally {
        await peer.server.stop();
        await peer.plane?.close();
      }
    }),
  );
  return recorded.flat();
}

async function start(environment: Environment, mode: Row['mode']): Promise<Peer> {
  if (mode === 'pro') return startPro(environment);
  if (mode === 'oss') return { server: await startServer(environment) };
  if (mode === 'oss-inactive') {
    // Python reads an empty setting as absent.
    const env = { ZENML_SERVER_AUTO_ACTIVATE: '0' };
    return { server: await startServer(environment, { env, tokenMinutes: null }) };
  }
  const env = {
    ZENML_SERVER_RATE_LIMIT_ENABLED: 'true',
    ZENML_PAGINATION_DEFAULT_LIMIT: '3',
    ZENML_SERVER_MAX_REQUEST_BODY_SIZE_IN_BYTES: '1000',
  };
  const server = await startServer(environment, { env });
  await fill(environment, server.database, ['l0', 'l1', 'l2', 'l3', 'l4']);
  return { server };
}

async function startPro(environment: Environment): Promise<Peer> {
  const port = await freePort();
  const emulator = createEmulator({ seed: proWorld({ serverUrl: `http://127.0.0.1:${port}`, enrollmentKey: 'enroll' }) });
  const { url, close } = await emulator.listen();
  const organization = { id: proIds.organization, name: 'acme' };
  const workspace = { id: proIds.workspace, name: 'peer' };
  const pro = { controlPlane: url, organization, workspace, enrollmentKey: 'enroll' };
  try {
    return { server: await startServer(environment, { pro, port }), plane: { emulator, close } };
  } catch (error) {
    await close();
    throw error;
  }
}

async function play({ server, plane }: Peer, rows: readonly Row[]): Promise<Recorded[]> {
  const ids = new Map<string, string>();
  const send: Replay['send'] = async ({ path, ...request }) => {
    const answer = await fetch(`${server.url}${path}`, { ...request, redirect: 'manual' });
    return { status: answer.status, type: answer.headers.get('content-type') ?? '', text: await answer.text() };
  };
  const replay: Replay = { send, ids, secrets: new Map() };
  const recorded: Recorded[] = [];
  for (const row of rows) {
    if (plane) prepare(plane.emulator, replay, row);
    const before = plane?.emulator.requests.length ?? 0;
    const { response, problems } = await replayRow(replay, row);
    const calls = (plane?.emulator.requests ?? []).slice(before).map(({ method, path, query, status }) => {
      const search = new URLSearchParams();
      for (const [name, values] of Object.entries(query)) for (const value of [values].flat()) search.append(name, value);
      return { request: `${method} ${path}${search.size > 0 ? `?${search}` : ''}`, status };
    });
    const tidy = tidier(server, ids);
    const now = { ...row, response: tidy(response, row.response), control_plane_calls: tidy(calls, row.control_plane_calls) };
    const told = JSON.stringify(row.control_plane_calls);
    const asked = JSON.stringify(now.control_plane_calls);
    recorded.push({ row: now, problems: asked === told ? problems : [...problems, `asks ${asked} instead of ${told}`] });
  }
  return recorded;
}

const changing = /[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}|\b[0-9a-f]{32}\b|\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(\.\d+)?/gi;

/** Keeps what differs from run to run (ids, times, names of requests) as it was recorded, and takes secrets out. */
function tidier(server: RealServer, ids: ReadonlyMap<string, string>) {
  const back = new Map(
    [...ids].flatMap(([theirs, mine]) => [
      [mine, theirs],
      [mine.replaceAll('-', ''), theirs.replaceAll('-', '')],
    ]),
  );
  const tidyText = (given: string, told: Json, name: string): string => {
    // Refused requests end with the place in the source, which is a path of this machine.
    const text = given.replace(/\n\n {2}File "[\s\S]*$/, '');
    if (name === 'access_token' || /^eyJ[\w-]+\.[\w-]+\.[\w-]+$/.test(text)) return '<jwt>';
    if (name === 'key' && text.startsWith('ZENKEY_')) return '<ZENKEY>';
    const id = /^[0-9a-f-]{36}$/.test(text);
    if (id && back.has(text)) return back.get(text) ?? text;
    if (id && ids.has(told)) return text;
    if (typeof told === 'string') {
      if (name === 'request_id' || told.replace(changing, '#') === text.replace(changing, '#')) return told;
      if (told.endsWith('<shortened>') && text.startsWith(told.slice(0, -'... <shortened>'.length))) return told;
    }
    const own = text
      .replaceAll(server.url, 'http://server.invalid')
      .replace(/http:\/\/127\.0\.0\.1:\d+/g, 'http://control-plane.invalid');
    const short = own.startsWith('<!doctype') && own.length > 200 ? `${own.slice(0, 200)}... <shortened>` : own;
    return short.replace(changing, (one) => back.get(one.toLowerCase()) ?? one);
  };
  const tidy = (value: Json, told: Json, name = ''): Json => {
    if (typeof value === 'string') return tidyText(value, told, name);
    if (Array.isArray(value)) return value.map((one, index) => tidy(one, told?.[index], name));
    if (typeof value !== 'object' || value === null) return value;
    return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, tidy(one, told?.[key], key)]));
  };
  return tidy;
}
