// What `terraform plan` costs with nothing to do: requests beside those of `zenform plan` for the same organization, CPU of the provider
// over all its processes, and time beside Terraform's own core on a graph of the same size. Needs the real Terraform.
import { execFileSync, spawn } from 'node:child_process';
import { chmod, mkdir, mkdtemp, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { Secret } from '../src/client/index.ts';
import { createEmulator } from '../src/emulator/index.ts';
import { exportOrganization, lookAt } from '../src/look.ts';
import { type Inputs, planOrganization } from '../src/sync.ts';
import { importBlocksText, liveBlocks } from '../src/terraform/import-blocks.ts';
import { key, worldOf } from './world.ts';

const people = Number(process.argv[2] ?? 280);
const folder = await mkdtemp(join(tmpdir(), 'zenform-bench-'));
const emulator = createEmulator({ seed: worldOf(people) });
const server = await emulator.listen();
const env: Record<string, string> = {
  PATH: process.env.PATH ?? '',
  HOME: folder,
  CHECKPOINT_DISABLE: '1',
  TF_IN_AUTOMATION: '1',
  TF_CLI_CONFIG_FILE: join(folder, 'cli.tfrc'),
  ZENFORM_API_URL: server.url,
  ZENFORM_API_KEY: key,
  ZENFORM_ORGANIZATION: 'acme',
};
await writeFile(join(folder, 'cli.tfrc'), 'disable_checkpoint = true\n');

/** Runs Terraform in a folder, and answers the seconds that it took. */
async function terraform(cwd: string, ...args: readonly string[]): Promise<number> {
  const start = performance.now();
  const child = spawn('terraform', [...args, '-no-color'], { cwd, env, stdio: ['ignore', 'pipe', 'pipe'] });
  const parts: Buffer[] = [];
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (part: Buffer) => parts.push(part));
  const code = await new Promise((done) => child.once('close', done));
  if (code !== 0) throw new Error(`terraform ${args.join(' ')}: ${code}\n${Buffer.concat(parts)}`);
  return (performance.now() - start) / 1000;
}

/** A folder with files for Terraform. */
async function folderWith(name: string, text: string): Promise<string> {
  const path = join(folder, name);
  await mkdir(path);
  await writeFile(join(path, 'main.tf'), text);
  return path;
}

const inputs: Inputs = {
  files: [join(folder, 'configs')],
  overlays: [],
  variables: new Map(),
  cwd: folder,
  now: '2026-01-01',
  only: [],
  skip: [],
  allowDestroy: [],
  accept: [],
  organization: 'acme',
  target: { apiUrl: server.url, credential: { kind: 'key', value: new Secret(key) } },
};

try {
  // The provider, with a shell before it that writes down what it has cost.
  const installed = execFileSync(process.execPath, [resolve('dist/zenform.cjs'), 'terraform', 'install', '--quiet'], {
    env,
    encoding: 'utf8',
  });
  const provider = /(\/\S+terraform-provider-zenmlpro_v\S+)/.exec(installed)?.[1] ?? '';
  const real = join(folder, 'provider.cjs');
  await rename(provider, real);
  const cost = join(folder, 'cost');
  await writeFile(
    provider,
    `#!/usr/bin/env bash\ntrap '' INT\n${process.execPath} ${real}\ntimes > ${cost}.$$\ntail -n 1 ${cost}.$$ >> ${cost}\n`,
  );
  await chmod(provider, 0o755);

  const { state } = await lookAt(inputs, { keys: true });
  const blocks = liveBlocks(state?.resources.values() ?? [], 'acme', () => true);
  const own = await folderWith(
    'own',
    `terraform {\n  required_providers {\n    zenmlpro = { source = "zenml-io/zenmlpro" }\n  }\n}\n${importBlocksText(blocks, true)}`,
  );
  await terraform(own, 'init');
  const importing = await terraform(own, 'apply', '-auto-approve', '-parallelism=30');

  for (const { name, text } of (await exportOrganization(inputs)).files) {
    const path = join(folder, 'configs', name);
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, text);
  }
  emulator.clearRequests();
  const { plan } = await planOrganization(inputs);
  if (!plan || plan.changes.length > 0) throw new Error('the plan of an export is not empty');
  const zenform = emulator.requests.length;

  emulator.clearRequests();
  await rm(cost, { force: true });
  const seconds = await terraform(own, 'plan', '-detailed-exitcode');
  // The shell writes after its child has gone.
  await new Promise((next) => setTimeout(next, 500));
  const costs = (await readFile(cost, 'utf8')).trim().split('\n').map(cpu);
  const requests = emulator.requests.length;
  const logins = emulator.requests.filter(({ path }) => path === '/auth/login').length;

  const core = await folderWith(
    'core',
    blocks.map((_, index) => `resource "terraform_data" "x${index}" {\n  input = "x"\n}\n`).join(''),
  );
  await terraform(core, 'init');
  const coreImporting = await terraform(core, 'apply', '-auto-approve');
  const coreSeconds = await terraform(core, 'plan', '-detailed-exitcode');

  const total = costs.reduce((sum, one) => sum + one, 0);
  console.log(`resources                    ${blocks.length}`);
  console.log(`requests of zenform plan     ${zenform}`);
  console.log(`requests of terraform plan   ${requests}, of which ${logins} logins`);
  console.log(
    `provider CPU                 ${total.toFixed(2)} s in ${costs.length} processes (${costs.map((one) => one.toFixed(2)).join(', ')})`,
  );
  console.log(`terraform plan               ${seconds.toFixed(1)} s, core alone ${coreSeconds.toFixed(1)} s`);
  console.log(`first apply                  ${importing.toFixed(1)} s (imports), core alone ${coreImporting.toFixed(1)} s`);
  if (requests > zenform + costs.length) {
    console.error('terraform plan sends more than zenform plan and one login for each process');
    process.exitCode = 1;
  }
} finally {
  await server.close();
  await rm(folder, { recursive: true, force: true });
}

/** Seconds of user and system time, as bash's `times` writes them: `0m0.123s 0m0.045s`. */
function cpu(line: string): number {
  return [...line.matchAll(/(\d+)m([\d.]+)s/g)].reduce((sum, [, minutes, rest]) => sum + Number(minutes) * 60 + Number(rest), 0);
}
