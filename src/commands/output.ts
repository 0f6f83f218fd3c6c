import { appendFileSync, writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import type { Diagnostic } from '../core/diagnostic.ts';
import { diagnosticsText } from '../render/diagnostics.ts';
import { jsonText } from '../render/json.ts';
import { plainStyle, type Style } from '../render/paint.ts';
import type { Io, Stream } from './io.ts';
import type { Options } from './options.ts';
import { usage } from './usage.ts';

/** Where results, diagnostics and remarks go: results as asked for, the rest to standard error. */
export interface Output {
  /** A part of the result as text, shown at once. */
  text(part: (style: Style) => string): void;
  /** What a person has to see before being asked: on standard output, or beside it when that carries JSON. */
  preview(part: (style: Style) => string): void;
  /** The whole result as data; called once, at the end. */
  document(document: unknown): void;
  diagnostics(diagnostics: readonly Diagnostic[]): void;
  /** A word about the run itself, which `--quiet` leaves out. */
  remark(text: string): void;
}

/** What results can be printed as. */
export const formats = ['text', 'json'] as const;
type Format = (typeof formats)[number];

interface Sink {
  readonly format: Format;
  readonly file: string | undefined;
}

/** The outputs that the command line asks for. Standard output gets text, unless it gets something else. */
export function outputOf(options: Pick<Options, 'output' | 'color' | 'quiet'>, io: Io): Output {
  const sinks = sinksOf(options.output ?? []);
  const styles = { stdout: styleOf(io.stdout, options, io.env), stderr: styleOf(io.stderr, options, io.env) };
  const files = sinks.flatMap(({ format, file }) => (file === undefined ? [] : [{ format, path: resolve(io.cwd, file), file }]));
  for (const { path, file } of files) write(file, () => writeFileSync(path, ''));
  const toScreen = sinks.find(({ file }) => file === undefined)?.format;
  const text = (part: (style: Style) => string) => {
    if (toScreen === 'text') io.stdout.write(part(styles.stdout));
    for (const one of files) if (one.format === 'text') write(one.file, () => appendFileSync(one.path, part(plainStyle)));
  };
  return {
    text,
    preview(part) {
      text(part);
      if (toScreen !== 'text') io.stderr.write(part(styles.stderr));
    },
    document(document) {
      const json = jsonText(document);
      if (toScreen === 'json') io.stdout.write(json);
      for (const one of files) if (one.format === 'json') write(one.file, () => writeFileSync(one.path, json));
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

function sinksOf(given: readonly string[]): Sink[] {
  const sinks = given.map((text): Sink => {
    const at = text.indexOf('=');
    const format = at < 0 ? text : text.slice(0, at);
    const file = at < 0 ? undefined : text.slice(at + 1);
    if (!isFormat(format))
      throw usage(`there is no output format \`${format}\``, `there are ${formats.map((one) => `\`${one}\``).join(' and ')}`);
    if (file === '') throw usage(`\`-o ${text}\` names no file`, `write -o ${format}=FILE, or -o ${format} for standard output`);
    return { format, file };
  });
  const screen = sinks.filter(({ file }) => file === undefined).length;
  if (screen > 1) throw usage('standard output can take one format', 'give the others a file, such as -o json=plan.json');
  return screen === 0 ? [{ format: 'text', file: undefined }, ...sinks] : sinks;
}

const isFormat = (text: string): text is Format => formats.some((one) => one === text);

function write(name: string, work: () => void): void {
  try {
    work();
  } catch (error) {
    throw usage(`${name} cannot be written (${(error as NodeJS.ErrnoException).code})`);
  }
}

/** Colours and cut lines are for terminals; `NO_COLOR` and `--no-color` turn colours off everywhere. */
export function styleOf(stream: Stream, options: Pick<Options, 'color'>, env: Io['env']): Style {
  const color = stream.isTTY && options.color !== false && !env.NO_COLOR && env.TERM !== 'dumb';
  return { color, ...(stream.isTTY && stream.columns ? { width: stream.columns } : {}) };
}
