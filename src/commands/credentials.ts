import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parse } from 'yaml';
import { type Credential, Secret } from '../client/index.ts';
import type { Io } from './io.ts';

/**
 * The key or token: from the environment, from a file that it names, or what `zenml login` has stored for this API. Never from the
 * command line, where others could read it.
 */
export async function findCredential(io: Pick<Io, 'env'>, apiUrl: string): Promise<Credential | undefined> {
  const { ZENFORM_API_KEY: value, ZENFORM_API_KEY_FILE: file } = io.env;
  if (value?.trim()) return credential(value);
  if (file) return credential(await readFile(file, 'utf8'));
  return stored(io, apiUrl);
}

function credential(text: string): Credential {
  const value = text.trim();
  // A JWT is a token already; keys and personal access tokens are exchanged.
  return { kind: /^[\w-]+\.[\w-]+\.[\w-]+$/.test(value) ? 'token' : 'key', value: new Secret(value) };
}

async function stored({ env }: Pick<Io, 'env'>, apiUrl: string): Promise<Credential | undefined> {
  const home = env.HOME ?? env.USERPROFILE ?? '';
  const folders = [
    env.ZENML_CONFIG_PATH,
    env.XDG_CONFIG_HOME && join(env.XDG_CONFIG_HOME, 'zenml'),
    join(home, '.config', 'zenml'),
    join(home, 'Library', 'Application Support', 'zenml'),
  ];
  for (const folder of folders) {
    if (!folder) continue;
    const text = await readFile(join(folder, 'credentials.yaml'), 'utf8').catch(() => undefined);
    const found = text === undefined ? undefined : entryFor(text, apiUrl);
    if (found) return found;
  }
  return undefined;
}

function entryFor(text: string, apiUrl: string): Credential | undefined {
  let entries: Record<string, { api_key?: unknown; api_token?: unknown } | null> | null;
  try {
    entries = parse(text);
  } catch {
    return undefined;
  }
  const wanted = apiUrl.replace(/\/+$/, '');
  for (const [url, entry] of Object.entries(entries ?? {})) {
    if (url.replace(/\/+$/, '') !== wanted) continue;
    const token = entry?.api_token;
    const bearer = typeof token === 'string' ? token : (token as { access_token?: unknown } | undefined)?.access_token;
    if (typeof entry?.api_key === 'string') return credential(entry.api_key);
    if (typeof bearer === 'string') return { kind: 'token', value: new Secret(bearer) };
  }
  return undefined;
}
