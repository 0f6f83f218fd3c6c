import { writeFile } from 'node:fs/promises';
import type { Diagnostic } from '../core/diagnostic.ts';
import { diagnosticsText } from '../render/diagnostics.ts';
import type { Style } from '../render/paint.ts';
import type { Io, Stream } from './io.ts';
import { absolute, type Options, usage } from './options.ts';

/** Where results go: text and one JSON document, each to standard output or to a file. */
export interface Output {
  /** Prints a result: as text or as JSON, wherever each was asked for. */
  result(text: string | ((style: Style) => string), document: unknown): Promise<void>;
  /** Prints diagnostics for a person, to standard error. */
  diagnostics(diagnostics: readonly Diagnostic[]): void;
  readonly style: Style;
}

const formats = ['text', 'json'];

export function outputOf(options: Pick<Options, 'output' | 'color' | 'quiet'>, io: Io): Output {
  const wanted = (options.output ?? ['text']).map((one) => {
    const [format = '', file] = split(one);
    if (!formats.includes(format)) throw usage(`there is no output format \`${format}\``, `known: ${formats.join(', ')}`);
    return { format, file };
  });
  if (wanted.filter(({ file }) => file === undefined).length > 1)
    throw usage('only one format can go to standard output', 'give the others a file: -o json=plan.json');
  const style = styleOf(io.stdout, options, io);
  return {
    style,
    async result(text, document) {
      for (const { format, file } of wanted) {
        const plain = file !== undefined;
        const shown =
          format === 'json'
            ? `${JSON.stringify(document, null, 2)}\n`
            : typeof text === 'string'
              ? text
              : text(plain ? { color: false } : style);
        if (file !== undefined) await writeFile(absolute(io.cwd, file), shown);
        else io.stdout.write(shown);
      }
    },
    diagnostics(diagnostics) {
      const shown = options.quiet ? diagnostics.filter(({ severity }) => severity === 'error') : diagnostics;
      const text = diagnosticsText(shown, styleOf(io.stderr, options, io));
      if (text !== '') io.stderr.write(text);
    },
  };
}

function split(text: string): [string, string?] {
  const at = text.indexOf('=');
  return at < 0 ? [text] : [text.slice(0, at), text.slice(at + 1)];
}

/** Colours and cut lines are for terminals; `NO_COLOR` and `--no-color` turn colours off everywhere. */
export function styleOf(stream: Stream, options: Pick<Options, 'color'>, io: Pick<Io, 'env'>): Style {
  const color = stream.isTTY && options.color !== false && !io.env.NO_COLOR && io.env.TERM !== 'dumb';
  return { color, ...(stream.isTTY && stream.columns ? { width: stream.columns } : {}) };
}
