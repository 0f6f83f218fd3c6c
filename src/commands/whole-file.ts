import { constants } from 'node:fs';
import { access, realpath, stat, writeFile } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import writeFileAtomic from 'write-file-atomic';
import { usage } from './usage.ts';

const refused = (name: string, error: unknown) =>
  usage(`${name} cannot be written (${(error as NodeJS.ErrnoException).code ?? String(error)})`);

/** Whether a file could be written, before a long run is under way. Throws a `UsageError` when it could not. */
export async function checkWritable(cwd: string, name: string): Promise<void> {
  const path = resolve(cwd, name);
  try {
    const found = await stat(path).catch(() => undefined);
    if (found?.isDirectory()) throw Object.assign(new Error('a folder'), { code: 'EISDIR' });
    await access(found ? path : dirname(path), constants.W_OK);
  } catch (error) {
    throw refused(name, error);
  }
}

/** Writes a file, whole or not at all; what is no file, such as a pipe, gets the text as it is. Throws a `UsageError` when that fails. */
export async function writeWhole(cwd: string, name: string, text: string): Promise<void> {
  const path = resolve(cwd, name);
  try {
    const found = await stat(path).catch(() => undefined);
    if (found && !found.isFile()) await writeFile(path, text);
    // A link stays a link: what it points to is replaced.
    else await writeFileAtomic(found ? await realpath(path) : path, text);
  } catch (error) {
    throw refused(name, error);
  }
}
