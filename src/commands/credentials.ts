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
  if (value?.trim()) return given(value, { what: 'ZENFORM_API_KEY' });
  if (file) return given(await keyFile(resolve(io.cwd, file), file), { what: 'ZENFORM_API_KEY_FILE', file });
  const stored = await storedCredential(io, apiUrl);
  if (stored.credential) return stored.credential;
  const hint = stored.ended
    ? 'run `zenml login` again, or set ZENFORM_API_KEY'
    : 'set ZENFORM_API_KEY or ZENFORM_API_KEY_FILE, or run `zenml login`; a rehearsal with --emulator needs none';
  const why = stored.ended ? `: what \`zenml login\` has stored ended at ${stored.ended}` : '';
  throw usage(`there is no key for ${apiUrl}${why}`, hint, 'credentials-missing');
}

function given(text: string, from: NonNullable<Credential['from']>): Credential {
  const value = text.trim();
  return { kind: isToken(value) ? 'token' : 'key', value: new Secret(value), from };
}

/** Three parts and two dots: a JWT, which is sent as it is. Keys and personal access tokens are exchanged first. */
const isToken = (text: string) => /^[\w-]+\.[\w-]+\.[\w-]+$/.test(text);

async function keyFile(path: string, name: string): Promise<string> {
  const text = await readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
    const hint = 'check the path, which is relative to the working folder, and who may read it';
    throw usage(`the file of ZENFORM_API_KEY_FILE cannot be read: ${name} (${error.code})`, hint, 'credentials-missing');
  });
  if (text.trim() === '')
    throw usage(
      `the file of ZENFORM_API_KEY_FILE is empty: ${name}`,
      'the key goes into it, and nothing else',
      'credentials-missing',
    );
  return text;
}

/**
 * What `zenml login` keeps (zenml 0.98, `zenml/login/credentials_store.py`): `credentials.yaml` maps servers to a key, or to a token with
 * its end. A key is taken before a token, because it can be exchanged anew. What cannot be understood is as good as none.
 */
async function storedCredential(io: Place, apiUrl: string): Promise<{ credential?: Credential; ended?: string }> {
  // The client's own switch: with it, nothing on the disk counts.
  if (['1', 'true', 'yes', 'y', 'on'].includes((io.env.DISABLE_CREDENTIALS_DISK_CACHING ?? '').toLowerCase())) return {};
  const file = join(resolve(io.cwd, zenmlFolder(io.env)), 'credentials.yaml');
  const text = await readFile(file, 'utf8').catch(() => '');
  if (text === '') return {};
  const { parse } = await import('yaml');
  let entries: unknown;
  try {
    entries = parse(text, { logLevel: 'silent' });
  } catch {
    return {};
  }
  if (typeof entries !== 'object' || entries === null) return {};
  const found = Object.entries(entries).find(([url]) => trimmed(url) === trimmed(apiUrl))?.[1] as StoredEntry | null | undefined;
  const from = { what: 'zenml login', file };
  if (typeof found?.api_key === 'string') return { credential: { kind: 'key', value: new Secret(found.api_key), from } };
  const { access_token: token, expires_at: end, leeway } = found?.api_token ?? {};
  if (typeof token !== 'string') return {};
  const until = endOf(end);
  if (until === undefined) return { credential: { kind: 'token', value: new Secret(token), from } };
  // The client stops using it a little before its end, and so do we.
  const margin = typeof leeway === 'number' ? leeway * 1000 : 0;
  if (until.getTime() - margin < io.now().getTime()) return { ended: until.toISOString() };
  return { credential: { kind: 'token', value: new Secret(token), from, until: until.toISOString() } };
}

/** A moment as the client writes it; without a zone, UTC is meant. */
function endOf(written: unknown): Date | undefined {
  if (written instanceof Date) return written;
  if (typeof written !== 'string') return undefined;
  const text = written.trim().replace(' ', 'T');
  const moment = new Date(/(?:Z|[+-]\d\d:?\d\d)$/i.test(text) ? text : `${text}Z`);
  return Number.isNaN(moment.getTime()) ? undefined : moment;
}

interface StoredEntry {
  readonly api_key?: unknown;
  readonly api_token?: { readonly access_token?: unknown; readonly expires_at?: unknown; readonly leeway?: unknown };
}

const trimmed = (url: string) => url.replace(/\/+$/, '');

function zenmlFolder(env: Io['env']): string {
  if (env.ZENML_CONFIG_PATH) return env.ZENML_CONFIG_PATH;
  const home = env.HOME ?? env.USERPROFILE ?? homedir();
  if (platform() === 'win32') return join(env.APPDATA ?? join(home, 'AppData', 'Roaming'), 'zenml');
  if (platform() === 'darwin') return join(home, 'Library', 'Application Support', 'zenml');
  return join(env.XDG_CONFIG_HOME ?? join(home, '.config'), 'zenml');
}
