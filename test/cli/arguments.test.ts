import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Io } from '../../src/commands/io.ts';
import { createEmulator, parseWorld } from '../../src/emulator/index.ts';
import { cleanUp, folderWith, zenform } from './run.ts';

afterAll(cleanUp);
const folder = folderWith({ 'zenform.yaml': 'organization: { name: acme }\n' });
const run = (...argv: string[]) => zenform(argv, folder);

describe('a command line', () => {
  it.each(['access', 'pln'])('knows no command %s', async (name) => {
    const { code, stderr, stdout } = await run(name);
    expect(code).toBe(1);
    expect(stderr).toContain(`unknown command '${name}'`);
    expect(stdout).toBe('');
  });

  it.each([
    ['apply', '--detailed-exitcode', 'x'],
    ['plan', '--mark-base', 'x'],
    ['plan', '--api-key', 'x'],
    ['schema', '-o', 'json'],
    ['validate', '--base', 'HEAD'],
  ])('does not silently take what is not built: %s %s', async (...argv) => {
    const { code, stderr } = await run(...argv);
    expect(code).toBe(1);
    expect(stderr).toContain(`unknown option '${argv[1]}'`);
  });

  it.each([
    ['plan', 'yaml'],
    ['export', 'html'],
    ['export', 'sarif'],
    ['doctor', 'html'],
    ['doctor', 'sarif'],
    ['unmanaged', 'sarif'],
  ])('has for %s no output format %s, and says which there are', async (command, format) => {
    const { code, stdout, stderr } = await run(command, '--emulator', '-o', format);
    expect([code, stdout]).toEqual([1, '']);
    expect(stderr).toMatch(
      new RegExp(`error\\[usage\\].*no output format \`${format}\`\\n.* has \`text\`, \`json\`, \`markdown\``),
    );
  });

  it('guesses what was meant', async () => {
    expect((await run('pln')).stderr).toContain('Did you mean plan?');
    expect((await run('plan', '--detailed-exitcod')).stderr).toContain('Did you mean --detailed-exitcode?');
  });

  it.each([
    ['plan', '--concurrency', '0'],
    ['plan', '--rate', 'fast'],
    ['plan', '--timeout', '-1'],
    ['plan', '--emulator', '--now', '2026-02-30'],
    ['plan', '--emulator', '--api-url', 'http://127.0.0.1:1'],
    ['plan', '--emulator', '-o', 'text', '-o', 'text'],
    ['plan', '--emulator', '-o', 'json='],
    ['drift', '--emulator', '--fail-on-unmanaged', 'teams'],
    ['plan', 'extra'],
    ['schema', 'nothing'],
    ['emulate', '--switch', 'nothing=1'],
    ['plan', '--emulator', '--events', 'no/such/folder'],
  ])('refuses %s %s %s', async (...argv) => {
    const { code, stderr, stdout } = await run(...argv);
    expect(stderr).toContain('error[usage]');
    expect([code, stdout]).toEqual([1, '']);
  });

  it('takes options before the command, too', async () => {
    const after = await run('plan', '--emulator', '-f', 'zenform.yaml', '--quiet');
    expect(after.code).toBe(0);
    expect(await run('-f', 'zenform.yaml', '--quiet', '--emulator', 'plan')).toEqual(after);
    expect(await run('--quiet', 'plan', '--emulator', '--file=zenform.yaml')).toEqual(after);
  });

  it('shows help that fits a screen, with an example', async () => {
    const top = await run();
    expect(top).toEqual(await run('--help'));
    expect(top.code).toBe(0);
    expect(top.stdout).toContain('Example:\n  zenform ');
    const names = [...top.stdout.matchAll(/^ {2}([a-z]+) {2,}/gm)].map(([, name = '']) => name).filter((name) => name !== 'help');
    expect(names).toEqual([
      'init',
      'validate',
      'plan',
      'show',
      'apply',
      'drift',
      'adopt',
      'export',
      'unmanaged',
      'doctor',
      'synth',
      'terraform',
      'explain',
      'schema',
      'emulate',
      'completion',
    ]);
    for (const text of [top.stdout, ...(await Promise.all(names.map(async (name) => (await run(name, '--help')).stdout)))]) {
      const lines = text.split('\n');
      expect(lines.filter((line) => line.length > 80)).toEqual([]);
      expect(lines.length).toBeLessThanOrEqual(48);
      expect(text).toContain('Example:\n  zenform ');
    }
  });

  it('is answered with the version when that is asked for', async () => {
    expect(await run('--version')).toEqual({ code: 0, stdout: 'development\n', stderr: '' });
  });
});

describe('a key', () => {
  const world = `organizations:
- name: acme
  service_accounts: [{ name: ci, keys: [{ name: main, value: ZENPROKEY_x }] }]
  grants: [{ role: Organization Admin, service_account: ci }]
`;
  const stored = (entry: string) => folderWith({ ...files, 'credentials.yaml': `${url}/: ${entry}\n` });
  const files = { 'zenform.yaml': 'organization: { name: acme }\n', key: 'ZENPROKEY_x\n', wrong: 'ZENPROKEY_y\n' };
  const plan = (cwd: string, env: Io['env']) => zenform(['plan', '--api-url', url], cwd, { env });
  let url = '';
  let close = async () => {};

  beforeAll(async () => {
    const server = await createEmulator({ seed: parseWorld(world) }).listen();
    url = server.url;
    close = server.close;
  });
  afterAll(() => close());

  it('comes from the environment, from a file that it names, or from what zenml login stored', async () => {
    const cwd = stored('{ url: x, api_key: ZENPROKEY_x }');
    expect((await plan(cwd, { ZENFORM_API_KEY: 'ZENPROKEY_x' })).code).toBe(0);
    expect((await plan(cwd, { ZENFORM_API_KEY_FILE: 'key' })).code).toBe(0);
    expect((await plan(cwd, { ZENML_CONFIG_PATH: cwd })).code).toBe(0);
    const { code, stderr } = await plan(cwd, { ZENFORM_API_KEY_FILE: 'wrong', ZENML_CONFIG_PATH: cwd });
    expect([code, stderr]).toEqual([1, expect.stringContaining('error[unauthorized]')]);
    expect(stderr).not.toContain('ZENPROKEY_y');
  });

  it('may be a token that has not expired', async () => {
    const token = (day: string) => `{ api_token: { access_token: a.b.c, expires_at: "2026-11-${day}T00:00:00Z" } }`;
    const [good, old] = [stored(token('24')), stored(token('22'))];
    expect((await plan(good, { ZENML_CONFIG_PATH: good })).stderr).toContain('error[unauthorized]');
    expect((await plan(old, { ZENML_CONFIG_PATH: old })).stderr).toContain('error[credentials-missing]');
  });

  it('is asked for where there is none, or only one of another server, or nothing that can be understood', async () => {
    const other = folderWith({ ...files, 'credentials.yaml': 'https://other: { api_key: ZENPROKEY_x }\n' });
    for (const cwd of [other, stored('{ api_key: 7 }'), stored('['), stored('null'), folderWith(files)]) {
      const { code, stderr } = await plan(cwd, { ZENML_CONFIG_PATH: cwd });
      expect([code, stderr]).toEqual([1, expect.stringContaining('error[credentials-missing]')]);
    }
  });
});
