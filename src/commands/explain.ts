import { type Code, codes } from '../core/diagnostic.ts';
import { nearest } from '../core/nearest.ts';
import { pages } from '../explain/index.ts';
import { listText, pageText } from '../explain/text.ts';
import type { Run } from './command.ts';
import { exit } from './exit.ts';
import type { Options } from './options.ts';
import { usage } from './usage.ts';

/** `zenform explain`: every diagnostic in a line, or one with an example that causes it and one that cures it. */
export const run: Run<Pick<Options, 'output'> & { readonly code?: string }> = async ({ code: given }, _io, output) => {
  const all = Object.keys(codes) as readonly Code[];
  if (given === undefined) {
    output.text(() => listText(codes));
    return {
      exitCode: exit.done,
      document: { format: 'zenform.explain/1', codes: all.map((code) => ({ code, meaning: codes[code] })) },
    };
  }
  // As it is copied from an output, or from memory.
  const asked = given
    .trim()
    .replace(/^(?:error|warning|note)?\[(.*)\]:?$/, '$1')
    .toLowerCase();
  const code = all.find((one) => one === asked);
  if (code === undefined) {
    const near = nearest(asked, [...all]);
    throw usage(
      `there is no diagnostic \`${given}\``,
      `${near ? `did you mean \`${near}\`? ` : ''}\`zenform explain\` lists all`,
    );
  }
  output.text((style) => pageText(code, codes[code], pages[code], style));
  return { exitCode: exit.done, document: { format: 'zenform.explain/1', code, meaning: codes[code], ...pages[code] } };
};
