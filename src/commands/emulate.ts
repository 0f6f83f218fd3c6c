import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import writeFileAtomic from 'write-file-atomic';
import { type Emulator, switchTable } from '../emulator/index.ts';
import { exit } from './exit.ts';
import type { Io } from './io.ts';
import { usage } from './usage.ts';
import { openWorld } from './world.ts';

/** The options of `zenform emulate`. */
export interface EmulateOptions {
  readonly port?: number;
  readonly seed?: string;
  readonly state?: string;
  readonly switch?: readonly string[];
  readonly listSwitches?: boolean;
  readonly output?: 'text' | 'json';
}

/** `zenform emulate`: the API on loopback, until it is interrupted, which is its ordinary end. */
export async function emulate(options: EmulateOptions, io: Io): Promise<number> {
  if (options.listSwitches) {
    io.stdout.write(options.output === 'json' ? `${JSON.stringify(switchTable)}\n` : switchText());
    return exit.done;
  }
  const state = options.state === undefined ? undefined : resolve(io.cwd, options.state);
  const kept = state !== undefined && existsSync(state);
  const seed = kept ? options.state : options.seed;
  if (kept && options.seed !== undefined) io.stderr.write(`Going on from ${options.state}; --seed is for a new state.\n`);
  const emulator = await openWorld({ ...(seed === undefined ? {} : { seed }), switches: options.switch ?? [] }, io.cwd);
  const saved = state === undefined ? async () => {} : keeper(emulator, state, io);
  await saved();
  const server = await emulator.listen(options.port ?? 0).catch((error: NodeJS.ErrnoException) => {
    throw usage(`port ${options.port} cannot be used (${error.code})`, 'without --port, a free one is taken');
  });
  const organization = emulator.world().organizations?.[0]?.name ?? '';
  const key = emulator.adminKey() ?? '';
  io.stdout.write(
    options.output === 'json'
      ? `${JSON.stringify({ url: server.url, key, organization })}\n`
      : `ZenML Pro API emulator: export ZENFORM_API_URL=${server.url} ZENFORM_API_KEY=${key} ZENFORM_ORGANIZATION=${organization}\n`,
  );
  await new Promise<void>((end) =>
    io.signal.aborted ? end() : io.signal.addEventListener('abort', () => end(), { once: true }),
  );
  await server.close();
  await saved();
  return exit.done;
}

/** Keeps the world in a file: whole or not at all, after each write; what comes in while one is under way goes into the next. */
function keeper(emulator: Emulator, path: string, io: Io): () => Promise<void> {
  let tail = Promise.resolve();
  let waiting = false;
  const save = () => {
    if (waiting) return tail;
    waiting = true;
    tail = tail
      .then(async () => {
        waiting = false;
        await writeFileAtomic(path, `${JSON.stringify(emulator.world(), null, 2)}\n`);
      })
      .catch((error: NodeJS.ErrnoException) => io.stderr.write(`The state cannot be written to ${path} (${error.code}).\n`));
    return tail;
  };
  emulator.onWrite(() => void save());
  return save;
}

/** Every switch with its values, the default first, and what it changes. */
function switchText(): string {
  const entries = switchTable.map(({ name, values, meaning }) => `${name}=${values.join('|')}\n    ${meaning}\n`);
  return `${entries.join('')}\nThe first value is the default; <n> is any whole number.\n`;
}
