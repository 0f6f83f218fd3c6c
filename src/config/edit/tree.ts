import type { Json } from '../../core/resource.ts';
import type { Entry, List, Mapping, Scalar, Tree } from '../tree.ts';

const place = { file: '', line: 1, column: 1 };

/** A value that stands in no file yet. */
export const scalar = (value: Scalar['value']): Scalar => ({ type: 'scalar', value, place });
export const list = (items: readonly Tree[]): List => ({ type: 'list', items, place });
export const mapping = (entries: Iterable<readonly [string, Tree]>): Mapping => ({
  type: 'mapping',
  entries: new Map([...entries].map(([key, value]): [string, Entry] => [key, { keyPlace: place, value }])),
  place,
});

/** JSON as a value that stands in no file yet. */
export function fromJson(value: Json): Tree {
  if (typeof value !== 'object' || value === null) return scalar(value);
  if (Array.isArray(value)) return list(value.map(fromJson));
  return mapping(Object.entries(value as { [key: string]: Json }).map(([key, item]) => [key, fromJson(item)] as const));
}

/** Whether two values say the same; the order of keys says nothing. */
export function same(a: Tree | undefined, b: Tree | undefined): boolean {
  if (a === b) return true;
  if (a === undefined || b === undefined) return false;
  if (a.type === 'scalar') return b.type === 'scalar' && a.value === b.value;
  if (a.type === 'list')
    return b.type === 'list' && a.items.length === b.items.length && a.items.every((item, index) => same(item, b.items[index]));
  if (b.type !== 'mapping' || a.entries.size !== b.entries.size) return false;
  for (const [key, { value }] of a.entries) if (!same(value, b.entries.get(key)?.value)) return false;
  return true;
}
