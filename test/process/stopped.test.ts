// The real program, stopped by what stops real programs: the next run gets there, without any state of its own.
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, existsSync, openSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createEmulator, type Emulator, type World } from '../../src/emulator/index.ts';
import { often } from '../support/scenario.ts';
import { linesOf, stateOf } from '../support/state.ts';

const folder = fileURLToPath(new URL('../..', import.meta.url));
const program = fileURLToPath(new URL('../../dist/zenform.cjs', import.meta.url));
const key = 'ZENPROKEY_of-the-runs';
const empty: World = {
  organizations: [
    {
      name: 'acme',
      service_accounts: [{ name: 'ci', keys: [{ name: 'main', value: key }] }],
      grants: [{ role: 'Organization Admin', service_account: 'ci' }],
    },
  ],
};

interface Server {
  readonly emulator: Emulator;
  url: string;
  close(): Promise<void>;
}

async function serve(emulator = createEmulator({ seed: empty }), port = 0): Promise<Server> {
  const { url, close } = await emulator.listen(port);
  return { emulator, url, close };
}

const requestsOf = ({ emulator }: Server) => emulator.requests.length;
const linesIn = ({ emulator }: Server) => linesOf(stateOf(emulator.world()));

function apply(server: Server, how: { readonly stdio?: 'ignore' | number | 'pipe'; readonly args?: readonly string[] } = {}) {
  const env = { ...process.env, ZENFORM_API_URL: server.url, ZENFORM_API_KEY: key, CI: 'true' };
  const { stdio = 'ignore', args = [] } = how;
  return spawn(process.execPath, [program, 'apply', '-f', 'configs', '--yes', ...args], {
    cwd: folder,
    env,
    stdio: ['ignore', stdio, stdio],
  });
}

async function ended(child: ChildProcess): Promise<number | null> {
  if (child.exitCode === null && child.signalCode === null) await once(child, 'close');
  return child.exitCode;
}

/** Lets a run get to its request of that number, and does something then. */
async function at(server: Server, count: number, act: () => unknown): Promise<void> {
  let seen = 0;
  await new Promise<void>((done) => {
    const stop = server.emulator.onRequest(async () => {
      seen += 1;
      if (seen !== count) return;
      stop();
      await act();
      done();
    });
  });
}

describe('an apply of configs/', () => {
  let goal: readonly string[];
  let length: number;
  let seconds: number;

  beforeAll(async () => {
    const server = await serve();
    const start = performance.now();
    expect(await ended(apply(server))).toBe(0);
    seconds = (performance.now() - start) / 1000;
    goal = linesIn(server);
    length = requestsOf(server);
    await server.close();
  });

  const figures = { kills: 0, inTheMiddle: 0 };
  afterAll(() => {
    if (figures.kills > 0)
      console.log(
        `killed ${figures.kills} times at random moments, ${figures.inTheMiddle} of them between the first and the last write`,
      );
  });

  /** One more run ends with 0, in the world of an undisturbed run. */
  async function finishes(server: Server): Promise<void> {
    expect(await ended(apply(server))).toBe(0);
    expect(linesIn(server)).toEqual(goal);
    await server.close();
  }

  const { seed } = often(1);
  it.each(Array.from({ length: 20 }, (_, index) => index))(
    'is killed at a random moment, and finished by the next: %i',
    async (index) => {
      const server = await serve();
      const before = linesIn(server).length;
      const child = apply(server);
      // Somewhere in the time that a run takes; the beginning of it is the program starting.
      const share = 0.3 + 0.7 * randomOf(seed + index);
      await new Promise((done) => setTimeout(done, share * seconds * 1000));
      child.kill('SIGKILL');
      await ended(child);
      figures.kills += 1;
      const now = linesIn(server);
      if (now.length > before && JSON.stringify(now) !== JSON.stringify(goal)) figures.inTheMiddle += 1;
      await finishes(server);
    },
  );

  it.each([
    ['SIGINT', 130],
    ['SIGTERM', 143],
  ] as const)('stops at %s: what is under way is finished, nothing new begins', async (signal, code) => {
    const server = await serve();
    const child = apply(server);
    await at(server, Math.round(length / 2), () => child.kill(signal));
    expect([5, code]).toContain(await ended(child));
    await finishes(server);
  });

  it('goes to its end although nobody reads what it says', async () => {
    const server = await serve();
    const child = apply(server, { stdio: 'pipe' });
    await at(server, 5, () => {
      child.stdout?.destroy();
      child.stderr?.destroy();
    });
    await ended(child);
    await finishes(server);
  });

  it.skipIf(!existsSync('/dev/full'))('says with its exit code that its report could not be written', async () => {
    const server = await serve();
    const full = openSync('/dev/full', 'w');
    const child = apply(server, { stdio: full });
    expect(await ended(child)).not.toBe(0);
    closeSync(full);
    await finishes(server);
  });

  it('takes up a token that has expired in the middle', async () => {
    const server = await serve();
    server.emulator.setSwitches({ 'token-ttl': '1' });
    expect(await ended(apply(server))).toBe(0);
    expect(linesIn(server)).toEqual(goal);
    expect(server.emulator.requests.filter(({ path }) => path === '/auth/login').length).toBeGreaterThan(2);
    await server.close();
  });

  it('fails when its key is revoked in the middle, and goes on with a valid one', async () => {
    const server = await serve();
    const child = apply(server);
    const withKeys = (active: boolean) => {
      const world = server.emulator.world();
      const organizations = (world.organizations ?? []).map((one) => ({
        ...one,
        service_accounts: (one.service_accounts ?? []).map((account) =>
          account.name === 'ci' ? { ...account, keys: [{ name: 'main', value: key, active }] } : account,
        ),
      }));
      server.emulator.load({ ...world, organizations });
    };
    await at(server, Math.round(length / 2), () => withKeys(false));
    expect(await ended(child)).not.toBe(0);
    withKeys(true);
    await finishes(server);
  });

  it('fails when the network is lost, and goes on when it is back', async () => {
    const server = await serve();
    const child = apply(server, { args: ['--timeout', '1'] });
    const port = Number(new URL(server.url).port);
    await at(server, Math.round(length / 2), () => {});
    await server.close();
    expect(await ended(child)).not.toBe(0);
    await finishes(await serve(server.emulator, port));
  });
});

/** A number from 0 to 1 that looks random and is the same for the same seed. */
function randomOf(seed: number): number {
  const mixed = Math.imul(seed ^ 0x9e3779b9, 0x85ebca6b);
  return ((mixed ^ (mixed >>> 13)) >>> 0) / 2 ** 32;
}
