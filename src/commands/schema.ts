import { language } from '../config/language.ts';
import { exit } from './exit.ts';
import type { Io } from './io.ts';

/** `zenform schema`: the JSON Schema of the configuration language, for editors. */
export async function run(_options: object, io: Io): Promise<number> {
  io.stdout.write(`${JSON.stringify(language, null, 2)}\n`);
  return exit.done;
}
