import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe } from 'vitest';
import { type Client, createClient, Secret } from '../../src/client/index.ts';
import type { Emulator } from '../../src/emulator/index.ts';
import { type Ran, zenform } from '../cli/run.ts';
import { type Environment, findEnvironment } from './environment.ts';

declare module 'vitest' {
  interface TaskMeta {
    /** Exchanges that were compared: recorded ones, those of a real server, and calls of real servers that the emulator answered. */
    compared?: { readonly recorded?: number; readonly live?: number; readonly calls?: number };
    /** The versions of a real server or client that took part. */
    peers?: Readonly<Record<string, string>>;
    /** Why a test that needs a real server did not run. */
    missing?: string;
  }
}

const found = findEnvironment();

/** A story with real servers: told where the Python environment is there, and skipped, with the reason in its name, where it is not. */
export function withPeers(name: string, tell: (environment: Environment) => void): void {
  if ('missing' in found) describe.skip(`${name} (${found.missing})`, { meta: { missing: found.missing } }, () => tell(nothing));
  else describe(name, () => tell(found));
}

/** What a skipped story is told with: it runs nothing. */
const nothing: Environment = { folder: '', python: '', zenml: '', pythonVersion: '' };

/** A client that may write anything, for what no plan does. */
export function clientOf(apiUrl: string, key: string): Client {
  const writes = { allows: () => true, taken: () => {} };
  return createClient({ apiUrl, credential: { kind: 'key', value: new Secret(key) }, writes });
}

/** Calls a server as anybody may, with a bearer. */
export async function call(base: string, token: string, method: string, path: string, body?: unknown) {
  const headers: Record<string, string> = token === '' ? {} : { authorization: `Bearer ${token}` };
  if (body !== undefined) headers['content-type'] = 'application/json';
  const answer = await fetch(`${base}${path}`, {
    method,
    headers,
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const text = await answer.text();
  // biome-ignore lint/suspicious/noExplicitAny: JSON enters here
  return { status: answer.status, body: (text.startsWith('{') || text.startsWith('[') ? JSON.parse(text) : text) as any };
}

/** Logs in with form fields and answers the status and the token. */
export async function login(base: string, form: Readonly<Record<string, string>>, path = '/api/v1/login') {
  const answer = await fetch(`${base}${path}`, { method: 'POST', body: new URLSearchParams(form) });
  const { access_token: token = '' } = (await answer.json()) as { access_token?: string };
  return { status: answer.status, token };
}

/** A folder with configuration, and the program run in it against an emulator that listens. */
export async function repository(emulator: Emulator, url: string) {
  const folder = await mkdtemp(join(tmpdir(), 'zenform-real-'));
  const run = (...argv: string[]): Promise<Ran> =>
    zenform(argv, folder, {
      env: { HOME: folder, XDG_CONFIG_HOME: folder, ZENFORM_API_URL: url, ZENFORM_API_KEY: emulator.adminKey() ?? '' },
    });
  return {
    folder,
    run,
    write: (name: string, text: string) => writeFile(join(folder, name), text),
    remove: () => rm(folder, { recursive: true, force: true }),
  };
}
