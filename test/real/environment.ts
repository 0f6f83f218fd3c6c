import { existsSync, readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';

/** The release of ZenML that the documents in `src/api` describe, and that the real-peer tests run. */
export const release = '0.98.0';

/** A Python environment with the ZenML server and client in it. */
export interface Environment {
  readonly folder: string;
  readonly python: string;
  /** The versions found in it when it was made. */
  readonly zenml: string;
  readonly pythonVersion: string;
}

/** Where `npm run peers` puts the environment of a release. */
export function folderFor(version: string, env: NodeJS.ProcessEnv = process.env): string {
  return join(env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'zenform', `zenml-${version}`);
}

/** The file that is written last, when the environment works. */
export const marker = (folder: string): string => join(folder, 'zenform-peers.json');

/** Reads an environment that is complete; undefined for any other folder. */
export function environmentIn(folder: string): Environment | undefined {
  if (!existsSync(marker(folder))) return undefined;
  const { zenml, pythonVersion } = JSON.parse(readFileSync(marker(folder), 'utf8')) as Environment;
  const python = join(folder, 'bin', 'python');
  return existsSync(python) ? { folder, python, zenml, pythonVersion } : undefined;
}

const none = 'none: ';

/** What `ZENFORM_ZENML` says where no environment could be made. */
export const absent = (reason: string): string => `${none}${reason}`;

/**
 * The environment for the tests, or why there is none. `ZENFORM_ZENML` names its folder, and then it has to be there; without the
 * variable, the one in the cache is taken if it is whole.
 */
export function findEnvironment(env: NodeJS.ProcessEnv = process.env): Environment | { readonly missing: string } {
  const named = env.ZENFORM_ZENML;
  if (named?.startsWith(none)) return { missing: named.slice(none.length) };
  const folder = named || folderFor(release, env);
  const found = environmentIn(folder);
  if (found) return found;
  if (named) throw new Error(`ZENFORM_ZENML is ${named}, which is no whole environment; \`npm run peers\` makes one`);
  return { missing: `there is no Python environment with ZenML ${release}; \`npm run peers\` makes it` };
}
