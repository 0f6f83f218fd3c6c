import { diagnose } from '../look.ts';
import { reportDocument } from '../render/json.ts';
import { counted, paints, safe } from '../render/paint.ts';
import { interruption, type Run } from './command.ts';
import { exit } from './exit.ts';
import { serverInputs } from './inputs.ts';
import type { Options } from './options.ts';
import { progressOf } from './progress.ts';

/** `zenform doctor`: can it be reached, who am I, which organization, what may I see. Works before there are any files. */
export const run: Run<Options> = async (options, io, output) => {
  const progress = progressOf(options, io);
  const inputs = await serverInputs(options, io, progress.onEvent, { withoutFiles: true });
  const { checks, diagnostics: all } = await diagnose(inputs);
  progress.end();
  // Without files there is nothing to say about them, only about the server.
  const own =
    inputs.files.length > 0 ? all : all.filter(({ code }) => code !== 'organization-missing' && code !== 'removals-not-seen');
  const { code, diagnostics } = interruption(io, own);
  const failed = checks.filter(({ status }) => status === 'failed').length;
  const exitCode = code ?? (failed > 0 || checks.length === 0 ? exit.error : exit.done);
  output.diagnostics(diagnostics);
  output.text((style) => {
    const paint = paints(style);
    const color = { ok: paint.green, warning: paint.yellow, failed: paint.red };
    return checks
      .map(({ name, status, detail }) => `${color[status](status.padEnd(7))}  ${name.padEnd(12)}  ${safe(detail)}\n`)
      .join('');
  });
  if (failed > 0) output.remark(`${counted(failed, 'check')} failed.\n`);
  return { exitCode, document: reportDocument({ checks }, diagnostics, exitCode) };
};
