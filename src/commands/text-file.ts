import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { usage } from './usage.ts';

/** The text of a file that the command line names. */
export async function readText(cwd: string, name: string): Promise<string> {
  try {
    return await readFile(resolve(cwd, name), 'utf8');
  } catch (error) {
    throw usage(`${name} cannot be read (${(error as NodeJS.ErrnoException).code})`, undefined, 'file-unreadable');
  }
}
