import { type Alias, type Document, isAlias, isMap, isScalar, isSeq, type Pair, type Scalar as YamlScalar } from 'yaml';
import type { Diagnostic, Place } from '../core/diagnostic.ts';
import { badCharacter, codePoint } from './characters.ts';
import type { Entry, Mapping, Scalar, Tree } from './tree.ts';

/** How deep mappings and lists may lie in each other, aliases followed. */
export const maxDepth = 100;
const maxAliasNodes = 100_000;

/** A scalar as it stands in the file: what YAML takes for something else than text keeps its source, such as `1.10`. */
export interface SourceScalar extends Scalar {
  readonly source?: string;
}

interface Anchored {
  readonly tree: Tree;
  readonly size: number;
  readonly depth: number;
}
interface Reader {
  readonly place: (offset: number) => Place;
  readonly diagnostics: Diagnostic[];
  /** What an anchor stands for; undefined while its own value is being read. */
  readonly anchors: Map<string, Anchored | undefined>;
  aliasNodes: number;
}

/** Makes the located tree of a YAML document; nothing when its root is no mapping. */
export function readDocument(
  document: Document.Parsed,
  place: (offset: number) => Place,
): { tree?: Mapping; diagnostics: Diagnostic[] } {
  const reader: Reader = { place, diagnostics: [], anchors: new Map(), aliasNodes: 0 };
  const contents: unknown = document.contents;
  if (contents === null || (isScalar(contents) && contents.value === null && !contents.source))
    return { tree: { type: 'mapping', entries: new Map(), place: place(0) }, diagnostics: [] };
  const { tree } = readNode(contents, reader, place(0), 1);
  if (tree.type === 'mapping') return { tree, diagnostics: reader.diagnostics };
  const what = tree.type === 'list' ? 'a list' : 'a single value';
  report(reader, 'schema-type', tree.place, `the file is ${what}, not a mapping`, 'start with keys such as `teams:`');
  return { diagnostics: reader.diagnostics };
}

function report(reader: Reader, code: Diagnostic['code'], place: Place, summary: string, hint: string): void {
  reader.diagnostics.push({ code, severity: 'error', summary, hint, place });
}

const startOf = (node: unknown): number | undefined => (node as { range?: readonly number[] | null } | null)?.range?.[0];

/** The tree of a node, how many nodes it has and how deep it is. `fallback` is the place of what is not written. */
function readNode(node: unknown, reader: Reader, fallback: Place, depth: number): Anchored {
  const start = startOf(node);
  const place = start === undefined ? fallback : reader.place(start);
  if (isAlias(node)) return readAlias(node, reader, place, depth);
  const anchor = (node as { anchor?: string } | null)?.anchor;
  if (anchor) reader.anchors.set(anchor, undefined);
  const result = isMap(node)
    ? readMapping(node.items, reader, place, depth)
    : isSeq(node)
      ? readList(node.items, reader, place, depth)
      : { tree: isScalar(node) ? readScalar(node, reader, place, fallback) : nothing(fallback), size: 1, depth: 0 };
  if (anchor) reader.anchors.set(anchor, result);
  return result;
}

const nothing = (place: Place): SourceScalar => ({ type: 'scalar', value: null, place, source: '' });

function readAlias(node: Alias, reader: Reader, place: Place, depth: number): Anchored {
  const name = `\`*${node.source}\``;
  const refused = (summary: string, hint: string): Anchored => {
    report(reader, 'yaml-unsupported', place, summary, hint);
    return { tree: nothing(place), size: 1, depth: 0 };
  };
  const target = reader.anchors.get(node.source);
  if (!target)
    return reader.anchors.has(node.source)
      ? refused(`the alias ${name} stands in its own value`, 'write the value out')
      : refused(`the alias ${name} has no anchor before it`, `is \`&${node.source}\` missing or misspelt?`);
  if (depth + target.depth > maxDepth + 1) return refused(`nested more than ${maxDepth} levels deep`, 'write the value out');
  // One message is enough for a bomb.
  if (reader.aliasNodes > maxAliasNodes) return { tree: nothing(place), size: 1, depth: 0 };
  reader.aliasNodes += target.size;
  if (reader.aliasNodes > maxAliasNodes)
    return refused(`the aliases stand for more than ${maxAliasNodes} values`, 'write the values out');
  return { ...target, tree: { ...target.tree, place } };
}

function readList(items: readonly unknown[], reader: Reader, place: Place, depth: number): Anchored {
  const read = items.map((item) => {
    if (isScalar(item)) refuseAmbiguous(item, reader, 'error');
    const start = startOf(item);
    return readNode(item, reader, start === undefined ? place : reader.place(start), depth + 1);
  });
  return {
    tree: { type: 'list', items: read.map(({ tree }) => tree), place },
    size: read.reduce((sum, { size }) => sum + size, 1),
    depth: read.reduce((most, item) => Math.max(most, item.depth), 0) + 1,
  };
}

