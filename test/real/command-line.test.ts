import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createEmulator, type Emulator } from '../../src/emulator/index.ts';
import { type RealServer, settings, startServer } from './server.ts';
import { repository, withPeers } from './stage.ts';

const builder = 'ZENPROKEY_builder';
const config = `
organization: { name: acme }
service_accounts: { builder: { roles: [Organization Member] } }
workspaces:
  own-lab:
    enroll: true
    enrollment_key: { to: { file: own.key } }
    access: { Workspace Admin: { service_accounts: [builder] } }
    projects: { churn: { description: Who leaves } }
`;

withPeers('the real zenml command line', (environment) => {
  let emulator: Emulator;
  let plane: Awaited<ReturnType<Emulator['listen']>>;
  let files: Awaited<ReturnType<typeof repository>>;
  let home: string;
  let server: RealServer | undefined;

  beforeAll(async () => {
    home = await mkdtemp(join(tmpdir(), 'zenform-zenml-'));
    emulator = createEmulator({
      seed: {
        organizations: [
          {
            name: 'acme',
            service_accounts: [
              { name: 'admin', keys: [{ name: 'main', value: 'ZENPROKEY_admin' }] },
              { name: 'builder', keys: [{ name: 'main', value: builder }] },
            ],
            grants: [{ role: 'Organization Admin', service_account: 'admin' }],
          },
        ],
      },
    });
    plane = await emulator.listen();
    files = await repository(emulator, plane.url);
    await files.write('zenform.yaml', config);
  }, 600_000);

  afterAll(async () => {
    await server?.stop();
    await plane?.close();
    await files?.remove();
    await rm(home, { recursive: true, force: true });
  });

  /** Runs `zenml` without a terminal, what it asks for given on standard input. */
  async function zenml(args: readonly string[], input = ''): Promise<string> {
    const env = { ...settings(home), COLUMNS: '200' };
    // In a session of its own, so that it asks its standard input for the key and not the terminal of whoever runs the tests.
    const child = spawn(join(environment.folder, 'bin', 'zenml'), args, { cwd: home, env, detached: true });
    child.stdin.end(input);
    const [stdout, stderr, [code]] = await Promise.all([text(child.stdout), text(child.stderr), once(child, 'close')]);
    const output = stdout + stderr;
    expect({ code, output }).toMatchObject({ code: 0 });
    return output;
  }

  it('comes to a workspace of one’s own: zenform enrolls it, its server starts with the key that was delivered', async () => {
    expect(await files.run('apply', '--yes')).toMatchObject({ code: 0 });
    const enrollmentKey = (await readFile(join(files.folder, 'own.key'), 'utf8')).trim();
    const [acme] = emulator.world().organizations ?? [];
    const lab = acme?.workspaces?.find(({ name }) => name === 'own-lab');
    expect(lab?.status).toBe('pending');
    const organization = { id: acme?.id ?? '', name: 'acme' };
    const workspace = { id: lab?.id ?? '', name: 'own-lab' };
    server = await startServer(environment, { pro: { controlPlane: plane.url, organization, workspace, enrollmentKey } });
    expect(await files.run('apply', '--yes')).toMatchObject({ code: 0 });
    expect(await files.run('plan', '--detailed-exitcode')).toMatchObject({ code: 0 });
  });

  it('logs in through the emulator with a key, lists projects and registers one, which zenform shows as unmanaged', async ({
    task,
  }) => {
    task.meta.peers = { 'zenml client': (await zenml(['--version'])).match(/[\d.]+\d/)?.[0] ?? '' };
    const before = emulator.requests.length;
    await zenml(['login', 'own-lab', '--api-key', '--pro-api-url', plane.url], `${builder}\n`);
    expect(await zenml(['project', 'list'])).toContain('churn');
    await zenml(['project', 'register', 'by-hand']);
    expect(await zenml(['project', 'list'])).toContain('by-hand');
    const calls = emulator.requests.slice(before);
    expect(calls.filter(({ status }) => status >= 400)).toEqual([]);
    task.meta.compared = { calls: calls.length };
    const unmanaged = await files.run('unmanaged');
    expect(unmanaged).toMatchObject({ code: 0, stdout: expect.stringContaining('workspace/own-lab/project/by-hand\n') });
    const plan = await files.run('plan', '--detailed-exitcode', '-o', 'json');
    expect({ code: plan.code, ...JSON.parse(plan.stdout) }).toMatchObject({ code: 0, unmanaged: { project: 1 } });
  });
});
