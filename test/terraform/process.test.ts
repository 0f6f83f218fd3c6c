// The packaged provider as Terraform starts it: through a mirror, with the certificates of both sides, and when it all ends badly.
import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createEmulator } from '../../src/emulator/index.ts';
import { quietly, said, terraformBinary } from './stage.ts';

const program = fileURLToPath(new URL('../../dist/zenform.cjs', import.meta.url));
const built = existsSync(program) && existsSync(join(program, '../provider'));

describe.skipIf(!terraformBinary || !built || process.platform !== 'linux')('the packaged provider', () => {
  const folder = mkdtempSync(join(tmpdir(), 'zenform-packaged-'));
  const emulator = createEmulator();
  let server: Awaited<ReturnType<typeof emulator.listen>>;
  let env: Record<string, string>;
  const start = (...args: readonly string[]): ChildProcess =>
    spawn(terraformBinary ?? 'terraform', [...args, '-no-color'], {
      cwd: folder,
      env,
      stdio: ['ignore', 'pipe', 'pipe'],
      detached: true,
    });
  const terraform = (...args: readonly string[]) => said(start(...args));
  const teams = () => emulator.world().organizations?.[0]?.teams?.map(({ name }) => name) ?? [];
  /** Processes of the provider that this test has started, by the folder in which they run. */
  const providers = () =>
    readdirSync('/proc').filter((pid) => {
      try {
        return (
          readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes('terraform-provider-zenmlpro') &&
          readFileSync(`/proc/${pid}/environ`, 'utf8').includes(`HOME=${folder}`)
        );
      } catch {
        return false;
      }
    });
  const until = async (condition: () => boolean) => {
    for (let round = 0; round < 400 && !condition(); round++) await new Promise((next) => setTimeout(next, 25));
    expect(condition()).toBe(true);
  };
  const many = (count: number) => `resource "zenmlpro_team" "x" {\n  count = ${count}\n  name  = "team-\${count.index}"\n}\n`;
  const write = (text: string) =>
    writeFileSync(
      join(folder, 'main.tf'),
      `terraform {\n  required_providers {\n    zenmlpro = { source = "zenml-io/zenmlpro" }\n  }\n}\n${text}`,
    );

  beforeAll(async () => {
    server = await emulator.listen();
    const organization = emulator.world().organizations?.[0]?.name ?? '';
    const own = { ZENFORM_API_URL: server.url, ZENFORM_API_KEY: emulator.adminKey() ?? '', ZENFORM_ORGANIZATION: organization };
    env = quietly(folder, own);
    write(many(20));
    execFileSync(process.execPath, [program, 'terraform', 'install'], { env });
  });
  afterAll(async () => {
    await server.close();
    rmSync(folder, { recursive: true, force: true });
  });

  it('is found in the folder that `install` fills, and does all of it', async () => {
    const init = await terraform('init');
    expect([init.code, init.out]).toEqual([0, expect.stringContaining('Installed zenml-io/zenmlpro')]);
    for (const args of [['validate'], ['apply', '-auto-approve'], ['plan', '-detailed-exitcode'], ['destroy', '-auto-approve']]) {
      const { code, out } = await terraform(...args);
      expect(code, out).toBe(0);
    }
    expect(teams()).toEqual([]);
    expect(providers()).toEqual([]);
  });

  it('leaves no process when Terraform is killed in the middle, and the next run makes nothing twice', async () => {
    const stop = emulator.onRequest(async (_index, request) => {
      if (request.method === 'POST' && request.url.endsWith('/teams')) await new Promise((next) => setTimeout(next, 100));
    });
    const child = start('apply', '-auto-approve');
    const ended = said(child);
    await until(() => teams().length >= 5);
    process.kill(child.pid ?? 0, 'SIGKILL');
    await ended;
    await until(() => providers().length === 0);
    stop();
    rmSync(join(folder, '.terraform.tfstate.lock.info'), { force: true });
    const again = await terraform('apply', '-auto-approve');
    expect(again.code, again.out).toBe(0);
    expect(teams().sort()).toEqual(Array.from({ length: 20 }, (_, index) => `team-${index}`).sort());
    expect((await terraform('plan', '-detailed-exitcode')).code).toBe(0);
  });

  it('finishes what is under way when somebody presses Ctrl-C, and Terraform saves it', async () => {
    write(many(60));
    const stop = emulator.onRequest(async (_index, request) => {
      if (request.method === 'POST' && request.url.endsWith('/teams')) await new Promise((next) => setTimeout(next, 100));
    });
    const child = start('apply', '-auto-approve');
    const ended = said(child);
    await until(() => teams().length >= 25);
    // To the whole group, as a terminal does it.
    process.kill(-(child.pid ?? 0), 'SIGINT');
    const { code, out } = await ended;
    stop();
    expect(code, out).toBe(1);
    await until(() => providers().length === 0);
    const state = JSON.parse(readFileSync(join(folder, 'terraform.tfstate'), 'utf8'));
    expect(state.resources[0].instances).toHaveLength(teams().length);
    expect(teams().length).toBeLessThan(60);
    const again = await terraform('apply', '-auto-approve');
    expect([again.code, again.out]).toEqual([0, expect.not.stringContaining('was there already')]);
    expect(teams()).toHaveLength(60);
  });

  it('says what it is to whoever starts it by hand', () => {
    const [name = ''] = readdirSync(join(program, '../provider')).filter((one) => one.startsWith('terraform-provider'));
    const ran = spawnOnce(join(program, '../provider', name));
    expect(ran).toContain('zenform terraform install');
  });
});

function spawnOnce(path: string): string {
  try {
    return execFileSync(path, { stdio: 'pipe', encoding: 'utf8' });
  } catch (error) {
    return String((error as { readonly stderr?: unknown }).stderr);
  }
}
