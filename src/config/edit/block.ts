import type { Tree } from '../tree.ts';
import { columnOf, endsBlocks, isFirst, isLast, lineEnd, lineStart } from './changes.ts';
import { entryText, flowText, itemText, keyText } from './render.ts';
import type { Home, Slot, Work } from './rewrite.ts';
import type { Part } from './source.ts';
import { list, mapping } from './tree.ts';

/** Takes entries out of a mapping or list in a block, and puts new ones in. */
export function rewriteBlock(slots: readonly Slot[], isList: boolean, home: Home | undefined, work: Work): void {
  const { text, style } = work.source;
  const { edits } = work;
  const there = slots.flatMap(({ part }) => part ?? []);
  const gone = slots.flatMap(({ part, value }) => (part && !value ? [part] : []));
  const fresh = slots.filter(({ part, value }) => !part && value);
  const [first] = there;
  if (!first || (gone.length === 0 && fresh.length === 0)) return;
  const compact = !isFirst(text, first.start);
  const header = home?.part.header ?? first.start;
  const emptied = gone.length === there.length;
  if (emptied && (fresh.length === 0 || compact) && home) {
    const left = isList
      ? list(fresh.flatMap(({ value }) => value ?? []))
      : mapping(fresh.flatMap(({ key = '', value }) => (value ? [[key, value] as const] : [])));
    edits.push({ start: header, end: header, text: ` ${flowText(left, style)}` });
  }
  for (const part of gone) {
    if (isFirst(text, part.start)) edits.push({ start: lineStart(text, part.start), end: lineEnd(text, part.end), text: '' });
    else if (part === first) edits.push({ ...firstOut(first, there, gone, header, text), text: '' });
  }
  if (emptied && compact) return;
  insert(slots, first, { isList, compact, blocks: gone.length === 0 }, work);
}

/** What goes with the first entry of a list item, which stands behind the dash. */
function firstOut(first: Part, there: readonly Part[], gone: readonly Part[], header: number, text: string) {
  const next = there[1];
  const follows = next && !gone.includes(next) && lineStart(text, next.start) === lineEnd(text, first.end);
  const bare = /^[^\S\n]*\r?\n?$/.test(text.slice(first.end, lineEnd(text, first.end)));
  return follows && bare ? { start: first.start, end: next.start } : { start: header, end: first.end };
}

interface How {
  readonly isList: boolean;
  readonly compact: boolean;
  /** Whether what is taken out leaves nothing behind that a text block would swallow. */
  readonly blocks: boolean;
}

function insert(slots: readonly Slot[], first: Part, { isList, compact, blocks }: How, work: Work): void {
  const { text } = work.source;
  const indent = columnOf(text, first.start);
  let at = compact ? after(first, indent, text) : lineStart(text, first.start);
  let beside: Part | undefined = first;
  for (const { part, key = '', value } of slots) {
    if (part) {
      if (value) {
        at = after(part, indent, text);
        beside = part;
      }
      continue;
    }
    if (!value) continue;
    const style = { ...work.source.style, blocks: blocks && work.source.style.blocks && endsBlocks(text, at, indent) };
    const inline = beside?.value?.flow === true && value.type !== 'scalar' && !isDeep(value);
    const entry = isList
      ? `- ${inline || value.type === 'list' ? flowText(value, style) : itemText(value, indent, style)}`
      : inline
        ? `${keyText(key, style, false)}: ${flowText(value, style)}`
        : entryText(key, value, indent, style);
    work.edits.push({ start: at, end: at, text: `${' '.repeat(indent)}${entry}${style.eol}` });
  }
}

/** Whether a value is a mapping of mappings: too much for one line. */
const isDeep = (value: Tree) =>
  value.type === 'mapping' && [...value.entries.values()].some(({ value: inner }) => inner.type === 'mapping');

/** The line behind an entry: comments that are indented further than it belong to it. */
function after(part: Part, indent: number, text: string): number {
  let at = lineEnd(text, part.end);
  while (at < text.length) {
    const line = text.slice(at, lineEnd(text, at));
    const [, columns = '', sign] = /^([^\S\n]*)(\S)?/.exec(line) ?? [];
    if (sign !== '#' || columns.length <= indent || !isLast(text, at)) break;
    at = lineEnd(text, at);
  }
  return at;
}
