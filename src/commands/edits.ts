import { mkdir, readFile } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { FILE_HEADERS_ONLY, formatPatch, structuredPatch } from 'diff';
import writeFileAtomic from 'write-file-atomic';
import { type Style, safe } from '../render/paint.ts';
import { usage } from './usage.ts';

/** A file with its text before and after; without a text before it is new. */
export interface TextEdit {
  readonly file: string;
  readonly before: string | undefined;
  readonly after: string;
}

/** The edits as a unified diff that `git apply` takes; on a terminal, what nobody sees is spelt out. */
export function diffText(edits: readonly TextEdit[], style?: Style): string {
  const text = edits
    .map(({ file, before, after }) => {
      const names = before === undefined ? ['/dev/null', `b/${file}`] : [`a/${file}`, `b/${file}`];
      const patch = structuredPatch(names[0] ?? '', names[1] ?? '', before ?? '', after, undefined, undefined, { context: 3 });
      return formatPatch(patch, FILE_HEADERS_ONLY);
    })
    .join('');
  if (style?.width === undefined) return text;
  return text
    .split('\n')
    .map((line) => safe(line.replace(/\r$/, '')))
    .join('\n');
}

/** Writes the edits, each file whole or not at all; none of them when a file is no longer what it was. */
export async function writeEdits(edits: readonly TextEdit[], cwd: string): Promise<void> {
  for (const { file, before } of edits) {
    const now = await readFile(resolve(cwd, file), 'utf8').catch(() => undefined);
    if (now !== before) throw usage(`${file} has changed meanwhile`, 'run it again');
  }
  for (const { file, after } of edits) {
    const path = resolve(cwd, file);
    await mkdir(dirname(path), { recursive: true });
    await writeFileAtomic(path, after).catch((error: NodeJS.ErrnoException) => {
      throw usage(`${file} cannot be written (${error.code ?? error.message})`);
    });
  }
}
