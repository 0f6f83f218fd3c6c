import { expect } from 'vitest';
import { rewrite } from '../../src/config/edit/rewrite.ts';
import { list, mapping, scalar } from '../../src/config/edit/tree.ts';
import { parseConfig } from '../../src/config/parse.ts';
import type { Mapping, Tree } from '../../src/config/tree.ts';
import { type Block, printed, sameValue, type Tape, tapeOf, type Value } from './yaml-text.ts';

const keys = [
  'teams',
  'members',
  'ml-platform',
  'Ünïcode',
  'a b',
  'Workspace Admin',
  '1.10',
  'true',
  'null',
  '日本',
  "it's",
  'x: y',
  '- z',
  'on',
  '#c',
  'q"q',
  '',
];
const texts = [
  'ada@acme.io',
  'grace',
  'plain text',
  'Who leaves, and why',
  'a: b',
  '# no comment',
  '',
  ' spaces ',
  'true',
  '0.98',
  'null',
  'no',
  'line\nbreak',
  'two\nlines\n',
  "it's",
  'say "hi"',
  '{x}',
  '- y',
  'ß\u0085x',
  '日本語',
  '2027-01-31',
  'x'.repeat(120),
];

function valueFrom(tape: Tape, depth: number): Value {
  const kind = tape.pick(depth > 3 ? 4 : 9);
  if (kind < 3) return texts[tape.pick(texts.length)] ?? '';
  if (kind === 3) return [null, true, false, 7, 1.5][tape.pick(5)] ?? null;
  if (kind < 6) {
    const items: Value[] = [];
    for (let count = tape.pick(5); count > 0; count -= 1) {
      const item =
        tape.pick(5) === 4
          ? new Map<string, Value>([
              ['email', texts[tape.pick(5)] ?? ''],
              ['expires', '2027-01-31'],
            ])
          : (texts[tape.pick(texts.length)] ?? '');
      if (!items.some((one) => sameValue(one, item))) items.push(item);
    }
    return items;
  }
  const block: Block = new Map();
  for (let count = tape.pick(5); count > 0; count -= 1) block.set(keys[tape.pick(keys.length)] ?? '', valueFrom(tape, depth + 1));
  return block;
}

/** Another value, a few steps from the first. */
function changed(value: Value, tape: Tape, depth = 0): Value {
  if (value instanceof Map) {
    const result: Block = new Map();
    if (depth > 0 && tape.pick(12) === 11) return tape.pick(2) === 1 ? new Map() : valueFrom(tape, 3);
    for (const [key, item] of value) {
      const what = tape.pick(10);
      if (tape.pick(12) === 11)
        result.set(keys[tape.pick(keys.length)] ?? '', value.get(keys[0] ?? '') ?? valueFrom(tape, depth + 1));
      if (what === 0 && (depth > 0 || value.size > 1)) continue;
      if (!result.has(key)) result.set(key, what < 5 ? changed(item, tape, depth + 1) : item);
    }
    const order = new Map([...value.keys()].filter((key) => result.has(key)).map((key) => [key, result.get(key) as Value]));
    if (tape.pick(5) === 4) result.set(`new${tape.pick(3)}`, valueFrom(tape, depth + 1));
    // What is there keeps its order; only what is new may stand anywhere.
    const names = [...order.keys()];
    return new Map(
      [...result].map(([key, item]) =>
        order.has(key) ? ([names[0] as string, order.get(names.shift() as string) as Value] as const) : ([key, item] as const),
      ),
    );
  }
  if (Array.isArray(value)) {
    if (tape.pick(8) === 7) return [];
    const kept = value.filter(() => tape.pick(4) > 0);
    for (let count = tape.pick(3); count > 0; count -= 1) {
      const item = texts[tape.pick(texts.length)] ?? '';
      if (![...kept, ...value].some((one) => sameValue(one, item))) kept.splice(tape.pick(kept.length + 1), 0, item);
    }
    return kept;
  }
  return tape.pick(3) === 0 ? value : valueFrom(tape, depth + 2);
}

export const treeOf = (value: Value): Tree =>
  value instanceof Map
    ? mapping([...value].map(([key, item]) => [key, treeOf(item)] as const))
    : Array.isArray(value)
      ? list(value.map(treeOf))
      : scalar(value);

const valueIn = (tree: Tree): Value =>
  tree.type === 'mapping'
    ? new Map([...tree.entries].map(([key, { value }]) => [key, valueIn(value)]))
    : tree.type === 'list'
      ? tree.items.map(valueIn)
      : tree.value;

/** Rewriting brings a text to another value, and leaves every comment and every line that need not change. */
export function rewrites(numbers: readonly number[], how: { readonly json: boolean; readonly aliases: boolean }): void {
  const tape = tapeOf(numbers);
  const before: Block = new Map();
  for (let count = 1 + tape.pick(4); count > 0; count -= 1) before.set(keys[tape.pick(keys.length)] ?? '', valueFrom(tape, 1));
  const text = printed(before, tape, how);
  const read = parseConfig(text.text, 'a.yaml');
  const odd = read.diagnostics.filter(({ severity }) => severity === 'error');
  expect(odd, text.text).toEqual([]);
  expect(sameValue(valueIn(read.tree as Mapping), before), text.text).toBe(true);
  const after = changed(before, tape) as Block;
  const result = rewrite(text.text, treeOf(after) as Mapping);
  const shown = `${text.text}\n=> ${JSON.stringify(valueIn(treeOf(after)), (_, v) => (v instanceof Map ? Object.fromEntries(v) : v))}\n=====\n${result}\n=====`;
  expect(result, shown).toBeDefined();
  const again = parseConfig(result ?? '', 'a.yaml');
  expect(
    again.diagnostics.filter(({ severity }) => severity === 'error'),
    shown,
  ).toEqual([]);
  expect(sameValue(valueIn(again.tree as Mapping), after), shown).toBe(true);
  if (sameValue(before, after)) expect(result).toBe(text.text);
  for (const comment of text.comments)
    if (comment.due(after)) expect(result?.includes(comment.text), `lost: ${comment.text}\n${shown}`).toBe(true);
  const lines = (result ?? '').split(/\r?\n/);
  let at = 0;
  const bare = (line: string) => line.replace(/,(?=\s*(#.*)?$)/, '');
  for (const line of text.lines) {
    if (!line.due(after)) continue;
    const found = lines.findIndex(
      (one, index) => index >= at && (one === line.text || (line.loose && bare(one) === bare(line.text))),
    );
    expect(found, `not there any more: ${line.text}\n${shown}`).toBeGreaterThanOrEqual(0);
    at = found + 1;
  }
  if (text.text.includes('\r\n')) expect(/[^\r]\n/.test(result ?? ''), shown).toBe(false);
}
