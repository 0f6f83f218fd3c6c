import { diagnose } from '../look.ts';
import { paints, safe } from '../render/paint.ts';
import { exit } from './exit.ts';
import type { Io } from './io.ts';
import { type Options, serverInputs } from './options.ts';
import { outputOf } from './output.ts';
import { progressOf } from './progress.ts';

/** `zenform doctor`: can it be reached, who am I, which organization, what may I see. */
export async function run(options: Options, io: Io): Promise<number> {
  const output = outputOf(options, io);
  const progress = progressOf(options, io);
  const { checks, diagnostics } = await diagnose(await serverInputs(options, io, progress.onEvent));
  progress.clear();
  const failed = checks.length === 0 || checks.some(({ status }) => status === 'failed');
  const code = failed ? exit.error : exit.done;
  output.diagnostics(diagnostics.filter(({ code: one }) => one !== 'file-unreadable'));
  await output.result(
    (style) => {
      const paint = paints(style);
      const color = { ok: paint.green, warning: paint.yellow, failed: paint.red };
      return checks
        .map(({ name, status, detail }) => `${color[status](status.padEnd(8))}${name.padEnd(14)}${safe(detail)}\n`)
        .join('');
    },
    { format: 'zenform.report/1', checks, diagnostics, exitCode: code },
  );
  return code;
}
