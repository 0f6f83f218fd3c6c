// The main job, on the emulator: an empty organization is planned and applied from `configs/`, nothing is left to do, then somebody
// changes three things behind its back, and the drift job names them. Runs the built program as a user would.
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const program = fileURLToPath(new URL('./zenform.cjs', import.meta.url));
const root = fileURLToPath(new URL('..', import.meta.url));

const seed = {
  accounts: ['ada.lovelace', 'grace.hopper', 'alan.turing'].map((name) => ({ email: `${name}@acme.io`, name })),
  organizations: [
    {
      name: 'acme',
      service_accounts: [{ name: 'ci-deployer', keys: [{ name: 'main' }] }],
      grants: [{ role: 'Organization Admin', service_account: 'ci-deployer' }],
    },
  ],
};

interface Emulator {
  readonly url: string;
  readonly key: string;
}

async function emulate(folder: string): Promise<{ process: ChildProcess; emulator: Emulator }> {
  const file = join(folder, 'seed.json');
  await writeFile(file, JSON.stringify(seed));
  const child = spawn(process.execPath, [program, 'emulate', '--seed', file, '-o', 'json'], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const [line] = (await once(child.stdout, 'data')) as [Buffer];
  return { process: child, emulator: JSON.parse(line.toString('utf8')) as Emulator };
}

/** Runs zenform and shows what it prints; a wrong exit code ends the demo. */
async function zenform(emulator: Emulator, expected: number, ...args: string[]): Promise<string> {
  console.log(`\n$ zenform ${args.join(' ')}`);
  const env = { ...process.env, ZENFORM_API_URL: emulator.url, ZENFORM_API_KEY: emulator.key };
  const child = spawn(process.execPath, [program, ...args], { cwd: root, env, stdio: ['ignore', 'pipe', 'inherit'] });
  let output = '';
  child.stdout.on('data', (chunk: Buffer) => {
    output += chunk.toString('utf8');
    process.stdout.write(chunk);
  });
  const [code] = (await once(child, 'close')) as [number];
  if (code !== expected) throw new Error(`zenform ${args[0]} ended with ${code}, expected ${expected}`);
  return output;
}

/** What somebody does in the dashboard. */
async function meddle(emulator: Emulator): Promise<void> {
  const call = async (method: string, path: string, body?: unknown) => {
    const headers = { authorization: `Bearer ${emulator.key}`, ...(body ? { 'content-type': 'application/json' } : {}) };
    const answer = await fetch(`${emulator.url}${path}`, { method, headers, ...(body ? { body: JSON.stringify(body) } : {}) });
    if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${await answer.text()}`);
    return (await answer.json()) as { id: string; name: string }[];
  };
  const [organization] = await call('GET', '/organizations');
  const find = async (path: string, name: string) => (await call('GET', path)).find((one) => one.name === name)?.id ?? '';
  const teams = `/organizations/${organization?.id}/teams`;
  const workspaces = `/workspaces?organization_id=${organization?.id}`;
  const risk = await find(teams, 'risk');
  const analytics = await find(teams, 'analytics');
  const research = await find(workspaces, 'acme-research');
  const production = await find(workspaces, 'acme-production');
  const admin = await find(`/organizations/${organization?.id}/roles`, 'Workspace Admin');
  console.log('\nSomebody changes three things in the dashboard: a description, a name, and who is admin in production.');
  await call('PATCH', `/teams/${risk}`, { description: 'Edited by hand' });
  await call('PATCH', `/workspaces/${research}`, { display_name: 'Playground' });
  await call('POST', `/roles/${admin}/assignments?team_id=${analytics}&workspace_id=${production}`);
}

const folder = await mkdtemp(join(tmpdir(), 'zenform-demo-'));
const { process: server, emulator } = await emulate(folder);
try {
  await zenform(emulator, 0, 'plan');
  await zenform(emulator, 0, 'apply', '--yes');
  await zenform(emulator, 0, 'plan', '--detailed-exitcode');
  await meddle(emulator);
  const report = await zenform(emulator, 2, 'drift');
  for (const address of [
    'team/risk',
    'workspace/acme-research',
    'workspace/acme-production/grant/Workspace Admin/team/analytics',
  ])
    if (!report.includes(address)) throw new Error(`the drift report does not name ${address}`);
  await zenform(emulator, 0, 'apply', '--yes');
  console.log('\nPlanned, applied, verified, found drifted, and repaired.');
} finally {
  server.kill();
  await rm(folder, { recursive: true, force: true });
}
