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
import { writeFiles } from './write-files.ts';

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
  const files = await writeFiles(made.files, options.out, io.cwd, options.force === true);
  output.text(() => files.map(({ name, status }) => `${status.padEnd(9)}  ${safe(name)}\n`).join(''));
  output.remark(`To see that nothing is left out: zenform plan -f ${options.out}\n`);
  return { subject: 'export', exitCode: exit.done, diagnostics, files };
};
