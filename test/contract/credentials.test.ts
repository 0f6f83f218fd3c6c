// What the ZenML client 0.98.0 has written with its own `CredentialsStore` (set_token, set_api_key, set_bare_token): its own file is read.
import { copyFileSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, it } from 'vitest';
import { findCredential } from '../../src/commands/credentials.ts';
import { createEmulator } from '../../src/emulator/index.ts';
import { cleanUp, folderWith, zenform } from '../cli/run.ts';

const recorded = fileURLToPath(new URL('./recorded/credentials-0.98.yaml', import.meta.url));
const cwd = folderWith({ 'key.txt': 'ZENPROKEY_in-a-file\n' });
mkdirSync(join(cwd, 'zenml'));
copyFileSync(recorded, join(cwd, 'zenml/credentials.yaml'));
afterAll(cleanUp);

const find = async (url: string, env: Record<string, string> = {}, now = '2026-11-26T20:15:00Z') => {
  const found = await findCredential({ cwd, env: { XDG_CONFIG_HOME: cwd, HOME: cwd, ...env }, now: () => new Date(now) }, url);
  const { kind, value, from, until } = found;
  return [kind, value.reveal().replace(/^.*\./, ''), from?.what, ...(until === undefined ? [] : [until])];
};
const saas = 'https://cloudapi.zenml.io';

describe('what zenml login has stored', () => {
  it('is found for the very server that is asked, as key or as token', async () => {
    expect(await find(saas)).toEqual(['token', 'login', 'zenml login', '2026-11-26T22:10:41.136Z']);
    expect(await find(`${saas}/`)).toEqual(await find(saas));
    expect(await find('https://zenml.example.com/api/v1')).toEqual(['key', 'ZENPROKEY_stored', 'zenml login']);
    expect(await find('https://bare.example.com')).toEqual(['token', 'bare', 'zenml login']);
    await expect(find('https://zenml.example.com')).rejects.toThrow('there is no key for https://zenml.example.com');
  });

  it('is looked for in the folder that ZENML_CONFIG_PATH names, also a relative one', async () => {
    const elsewhere = { XDG_CONFIG_HOME: '/nowhere', ZENML_CONFIG_PATH: 'zenml' };
    expect(await find(saas, elsewhere)).toEqual(await find(saas));
    await expect(find(saas, { ZENML_CONFIG_PATH: 'other' })).rejects.toThrow('there is no key');
    await expect(find(saas, { DISABLE_CREDENTIALS_DISK_CACHING: 'true' })).rejects.toThrow('there is no key');
  });

  it('comes after the environment and a key file', async () => {
    const file = { ZENFORM_API_KEY_FILE: 'key.txt' };
    expect(await find(saas, { ...file, ZENFORM_API_KEY: 'ZENPROKEY_given' })).toEqual([
      'key',
      'ZENPROKEY_given',
      'ZENFORM_API_KEY',
    ]);
    expect(await find(saas, file)).toEqual(['key', 'ZENPROKEY_in-a-file', 'ZENFORM_API_KEY_FILE']);
  });

  it('does not count once the client itself would no longer use it: its leeway before its end', async () => {
    expect(await find('https://soon.example.com', {}, '2026-11-26T20:20:11Z')).toContain('soon');
    const late = find('https://soon.example.com', {}, '2026-11-26T20:20:12Z');
    await expect(late).rejects.toThrow('what `zenml login` has stored ended at 2026-11-26T20:20:41.137Z');
  });

  it('is told by doctor with its place and its end, and never shown', async () => {
    const server = await createEmulator().listen();
    try {
      const text = readFileSync(recorded, 'utf8');
      writeFileSync(
        join(cwd, 'zenml/credentials.yaml'),
        text.replaceAll('https://zenml.example.com/api/v1', server.url).replace('ZENPROKEY_stored', 'ZENPROKEY_emulator'),
      );
      const ran = await zenform(['doctor', '--api-url', server.url, '--organization', 'acme', '--report', 'report.json'], cwd);
      expect(ran.stdout).toContain(
        `a key of zenml login (${join(cwd, 'zenml/credentials.yaml')}), exchanged for tokens that live 60 minutes`,
      );
      const report = readFileSync(join(cwd, 'report.json'), 'utf8');
      expect(report).toContain('a key of zenml login, exchanged for');
      for (const shown of [ran.stdout, ran.stderr, report]) expect(shown).not.toContain('ZENPROKEY_emulator');
      const refused = await zenform(['doctor', '--api-url', server.url], cwd, { env: { ZENFORM_API_KEY: 'ZENPROKEY_planted' } });
      expect(refused.stdout).toContain('check ZENFORM_API_KEY: the key may be wrong, expired or deactivated');
      expect(refused.stdout + refused.stderr).not.toContain('ZENPROKEY_planted');
    } finally {
      await server.close();
    }
  });
});
