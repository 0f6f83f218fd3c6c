import { createEmulator, type Emulator, parseWorld } from '../emulator/index.ts';
import { readText } from './text-file.ts';
import { usage } from './usage.ts';

/** Starts an emulator on the world of a seed file, with switches `NAME=VALUE`. What is wrong in them is a `UsageError`. */
export async function openWorld(
  from: { readonly seed?: string; readonly switches?: readonly string[] },
  cwd: string,
): Promise<Emulator> {
  const text = from.seed === undefined ? undefined : await readText(cwd, from.seed);
  const switches = Object.fromEntries((from.switches ?? []).map(pair));
  try {
    const seed = text === undefined ? {} : { seed: parseWorld(text, from.seed) };
    return createEmulator({ ...seed, switches });
  } catch (error) {
    throw usage((error as Error).message);
  }
}

function pair(text: string): [string, string] {
  const at = text.indexOf('=');
  if (at < 1) throw usage(`\`--switch ${text}\` is not NAME=VALUE`);
  return [text.slice(0, at), text.slice(at + 1)];
}
