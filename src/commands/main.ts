import { hasErrors } from '../core/diagnostic.ts';
import { exit } from './exit.ts';
import type { Io } from './io.ts';
import { UsageError } from './options.ts';
import { outputOf } from './output.ts';
import { buildProgram } from './program.ts';

/** A command line, run: answers the exit code. Whatever goes wrong ends in one clear message. */
export async function main(argv: readonly string[], io: Io): Promise<number> {
  const json = argv.some(
    (one, index) =>
      one === '-ojson' || one === '--output=json' || (one === 'json' && /^(-o|--output)$/.test(argv[index - 1] ?? '')),
  );
  try {
    return await buildProgram(io)(argv);
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    const output = outputOf({ ...(json ? { output: ['json'] } : {}) }, io);
    output.diagnostics(error.diagnostics);
    const code = hasErrors(error.diagnostics) ? exit.error : exit.done;
    if (json) await output.result('', { format: 'zenform.report/1', diagnostics: error.diagnostics, exitCode: code });
    return code;
  }
}
