import { Composer, isAlias, isMap, isPair, isScalar, isSeq, Parser } from 'yaml';
import type { Tree } from '../tree.ts';
import { plainly, type Quote, type Style } from './render.ts';
import { list, mapping, scalar } from './tree.ts';

/** A node of the YAML reader, as far as editing looks at it. */
export interface Node {
  readonly range?: readonly [number, number, number] | null;
  readonly anchor?: string;
  readonly flow?: boolean;
  readonly type?: string;
  readonly items?: readonly unknown[];
  readonly srcToken?: Token;
}
interface Token {
  readonly type: string;
  readonly offset: number;
  readonly source?: string;
  readonly items?: readonly Item[];
  readonly props?: readonly Token[];
  readonly end?: readonly Token[];
}
interface Item {
  readonly start: readonly Token[];
  readonly key?: Token | null;
  readonly sep?: readonly Token[];
  readonly value?: Token;
}

/** One entry of a mapping or a list, and where it stands. */
export interface Part {
  /** The key, in a mapping. */
  readonly key: string | undefined;
  readonly keyAnchor: string | undefined;
  readonly value: Node | null;
  /** Where it begins: its dash, its key, or what stands before them. */
  readonly start: number;
  /** Where what stands before the value ends: dash or colon, anchor, tag. */
  readonly header: number;
  /** Where its content ends, comments left aside. */
  readonly end: number;
  readonly colon: boolean;
  /** The comma after it, in brackets. */
  readonly comma: number | undefined;
  readonly anchor: Token | undefined;
  readonly tag: Token | undefined;
}

/** A YAML text taken apart for editing. */
export interface Source {
  readonly text: string;
  readonly root: Node | null;
  readonly style: Style;
  /** What every node says, aliases followed. */
  readonly said: ReadonlyMap<unknown, Tree>;
}

/** Reads a text that is known to be good. */
export function sourceOf(text: string): Source {
  const tokens = [...new Parser().parse(text)];
  const composer = new Composer({
    uniqueKeys: false,
    prettyErrors: false,
    resolveKnownTags: false,
    logLevel: 'silent',
    keepSourceTokens: true,
  });
  const [document] = [...composer.compose(tokens, true, text.length)];
  // The reader's own type hides the tokens that were asked for.
  const root = (document?.contents ?? null) as Node | null;
  const said = new Map<unknown, Tree>();
  say(root, said, new Map());
  return { text, root, said, style: styleOf(text, root) };
}

function say(node: unknown, said: Map<unknown, Tree>, anchors: Map<string, Tree>): Tree {
  const tree = read(node, said, anchors);
  if (node !== null) said.set(node, tree);
  const { anchor } = (node ?? {}) as Node;
  if (anchor && !isAlias(node)) anchors.set(anchor, tree);
  return tree;
}

function read(node: unknown, said: Map<unknown, Tree>, anchors: Map<string, Tree>): Tree {
  if (isAlias(node)) return anchors.get(node.source) ?? scalar(null);
  if (isSeq(node)) return list(node.items.map((item) => say(item, said, anchors)));
  if (isMap(node))
    return mapping(
      node.items.map(({ key, value }) => {
        const name = keyOf(key);
        const { anchor } = (key ?? {}) as Node;
        if (anchor) anchors.set(anchor, scalar(name));
        return [name, say(value, said, anchors)] as const;
      }),
    );
  return scalar(isScalar(node) ? (node.value as null | boolean | number | string) : null);
}

const keyOf = (key: unknown): string =>
  isScalar(key) ? (typeof key.value === 'string' ? key.value : (key.source ?? String(key.value))) : '';

const trivia = new Set(['space', 'comment', 'newline', 'comma']);
const endOf = (token: Token) => token.offset + (token.source?.length ?? 0);
const isBlockScalar = (node: Node) => node.type === 'BLOCK_LITERAL' || node.type === 'BLOCK_FOLDED';

/** Where a node's content ends: blank lines after a text block are left aside, unless they belong to it. */
export function contentEnd(node: Node | null, text: string, fallback: number): number {
  if (node === null || !node.range) return fallback;
  if (isBlockScalar(node)) {
    const [start, end] = node.range;
    const block = text.slice(start, end);
    const keeps = /^[|>][0-9]?\+/.test(block);
    return start + block.replace(keeps ? /\r?\n$/ : /(?:\r?\n[^\S\n]*)+$/, '').length;
  }
  if (node.items && !node.flow) return Math.max(fallback, ...partsOf(node, text).map(({ end }) => end));
  return Math.max(fallback, node.range[1]);
}

const known = new WeakMap<Node, readonly Part[]>();

/** The entries of a mapping or list. */
export function partsOf(node: Node, text: string): readonly Part[] {
  const before = known.get(node);
  if (before) return before;
  const parts = findParts(node, text);
  known.set(node, parts);
  return parts;
}

