import pc from 'picocolors';

/** How a terminal, or a file, wants text: colours, and the columns of a line; without a width, lines are never cut. */
export interface Style {
  readonly color: boolean;
  readonly width?: number;
}

/** Text as a file gets it. */
export const plainStyle: Style = { color: false };

type Paint = Record<'green' | 'yellow' | 'red' | 'cyan' | 'bold' | 'dim', (text: string) => string>;

/** The colours of a style; none of them changes a text without colour. */
export function paints(style: Style): Paint {
  const { green, yellow, red, cyan, bold, dim } = pc.createColors(style.color);
  return { green, yellow, red, cyan, bold, dim };
}

/** What could move a cursor, reorder a line or hide in one: controls, format characters, odd line ends, halves of characters. */
const unseen = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu;
const short: Readonly<Record<string, string>> = { '\n': '\\n', '\r': '\\r', '\t': '\\t' };

/** What runners of GitHub take for a command wherever it stands in a line of a log. */
const command = /##\[/g;

/** Text of a server or a file made harmless for a terminal and for a log: whatever is not seen, or obeyed, is spelt out instead. */
export function safe(text: string): string {
  return text.replace(command, '#\\u0023[').replace(unseen, (character) => {
    const code = character.codePointAt(0)?.toString(16) ?? '';
    return short[character] ?? (code.length > 4 ? `\\u{${code}}` : `\\u${code.padStart(4, '0')}`);
  });
}

/** JSON text that is as harmless for a terminal, and still the same JSON: the characters can only stand inside its strings. */
export function safeJson(json: string): string {
  return json
    .replace(command, '#\\u0023[')
    .replace(unseen, (character) =>
      character === '\n'
        ? character
        : [...Array(character.length).keys()]
            .map((index) => `\\u${character.charCodeAt(index).toString(16).padStart(4, '0')}`)
            .join(''),
    );
}

const wide =
  /[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6\u{1f300}-\u{1faff}\u{20000}-\u{3fffd}]/u;
const none = /\p{M}/u;
const columnsOf = (character: string) => (none.test(character) ? 0 : wide.test(character) ? 2 : 1);

/** The columns that a text takes on a terminal. */
export function widthOf(text: string): number {
  let width = 0;
  for (const character of text) width += columnsOf(character);
  return width;
}

/** A text that takes at most so many columns; one that is cut ends with `…`. */
export function cut(text: string, width: number | undefined): string {
  if (width === undefined || widthOf(text) <= width) return text;
  let kept = '';
  let used = 1;
  for (const character of text) {
    used += columnsOf(character);
    if (used > width) break;
    kept += character;
  }
  return `${kept}…`;
}

/** `1 team`, `2 teams`. */
export function counted(count: number, one: string, many = `${one}s`): string {
  return `${count} ${count === 1 ? one : many}`;
}

/** A paragraph in lines of at most that many columns; a longer word has a line of its own. */
export function paragraph(text: string, width: number): string[] {
  const lines: string[] = [];
  for (const word of text.split(' ')) {
    const last = lines.at(-1);
    if (last !== undefined && widthOf(last) + 1 + widthOf(word) <= width) lines[lines.length - 1] = `${last} ${word}`;
    else lines.push(word);
  }
  return lines;
}

/** Words with commas between them, on as many lines as they need; none of them is cut. */
export function wrapped(words: readonly string[], width: number): string[] {
  const lines: string[] = [];
  let line = '';
  for (const [index, word] of words.entries()) {
    const text = index < words.length - 1 ? `${word},` : word;
    if (line !== '' && widthOf(line) + 1 + widthOf(text) > width) {
      lines.push(line);
      line = text;
    } else line = line === '' ? text : `${line} ${text}`;
  }
  return line === '' ? lines : [...lines, line];
}
