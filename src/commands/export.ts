import { mkdir, readFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import writeFileAtomic from 'write-file-atomic';
import { isWithin } from '../config/files.ts';
import { hasErrors } from '../core/diagnostic.ts';
import { exportOrganization } from '../look.ts';
import { countText } from '../render/diagnostics.ts';
import { safe } from '../render/paint.ts';
import { interruption, type Run } from './command.ts';
import { exit } from './exit.ts';
import { serverInputs } from './inputs.ts';
import { oneDocument } from './one-document.ts';
import type { Options } from './options.ts';
import { progressOf } from './progress.ts';
import { usage } from './usage.ts';

interface File {
  readonly name: string;
  readonly text: string;
}

/** `zenform export`: the live organization as files whose plan is empty. */
export const run: Run<Options & { readonly out?: string; readonly force?: boolean }> = async (options, io, output) => {
  const progress = progressOf(options, io);
  const made = await exportOrganization(await serverInputs(options, io, progress.onEvent, { withoutFiles: true }));
  progress.end();
  const { code, diagnostics } = interruption(io, made.diagnostics);
  output.diagnostics(diagnostics);
  if (code !== undefined || hasErrors(diagnostics)) {
    const exitCode = code ?? exit.error;
    output.remark(
      code === undefined ? `${countText(diagnostics)}; nothing was exported.\n` : 'Interrupted. Nothing was changed.\n',
    );
    return { subject: 'export', exitCode, diagnostics, files: [] };
  }
  if (options.out === undefined) {
    output.text(() => oneDocument(made.files.map(({ text }) => text)));
    return { subject: 'export', exitCode: exit.done, diagnostics, files: made.files };
  }
  const files = await write(made.files, options.out, io.cwd, options.force === true);
  output.text(() => files.map(({ name, status }) => `${status.padEnd(9)}  ${safe(name)}\n`).join(''));
  output.remark(`To see that nothing is left out: zenform plan -f ${options.out}\n`);
  return { subject: 'export', exitCode: exit.done, diagnostics, files };
};

/** Writes the files below a folder; none of them when one is there with another text, unless forced. */
async function write(files: readonly File[], out: string, cwd: string, force: boolean) {
  const folder = resolve(cwd, out);
  const planned = await Promise.all(
    files.map(async ({ name, text }) => {
      const path = join(folder, name);
      // The names of workspaces are the server's: none of them may lead elsewhere.
      if (!isWithin(folder, path)) throw usage(`\`${name}\` would be outside ${out}`, 'export to standard output instead');
      const before = await readFile(path, 'utf8').catch(() => undefined);
      const status = before === undefined ? 'written' : before === text ? 'unchanged' : 'replaced';
      return { name: join(out, name).replaceAll('\\', '/'), path, text, status };
    }),
  );
  const others = planned.filter(({ status }) => status === 'replaced').map(({ name }) => name);
  if (others.length > 0 && !force)
    throw usage(
      `there already, and different: ${others.join(', ')}`,
      'export to another folder, or give --force to replace them',
    );
  for (const { path, text, status } of planned) {
    if (status === 'unchanged') continue;
    await mkdir(dirname(path), { recursive: true });
    await writeFileAtomic(path, text);
  }
  return planned.map(({ name, status }) => ({ name, status }));
}
