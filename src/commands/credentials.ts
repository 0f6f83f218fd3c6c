import { readFile } from 'node:fs/promises';
import { homedir, platform } from 'node:os';
import { join, resolve } from 'node:path';
import { type Credential, Secret } from '../client/index.ts';
import type { Io } from './io.ts';
import { usage } from './usage.ts';

const saas = 'https://cloudapi.zenml.io';

/** The base URL of the control plane that the command line or the environment names. */
export const apiUrlOf = (options: { readonly apiUrl?: string | undefined }, env: Io['env']) =>
  options.apiUrl || env.ZENFORM_API_URL || env.ZENML_PRO_API_URL || saas;

type Place = Pick<Io, 'env' | 'cwd' | 'now'>;

/**
 * The key or token for an API: from the environment, from a file that it names, or what `zenml login` has stored for this very API.
 * Never from the command line, where others could read it. Throws a `UsageError` when there is none.
 */
export async function findCredential(io: Place, apiUrl: string): Promise<Credential> {
  const { ZENFORM_API_KEY: value, ZENFORM_API_KEY_FILE: file } = io.env;
  const given = value?.trim() || (file ? (await keyFile(resolve(io.cwd, file), file)).trim() : '');
  if (given) return { kind: isToken(given) ? 'token' : 'key', value: new Secret(given) };
  const stored = await storedCredential(io, apiUrl);
  if (stored) return stored;
  const hint = 'set ZENFORM_API_KEY or ZENFORM_API_KEY_FILE, or run `zenml login`; a rehearsal with --emulator needs none';
  throw usage(`there is no key for ${apiUrl}`, hint, 'credentials-missing');
}

/** Three parts and two dots: a JWT, which is sent as it is. Keys and personal access tokens are exchanged first. */
const isToken = (text: string) => /^[\w-]+\.[\w-]+\.[\w-]+$/.test(text);

async function keyFile(path: string, name: string): Promise<string> {
  const text = await readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
    throw usage(`the file of ZENFORM_API_KEY_FILE cannot be read: ${name} (${error.code})`, undefined, 'credentials-missing');
  });
  if (text.trim() === '') throw usage(`the file of ZENFORM_API_KEY_FILE is empty: ${name}`, undefined, 'credentials-missing');
  return text;
}

/** What `zenml login` keeps: a mapping from server to key or token. What cannot be understood is as good as none. */
async function storedCredential(io: Place, apiUrl: string): Promise<Credential | undefined> {
  const text = await readFile(join(zenmlFolder(io.env), 'credentials.yaml'), 'utf8').catch(() => '');
  if (text === '') return undefined;
  const { parse } = await import('yaml');
  let entries: unknown;
  try {
    entries = parse(text, { logLevel: 'silent' });
  } catch {
    return undefined;
  }
  if (typeof entries !== 'object' || entries === null) return undefined;
  const found = Object.entries(entries).find(([url]) => trimmed(url) === trimmed(apiUrl))?.[1] as StoredEntry | null | undefined;
  if (typeof found?.api_key === 'string') return { kind: 'key', value: new Secret(found.api_key) };
  const { access_token: token, expires_at: end } = found?.api_token ?? {};
  const expired = end !== undefined && new Date(String(end)).getTime() < io.now().getTime();
  return typeof token === 'string' && !expired ? { kind: 'token', value: new Secret(token) } : undefined;
}

interface StoredEntry {
  readonly api_key?: unknown;
  readonly api_token?: { readonly access_token?: unknown; readonly expires_at?: unknown };
}

const trimmed = (url: string) => url.replace(/\/+$/, '');

function zenmlFolder(env: Io['env']): string {
  if (env.ZENML_CONFIG_PATH) return env.ZENML_CONFIG_PATH;
  const home = env.HOME ?? env.USERPROFILE ?? homedir();
  if (platform() === 'win32') return join(env.APPDATA ?? join(home, 'AppData', 'Roaming'), 'zenml');
  if (platform() === 'darwin') return join(home, 'Library', 'Application Support', 'zenml');
  return join(env.XDG_CONFIG_HOME ?? join(home, '.config'), 'zenml');
}
