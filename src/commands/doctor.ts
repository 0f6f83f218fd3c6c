import { resolve } from 'node:path';
import writeFileAtomic from 'write-file-atomic';
import { diagnose } from '../look.ts';
import { doctorReport, doctorText } from '../render/doctor.ts';
import { jsonText } from '../render/json.ts';
import { interruption, type Run } from './command.ts';
import { exit } from './exit.ts';
import { serverInputs } from './inputs.ts';
import type { Options } from './options.ts';
import { progressOf } from './progress.ts';
import { usage } from './usage.ts';

/** `zenform doctor`: can it be reached, who am I, what may I see, how does this server differ. Works before there are any files. */
export const run: Run<Options & { readonly report?: string }> = async (options, io, output) => {
  const progress = progressOf(options, io);
  const inputs = await serverInputs(options, io, progress.onEvent, { withoutFiles: true });
  const { examination, diagnostics: all } = await diagnose(inputs);
  progress.end();
  // Without files there is nothing to say about them, only about the server.
  const own =
    inputs.files.length > 0 ? all : all.filter(({ code }) => code !== 'organization-missing' && code !== 'removals-not-seen');
  const { code, diagnostics } = interruption(io, own);
  const exitCode = code ?? (examination === undefined || examination.ready === 'no' ? exit.error : exit.done);
  output.diagnostics(diagnostics);
  if (!examination) return { subject: 'doctor', exitCode, diagnostics, examination: { checks: [] } };
  output.text((style) => doctorText(examination, style));
  if (options.report !== undefined) {
    const text = jsonText(doctorReport(examination));
    await writeFileAtomic(resolve(io.cwd, options.report), text).catch((error: NodeJS.ErrnoException) => {
      throw usage(`the report cannot be written to ${options.report} (${error.code ?? error.message})`);
    });
  }
  return { subject: 'doctor', exitCode, diagnostics, examination };
};
