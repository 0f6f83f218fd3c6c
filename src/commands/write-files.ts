import { mkdir, readFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import writeFileAtomic from 'write-file-atomic';
import { isWithin } from '../config/files.ts';
import { usage } from './usage.ts';

/** A file to be written below a folder. */
export interface TextFile {
  readonly name: string;
  readonly text: string;
}

/** Writes the files below a folder, over those that are there. */
export async function writeFiles(files: readonly TextFile[], out: string, cwd: string) {
  const folder = resolve(cwd, out);
  const planned = await Promise.all(
    files.map(async ({ name, text }) => {
      const path = join(folder, name);
      // The names of workspaces are the server's: none of them may lead elsewhere.
      if (!isWithin(folder, path)) throw usage(`\`${name}\` would be outside ${out}`, 'name another folder');
      const before = await readFile(path, 'utf8').catch(() => undefined);
      const status = before === undefined ? 'written' : before === text ? 'unchanged' : 'replaced';
      return { name: join(out, name).replaceAll('\\', '/'), path, text, status };
    }),
  );
  for (const { path, text, status } of planned) {
    if (status === 'unchanged') continue;
    await mkdir(dirname(path), { recursive: true });
    await writeFileAtomic(path, text);
  }
  return planned.map(({ name, status }) => ({ name, status }));
}