function findParts(node: Node, text: string): Part[] {
  const tokens = (node.srcToken?.items ?? []).filter(
    (item) => item.key || item.value || item.sep?.length || item.start.some(({ type }) => !trivia.has(type)),
  );
  const all = node.srcToken?.items ?? [];
  const indexes = new Map(all.map((item, index) => [item, index]));
  return (node.items ?? []).flatMap((item, index): Part[] => {
    const token = tokens[index];
    if (!token) return [];
    const key = isPair(item) ? (item.key as Node | null) : undefined;
    const value = (isPair(item) ? item.value : item) as Node | null;
    const before = token.start.filter(({ type }) => !trivia.has(type));
    const between = (token.sep ?? []).filter(({ type }) => !trivia.has(type));
    const keyEnd = key === undefined || key === null ? undefined : key.range?.[1];
    const begin = before[0]?.offset ?? token.key?.offset ?? between[0]?.offset ?? value?.range?.[0] ?? 0;
    const header = Math.max(begin, ...before.map(endOf), ...between.map(endOf), keyEnd ?? 0);
    const props = key === undefined ? before : between;
    const next = all[(indexes.get(token) ?? 0) + 1];
    return [
      {
        key: key === undefined ? undefined : keyOf(key),
        keyAnchor: key?.anchor,
        value,
        start: begin,
        header,
        end: contentEnd(value, text, header),
        colon: between.some(({ type }) => type === 'map-value-ind'),
        comma: next?.start.find(({ type }) => type === 'comma')?.offset,
        anchor: props.find(({ type }) => type === 'anchor'),
        tag: props.find(({ type }) => type === 'tag'),
      },
    ];
  });
}

/** The tokens of a text block: its header, and where its lines begin and end. */
export function blockScalar(node: Node, text: string): { header: Token; lines: number; end: number; last: number } | undefined {
  const header = node.srcToken?.props?.find(({ type }) => type === 'block-scalar-header');
  if (!header || !node.range || !isBlockScalar(node)) return undefined;
  return {
    header,
    lines: text.indexOf('\n', header.offset) + 1,
    end: contentEnd(node, text, node.range[0]),
    last: node.range[1],
  };
}

/** How the file is written, told from its first examples of everything. */
function styleOf(text: string, root: Node | null): Style {
  const seen: Seen = { maps: [], lists: [], inline: 0, block: 0, keys: [], values: [] };
  look(root, text, 0, seen);
  const json = isJson(text);
  const unit = seen.maps.find((columns) => columns > 0) ?? jsonUnit(text) ?? plainly.unit;
  const quote = (quotes: readonly Quote[]) =>
    json || (quotes.length > 0 && quotes.every((one) => one === 'double')) ? 'double' : 'plain';
  return {
    eol: /\r\n/.test(text) ? '\r\n' : '\n',
    unit,
    listIndent: seen.lists[0] ?? unit,
    listsInline: seen.inline > 0 && seen.inline >= seen.block,
    keys: quote(seen.keys),
    values: quote(seen.values),
    padding: /\{(?=[^\s}])/.test(text) && !/\{ /.test(text) ? '' : plainly.padding,
    json,
    blocks: !json,
  };
}

interface Seen {
  readonly maps: number[];
  readonly lists: number[];
  inline: number;
  block: number;
  readonly keys: Quote[];
  readonly values: Quote[];
}

const quotes: Readonly<Record<string, Quote>> = { PLAIN: 'plain', QUOTE_SINGLE: 'single', QUOTE_DOUBLE: 'double' };

/** The quotes of a scalar. */
export const quoteOf = (node: Node | null): Quote | undefined => quotes[node?.type ?? ''];

function look(node: Node | null, text: string, column: number, seen: Seen): void {
  if (isScalar(node) && typeof node.value === 'string') seen.values.push(quotes[node.type ?? ''] ?? 'plain');
  if (!node?.items) return;
  const parts = partsOf(node, text);
  if (isSeq(node) && parts.length > 0) seen[node.flow ? 'inline' : 'block'] += 1;
  for (const { key, start, value } of parts) {
    const own = start - (text.lastIndexOf('\n', start - 1) + 1);
    if (key !== undefined) seen.keys.push(text[start] === '"' ? 'double' : text[start] === "'" ? 'single' : 'plain');
    const first = value?.items && !value.flow ? partsOf(value, text)[0] : undefined;
    if (first && key !== undefined && !node.flow) {
      const inner = first.start - (text.lastIndexOf('\n', first.start - 1) + 1);
      (isMap(value) ? seen.maps : seen.lists).push(inner - own);
    }
    look(value, text, column, seen);
  }
}

function isJson(text: string): boolean {
  if (!/^\s*[{[]/.test(text)) return false;
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

const jsonUnit = (text: string) => /^\s*\{\r?\n( +)/.exec(text)?.[1]?.length;
