import { isAlias, isMap, isSeq } from 'yaml';
import { at, entriesOf, itemsOf, type Mapping, type Tree } from '../tree.ts';
import { type Aliases, aliasesOf } from './aliases.ts';
import { align, type Pairing } from './align.ts';
import { rewriteBlock } from './block.ts';
import { applied, type Edit, endsBlocks, isLast, lineEnd } from './changes.ts';
import { rewriteFlow } from './flow.ts';
import { flowText, itemText, literal, type Quote, type Style, scalarText, valueText } from './render.ts';
import { blockScalar, type Node, type Part, partsOf, quoteOf, type Source, sourceOf } from './source.ts';
import { same } from './tree.ts';

/** What the rewriting of one text goes by. */
export interface Work {
  readonly source: Source;
  readonly edits: Edit[];
  readonly aliases: Aliases;
  readonly pairings: (node: Node, target: Tree) => readonly Pairing[];
}

/** An entry that is there or comes, in the order it will have. */
export interface Slot {
  readonly part?: Part;
  readonly key?: string;
  readonly value?: Tree;
}

/**
 * A YAML or JSON text that says something else, with as few edits as that takes: what need not change keeps every byte, comments, order
 * and quotes. Answers undefined when the text cannot be brought there by edits, instead of something that says anything else.
 */
export function rewrite(text: string, target: Mapping): string | undefined {
  const eol = /\r\n/.test(text) ? '\r\n' : '\n';
  const open = text !== '' && !text.endsWith('\n');
  let now = open ? `${text}${eol}` : text;
  for (let round = 0; round < 4; round += 1) {
    const source = sourceOf(now);
    if (says(source, target)) return open && now.endsWith(eol) ? closed(now, eol, target) : now;
    const next = once(source, target);
    if (next === undefined || next === now) return undefined;
    now = next;
  }
  return undefined;
}

/** Without the line end that it did not have, unless that says something. */
function closed(text: string, eol: string, target: Mapping): string {
  const short = text.slice(0, -eol.length);
  return says(sourceOf(short), target) ? short : text;
}

function says(source: Source, target: Mapping): boolean {
  if (source.root === null || !source.root.items) return target.entries.size === 0;
  return same(source.said.get(source.root), target);
}

function once(source: Source, target: Mapping): string | undefined {
  const memo = new Map<Node, readonly Pairing[]>();
  const pairings = (node: Node, list: Tree) => {
    const known = memo.get(node) ?? align(itemsOf(source.said.get(node)), itemsOf(list));
    memo.set(node, known);
    return known;
  };
  const work: Work = { source, edits: [], pairings, aliases: aliasesOf(source, target, pairings) };
  if (source.root?.items) rewriteCollection(source.root, target, undefined, work);
  else fillEmpty(target, work);
  return applied(source.text, work.edits);
}

/** The first entries of a file that says nothing yet: behind its comments. */
function fillEmpty(target: Mapping, { source, edits }: Work): void {
  const { text, style, root } = source;
  const lines = `${valueText(target, -style.unit, style).slice(style.eol.length)}${style.eol}`;
  const [start, end] = root?.range ?? [text.length, text.length];
  if (text.slice(start, end).trim() === '') edits.push({ start: text.length, end: text.length, text: lines });
  else edits.push({ start, end, text: lines.trimEnd() });
}

/** Where a value stands: what is before it, and whether that is in brackets. */
export interface Home {
  readonly part: Part;
  readonly flow: boolean;
  /** The column of its entry. */
  readonly indent: number;
}

/** Makes the value of an entry say something else. */
export function rewriteValue(target: Tree, home: Home, work: Work): void {
  const { part } = home;
  const node = part.value;
  const { source, aliases } = work;
  const writes = node && aliases.written.get(node);
  if (node && aliases.stripped.has(node) && part.anchor)
    work.edits.push(without(part.anchor.offset, part.anchor.offset + (part.anchor.source?.length ?? 0), source.text));
  if (writes) {
    replaceValue(target, home, work, writes.anchor);
    return;
  }
  const before = node ? source.said.get(node) : undefined;
  if (isAlias(node)) {
    if (!same(before, target)) replaceValue(target, home, work);
    return;
  }
  const unchanged = node ? same(before, target) : target.type === 'scalar' && target.value === null;
  if (unchanged && work.aliases.written.size === 0 && work.aliases.stripped.size === 0) return;
  if (node?.items && ((isMap(node) && target.type === 'mapping') || (isSeq(node) && target.type === 'list'))) {
    const becomesBlock =
      !home.flow && node.flow && node.items.length === 0 && target.type === 'mapping' && target.entries.size > 0;
    if (!(becomesBlock && isBare(node, source.text) && !source.style.json)) {
      rewriteCollection(node, target, home, work);
      return;
    }
  }
  if (!unchanged) replaceValue(target, home, work);
}

const isBare = (node: Node, text: string) => /^[{[][^\S\n]*[}\]]$/.test(text.slice(...(node.range ?? [0, 0])).trim());

function rewriteCollection(node: Node, target: Tree, home: Home | undefined, work: Work): void {
  const slots = slotsOf(node, target, work);
  for (const { part, value } of slots)
    if (part && value) {
      const indent = part.start - (work.source.text.lastIndexOf('\n', part.start - 1) + 1);
      rewriteValue(value, { part, flow: node.flow === true, indent }, work);
    }
  const isList = isSeq(node);
  if (node.flow) rewriteFlow(node, slots, isList, work);
  else rewriteBlock(slots, isList, home, work);
}

