import type { Diagnostic } from '../core/diagnostic.ts';
import { diagnosticsText } from '../render/diagnostics.ts';
import { jsonText, reportDocument } from '../render/json.ts';
import { safe } from '../render/paint.ts';
import type { Ending } from './command.ts';
import type { Shell } from './completion.ts';
import type { EmulateOptions } from './emulate.ts';
import { exit } from './exit.ts';
import type { Io } from './io.ts';
import type { Options } from './options.ts';
import { type Output, outputOf, styleOf } from './output.ts';
import { type Parsed, parseArguments } from './parse.ts';
import type { SchemaName } from './schema.ts';
import { UsageError } from './usage.ts';

/** Runs a command line and answers its exit code. Whatever goes wrong ends in one clear message, and in one document with `-o json`. */
export async function main(argv: readonly string[], io: Io, version = 'development'): Promise<number> {
  let output: Output | undefined;
  try {
    // The scripts of `completion` ask with it; a line that is not finished is no command line.
    if (argv[0] === '__complete') return await (await import('./complete.ts')).complete(argv.slice(1), io);
    const parsed = parseArguments(argv, version);
    if ('help' in parsed) {
      io.stdout.write(parsed.help);
      return exit.done;
    }
    const own = await withoutReport(parsed, io);
    if (own !== undefined) return own;
    output = outputOf(parsed.options as Options, io);
    const ending = await ran(parsed, io, output);
    output.document(ending.document);
    return ending.exitCode;
  } catch (error) {
    const { text, diagnostics } = failure(error, argv, io);
    io.stderr.write(text);
    const document = reportDocument({}, diagnostics, exit.error);
    if (output) output.document(document);
    else if (asksForJson(argv)) io.stdout.write(jsonText(document));
    return exit.error;
  }
}

/** The commands whose result is no report. */
async function withoutReport(parsed: Exclude<Parsed, { help: string }>, io: Io): Promise<number | undefined> {
  if (parsed.command === 'schema')
    return (await import('./schema.ts')).printSchema((parsed.options as { name: SchemaName }).name, io);
  if (parsed.command === 'completion')
    return (await import('./completion.ts')).printCompletion((parsed.options as { shell: Shell }).shell, io);
  if (parsed.command === 'emulate') return (await import('./emulate.ts')).emulate(parsed.options as EmulateOptions, io);
  return undefined;
}

async function ran({ definition, options }: Exclude<Parsed, { help: string }>, io: Io, output: Output): Promise<Ending> {
  const loaded = await definition.load?.();
  if (!loaded) throw new Error('a command has nothing to run');
  // The table gives every command the options that it names.
  return loaded.run(options as never, io, output);
}

function failure(error: unknown, argv: readonly string[], io: Io): { text: string; diagnostics: readonly Diagnostic[] } {
  if (error instanceof UsageError)
    return { text: diagnosticsText(error.diagnostics, styleOf(io.stderr, {}, io.env)), diagnostics: error.diagnostics };
  const { name, message, stack } = error instanceof Error ? error : new Error(String(error));
  const words = `zenform failed, and that is its own fault: ${name}: ${safe(message)}`;
  const more = argv.includes('--verbose') ? `\n${stack ?? ''}` : ' (--verbose shows where)';
  // No code of a diagnostic is for faults of our own.
  const fault = { code: 'internal', severity: 'error', summary: words } as unknown as Diagnostic;
  return { text: `${words}${more}\n`, diagnostics: [fault] };
}

/** Whether standard output was to be JSON, told from a command line that could not be understood. */
function asksForJson(argv: readonly string[]): boolean {
  return argv.some((word, index) => {
    if (word === '-ojson' || word === '--output=json') return true;
    return word === 'json' && ['-o', '--output'].includes(argv[index - 1] ?? '');
  });
}
