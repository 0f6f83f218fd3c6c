import { type Code, codes } from '../core/diagnostic.ts';
import { nearest } from '../core/nearest.ts';
import { pages } from '../explain/index.ts';
import { listText, pageText } from '../explain/text.ts';
import { jsonText } from '../render/json.ts';
import { exit } from './exit.ts';
import type { Io } from './io.ts';
import { styleOf } from './output.ts';
import { usage } from './usage.ts';

/** The options of `zenform explain`. */
export interface ExplainOptions {
  readonly code?: string;
  readonly output?: 'text' | 'json';
  readonly color?: boolean;
}

/** `zenform explain`: every diagnostic in a line, or one with an example that causes it and one that cures it. */
export function explain(options: ExplainOptions, io: Io): number {
  const code = options.code === undefined ? undefined : meant(options.code);
  const style = styleOf(io.stdout, options, io.env);
  const format = 'zenform.explain/1';
  if (code === undefined) {
    const all = Object.entries(codes).map(([name, meaning]) => ({ code: name, meaning }));
    io.stdout.write(options.output === 'json' ? jsonText({ format, codes: all }) : listText(codes));
  } else {
    const page = { format, code, meaning: codes[code], ...pages[code] };
    io.stdout.write(options.output === 'json' ? jsonText(page) : pageText(code, codes[code], pages[code], style));
  }
  return exit.done;
}

/** The code that is asked for, as it is copied from an output or from memory. */
function meant(given: string): Code {
  const asked = given
    .trim()
    .replace(/^(?:error|warning|note)?\[(.*)\]:?$/, '$1')
    .toLowerCase();
  const all = Object.keys(codes) as Code[];
  const code = all.find((one) => one === asked);
  if (code !== undefined) return code;
  const near = nearest(asked, all);
  throw usage(`there is no diagnostic \`${given}\``, `${near ? `did you mean \`${near}\`? ` : ''}\`zenform explain\` lists all`);
}