/** The entries in the order that they will have: those of the file as they stand, what is new behind what it follows. */
function slotsOf(node: Node, target: Tree, work: Work): Slot[] {
  const parts = partsOf(node, work.source.text);
  if (target.type === 'list')
    return work.pairings(node, target).map(({ from, to }) => ({
      ...(from === undefined ? {} : { part: parts[from] as Part }),
      ...(to === undefined ? {} : { value: target.items[to] as Tree }),
    }));
  const there = new Set(parts.map(({ key }) => key));
  const following = new Map<string | undefined, Slot[]>();
  let last: string | undefined;
  for (const [key, { value }] of entriesOf(target)) {
    if (there.has(key)) last = key;
    else following.set(last, [...(following.get(last) ?? []), { key, value }]);
  }
  return [
    ...(following.get(undefined) ?? []),
    ...parts.flatMap((part) => {
      const value = at(target, part.key ?? '');
      return [{ part, ...(value ? { value } : {}) }, ...(following.get(part.key) ?? [])];
    }),
  ];
}

/** A deletion that takes the space behind it along. */
function without(start: number, end: number, text: string): Edit {
  return { start, end: /[^\S\n]/.test(text[end] ?? '') ? end + 1 : end, text: '' };
}

/** Writes a value in place of another one, whatever that is. */
function replaceValue(target: Tree, { part, flow, indent }: Home, work: Work, anchor?: string): void {
  const { source, edits } = work;
  const { text } = source;
  const { value: node, header } = part;
  const style = {
    ...alike(source.style, node),
    blocks: source.style.blocks && endsBlocks(text, lineEnd(text, part.end), indent),
  };
  const mark = anchor === undefined ? '' : `&${anchor} `;
  if (part.tag) edits.push(without(part.tag.offset, part.tag.offset + (part.tag.source?.length ?? 0), text));
  if (node?.items && !node.flow) {
    replaceBlock(node, `${mark}${flowText(target, style)}`, part, work);
    return;
  }
  const block = node ? blockScalar(node, text) : undefined;
  if (block) {
    replaceLines(block, target, flow, indent, work);
    return;
  }
  const [start, end] = isNothing(node) ? [header, header] : [node?.range?.[0] ?? header, node?.range?.[1] ?? header];
  if (flow) {
    const lead = isNothing(node) && part.key !== undefined ? (part.colon ? ' ' : ': ') : '';
    edits.push({ start, end, text: `${lead}${mark}${flowText(target, style)}` });
    return;
  }
  const tight = /^[^\S\n]*$/.test(text.slice(header, start));
  const alone = isLast(text, end);
  const whole = part.key === undefined ? ` ${itemText(target, indent, style)}` : valueText(target, indent, style);
  const [head = '', ...lines] = whole.split(style.eol);
  if (!tight || (lines.length > 0 && !alone)) {
    const inline = target.type === 'scalar' ? scalarText(target.value, style, false) : flowText(target, style);
    edits.push({ start: tight ? header : start, end, text: `${tight ? ' ' : ''}${mark}${inline}` });
    return;
  }
  edits.push({ start: header, end, text: mark === '' ? head : ` ${mark}${head.trimStart()}`.trimEnd() });
  const next = lineEnd(text, end);
  if (lines.length > 0) edits.push({ start: next, end: next, text: lines.map((line) => `${line}${style.eol}`).join('') });
}

const isNothing = (node: Node | null) => !node || (node.type === 'PLAIN' && node.range?.[0] === node.range?.[1]);

/** The style of a file, with the quotes of one value. */
function alike(style: Style, node: Node | null): Style {
  const quote: Quote | undefined = quoteOf(node);
  return quote === undefined || style.json ? style : { ...style, values: quote };
}

/** One line in place of a mapping or list in a block. */
function replaceBlock(node: Node, by: string, part: Part, work: Work): void {
  const { text } = work.source;
  const parts = partsOf(node, text);
  const [first] = parts;
  work.edits.push({ start: part.header, end: part.header, text: ` ${by}` });
  for (const one of parts) {
    const own = /^[^\S\n]*$/.test(text.slice(text.lastIndexOf('\n', one.start - 1) + 1, one.start));
    if (own) work.edits.push({ start: text.lastIndexOf('\n', one.start - 1) + 1, end: lineEnd(text, one.end), text: '' });
    else if (one === first) work.edits.push({ start: part.header, end: one.end, text: '' });
  }
}

/** Another value in place of a text block; a comment behind its sign stays. */
function replaceLines(
  block: NonNullable<ReturnType<typeof blockScalar>>,
  target: Tree,
  flow: boolean,
  indent: number,
  work: Work,
): void {
  const { source, edits } = work;
  const { header, lines, end, last } = block;
  const headerEnd = header.offset + (header.source?.length ?? 0);
  const before = /^ */.exec(source.text.slice(lines).replace(/^(?:[^\S\n]*\r?\n)+/, ''))?.[0].length ?? 0;
  const columns = before > indent ? before : indent + source.style.unit;
  const by =
    target.type === 'scalar' &&
    typeof target.value === 'string' &&
    !flow &&
    endsBlocks(source.text, lineEnd(source.text, end), indent)
      ? literal(target.value, columns, source.style)
      : undefined;
  const inline = target.type === 'scalar' ? scalarText(target.value, source.style, flow) : flowText(target, source.style);
  edits.push({ start: header.offset, end: headerEnd, text: by ? by.header : inline });
  if (by) edits.push({ start: lines, end: Math.max(lines, end), text: by.lines });
  else if (last > lines) edits.push({ start: lines, end: Math.max(lines, lineEnd(source.text, end)), text: '' });
}
