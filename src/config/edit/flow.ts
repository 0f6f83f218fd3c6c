import type { Tree } from '../tree.ts';
import { columnOf, type Edit, isFirst, isLast, lineEnd, lineStart } from './changes.ts';
import { flowText, jsonText, keyText, pairText, type Style } from './render.ts';
import type { Slot, Work } from './rewrite.ts';
import type { Node, Part } from './source.ts';

/** Takes entries out of brackets or braces, and puts new ones in; where both have to happen, the second in another round. */
export function rewriteFlow(node: Node, slots: readonly Slot[], isList: boolean, work: Work): void {
  const { text } = work.source;
  const parts = slots.flatMap(({ part }) => part ?? []);
  const gone = new Set(slots.flatMap(({ part, value }) => (part && !value ? [part] : [])));
  const [start, end] = [node.range?.[0] ?? 0, node.range?.[1] ?? 0];
  if (gone.size === slots.length && gone.size > 0 && !text.slice(start, end).includes('#'))
    work.edits.push({ start: start + 1, end: end - 1, text: '' });
  else if (gone.size > 0) work.edits.push(...taken(parts, gone, { start, end, text, json: work.source.style.json }));
  else put(node, slots, isList, work);
}

/** An entry that comes. */
interface Fresh {
  readonly key: string;
  readonly value: Tree;
}

interface Brackets {
  readonly start: number;
  readonly end: number;
  readonly text: string;
  readonly json: boolean;
}

/** The entries and the commas that go. */
function taken(parts: readonly Part[], gone: ReadonlySet<Part>, brackets: Brackets): Edit[] {
  const { text, json } = brackets;
  const cuts: [number, number][] = [];
  const comma = (offset: number | undefined) => offset !== undefined && cuts.push([offset, offset + 1]);
  for (let index = 0; index < parts.length; index += 1) {
    if (!gone.has(parts[index] as Part)) continue;
    const first = index;
    while (index + 1 < parts.length && gone.has(parts[index + 1] as Part)) index += 1;
    const run = parts.slice(first, index + 1);
    const [head, last] = [run[0] as Part, run.at(-1) as Part];
    for (const part of run) cuts.push([part.start, part.end]);
    for (const part of run.slice(0, -1)) comma(part.comma);
    const before = parts[first - 1]?.comma;
    const sameLine = (a: number, b: number) => lineStart(text, a) === lineStart(text, b);
    const leading = before !== undefined && sameLine(before, head.start) && isFirst(text, before);
    const mayStay = before !== undefined && !json && !sameLine(before, head.start);
    if (leading) comma(before);
    else if (last.comma !== undefined) comma(last.comma);
    else if (!mayStay) comma(before);
  }
  return tidied(cuts, brackets);
}

/** Cuts that leave neither empty lines nor stray spaces. */
function tidied(cuts: readonly [number, number][], { start, end, text }: Brackets): Edit[] {
  const joined: [number, number][] = [];
  for (const [from, to] of [...cuts].sort(([a], [b]) => a - b)) {
    const last = joined.at(-1);
    if (last && /^[^\S\n]*$/.test(text.slice(last[1], from))) last[1] = to;
    else joined.push([from, to]);
  }
  const edits: Edit[] = [];
  for (const [from, to] of joined) {
    const whole = isFirst(text, from) && isLast(text, to) && lineStart(text, from) > start && lineEnd(text, to) <= end;
    if (whole) {
      edits.push({ start: lineStart(text, from), end: lineEnd(text, to), text: '' });
      continue;
    }
    const spaces = /^[^\S\n]*/.exec(text.slice(to))?.[0].length ?? 0;
    const rest = text[to + spaces] ?? '';
    const loose = /[\s[{]/.test(text[from - 1] ?? '');
    if (/[\r\n]/.test(rest))
      edits.push({ start: from - (/[^\S\n]+$/.exec(text.slice(start, from))?.[0].length ?? 0), end: to, text: '' });
    else if (rest === '#') edits.push({ start: from, end: to, text: '' });
    else edits.push({ start: from, end: loose && /[^}\]]/.test(rest) ? to + spaces : to, text: '' });
  }
  return edits;
}

