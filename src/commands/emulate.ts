import { existsSync } from 'node:fs';
import writeFileAtomic from 'write-file-atomic';
import { createEmulator, type Emulator, parseWorld } from '../emulator/index.ts';
import { exit } from './exit.ts';
import type { Io } from './io.ts';
import { absolute, type Options, parseWorldOf, readText, usage } from './options.ts';

interface EmulateOptions extends Pick<Options, 'output'> {
  readonly port?: number;
  readonly seed?: string;
  readonly state?: string;
  readonly switch?: readonly string[];
}

/** `zenform emulate`: the API on loopback, until it is interrupted. */
export async function run(options: EmulateOptions, io: Io): Promise<number> {
  const emulator = await start(options, io);
  const state = options.state === undefined ? undefined : absolute(io.cwd, options.state);
  // One write of the file at a time; a burst of changes ends with one that has them all.
  let saving: Promise<void> | undefined;
  const save = () => {
    saving ??= Promise.resolve().then(async () => {
      saving = undefined;
      if (state) await writeFileAtomic(state, `${JSON.stringify(emulator.world(), null, 2)}\n`);
    });
    return saving;
  };
  emulator.onWrite(() => void save());
  const server = await emulator.listen(options.port ?? 0).catch((error: unknown) => {
    throw usage(`port ${options.port} cannot be used: ${(error as NodeJS.ErrnoException).code ?? String(error)}`);
  });
  const key = emulator.adminKey() ?? '';
  const organization = emulator.world().organizations?.[0]?.name ?? '';
  const json = options.output?.includes('json');
  io.stdout.write(
    json
      ? `${JSON.stringify({ url: server.url, key, organization })}\n`
      : `Listening on ${server.url} (organization ${organization}, key ${key})\n`,
  );
  await new Promise<void>((resolve) => io.signal.addEventListener('abort', () => resolve(), { once: true }));
  await save();
  await server.close();
  return exit.done;
}

async function start(options: EmulateOptions, io: Io): Promise<Emulator> {
  const kept = options.state !== undefined && existsSync(absolute(io.cwd, options.state)) ? options.state : undefined;
  const file = kept ?? options.seed;
  const seed = file === undefined ? undefined : parseWorldOf(parseWorld, await readText(absolute(io.cwd, file), file), file);
  const switches = Object.fromEntries(
    (options.switch ?? []).map((one) => [one.slice(0, one.indexOf('=')), one.slice(one.indexOf('=') + 1)]),
  );
  try {
    return createEmulator({ ...(seed ? { seed } : {}), switches });
  } catch (error) {
    throw usage((error as Error).message);
  }
}
