import { execFile } from 'node:child_process';
import { cpSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, describe, expect, it, vi } from 'vitest';
import { createEmulator, parseWorld } from '../../src/emulator/index.ts';
import { apply, type Event, load, plan } from '../../src/index.ts';
import { cleanUp, folderWith } from '../cli/run.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const run = promisify(execFile);
afterAll(cleanUp);

const world = `
organizations:
- name: acme
  service_accounts: [{ name: admin, keys: [{ name: main, value: ZENPROKEY_planted }] }]
  teams: [{ name: data-science }]
  workspaces: [{ name: acme-prod }]
  grants: [{ role: Organization Admin, service_account: admin }]
`;
const key = 'ZENPROKEY_planted';
const head = 'organization: { name: acme }\nservice_accounts: { admin: { roles: [Organization Admin] } }\n';

/** A program of somebody else's, in a folder where the package is installed. */
function elsewhere(): string {
  const folder = folderWith({ 'package.json': '{ "type": "module" }\n' });
  mkdirSync(join(folder, 'node_modules'));
  symlinkSync(root, join(folder, 'node_modules/zenform'));
  cpSync(join(root, 'examples/library/onboard.mjs'), join(folder, 'onboard.mjs'));
  return folder;
}

describe('the example of the library', () => {
  it('runs against the built package', async () => {
    const server = await createEmulator({ seed: parseWorld(world) }).listen();
    const env = { ...process.env, ZENFORM_API_URL: server.url, ZENFORM_API_KEY: key };
    const started = (...args: string[]) => run(process.execPath, ['onboard.mjs', ...args], { cwd: elsewhere(), env });
    try {
      const first = await started('grace@acme.io', 'data-science');
      expect(first.stdout.split('\n')).toEqual([
        'create member/grace@acme.io',
        'create workspace/acme-prod/grant/Workspace Viewer/member/grace@acme.io',
        'applied member/grace@acme.io',
        'applied workspace/acme-prod/grant/Workspace Viewer/member/grace@acme.io',
        'done and verified over the API',
        '',
      ]);
      expect((await started('grace@acme.io', 'data-science')).stdout).toBe('done and verified over the API\n');
      await expect(started('grace@', 'data-science')).rejects.toMatchObject({
        stdout: expect.stringContaining('error schema-value at onboarding.yaml:3: '),
      });
    } finally {
      await server.close();
    }
  });

  it('is typed: it compiles strictly against the declarations of the package, and a slip does not', async () => {
    const folder = elsewhere();
    const slip = readFileSync(join(folder, 'onboard.mjs'), 'utf8').replace("action === 'create'", "action === 'crate'");
    writeFileSync(join(folder, 'slip.mjs'), slip);
    const options = {
      strict: true,
      allowJs: true,
      checkJs: true,
      noEmit: true,
      module: 'nodenext',
      target: 'es2022',
      skipLibCheck: true,
    };
    const compilerOptions = { ...options, types: ['node'], typeRoots: [join(root, 'node_modules/@types')] };
    writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify({ compilerOptions, files: ['onboard.mjs', 'slip.mjs'] }));
    const told = await run(process.execPath, [join(root, 'node_modules/typescript/bin/tsc'), '-p', folder]).catch(
      (error) => error,
    );
    const errors = String(told.stdout)
      .split('\n')
      .filter((line) => line.includes('error TS'));
    expect(errors).toHaveLength(1);
    expect(errors[0]).toMatch(/slip\.mjs.*'"crate"'/);
  }, 180_000);
});

describe('load, plan and apply', () => {
  const files = { 'a.yaml': `${head}teams: { ml: { description: "\${var:what}" } }\n` };

  it('need no file system, print nothing, and tell events', async () => {
    const server = await createEmulator({ seed: parseWorld(world) }).listen();
    const printed = vi.spyOn(process.stdout, 'write');
    const complained = vi.spyOn(process.stderr, 'write');
    try {
      const events: Event[] = [];
      const options = { server: { apiUrl: server.url, key }, onEvent: (event: Event) => void events.push(event) };
      const loaded = await load({ files, variables: { what: 'Owns it' }, cwd: '/nowhere', now: '2026-11-23' });
      expect([loaded.valid, loaded.diagnostics]).toEqual([true, []]);
      expect(loaded.addresses).toContain('team/ml');
      const planned = await plan(loaded, options);
      expect(planned.plan?.changes.map(({ address }) => address)).toEqual(['team/ml']);
      const refused = await apply(loaded, { ...options, confirm: () => false });
      expect([refused.confirmed, refused.outcomes]).toEqual([false, []]);
      const done = await apply(loaded, { ...options, ...(planned.plan ? { reviewed: planned.plan } : {}) });
      expect([done.verified, done.outcomes.length]).toEqual([true, 1]);
      const without = await load({ files: { 'a.yaml': head }, now: '2026-11-23' });
      const removing = await plan(without, { ...options, base: loaded });
      expect(removing.plan?.changes.map(({ action, address }) => `${action} ${address}`)).toEqual(['delete team/ml']);
      const stale = await apply(without, { ...options, ...(planned.plan ? { reviewed: planned.plan } : {}) });
      expect(stale.verdict).toBe('stale');
      expect(new Set(events.map(({ event }) => event))).toEqual(new Set(['phase', 'request', 'read', 'step', 'done']));
      expect(JSON.stringify([events, planned, done])).not.toContain(key);
      expect([printed.mock.calls, complained.mock.calls]).toEqual([[], []]);
    } finally {
      printed.mockRestore();
      complained.mockRestore();
      await server.close();
    }
  });

  it('say what is wrong with files and the world as data', async () => {
    const wrong = await load({ files, overlays: { 'b.yaml': 'teams: { ml: { descripton: x } }\n' }, variables: { wat: '1' } });
    expect(wrong.valid).toBe(false);
    expect(wrong.diagnostics.map(({ code, place }) => `${code} ${place?.file}`).sort()).toEqual([
      'schema-unknown-key b.yaml',
      'variable-missing a.yaml',
      'variable-unused undefined',
    ]);
    const paths = await load({ files: ['no-such-folder'], cwd: root });
    expect(paths.diagnostics.map(({ code }) => code)).toContain('file-unreadable');
    const asked = { server: { apiUrl: 'not a url', key: 'ZENPROKEY_planted' } };
    const failed = await plan(await load({ files: { 'a.yaml': head } }), asked);
    expect(failed.diagnostics.map(({ code }) => code)).toEqual(['unreachable']);
  });

  it('read paths once: what is checked is what is planned', async () => {
    const cwd = folderWith({ 'zenform.yaml': `${head}teams: { ml: {} }\n` });
    const loaded = await load({ files: ['zenform.yaml'], cwd });
    writeFileSync(join(cwd, 'zenform.yaml'), 'nonsense: true\n');
    const server = await createEmulator({ seed: parseWorld(world) }).listen();
    const { plan: made } = await plan(loaded, { server: { apiUrl: server.url, key } });
    await server.close();
    expect(made?.changes.map(({ address, place }) => `${address} ${place?.file}`)).toEqual(['team/ml zenform.yaml']);
  });
});