/** Puts new entries in. */
function put(node: Node, slots: readonly Slot[], isList: boolean, work: Work): void {
  const { text, style } = work.source;
  const parts = slots.flatMap(({ part }) => part ?? []);
  const fresh = slots.flatMap((slot): Fresh[] => (slot.part || !slot.value ? [] : [{ key: slot.key ?? '', value: slot.value }]));
  if (fresh.length === 0) return;
  const written = ({ key, value }: Fresh) => (isList ? flowText(value, style) : pairText(key, value, style));
  if (parts.length === 0) {
    fill(node, fresh.map(written), work);
    return;
  }
  let before: Part | undefined;
  let open: Fresh[] = [];
  const close = () => {
    if (open.length > 0) group(open, before, parts[0], { text, style, isList, written }, work);
    open = [];
  };
  for (const slot of slots) {
    if (slot.part) {
      close();
      before = slot.part;
    } else if (slot.value) open.push({ key: slot.key ?? '', value: slot.value });
  }
  close();
}

interface Group {
  readonly text: string;
  readonly style: Style;
  readonly isList: boolean;
  readonly written: (slot: Fresh) => string;
}

/** New entries behind one that is there, or before the first. */
function group(open: readonly Fresh[], before: Part | undefined, next: Part | undefined, how: Group, work: Work): void {
  const { text, style, written } = how;
  const beside = before ?? next;
  if (!beside) return;
  const columns = columnOf(text, beside.start);
  const behind = (beside.comma ?? beside.end - 1) + 1;
  const ownLines = isFirst(text, beside.start) && isLast(text, Math.max(behind, beside.end)) && text.includes('\n');
  const lines = (slot: Fresh) => (style.json && tall(beside, text) ? tallText(slot, columns, how) : written(slot));
  if (before === undefined) {
    const glue = ownLines ? `,${style.eol}${' '.repeat(columns)}` : ', ';
    work.edits.push({ start: beside.start, end: beside.start, text: open.map((slot) => `${lines(slot)}${glue}`).join('') });
  } else if (ownLines && lineStart(text, behind) >= lineStart(text, before.end)) {
    const has = before.comma !== undefined;
    if (!has) work.edits.push({ start: before.end, end: before.end, text: ',' });
    const at = lineEnd(text, Math.max(behind, before.end));
    const added = open.map(
      (slot, index) => `${' '.repeat(columns)}${lines(slot)}${has || index < open.length - 1 ? ',' : ''}${style.eol}`,
    );
    work.edits.push({ start: at, end: at, text: added.join('') });
  } else work.edits.push({ start: before.end, end: before.end, text: open.map((slot) => `, ${written(slot)}`).join('') });
}

/** Whether JSON beside it is written over several lines: whatever cannot tell, is. */
const tall = ({ value, end }: Part, text: string) =>
  !value?.flow || value.items?.length === 0 || text.slice(value.range?.[0] ?? end, end).includes('\n');

function tallText({ key, value }: Fresh, columns: number, { style, isList }: Group): string {
  const text = jsonText(value, columns, style);
  return isList ? text : `${keyText(key, style, true)}: ${text}`;
}

/** The first entries between brackets. */
function fill(node: Node, texts: readonly string[], { source, edits }: Work): void {
  const [start, end] = [node.range?.[0] ?? 0, node.range?.[1] ?? 0];
  const inner = source.text.slice(start + 1, end - 1);
  const padding = source.text[start] === '{' ? source.style.padding : '';
  if (inner.trim() === '' && !inner.includes('\n'))
    edits.push({ start: start + 1, end: end - 1, text: `${padding}${texts.join(', ')}${padding}` });
  else if (isLast(source.text, start + 1)) {
    const { eol, unit } = source.style;
    const columns = (/^ */.exec(source.text.slice(lineStart(source.text, start)))?.[0].length ?? 0) + unit;
    const [at, spaces] = [lineEnd(source.text, start), ' '.repeat(columns)];
    edits.push({ start: at, end: at, text: `${spaces}${texts.join(`,${eol}${spaces}`)}${eol}` });
  } else edits.push({ start: start + 1, end: start + 1, text: `${padding}${texts.join(', ')}` });
}
