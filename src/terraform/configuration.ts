// The provider's own configuration.
import { type Credential, Secret } from '../client/index.ts';
import { unknown, type Values } from './cty.ts';
import { Failed } from './diagnostics.ts';
import type { Settings } from './organization.ts';

/** The world of a provider, given from outside. */
export interface World {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly now: () => number;
  /** The base URL of the control plane that the environment names. */
  readonly apiUrl: (given: string | undefined) => string;
  /** The key for an API that environment, file or login holds. */
  readonly credential: (apiUrl: string) => Promise<Credential>;
  readonly readFile: (path: string) => Promise<string>;
  /** Where what the client does is told. */
  readonly onEvent?: NonNullable<Settings['onEvent']>;
}

/** What the provider block and the environment say; undefined while some of it is not known yet. */
export async function settingsOf(config: Values, world: World, signal: AbortSignal): Promise<Settings | undefined> {
  if (Object.values(config).includes(unknown)) return undefined;
  const text = (name: string) => (typeof config[name] === 'string' && config[name] !== '' ? (config[name] as string) : undefined);
  const number = (name: string) => {
    const value = config[name];
    if (value === null || value === undefined) return {};
    if (typeof value !== 'number' || !Number.isInteger(value) || value < 1)
      throw new Failed(`\`${name}\` is a whole number from 1`, undefined, name);
    return { [name]: value };
  };
  const apiUrl = world.apiUrl(text('api_url'));
  const key = text('api_key');
  const file = text('ca_file');
  const organization = text('organization') ?? (world.env.ZENFORM_ORGANIZATION || undefined);
  const ca =
    file === undefined
      ? undefined
      : await world.readFile(file).catch((error: NodeJS.ErrnoException) => {
          throw new Failed(`the file cannot be read: ${file} (${error.code})`, undefined, 'ca_file');
        });
  return {
    apiUrl,
    credential: key === undefined ? await world.credential(apiUrl) : credentialIn(key),
    organization,
    adoptExisting: config.adopt_existing === true,
    acceptLockOut: config.accept_lock_out === true,
    signal,
    ...(config.insecure_http === true ? { insecureHttp: true } : {}),
    ...(ca === undefined ? {} : { ca }),
    ...number('concurrency'),
    ...number('rate'),
    ...(world.onEvent ? { onEvent: world.onEvent } : {}),
  };
}

/** Three parts and two dots: a token, which is sent as it is. */
const credentialIn = (text: string): Credential => ({
  kind: /^[\w-]+\.[\w-]+\.[\w-]+$/.test(text) ? 'token' : 'key',
  value: new Secret(text),
});
