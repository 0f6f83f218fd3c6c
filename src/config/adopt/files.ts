import type { Json } from '../../core/resource.ts';
import { byName } from '../blocks.ts';
import { fromJson, list, mapping, scalar } from '../edit/tree.ts';
import { at, type Entry, entriesOf, itemsOf, type Mapping, type Tree, textOf } from '../tree.ts';
import { expandVariables, type Variables } from '../variables.ts';

/** A file while it is worked on. */
export interface OpenFile {
  readonly file: string;
  readonly overlay: boolean;
  readonly tree: Mapping;
}

/** A step to a value: a key as it is called, whatever case it is written in where that means nothing. */
export interface Step {
  readonly key: string;
  readonly fold?: boolean;
}
export type Path = readonly Step[];

export const step = (key: string): Step => ({ key });
export const folded = (key: string): Step => ({ key, fold: true });

/** The key as it stands in a mapping. */
export function keyIn(tree: Tree | undefined, { key, fold }: Step): string | undefined {
  if (tree?.type !== 'mapping') return undefined;
  if (tree.entries.has(key) || !fold) return tree.entries.has(key) ? key : undefined;
  return [...tree.entries.keys()].find((one) => one.toLowerCase() === key.toLowerCase());
}

/** The value at a path. */
export function find(tree: Tree | undefined, path: Path): Tree | undefined {
  let node = tree;
  for (const one of path) {
    const key = keyIn(node, one);
    node = key === undefined ? undefined : at(node, key);
  }
  return node;
}

/** Where a new key goes among those that are there: the index, for the path of the new key. */
export type Order = (path: Path) => (keys: readonly string[], key: string) => number;

/** The tree with another value at a path, or without it; what is missing on the way is made. */
export function changed(tree: Tree | undefined, path: Path, value: Tree | undefined, order: Order, depth = 0): Tree | undefined {
  const first = path[depth];
  if (!first) return value;
  const entries = entriesOf(tree);
  const key = keyIn(tree, first) ?? first.key;
  const inner = changed(at(tree, key), path, value, order, depth + 1);
  const others = entries.filter(([one]) => one !== key);
  if (inner === undefined) return others.length === entries.length ? tree : mappingLike(tree, others);
  const entry = (old?: Entry): Entry => ({ keyPlace: old?.keyPlace ?? inner.place, value: inner });
  if (others.length < entries.length)
    return mappingLike(
      tree,
      entries.map(([one, old]) => [one, one === key ? entry(old) : old] as const),
    );
  const keys = entries.map(([one]) => one);
  const index = order(path.slice(0, depth + 1))(keys, key);
  return mappingLike(tree, [...entries.slice(0, index), [key, entry()] as const, ...entries.slice(index)]);
}

function mappingLike(tree: Tree | undefined, entries: readonly (readonly [string, Entry])[]): Mapping {
  const place = tree?.place ?? mapping([]).place;
  return { type: 'mapping', entries: new Map(entries), place };
}

/** Where a name goes among names: in order where they are in order, otherwise at the end. */
export function amongNames(names: readonly string[], name: string): number {
  const sorted = names.every((one, index) => index === 0 || byName(names[index - 1] ?? '', one) <= 0);
  const after = sorted ? names.findIndex((one) => byName(one, name) > 0) : -1;
  return after < 0 ? names.length : after;
}

/** Whether a value, or a part of it, comes from a variable. */
export function fromVariable(tree: Tree | undefined): boolean {
  if (!tree) return false;
  if (tree.type === 'scalar') return typeof tree.value === 'string' && tree.value.replaceAll('$${var:', '').includes('${var:');
  if (tree.type === 'list') return tree.items.some(fromVariable);
  return [...tree.entries.values()].some(({ value }) => fromVariable(value));
}

/** What a text says once its variables are replaced. */
export function expanded(tree: Tree | undefined, variables: Variables): Tree | undefined {
  return tree && at(expandVariables(mapping([['x', tree]]), variables).tree, 'x');
}

/** The index of somebody in a list, in the short or the long form. */
export function indexIn(tree: Tree | undefined, name: string, variables: Variables, fold: boolean): number {
  return itemsOf(tree).findIndex((item) => {
    const said = item.type === 'scalar' ? expanded(item, variables) : item;
    const text = textOf(said) ?? textOf(expanded(at(item, 'email') ?? at(item, 'name'), variables));
    return text !== undefined && (text === name || (fold && text.toLowerCase() === name.toLowerCase()));
  });
}

/** A list with one more name. */
export function withName(tree: Tree | undefined, name: string): Tree {
  const items = itemsOf(tree);
  const names = items.map((item) => textOf(item) ?? textOf(at(item, 'email') ?? at(item, 'name')) ?? '');
  if (tree && names.includes(name)) return tree;
  const index = amongNames(names, name);
  return list([...items.slice(0, index), scalar(name), ...items.slice(index)]);
}

export const without = (tree: Tree, index: number): Tree => list(itemsOf(tree).filter((_, at) => at !== index));

/** A value of the server's as it stands in a file. */
export const written = (value: Json): Tree => fromJson(value);
