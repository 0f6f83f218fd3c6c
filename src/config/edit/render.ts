import { mistakenFor } from '../nodes.ts';
import type { Tree } from '../tree.ts';

export type Quote = 'plain' | 'single' | 'double';

/** How a file is written: what is new in it is written alike. */
export interface Style {
  readonly eol: string;
  /** Columns by which a mapping in a mapping is indented. */
  readonly unit: number;
  /** Columns by which a list in a mapping is indented. */
  readonly listIndent: number;
  /** Whether lists that fit on a line are written in brackets. */
  readonly listsInline: boolean;
  readonly keys: Quote;
  readonly values: Quote;
  /** What stands inside braces: a space or nothing. */
  readonly padding: string;
  /** Whether the file is JSON, which knows neither plain texts nor blocks. */
  readonly json: boolean;
  /** Whether texts of several lines may be written as blocks. */
  readonly blocks: boolean;
}

/** How zenform itself writes. */
export const plainly: Style = {
  eol: '\n',
  unit: 2,
  listIndent: 2,
  listsInline: false,
  keys: 'plain',
  values: 'plain',
  padding: ' ',
  json: false,
  blocks: true,
};

/** The longest line for what is written in brackets. */
const lineWidth = 100;

// What YAML 1.2 takes for something else than a text (https://yaml.org/spec/1.2.2/#103-core-schema).
const resolved =
  /^(?:~|null|Null|NULL|true|True|TRUE|false|False|FALSE|[-+]?[0-9]+|0o[0-7]+|0x[0-9a-fA-F]+|[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?|[-+]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN))$/;
const unseen = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}\ufffe\uffff]/u;
const unseenAll = new RegExp(unseen.source, 'gu');

function isPlain(text: string, flow: boolean): boolean {
  if (text === '' || text !== text.trim() || unseen.test(text)) return false;
  if (/^[-?:,[\]{}#&*!|>'"%@`=]|^\.\.\.|^<<$|:(?:\s|$)|\s#/.test(text) || (flow && /[,[\]{}]/.test(text))) return false;
  return !resolved.test(text) && mistakenFor(text) === undefined;
}

/** A text between double quotes, which can say everything; what nobody sees is spelt out. */
const doubled = (text: string) =>
  JSON.stringify(text).replace(unseenAll, (character) =>
    [...Array(character.length).keys()]
      .map((index) => `\\u${character.charCodeAt(index).toString(16).padStart(4, '0')}`)
      .join(''),
  );

function quoted(text: string, quote: Quote, flow: boolean): string {
  if (quote === 'plain' && isPlain(text, flow)) return text;
  return quote === 'single' && !unseen.test(text) ? `'${text.replaceAll("'", "''")}'` : doubled(text);
}

/** A single value on one line. */
export function scalarText(value: null | boolean | number | string, style: Style, flow: boolean): string {
  if (typeof value !== 'string') return String(value);
  return quoted(value, style.values, flow);
}

/** A key. */
export const keyText = (key: string, style: Style, flow: boolean) => quoted(key, style.keys, flow);

/** The lines of a text in a block after `|`, with its header; undefined for texts that need quotes. */
export function literal(text: string, indent: number, style: Style): { header: string; lines: string } | undefined {
  const body = text.endsWith('\n') ? text.slice(0, -1) : text;
  const fit = body.includes('\n') && /^[^\s]/.test(body) && !/\n\s*$/.test(body) && !/[^\S\n]$/m.test(body);
  if (!fit || unseen.test(body.replaceAll('\n', ''))) return undefined;
  const lines = body.split('\n').map((line) => (line === '' ? '' : `${' '.repeat(indent)}${line}`));
  return { header: text === body ? '|-' : '|', lines: lines.join(style.eol) };
}

const isEmpty = (tree: Tree) =>
  (tree.type === 'list' && tree.items.length === 0) || (tree.type === 'mapping' && tree.entries.size === 0);

/** A value on one line, in brackets and braces. */
export function flowText(tree: Tree, style: Style): string {
  if (tree.type === 'scalar') return scalarText(tree.value, style, true);
  if (tree.type === 'list') return `[${tree.items.map((item) => flowText(item, style)).join(', ')}]`;
  const pairs = [...tree.entries].map(([key, { value }]) => pairText(key, value, style));
  return pairs.length === 0 ? '{}' : `{${style.padding}${pairs.join(', ')}${style.padding}}`;
}

/** A key with its value on one line. */
export const pairText = (key: string, value: Tree, style: Style) => `${keyText(key, style, true)}: ${flowText(value, style)}`;

/** A value as JSON over several lines, the first without its indentation. */
export function jsonText(tree: Tree, indent: number, style: Style): string {
  const inner = `${style.eol}${' '.repeat(indent + style.unit)}`;
  const outer = `${style.eol}${' '.repeat(indent)}`;
  if (tree.type === 'scalar') return tree.value === null ? 'null' : JSON.stringify(tree.value);
  const parts =
    tree.type === 'list'
      ? tree.items.map((item) => jsonText(item, indent + style.unit, style))
      : [...tree.entries].map(([key, { value }]) => `${doubled(key)}: ${jsonText(value, indent + style.unit, style)}`);
  const [open, close] = tree.type === 'list' ? '[]' : '{}';
  return parts.length === 0 ? `${open}${close}` : `${open}${inner}${parts.join(`,${inner}`)}${outer}${close}`;
}

/** The lines of a mapping or a list in a block, each with its indentation, without the last line end. */
export function blockText(tree: Tree, indent: number, style: Style): string {
  const before = ' '.repeat(indent);
  if (tree.type === 'scalar' || isEmpty(tree)) return `${before}${flowText(tree, style)}`;
  if (tree.type === 'list') return tree.items.map((item) => `${before}- ${itemText(item, indent, style)}`).join(style.eol);
  return [...tree.entries].map(([key, { value }]) => `${before}${entryText(key, value, indent, style)}`).join(style.eol);
}

/** A list item behind its dash. */
export function itemText(item: Tree, indent: number, style: Style): string {
  if (item.type === 'scalar') return scalarText(item.value, style, false);
  if (item.type === 'list' || isEmpty(item)) return flowText(item, style);
  return blockText(item, indent + 2, style).trimStart();
}

/** A key with its value behind it or on the lines below, the first line without its indentation. */
export function entryText(key: string, value: Tree, indent: number, style: Style): string {
  return `${keyText(key, style, false)}:${valueText(value, indent, style)}`;
}

/** What stands behind the colon of a key at that indentation. */
export function valueText(value: Tree, indent: number, style: Style): string {
  if (value.type === 'scalar') {
    const block = style.blocks && typeof value.value === 'string' ? literal(value.value, indent + style.unit, style) : undefined;
    return block ? ` ${block.header}${style.eol}${block.lines}` : ` ${scalarText(value.value, style, false)}`;
  }
  if (isEmpty(value)) return ` ${flowText(value, style)}`;
  if (value.type === 'list' && style.listsInline) {
    const text = flowText(value, style);
    if (indent + text.length + 20 <= lineWidth) return ` ${text}`;
  }
  const inner = value.type === 'list' ? indent + style.listIndent : indent + style.unit;
  return `${style.eol}${blockText(value, inner, style)}`;
}
