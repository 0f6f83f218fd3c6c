import type { Diagnostic } from '../core/diagnostic.ts';
import { diagnosticsText } from '../render/diagnostics.ts';
import { type Format, formats, rendered } from '../render/formats.ts';
import { plainStyle, type Style } from '../render/paint.ts';
import type { Report } from '../render/report.ts';
import type { Io, Stream } from './io.ts';
import type { Options } from './options.ts';
import { usage } from './usage.ts';
import { checkWritable, writeWhole } from './whole-file.ts';

/** Where results, diagnostics and remarks go: results as asked for, the rest to standard error. */
export interface Output {
  /** A part of the result as text, shown at once. */
  text(part: (style: Style) => string): void;
  /** What a person has to see before being asked: on standard output, or beside it when that carries something else. */
  preview(part: (style: Style) => string): void;
  /** Writes the files, each whole or not at all; called once, at the end. Throws a `UsageError` for one that cannot be written. */
  files(report: Report): Promise<void>;
  /** Prints the whole result, unless standard output had text. */
  screen(report: Report): Promise<void>;
  diagnostics(diagnostics: readonly Diagnostic[]): void;
  /** A word about the run itself, which `--quiet` leaves out. */
  remark(text: string): void;
}

interface Sink {
  readonly format: Format;
  readonly file: string | undefined;
}

/** What a command can be asked for, by its name. */
export interface Offer {
  readonly command: string;
  readonly formats: readonly Format[];
}

/** The outputs that the command line asks for. Standard output gets text, unless it gets something else. */
export async function outputOf(options: Pick<Options, 'output' | 'color' | 'quiet'>, io: Io, offer: Offer): Promise<Output> {
  const sinks = sinksOf(options.output ?? [], offer);
  const styles = { stdout: styleOf(io.stdout, options, io.env), stderr: styleOf(io.stderr, options, io.env) };
  const named = sinks.flatMap(({ format, file }) => (file === undefined ? [] : [{ format, file }]));
  for (const { file } of named) await checkWritable(io.cwd, file);
  const toScreen = sinks.find(({ file }) => file === undefined)?.format ?? 'text';
  let plain = '';
  const text = (part: (style: Style) => string) => {
    if (toScreen === 'text') io.stdout.write(part(styles.stdout));
    if (named.some(({ format }) => format === 'text')) plain += part(plainStyle);
  };
  return {
    text,
    preview(part) {
      text(part);
      if (toScreen !== 'text') io.stderr.write(part(styles.stderr));
    },
    async files(report) {
      for (const { format, file } of named)
        await writeWhole(io.cwd, file, format === 'text' ? plain : await rendered(format, report));
    },
    async screen(report) {
      if (toScreen !== 'text') io.stdout.write(await rendered(toScreen, report));
    },
    diagnostics(diagnostics) {
      const shown = options.quiet ? diagnostics.filter(({ severity }) => severity === 'error') : diagnostics;
      if (shown.length > 0) io.stderr.write(diagnosticsText(shown, styles.stderr));
    },
    remark(text) {
      if (!options.quiet) io.stderr.write(text);
    },
  };
}

function sinksOf(given: readonly string[], offer: Offer): Sink[] {
  const sinks = given.map((text) => sinkOf(text, offer));
  const screen = sinks.filter(({ file }) => file === undefined).length;
  if (screen > 1) throw usage('standard output can take one format', 'give the others a file, such as -o json=plan.json');
  const files = sinks.flatMap(({ file }) => file ?? []);
  const twice = files.find((file, index) => files.indexOf(file) < index);
  if (twice !== undefined) throw usage(`${twice} can take one format`, 'give each format a file of its own');
  return sinks;
}

function sinkOf(text: string, { command, formats: offered }: Offer): Sink {
  const at = text.indexOf('=');
  const name = at < 0 ? text : text.slice(0, at);
  const file = at < 0 ? undefined : text.slice(at + 1);
  const format = formats.find((one) => one === name);
  const list = offered.map((one) => `\`${one}\``).join(', ');
  if (format === undefined) throw usage(`there is no output format \`${name}\``, `\`${command}\` has ${list}`);
  if (!offered.includes(format)) throw usage(`\`${command}\` has no output format \`${format}\``, `it has ${list}`);
  if (file === '') throw usage(`\`-o ${text}\` names no file`, `write -o ${format}=FILE, or -o ${format} for standard output`);
  return { format, file };
}

/** Colours and cut lines are for terminals; `NO_COLOR` and `--no-color` turn colours off everywhere. */
export function styleOf(stream: Stream, options: Pick<Options, 'color'>, env: Io['env']): Style {
  const color = stream.isTTY && options.color !== false && !env.NO_COLOR && env.TERM !== 'dumb';
  return { color, ...(stream.isTTY && stream.columns ? { width: stream.columns } : {}) };
}
