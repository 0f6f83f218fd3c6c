import type { Place } from '../core/diagnostic.ts';
import type { Json } from '../core/resource.ts';

/** A value from a file, with the place where it stands; in a mapping, every key has its own place too. */
export type Tree = Scalar | List | Mapping;
export interface Scalar {
  readonly type: 'scalar';
  readonly value: null | boolean | number | string;
  readonly place: Place;
}
export interface List {
  readonly type: 'list';
  readonly items: readonly Tree[];
  readonly place: Place;
}
export interface Mapping {
  readonly type: 'mapping';
  readonly entries: ReadonlyMap<string, Entry>;
  readonly place: Place;
}
export interface Entry {
  readonly keyPlace: Place;
  readonly value: Tree;
}

/** One configuration file, read. */
export interface ConfigDocument {
  readonly file: string;
  readonly tree: Mapping;
}

/** A configuration file as it was found. */
export interface SourceDocument extends ConfigDocument {
  readonly bytes: Uint8Array;
  /** What stands in it: variables are not replaced. */
  readonly raw: Mapping;
  readonly overlay: boolean;
}

/** The bare JSON value of a tree. Objects have no prototype, so that no key can reach one. */
export function toJson(tree: Tree): Json {
  if (tree.type === 'scalar') return tree.value;
  if (tree.type === 'list') return tree.items.map(toJson);
  const object: Record<string, Json> = Object.create(null);
  for (const [key, entry] of tree.entries) object[key] = toJson(entry.value);
  return object;
}

/** The tree at a path of keys and indexes, or undefined. */
export function at(tree: Tree | undefined, ...path: readonly (string | number)[]): Tree | undefined {
  let node = tree;
  for (const part of path) {
    if (node?.type === 'mapping') node = node.entries.get(String(part))?.value;
    else if (node?.type === 'list') node = node.items[Number(part)];
    else return undefined;
  }
  return node;
}

/** The entries of a mapping; none for anything else. */
export function entriesOf(tree: Tree | undefined): readonly (readonly [string, Entry])[] {
  return tree?.type === 'mapping' ? [...tree.entries] : [];
}

/** The items of a list; none for anything else. */
export function itemsOf(tree: Tree | undefined): readonly Tree[] {
  return tree?.type === 'list' ? tree.items : [];
}

/** The text of a scalar that is one. */
export function textOf(tree: Tree | undefined): string | undefined {
  return tree?.type === 'scalar' && typeof tree.value === 'string' ? tree.value : undefined;
}
