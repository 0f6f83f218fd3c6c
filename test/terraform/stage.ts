// The real Terraform before the provider, which runs in the process of the test beside an emulator.
import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { Secret } from '../../src/client/index.ts';
import { createEmulator, type Emulator, type World as Seed } from '../../src/emulator/index.ts';
import type { World } from '../../src/terraform/configuration.ts';
import { listen } from '../../src/terraform/plugin/listen.ts';
import { type Calls, service } from '../../src/terraform/plugin/service.ts';
import { providerSource } from '../../src/terraform/schema.ts';
import { provider } from '../../src/terraform/server.ts';

/** Where the real program is, or undefined: then there is nothing to run. */
export const terraformBinary = (process.env.PATH ?? '')
  .split(delimiter)
  .map((folder) => join(folder, process.platform === 'win32' ? 'terraform.exe' : 'terraform'))
  .find((path) => existsSync(path));

/** What a run of Terraform said. */
export interface Said {
  readonly code: number;
  readonly out: string;
}

export interface Stage {
  readonly folder: string;
  readonly emulator: Emulator;
  readonly url: string;
  readonly key: string;
  /** Calls of the protocol that Terraform has made so far. */
  readonly calls: ReadonlyMap<string, number>;
  /** Puts the configuration in the place of the one before. */
  write(text: string): void;
  terraform(...args: readonly string[]): Promise<Said>;
  /** Starts Terraform without waiting for it. */
  start(...args: readonly string[]): ReturnType<typeof spawn>;
  state(): { readonly resources: readonly { type: string; name: string; instances: readonly Instance[] }[] };
  close(): Promise<void>;
}

interface Instance {
  readonly attributes: Readonly<Record<string, unknown>>;
  readonly schema_version: number;
  readonly status?: string;
}

/** The environment of a Terraform that asks nobody on the network. */
export function quietly(folder: string, more: Readonly<Record<string, string>>): Record<string, string> {
  const config = join(folder, 'cli.tfrc');
  if (!existsSync(config)) writeFileSync(config, 'disable_checkpoint = true\n');
  return {
    PATH: process.env.PATH ?? '',
    HOME: folder,
    CHECKPOINT_DISABLE: '1',
    TF_IN_AUTOMATION: '1',
    TF_INPUT: '0',
    TF_CLI_CONFIG_FILE: config,
    ...more,
  };
}

/** The lines by which a configuration names the provider. */
const required = 'terraform {\n  required_providers {\n    zenmlpro = { source = "zenml-io/zenmlpro" }\n  }\n}\n';

/** An emulator, a provider before it, and a folder for Terraform. */
export async function openStage(
  options: { seed?: Seed; switches?: Record<string, string>; now?: () => number; others?: Readonly<Record<string, Calls>> } = {},
): Promise<Stage> {
  const folder = mkdtempSync(join(tmpdir(), 'zenform-terraform-'));
  const emulator = createEmulator({
    ...(options.seed ? { seed: options.seed } : {}),
    ...(options.switches ? { switches: options.switches } : {}),
  });
  const server = await emulator.listen();
  const key = emulator.adminKey() ?? '';
  const calls = new Map<string, number>();
  const world: World = {
    env: { ZENFORM_ORGANIZATION: emulator.world().organizations?.[0]?.name ?? '' },
    now: options.now ?? Date.now,
    apiUrl: (given) => given ?? server.url,
    credential: async () => ({ kind: 'key', value: new Secret(key) }),
    readFile: async (path) => readFileSync(path, 'utf8'),
  };
  const sessions = new Set<{ destroy(): void }>();
  const opened: Awaited<ReturnType<typeof listen>>[] = [];
  const attached: Record<string, unknown> = {};
  for (const [source, answers] of Object.entries({ [providerSource]: provider(world), ...options.others })) {
    const handle = service(answers, () => {});
    const listening = await listen(async (path, request) => {
      const name = path.split('/').at(-1) ?? '';
      if (source === providerSource) calls.set(name, (calls.get(name) ?? 0) + 1);
      return handle(path, request);
    }, process.platform);
    listening.server.on('session', (session) => sessions.add(session));
    opened.push(listening);
    const addr = { Network: listening.network, String: listening.address };
    attached[source] = { Protocol: 'grpc', ProtocolVersion: 6, Pid: process.pid, Test: true, Addr: addr };
  }
  const env = quietly(folder, { TF_REATTACH_PROVIDERS: JSON.stringify(attached) });
  const start = (...args: readonly string[]) =>
    spawn(terraformBinary ?? 'terraform', [...args], { cwd: folder, env, stdio: ['ignore', 'pipe', 'pipe'] });
  const stage: Stage = {
    folder,
    emulator,
    url: server.url,
    key,
    calls,
    write: (text) => writeFileSync(join(folder, 'main.tf'), `${required}${text}`),
    start,
    terraform: (...args) => said(start(...args, '-no-color')),
    state: () => JSON.parse(readFileSync(join(folder, 'terraform.tfstate'), 'utf8')),
    close: async () => {
      for (const session of sessions) session.destroy();
      for (const listening of opened) await listening.close();
      await server.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
  return stage;
}

/** Everything that a process says, until it ends. */
export function said(child: ReturnType<typeof spawn>): Promise<Said> {
  const parts: Buffer[] = [];
  child.stdout?.on('data', (part: Buffer) => parts.push(part));
  child.stderr?.on('data', (part: Buffer) => parts.push(part));
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code) => resolve({ code: code ?? -1, out: Buffer.concat(parts).toString('utf8') }));
  });
}

/** Somebody else who writes to the organization. */
export async function byHand(stage: Stage, method: string, path: string, body?: unknown): Promise<unknown> {
  const login = await fetch(`${stage.url}/auth/login`, { method: 'POST', body: new URLSearchParams({ password: stage.key }) });
  const { access_token: token } = (await login.json()) as { access_token: string };
  const answer = await fetch(`${stage.url}${path}`, {
    method,
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${await answer.text()}`);
  return answer.json().catch(() => null);
}
