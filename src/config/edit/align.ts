import type { Tree } from '../tree.ts';
import { same } from './tree.ts';

/** Which old item a new one is, by index; one that has no counterpart is gone or new. */
export interface Pairing {
  readonly from?: number;
  readonly to?: number;
}

/** Pairs the items of a list with those it is to have: as many as possible stay where they are. */
export function align(before: readonly Tree[], after: readonly Tree[]): Pairing[] {
  let head = 0;
  while (head < before.length && head < after.length && same(before[head], after[head])) head += 1;
  let tail = 0;
  while (tail < before.length - head && tail < after.length - head && same(before.at(-1 - tail), after.at(-1 - tail))) tail += 1;
  const pairs: Pairing[] = [...Array(head).keys()].map((index) => ({ from: index, to: index }));
  pairs.push(...middle(before, after, head, before.length - tail, after.length - tail));
  for (let index = tail; index > 0; index -= 1) pairs.push({ from: before.length - index, to: after.length - index });
  return paired(pairs, before, after);
}

/** The longest common part of what lies between; of very long lists only what is common in order of appearance. */
function middle(before: readonly Tree[], after: readonly Tree[], start: number, endBefore: number, endAfter: number): Pairing[] {
  const [rows, columns] = [endBefore - start, endAfter - start];
  const gone = (from: number): Pairing => ({ from });
  const fresh = (to: number): Pairing => ({ to });
  if (rows * columns > 4_000_000) {
    return [...Array(rows).keys()]
      .map((index) => gone(start + index))
      .concat([...Array(columns).keys()].map((index) => fresh(start + index)));
  }
  const width = columns + 1;
  const longest = new Uint32Array((rows + 1) * width);
  const at = (row: number, column: number) => longest[row * width + column] ?? 0;
  for (let row = rows - 1; row >= 0; row -= 1)
    for (let column = columns - 1; column >= 0; column -= 1)
      longest[row * width + column] = same(before[start + row], after[start + column])
        ? at(row + 1, column + 1) + 1
        : Math.max(at(row + 1, column), at(row, column + 1));
  const pairs: Pairing[] = [];
  let [row, column] = [0, 0];
  while (row < rows || column < columns) {
    if (row < rows && column < columns && same(before[start + row], after[start + column])) {
      pairs.push({ from: start + row, to: start + column });
      row += 1;
      column += 1;
    } else if (row < rows && (column === columns || at(row + 1, column) >= at(row, column + 1))) {
      pairs.push(gone(start + row));
      row += 1;
    } else {
      pairs.push(fresh(start + column));
      column += 1;
    }
  }
  return pairs;
}

/** A mapping that went and one that came at the same place are one that changed. */
function paired(pairs: readonly Pairing[], before: readonly Tree[], after: readonly Tree[]): Pairing[] {
  const result: Pairing[] = [];
  for (const pair of pairs) {
    const last = result.at(-1);
    const changed =
      last?.from !== undefined &&
      last.to === undefined &&
      pair.from === undefined &&
      pair.to !== undefined &&
      before[last.from]?.type === 'mapping' &&
      after[pair.to]?.type === 'mapping';
    if (changed) result[result.length - 1] = { ...last, ...pair };
    else result.push(pair);
  }
  return result;
}
