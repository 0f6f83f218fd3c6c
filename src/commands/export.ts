import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { hasErrors } from '../core/diagnostic.ts';
import { exportOrganization } from '../look.ts';
import { exit } from './exit.ts';
import type { Io } from './io.ts';
import { absolute, type Options, serverInputs, usage } from './options.ts';
import { outputOf } from './output.ts';
import { progressOf } from './progress.ts';

/** `zenform export`: the live organization as files whose plan is empty. */
export async function run(options: Options & { readonly out?: string; readonly force?: boolean }, io: Io): Promise<number> {
  const output = outputOf({ ...options, output: undefined as never }, io);
  const progress = progressOf(options, io);
  const { files, diagnostics } = await exportOrganization(await serverInputs({ ...options, file: [] }, io, progress.onEvent));
  progress.clear();
  output.diagnostics(diagnostics);
  if (hasErrors(diagnostics)) return exit.error;
  if (options.out === undefined) {
    io.stdout.write(oneDocument(files));
    return exit.done;
  }
  const folder = absolute(io.cwd, options.out);
  const different = await Promise.all(
    files.map(async ({ name, text }) => ((await textOf(join(folder, name))) ?? text) !== text && name),
  );
  const existing = different.filter((name) => name !== false);
  if (existing.length > 0 && !options.force)
    throw usage(
      `${options.out} holds other files of these names: ${existing.join(', ')}`,
      'export to another folder, or give --force to overwrite them',
    );
  for (const { name, text } of files) {
    await mkdir(dirname(join(folder, name)), { recursive: true });
    await writeFile(join(folder, name), text);
  }
  if (!options.quiet) io.stdout.write(files.map(({ name }) => `${join(options.out ?? '', name)}\n`).join(''));
  return exit.done;
}

/** All files as one: every file holds other parts of the tree, and only `workspaces:` is in several. */
function oneDocument(files: readonly { readonly name: string; readonly text: string }[]): string {
  let seen = false;
  return files
    .map(({ text }) => {
      if (!text.startsWith('workspaces:\n')) return text;
      const shown = seen ? text.slice('workspaces:\n'.length) : text;
      seen = true;
      return shown;
    })
    .join('');
}

const textOf = (path: string) => readFile(path, 'utf8').catch(() => undefined);
