import type { Argument, Option } from 'commander';
import type { Io } from './io.ts';
import { commands, type Definition } from './table.ts';

/** What may stand at the end of a line: words with what they mean, or any file. */
export type Candidates = { readonly files: true } | { readonly words: readonly (readonly [word: string, meaning: string])[] };

const none: Candidates = { words: [] };

/** `zenform __complete WORDS`: what the scripts of `zenform completion` ask. The last word is the one under way; a line for each candidate. */
export async function complete(words: readonly string[], io: Io): Promise<number> {
  const found = await candidates(words, io).catch(() => none);
  if ('files' in found) io.stdout.write(':files\n');
  // A line break, or a tab, would be taken for the end of a candidate.
  else
    for (const [word, meaning] of found.words)
      io.stdout.write(`${word.replaceAll(/\s/g, ' ')}\t${meaning.replaceAll(/\s/g, ' ')}\n`);
  return 0;
}

/** What may stand at the place of the last word. */
export async function candidates(given: readonly string[], io: Io): Promise<Candidates> {
  const table = commands();
  const line = given.slice(0, -1);
  const last = given.at(-1) ?? '';
  const name = commandOf(line, table);
  const offered = name === undefined ? [] : (table[name]?.formats ?? []);
  const options = name === undefined ? Object.values(table).flatMap((one) => one.options) : (table[name]?.options ?? []);
  const optionOf = (word: string) => options.find(({ short, long }) => word === short || word === long);
  const joined = /^(--[^=]+)=([\s\S]*)$/.exec(last);
  const before = joined ? undefined : optionOf(line.at(-1) ?? '');
  if (joined) return prefixed(await valuesOf(optionOf(joined[1] ?? ''), joined[2] ?? '', line, io, offered), `${joined[1]}=`);
  if (before?.required) return valuesOf(before, last, line, io, offered);
  if (last.startsWith('-')) return starting(optionWords(name === undefined ? [] : options), last);
  if (name === undefined)
    return starting(
      Object.entries(table).map(([one, { summary }]) => [one, summary] as const),
      last,
    );
  const { argument } = table[name] ?? {};
  const words = line
    .slice(line.indexOf(name) + 1)
    .filter((word, at, all) => !word.startsWith('-') && !optionOf(all[at - 1] ?? '')?.required);
  return argument && words.length === 0 ? valuesOf(argument, last, line, io, offered) : none;
}

/** The first word that is a command. */
const commandOf = (line: readonly string[], table: Readonly<Record<string, Definition>>) =>
  line.find((word) => Object.hasOwn(table, word));

const optionWords = (options: readonly Option[]) => [
  ...options.map(({ long, short, description }) => [long ?? short ?? '', description] as const),
  ['--help', 'show help'] as const,
];

function starting(words: readonly (readonly [string, string])[], last: string): Candidates {
  return { words: words.filter(([word]) => word.startsWith(last)) };
}

function prefixed(found: Candidates, prefix: string): Candidates {
  return 'files' in found ? found : { words: found.words.map(([word, meaning]) => [`${prefix}${word}`, meaning] as const) };
}

/** What an option or an argument takes, told by the word that stands for it in the help. */
async function valuesOf(
  taker: Option | Argument | undefined,
  last: string,
  line: readonly string[],
  io: Io,
  offered: readonly string[],
): Promise<Candidates> {
  if (!taker) return none;
  const choices = taker.argChoices;
  if (choices)
    return starting(
      choices.map((word) => [word, '']),
      last,
    );
  const shown = 'flags' in taker ? (/[<[](.*)[\]>]$/.exec(taker.flags)?.[1] ?? '') : taker.name().toUpperCase();
  if (['PATH', 'FILE', 'DIR', 'SEED', 'PLANFILE'].includes(shown)) return { files: true };
  if (shown.startsWith('ADDRESS')) return addressesAt(last, line, io);
  if (shown === 'CODE') {
    const { codes } = await import('../core/diagnostic.ts');
    return starting(Object.entries(codes), last);
  }
  if (shown === 'KIND')
    return starting(
      Object.keys((await import('../kinds/index.ts')).kinds).map((kind) => [kind, ''] as const),
      last,
    );
  if (shown.startsWith('FORMAT'))
    return starting(
      offered.map((format) => [format, ''] as const),
      last,
    );
  if (shown === 'GUARD:ADDRESS') {
    const { acceptable } = await import('../core/guards/refusal.ts');
    return starting(
      acceptable.map((guard) => [`${guard}:`, ''] as const),
      last,
    );
  }
  return none;
}

/** The addresses that the files declare, a part at a time, as folders are completed. */
async function addressesAt(last: string, line: readonly string[], io: Io): Promise<Candidates> {
  const [{ fileInputs }, { validateFiles }] = await Promise.all([import('./inputs.ts'), import('../sync.ts')]);
  const file = line.flatMap((word, at) => (word === '-f' || word === '--file' ? [line[at + 1] ?? ''] : []));
  const { desired } = await validateFiles(await fileInputs(file.length > 0 ? { file } : {}, io));
  const found = new Set<string>();
  for (const address of desired.resources.keys()) {
    if (!address.startsWith(last)) continue;
    const end = address.indexOf('/', last.length);
    found.add(end < 0 ? address : address.slice(0, end + 1));
  }
  return { words: [...found].sort().map((word) => [word, ''] as const) };
}
