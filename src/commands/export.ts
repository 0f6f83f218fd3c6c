import { hasErrors } from '../core/diagnostic.ts';
import { exportOrganization } from '../look.ts';
import { countText } from '../render/diagnostics.ts';
import { safe } from '../render/paint.ts';
import { interruption, type Run } from './command.ts';
import { writeEdits } from './edits.ts';
import { exit } from './exit.ts';
import { exportTo } from './export-files.ts';
import { serverInputs } from './inputs.ts';
import { oneDocument } from './one-document.ts';
import type { Options } from './options.ts';
import { progressOf } from './progress.ts';

/** `zenform export`: the live organization as files whose plan is empty; files that are there are edited where live has changed. */
export const run: Run<Options & { readonly out?: string; readonly force?: boolean }> = async (options, io, output) => {
  const { out, force = false } = options;
  const progress = progressOf(options, io);
  const inputs = await serverInputs(options, io, progress.onEvent, { withoutFiles: true });
  const texts = out === undefined ? await exportOrganization(inputs) : undefined;
  const made = out === undefined || texts ? texts : await exportTo(out, inputs, { anew: force, line: () => '' });
  progress.end();
  const { code, diagnostics } = interruption(io, made?.diagnostics ?? []);
  output.diagnostics(diagnostics);
  if (code !== undefined || hasErrors(diagnostics)) {
    const exitCode = code ?? exit.error;
    output.remark(
      code === undefined ? `${countText(diagnostics)}; nothing was exported.\n` : 'Interrupted. Nothing was changed.\n',
    );
    return { subject: 'export', exitCode, diagnostics, files: [] };
  }
  if (texts) {
    output.text(() => oneDocument(texts.files.map(({ text }) => text)));
    return { subject: 'export', exitCode: exit.done, diagnostics, files: texts.files };
  }
  const edits = (made as Awaited<ReturnType<typeof exportTo>>).files;
  await writeEdits(
    edits.filter(({ before, after }) => before !== after),
    io.cwd,
  );
  const files = edits.map(({ file, before, after }) => ({
    name: file,
    status: before === undefined ? 'written' : before === after ? 'unchanged' : force ? 'replaced' : 'edited',
  }));
  output.text(() => files.map(({ name, status }) => `${status.padEnd(9)}  ${safe(name)}\n`).join(''));
  if (edits.length === 0) output.text(() => 'Nothing to write: the files say what is live.\n');
  output.remark(`To see that nothing is left out: zenform plan -f ${out}\n`);
  return { subject: 'export', exitCode: exit.done, diagnostics, files };
};
