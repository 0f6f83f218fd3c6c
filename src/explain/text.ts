import type { Code } from '../core/diagnostic.ts';
import { paints, paragraph, type Style, widthOf } from '../render/paint.ts';
import type { Example, FileText, Page, Trouble } from './page.ts';

/** Every code with its meaning, a line each. */
export function listText(codes: Readonly<Record<Code, string>>): string {
  const width = Math.max(...Object.keys(codes).map(widthOf));
  return Object.entries(codes)
    .map(([code, meaning]) => `${code.padEnd(width)}  ${meaning}\n`)
    .join('');
}

/** A page for a terminal: as wide as that is, and at most 100 columns. */
export function pageText(code: Code, meaning: string, { more, bad, good }: Page, style: Style): string {
  const paint = paints(style);
  const width = Math.min(style.width ?? 80, 100);
  const { same, parts: cure } = without(partsOf(good), partsOf(bad));
  // Nothing is cut: it is there to be copied.
  const example = (parts: readonly Part[]) =>
    parts
      .map(({ title, text }) => {
        const lines = text.trimEnd().split('\n');
        return `${title === '' ? '' : `  ${paint.dim(title)}\n`}${lines.map((line) => `    ${line}\n`).join('')}`;
      })
      .join('');
  return [
    `${paragraph(`${code}: ${meaning}`, width).join('\n').replace(code, paint.bold(code))}\n`,
    `${paragraph(more, width).join('\n')}\n`,
    `${paint.red('This causes it:')}\n\n${example(partsOf(bad))}`,
    `${paint.green(`This does not${same ? ', the rest being the same' : ''}:`)}\n\n${example(cure)}`,
  ].join('\n');
}

/** A page as Markdown, below a heading. */
export function pageMarkdown(code: Code, meaning: string, { more, bad, good }: Page): string {
  const example = (parts: readonly Part[]) =>
    parts
      .map(({ title, text, language }) => `${title === '' ? '' : `${title}\n\n`}\`\`\`${language}\n${text.trimEnd()}\n\`\`\`\n`)
      .join('\n');
  const { same, parts: cure } = without(partsOf(good), partsOf(bad));
  const heading = `This does not${same ? ', the rest being the same' : ''}:`;
  return `## ${code}\n\n${meaning} ${more}\n\nThis causes it:\n\n${example(partsOf(bad))}\n${heading}\n\n${example(cure)}`;
}

/** The parts that are not among the others, with the command in any case; and whether any is. */
function without(parts: readonly Part[], others: readonly Part[]): { readonly same: boolean; readonly parts: readonly Part[] } {
  const known = new Set(others.map((part) => JSON.stringify(part)));
  const kept = parts.filter((part) => part.title === '' || !known.has(JSON.stringify(part)));
  return { same: kept.length < parts.length, parts: kept };
}

interface Part {
  readonly title: string;
  readonly text: string;
  readonly language: string;
}

/** What an example consists of, in the order in which one would set it up. */
function partsOf({ world, troubles = [], committed, files, first, env, run }: Example): Part[] {
  const each = (of: Example['files'] = {}, what: string) =>
    Object.entries(of).map(([name, content]) => ({ title: `\`${name}\`${what}:`, text: shown(content), language: 'yaml' }));
  const variables = Object.entries(env ?? {}).map(([name, value]) => `${name}=${value} `);
  const keyless = env && Object.keys(env).length === 0 ? 'env -u ZENFORM_API_KEY ' : '';
  return [
    ...(world === undefined ? [] : [{ title: 'What is live, as a seed of `zenform emulate`:', text: world, language: 'yaml' }]),
    ...troubles.map((trouble) => ({ title: 'And the server:', text: troubleText(trouble), language: 'text' })),
    ...each(committed, ', committed as HEAD'),
    ...each(files, committed ? ', as it is now' : ''),
    ...(first ? [{ title: '', text: first.run.map((line) => `$ ${line}`).join('\n'), language: 'console' }] : []),
    ...each(first?.edited, ', changed after that'),
    { title: '', text: `$ ${keyless}${variables.join('')}${run}`, language: 'console' },
  ];
}

function shown(content: FileText): string {
  if (typeof content === 'string') return content;
  return 'latin1' in content ? `${content.latin1.trimEnd()}   # saved as Latin-1` : `# … ${content.megabytes} MiB of it`;
}

function troubleText({ match, do: deed }: Trouble): string {
  const what = match.path === undefined ? 'every request' : `${match.method ?? 'any'} ${match.path}`;
  if (deed === 'drop') return `breaks off ${what}`;
  return `answers ${what} with ${deed.status}${deed.body === undefined ? '' : ` ${JSON.stringify(deed.body)}`}`;
}
