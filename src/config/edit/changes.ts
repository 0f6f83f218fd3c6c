/** A piece of text that takes the place of another. */
export interface Edit {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

/** The text with all edits made; undefined when two of them are about the same piece. */
export function applied(text: string, edits: readonly Edit[]): string | undefined {
  const sorted = edits
    .map((edit, index) => ({ edit, index }))
    .sort((a, b) => a.edit.start - b.edit.start || rank(a.edit) - rank(b.edit) || a.index - b.index)
    .map(({ edit }) => edit);
  const parts: string[] = [];
  let at = 0;
  for (const { start, end, text: by } of sorted) {
    if (start < at) return undefined;
    parts.push(text.slice(at, start), by);
    at = end;
  }
  parts.push(text.slice(at));
  return parts.join('');
}

/** What is put between comes before what is taken away at the same place. */
const rank = ({ start, end }: Edit) => (start === end ? 0 : 1);

export const lineStart = (text: string, offset: number) => text.lastIndexOf('\n', offset - 1) + 1;

/** Where the next line begins; the end of a text whose last line has no end. */
export function lineEnd(text: string, offset: number): number {
  const at = text.indexOf('\n', offset);
  return at < 0 ? text.length : at + 1;
}

/** The column of an offset, from 0. */
export const columnOf = (text: string, offset: number) => offset - lineStart(text, offset);

/** Whether nothing but spaces stands before an offset in its line. */
export const isFirst = (text: string, offset: number) => /^[^\S\n]*$/.test(text.slice(lineStart(text, offset), offset));

/** Whether nothing but a comment stands after an offset in its line. */
export const isLast = (text: string, offset: number) =>
  /^[^\S\n]*(?:[^\S\n]#.*)?\r?\n?$/.test(text.slice(offset, lineEnd(text, offset)));

/**
 * Whether a text block of an entry at that column would end where it should: no comment behind it is indented further. Other lines prove
 * nothing, since they may be about to go.
 */
export function endsBlocks(text: string, offset: number, column: number): boolean {
  for (let at = offset; at < text.length; at = lineEnd(text, at)) {
    const [, spaces = '', sign] = /^([^\S\n]*)(\S)?/.exec(text.slice(at, lineEnd(text, at))) ?? [];
    if (sign === '#') return spaces.length <= column;
  }
  return true;
}