function readMapping(pairs: readonly Pair[], reader: Reader, place: Place, depth: number): Anchored {
  const entries = new Map<string, Entry>();
  let size = 1;
  let deepest = 0;
  for (const pair of pairs) {
    const start = startOf(pair.key);
    const keyPlace = start === undefined ? place : reader.place(start);
    const key = readKey(pair.key, reader, keyPlace);
    if (isScalar(pair.value)) refuseAmbiguous(pair.value, reader, 'warning');
    const value = readNode(pair.value, reader, keyPlace, depth + 1);
    size += value.size;
    deepest = Math.max(deepest, value.depth);
    const first = key === undefined ? undefined : entries.get(key);
    if (first)
      reader.diagnostics.push({
        code: 'yaml-duplicate-key',
        severity: 'error',
        summary: `the key \`${key}\` stands twice in one mapping`,
        hint: `the first is on line ${first.keyPlace.line}; remove one of them`,
        place: keyPlace,
        related: [first.keyPlace],
      });
    else if (key !== undefined) entries.set(key, { keyPlace, value: value.tree });
  }
  return { tree: { type: 'mapping', entries, place }, size, depth: deepest + 1 };
}

/** A key as text; undefined when it can be none. */
function readKey(node: unknown, reader: Reader, place: Place): string | undefined {
  if (!isScalar(node)) {
    const what = isAlias(node) ? 'an alias' : isSeq(node) ? 'a list' : isMap(node) ? 'a mapping' : 'nothing';
    report(
      reader,
      'yaml-unsupported',
      place,
      `${what} is used as a key`,
      'a key is a text; write it out, with quotes if it holds signs',
    );
    return undefined;
  }
  if (node.anchor) reader.anchors.set(node.anchor, { tree: readScalar(node, reader, place, place), size: 1, depth: 0 });
  if (node.value === '<<' && node.type === 'PLAIN') {
    report(reader, 'yaml-unsupported', place, 'merge keys (`<<`) are not read', 'write the keys out');
    return undefined;
  }
  if (typeof node.value === 'string') {
    refuseAmbiguous(node, reader, 'error');
    refuseBadCharacters(node.value, reader, place);
    return node.value;
  }
  const source = node.source ?? '';
  if (source === '') report(reader, 'yaml-syntax', place, 'a key is missing before `:`', 'write `""` if it is meant to be empty');
  else
    report(
      reader,
      'yaml-ambiguous',
      place,
      `the key \`${source}\` is ${typeof node.value === 'object' ? 'null' : `a ${typeof node.value}`} to YAML, not a text`,
      `write it with quotes: "${source}"`,
    );
  return source;
}

function readScalar(node: YamlScalar, reader: Reader, place: Place, fallback: Place): Tree {
  const { value, source = '' } = node;
  if (typeof value === 'string') {
    refuseBadCharacters(value, reader, place);
    return { type: 'scalar', value, place };
  }
  if (typeof value === 'number' && !Number.isFinite(value)) {
    report(
      reader,
      'yaml-ambiguous',
      place,
      `\`${source}\` is not a number that JSON can hold`,
      `a text needs quotes: "${source}"`,
    );
    return { type: 'scalar', value: source, place };
  }
  if (typeof value === 'number' && Number.isInteger(value) && !Number.isSafeInteger(value)) {
    report(
      reader,
      'yaml-ambiguous',
      place,
      `the number \`${source}\` is too large to keep every digit`,
      `write it with quotes: "${source}"`,
    );
    return { type: 'scalar', value: source, place };
  }
  if (typeof value === 'number' || typeof value === 'boolean') return { type: 'scalar', value, place, source } as SourceScalar;
  return { ...nothing(source === '' ? fallback : place), source } as SourceScalar;
}

function refuseBadCharacters(value: string, reader: Reader, place: Place): void {
  const odd = badCharacter(value);
  if (odd) report(reader, 'yaml-unsupported', place, `the text holds ${odd.what} ${codePoint(value, odd.offset)}`, 'remove it');
  const lone = value.search(/\p{Surrogate}/u);
  if (lone >= 0)
    report(reader, 'yaml-unsupported', place, `the text holds half a character, ${codePoint(value, lone)}`, 'remove it');
}

// What YAML 1.1 reads as a boolean (https://yaml.org/type/bool.html), and its numbers with `_`, `0b` and in base 60.
const boolean11 = /^(?:y|Y|n|N|yes|Yes|YES|no|No|NO|on|On|ON|off|Off|OFF)$/;
const number11 = /^[-+]?(?:0b[01_]+|0x[0-9a-fA-F_]+|[0-9][0-9_]*(?:\.[0-9_]*)?|[1-9][0-9_]*(?::[0-5]?[0-9])+(?:\.[0-9_]*)?)$/;

/** What readers of YAML 1.1 (many still are) take a plain text for, when that is something else. */
export function mistakenFor(text: string): 'a boolean' | 'a number' | undefined {
  if (text.length > 100) return undefined;
  return boolean11.test(text) ? 'a boolean' : number11.test(text) ? 'a number' : undefined;
}

function refuseAmbiguous(node: YamlScalar, reader: Reader, severity: 'error' | 'warning'): void {
  const { value } = node;
  if (node.type !== 'PLAIN' || node.tag !== undefined || typeof value !== 'string') return;
  const what = mistakenFor(value);
  if (!what) return;
  const summary = `\`${value}\` is a text here and ${what} to other YAML readers`;
  const place = reader.place(startOf(node) ?? 0);
  reader.diagnostics.push({ code: 'yaml-ambiguous', severity, summary, hint: `write it with quotes: "${value}"`, place });
}
