// Texts as people write them: one value in every style that YAML has, with comments wherever one may stand.
import { canonical } from '../../src/core/field.ts';
import type { Json } from '../../src/core/resource.ts';

export type Block = Map<string, Value>;
export type Value = null | boolean | number | string | Value[] | Block;

/** A line of a text, and what has to stay as it is for the line to stay as well. */
export interface Line {
  readonly text: string;
  readonly due: (after: Value) => boolean;
  /** Its comma may come or go. */
  readonly loose: boolean;
}
/** A comment, and what has to stay for it to stay. */
export interface Comment {
  readonly text: string;
  readonly due: (after: Value) => boolean;
}
export interface Printed {
  readonly text: string;
  readonly lines: readonly Line[];
  readonly comments: readonly Comment[];
}

/** Numbers that decide, one after the other. */
export interface Tape {
  pick(count: number): number;
}
export function tapeOf(numbers: readonly number[]): Tape {
  let at = 0;
  return { pick: (count) => (numbers[at++ % numbers.length] ?? 0) % count };
}

type Path = readonly (string | { readonly item: string })[];
type Fact = (after: Value) => boolean;

export const plainJson = (value: Value | undefined): Json | undefined => {
  if (value instanceof Map) return Object.fromEntries([...value].map(([key, item]) => [`k${key}`, plainJson(item) as Json]));
  return Array.isArray(value) ? value.map((item) => plainJson(item) as Json) : value;
};
export const sameValue = (a: Value | undefined, b: Value | undefined) => canonical(plainJson(a)) === canonical(plainJson(b));

function reach(after: Value | undefined, path: Path): Value | undefined {
  let node = after;
  for (const step of path) {
    if (typeof step === 'string') node = node instanceof Map ? node.get(step) : undefined;
    else node = Array.isArray(node) ? node.find((one) => canonical(plainJson(one)) === step.item) : undefined;
  }
  return node;
}

const typeOf = (value: Value | undefined) =>
  value instanceof Map ? 'map' : Array.isArray(value) ? 'list' : value === undefined ? 'none' : 'scalar';
const sizeOf = (value: Value | undefined) => (value instanceof Map ? value.size : Array.isArray(value) ? value.length : 0);

