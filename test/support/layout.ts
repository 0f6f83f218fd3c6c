import fc from 'fast-check';
import { stringify } from 'yaml';
import type { Block, Draft } from './draft.ts';

/** How a configuration is written down: over how many files, in which order, in which style. */
export interface Layout {
  readonly files: number;
  readonly order: number;
  readonly json: boolean;
}

export const layouts: fc.Arbitrary<Layout> = fc.record({
  files: fc.constantFrom(1, 1, 2, 4),
  order: fc.nat(999),
  json: fc.boolean(),
});

type Tree = { [key: string]: unknown };

/** Keys below which a mapping belongs to one file; everything above may be spread over many. */
const whole = new Set(['project_metadata', 'absent', 'permissions']);

/** The files of a draft. Fields, lists, roles and blocks go to files at random; keys and entries stand in any order. */
export function written(draft: Draft, layout: Layout): Record<string, string> {
  const tree: Tree = Object.fromEntries(
    Object.entries(draft).filter(([section, value]) => section === 'organization' || Object.keys(value as Block).length > 0),
  );
  const trees: Tree[] = Array.from({ length: layout.files }, () => Object.create(null) as Tree);
  spread(tree, [], trees, layout);
  const first = trees[0] as Tree;
  first.zenform = 1;
  const texts = trees.map((one): [string, string] => {
    const sorted = shuffled(one, layout.order) as Tree;
    const text = layout.json
      ? JSON.stringify(sorted, null, 1)
      : stringify(sorted, { defaultStringType: 'QUOTE_DOUBLE', lineWidth: 0 });
    return [`${String.fromCharCode(97 + (hash(text, layout.order) % 26))}${trees.indexOf(one)}.yaml`, text];
  });
  return Object.fromEntries(texts);
}

function spread(value: Tree, path: readonly string[], trees: readonly Tree[], layout: Layout): void {
  const keys = Object.keys(value);
  if (keys.length === 0) put(trees[hash(path.join('\0'), layout.order) % trees.length] as Tree, path, Object.create(null));
  for (const key of keys) {
    const inner = [...path, key];
    const part = value[key];
    const holders = path.at(-1) === 'access';
    const divisible = part !== null && typeof part === 'object' && !Array.isArray(part) && !whole.has(key) && !holders;
    if (divisible) spread(part as Tree, inner, trees, layout);
    else if (part !== undefined) put(trees[hash(inner.join('\0'), layout.order) % trees.length] as Tree, inner, part);
  }
}

function put(tree: Tree, path: readonly string[], value: unknown): void {
  let node = tree;
  for (const key of path.slice(0, -1)) {
    node[key] ??= Object.create(null);
    node = node[key] as Tree;
  }
  const last = path.at(-1);
  if (last !== undefined) node[last] ??= value;
}

/** Lists whose order is part of the value. */
const ordered = new Set(['project_metadata', 'previously']);

function shuffled(value: unknown, order: number, key = ''): unknown {
  if (ordered.has(key) || value === null || typeof value !== 'object') return value;
  if (Array.isArray(value))
    return order === 0
      ? value
      : [...value]
          .map((one) => shuffled(one, order))
          .sort((a, b) => hash(JSON.stringify(a), order) - hash(JSON.stringify(b), order));
  const entries = Object.entries(value);
  if (order > 0) entries.sort(([a], [b]) => hash(a, order) - hash(b, order));
  const result = Object.create(null) as Tree;
  for (const [name, part] of entries) result[name] = shuffled(part, order, name);
  return result;
}

/** A number from a text, the same on every machine. */
export function hash(text: string, salt: number): number {
  let value = 2166136261 ^ salt;
  for (const character of text) value = Math.imul(value ^ (character.codePointAt(0) ?? 0), 16777619);
  return (value ^ (value >>> 13)) >>> 0;
}
