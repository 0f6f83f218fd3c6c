import type { Diagnostic } from '../core/diagnostic.ts';
import { diagnosticsText } from '../render/diagnostics.ts';
import { documentOf, jsonText } from '../render/json.ts';
import { safe } from '../render/paint.ts';
import type { Report, Subject } from '../render/report.ts';
import type { Shell } from './completion.ts';
import type { EmulateOptions } from './emulate.ts';
import { exit } from './exit.ts';
import type { ExplainOptions } from './explain.ts';
import type { Io } from './io.ts';
import type { Options } from './options.ts';
import { type Output, outputOf, styleOf } from './output.ts';
import { type Parsed, parseArguments } from './parse.ts';
import type { SchemaName } from './schema.ts';
import { UsageError } from './usage.ts';

/** Runs a command line and answers its exit code. Whatever goes wrong ends in one clear message, and in one document with `-o json`. */
export async function main(argv: readonly string[], io: Io, version = 'development'): Promise<number> {
  let output: Output | undefined;
  let subject: Subject = 'plan';
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
    subject = parsed.command as Subject;
    output = await outputOf(parsed.options as Options, io, { command: parsed.command, formats: parsed.definition.formats });
    const report = await ran(parsed, io, output);
    return await delivered(report, output, argv, io);
  } catch (error) {
    const { text, diagnostics } = failure(error, argv, io);
    io.stderr.write(text);
    const report: Report = { subject, exitCode: exit.error, diagnostics };
    if (output) await output.files(report).catch(() => {});
    if (output) await output.screen(report);
    else if (asksForJson(argv)) io.stdout.write(jsonText(documentOf(report)));
    return exit.error;
  }
}

/** Writes and prints what a command has answered. A file that cannot be written is an error, and no reason to say nothing else. */
async function delivered(report: Report, output: Output, argv: readonly string[], io: Io): Promise<number> {
  let told = report;
  try {
    await output.files(report);
  } catch (error) {
    const { text, diagnostics } = failure(error, argv, io);
    io.stderr.write(text);
    told = { ...report, diagnostics: [...report.diagnostics, ...diagnostics], exitCode: report.exitCode || exit.error };
  }
  await output.screen(told);
  return told.exitCode;
}

/** The commands whose result is no report. */
async function withoutReport(parsed: Exclude<Parsed, { help: string }>, io: Io): Promise<number | undefined> {
  if (parsed.command === 'schema')
    return (await import('./schema.ts')).printSchema((parsed.options as { name: SchemaName }).name, io);
  if (parsed.command === 'explain') return (await import('./explain.ts')).explain(parsed.options as ExplainOptions, io);
  if (parsed.command === 'completion')
    return (await import('./completion.ts')).printCompletion((parsed.options as { shell: Shell }).shell, io);
  if (parsed.command === 'emulate') return (await import('./emulate.ts')).emulate(parsed.options as EmulateOptions, io);
  return undefined;
}

async function ran({ definition, options }: Exclude<Parsed, { help: string }>, io: Io, output: Output): Promise<Report> {
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