/** Prints a value. */
export function printed(root: Block, tape: Tape, how: { readonly json: boolean; readonly aliases: boolean }): Printed {
  const lines: Line[] = [];
  const comments: Comment[] = [];
  const anchors: { name: string; path: Path; value: Value }[] = [];
  const aliased: { path: Path; value: Value; of: number }[] = [];
  const anchored = new Set<string>();
  let count = 0;
  let last = 99;
  const yes = (odds: number) => tape.pick(odds) === odds - 1;
  const all =
    (...facts: Fact[]): Fact =>
    (after) =>
      facts.every((fact) => fact(after));
  const still =
    (path: Path, value: Value): Fact =>
    (after) =>
      sameValue(reach(after, path), value);
  const exists =
    (path: Path): Fact =>
    (after) =>
      reach(after, path) !== undefined;
  const typed =
    (path: Path, value: Value): Fact =>
    (after) =>
      typeOf(reach(after, path)) === typeOf(value);
  const filled =
    (path: Path, value: Value): Fact =>
    (after) =>
      typed(path, value)(after) && sizeOf(reach(after, path)) > 0;
  const calm: Fact = (after) =>
    anchors.every(({ path, value }) => still(path, value)(after)) &&
    aliased.every(({ path, value }) => still(path, value)(after));
  const comment = (due: Fact) => {
    count += 1;
    const words = ['note', 'Größe: 10 # nicht weniger', 'a: b, [c] {d}', '日本語', 'it\'s "quoted"'][tape.pick(5)];
    const text = `# ${count} ${words}`;
    comments.push({ text, due });
    return text;
  };
  const trailing = (due: Fact) => (!how.json && yes(4) ? `${[' ', '  ', '\t'][tape.pick(3)]}${comment(due)}` : '');
  const put = (text: string, due: Fact, loose = false) => lines.push({ text, due, loose });
  const between = (indent: number, due: Fact, least = 0) => {
    if (how.json) return;
    if (yes(6)) put(['', ' '.repeat(indent)][tape.pick(2)] ?? '', () => false);
    // Behind a text block, a comment that is indented further would be part of the text.
    const free = last === 99;
    if (yes(4)) put(`${' '.repeat(free && yes(5) ? least + tape.pick(9) : Math.min(indent, last))}${comment(due)}`, due);
  };
  const scalar = (value: Value, flow: boolean): string => {
    if (typeof value !== 'string') return value === null ? (['null', '~'][how.json ? 0 : tape.pick(2)] ?? '') : String(value);
    const double = JSON.stringify(value);
    if (how.json || /[\p{Cc}\p{Zl}]/u.test(value)) return double;
    const plain =
      /^[\p{L}0-9_@./-]+( [\p{L}0-9_@./-]+)*$/u.test(value) &&
      /^\p{L}/u.test(value) &&
      !/^(true|false|null|yes|no|on|off|y|n)$/i.test(value);
    const choices = [double, `'${value.replaceAll("'", "''")}'`, ...(plain ? [value, value, value] : [])];
    void flow;
    return choices[tape.pick(choices.length)] ?? double;
  };
  const inline = (value: Value): string => {
    const pad = ['', ' '][tape.pick(2)] ?? '';
    const comma = how.json ? ', ' : [', ', ',  '][tape.pick(2)];
    const tail = !how.json && yes(6) ? ',' : '';
    if (Array.isArray(value)) return value.length === 0 ? '[]' : `[${pad}${value.map(inline).join(comma)}${tail}${pad}]`;
    if (value instanceof Map)
      return value.size === 0
        ? '{}'
        : `{${pad}${[...value].map(([key, item]) => `${scalar(key, true)}: ${inline(item)}`).join(comma)}${tail}${pad}}`;
    return scalar(value, true);
  };
  const mark = (path: Path, value: Value): { text: string; alias: boolean } => {
    if (!how.aliases || how.json) return { text: '', alias: false };
    const known = anchors.findIndex((one) => sameValue(one.value, value));
    if (known >= 0 && tape.pick(3) > 0) {
      aliased.push({ path, value, of: known });
      return { text: `*${anchors[known]?.name}`, alias: true };
    }
    if (!yes(3) || anchored.has(canonical(plainJson(value)))) return { text: '', alias: false };
    anchored.add(canonical(plainJson(value)));
    const name = `a${anchors.length}`;
    anchors.push({ name, path, value });
    return { text: `&${name} `, alias: false };
  };
  /** An entry whose line begins with `lead`; `indent` is its column. */
  const entry = (lead: string, path: Path, value: Value, indent: number, inList: boolean) => {
    last = 99;
    const { text, alias } = mark(path, value);
    if (alias) return void put(`${lead} ${text}${trailing(exists(path))}`, all(still(path, value), calm));
    const anchor = text === '' ? '' : ` ${text.trim()}`;
    const guard = text === '' ? () => true : calm;
    if (typeOf(value) === 'scalar') {
      if (value === null && yes(2)) return void put(`${lead}${anchor}${trailing(exists(path))}`, all(still(path, value), guard));
      const block =
        typeof value === 'string' &&
        !inList &&
        /^[^\s].*\n/.test(value) &&
        !/\s\n|\n\n$|[^\n]\s$/.test(value) &&
        !/[\u0085\u2028\t]/.test(value) &&
        yes(2);
      if (!block)
        return void put(`${lead}${anchor} ${scalar(value, false)}${trailing(exists(path))}`, all(still(path, value), guard));
      const body = (value as string).replace(/\n$/, '');
      put(`${lead}${anchor} |${body === value ? '-' : ''}${trailing(exists(path))}`, all(still(path, value), guard));
      last = indent;
      for (const line of body.split('\n'))
        put(line === '' ? '' : `${' '.repeat(indent + 2)}${line}`, line === '' ? () => false : all(still(path, value), guard));
      return;
    }
    if (sizeOf(value) === 0 || yes(3))
      return void put(`${lead}${anchor} ${inline(value)}${trailing(exists(path))}`, all(still(path, value), guard));
    if (yes(3) && !inList) return multiline(`${lead}${anchor} `, path, value, indent, guard);
    if (inList) return void put(`${lead}${anchor} ${inline(value)}${trailing(exists(path))}`, all(still(path, value), guard));
    put(`${lead}${anchor}${trailing(exists(path))}`, all(filled(path, value), guard));
    block(
      value,
      path,
      indent + (Array.isArray(value) ? ([2, 0, 4][tape.pick(3)] ?? 2) : ([2, 2, 3, 1][tape.pick(4)] ?? 2)),
      guard,
    );
  };
  /** Brackets over several lines. */
  const multiline = (lead: string, path: Path, value: Value, indent: number, guard: Fact) => {
    const [open, close] = Array.isArray(value) ? '[]' : '{}';
    put(`${lead}${open}${trailing(typed(path, value))}`, all(filled(path, value), guard), true);
    const items: { text: string; path: Path; value: Value }[] = Array.isArray(value)
      ? value.map((item) => ({ text: inline(item), path: [...path, { item: canonical(plainJson(item)) }], value: item }))
      : [...(value as Block)].map(([key, item]) => ({
          text: `${scalar(key, true)}: ${inline(item)}`,
          path: [...path, key],
          value: item,
        }));
    const last = how.json ? '' : ['', ','][tape.pick(2)];
    const columns = indent + 2;
    for (const [index, item] of items.entries()) {
      between(columns, typed(path, value), 1);
      const comma = index < items.length - 1 ? ',' : last;
      put(
        `${' '.repeat(columns)}${item.text}${comma}${trailing(exists(item.path))}`,
        all(still(item.path, item.value), guard),
        true,
      );
    }
    between(columns, typed(path, value), 1);
    put(`${' '.repeat(indent + 1)}${close}${trailing(typed(path, value))}`, () => false, true);
  };
  const block = (value: Value, path: Path, indent: number, guard: Fact) => {
    const spaces = ' '.repeat(indent);
    if (Array.isArray(value))
      for (const item of value) {
        between(indent, typed(path, value));
        const inner = [...path, { item: canonical(plainJson(item)) }];
        entry(`${spaces}-`, inner, item, indent, true);
      }
    else
      for (const [key, item] of value as Block) {
        between(indent, typed(path, value));
        entry(`${spaces}${scalar(key, false)}:`, [...path, key], item, indent, false);
      }
    void guard;
  };
  if (how.json) {
    const text = JSON.stringify(jsonOf(root), null, [2, 4, 0][tape.pick(3)]);
    return { text, lines: [], comments: [] };
  }
  between(0, () => true);
  if (yes(8)) put('---', () => true);
  block(root, [], 0, () => true);
  between(0, () => true);
  const eol = yes(4) ? '\r\n' : '\n';
  const text = lines.map((line) => line.text).join(eol);
  return { text: yes(4) ? text : `${text}${eol}`, lines, comments };
}

const jsonOf = (value: Value): unknown => {
  if (value instanceof Map) return Object.fromEntries([...value].map(([key, item]) => [key, jsonOf(item)]));
  return Array.isArray(value) ? value.map(jsonOf) : value;
};
