import { expect } from 'vitest';
import { loadTexts } from '../../src/config/load.ts';
import { parseConfig } from '../../src/config/parse.ts';
import { resolve } from '../../src/config/resolve.ts';
import type { Tree } from '../../src/config/tree.ts';
import { type Address, referencesOf } from '../../src/core/address.ts';
import { canonical } from '../../src/core/field.ts';
import { type Files, stage, today } from './run.ts';
import { type Scenario, unfold } from './scenario.ts';
import type { Settings } from './switches.ts';
import { type Recipe, worldOf } from './world.ts';
import { type Block, type Printed, printed, type Tape, tapeOf, type Value } from './yaml-text.ts';

/** Files as people write them. */
export interface Hand {
  readonly tape: readonly number[];
  readonly json: boolean;
  readonly aliases: boolean;
}

/**
 * Any files, any drift: what adopting has written makes the plan empty for the addresses that it names, says nothing else than before of
 * all others, and leaves every comment and every line that need not change.
 */
export async function adopts(scenario: Scenario, hand: Hand): Promise<void> {
  const { world, files, more } = unfold(scenario);
  const tape = tapeOf(hand.tape);
  const texts = new Map(Object.entries(files).map(([name, text]) => [name, rewritten(text, tape, hand)]));
  const before = Object.fromEntries([...texts].map(([name, { text }]) => [name, text]));
  const on = stage(world, scenario.switches);
  const wanted = { addresses: [], everything: false, drifts: () => true };
  const result = await on.adopt(before, wanted, more);
  expect(on.writes()).toEqual([]);
  if (!result.plan) return;
  const changed = new Set(result.plan.changes.map(({ address }) => address));
  // Whatever differs is adopted, or it is said why not.
  const told = new Set([...result.adopted, ...result.left.map(({ address }) => address)]);
  expect(
    [...changed].filter((address) => !told.has(address)),
    describe(before, result),
  ).toEqual([]);
  for (const { address, reason } of result.left)
    expect(reason, `${address}: ${reason}\n${describe(before, result)}`).toMatch(explained);
  const after: Files = { ...before, ...Object.fromEntries(result.edits.map(({ file, after }) => [file, after])) };
  const again = await on.plan(after, { ...more, accept: [] });
  const shown = describe(before, result);
  expect(again.plan, `${JSON.stringify(again.diagnostics)}\n${shown}`).toBeDefined();
  const open = new Set(again.plan?.changes.map(({ address }) => address));
  expect(
    result.adopted.filter((address) => open.has(address)),
    shown,
  ).toEqual([]);
  // A workspace that was starting may have become readable.
  const unread = result.plan.notChecked.map(({ address }) => address.replace(/\*$/, ''));
  const hidden = (address: string) =>
    unread.some((prefix) => (prefix.startsWith('*') ? address.includes(prefix.slice(1)) : address.startsWith(prefix)));
  expect(
    [...open].filter((address) => !changed.has(address) && !hidden(address)),
    shown,
  ).toEqual([]);
  sameElsewhere(before, after, new Set(result.adopted), shown);
  for (const { file, after: text } of result.edits) {
    const source = texts.get(file);
    if (source) untouched(source, text, shown);
  }
}

/** The reasons for which something may be left out. */
const explained =
  /expired|ask for|protect|still called|what a key is worth|not allowed|not in the files|may not|no longer be valid|cannot be the name|characters|starts or ends|holds|at (?:most|least)|not adopted|is not known/;

const describe = (
  before: Files,
  result: {
    readonly edits: readonly { readonly file: string; readonly after: string }[];
    readonly left: unknown;
    readonly plan?: { readonly notChecked: unknown } | undefined;
  },
) =>
  [
    ...Object.entries(before).map(([name, text]) => `--- ${name}\n${text}`),
    ...result.edits.map(({ file, after }) => `+++ ${file}\n${after}`),
    JSON.stringify(result.left),
    JSON.stringify(result.plan?.notChecked),
  ].join('\n');

function rewritten(text: string, tape: Tape, hand: Hand): Printed {
  const { tree } = parseConfig(text, 'a.yaml');
  return printed(valueIn(tree as Tree) as Block, tape, hand);
}

const valueIn = (tree: Tree): Value =>
  tree.type === 'mapping'
    ? new Map([...tree.entries].map(([key, { value }]) => [key, valueIn(value)]))
    : tree.type === 'list'
      ? tree.items.map(valueIn)
      : tree.value;

/** What the files say of everything else is what they said before. */
function sameElsewhere(before: Files, after: Files, adopted: ReadonlySet<Address>, shown: string): void {
  const desired = (files: Files) => {
    const raw = Object.entries(files).map(([file, text]) => ({ file, bytes: Buffer.from(text), overlay: false }));
    const { resources } = resolve(loadTexts(raw, new Map()).tree, today).desired;
    return new Map([...resources].map(([address, { spec }]) => [address, canonical(spec)]));
  };
  const [old, now] = [desired(before), desired(after)];
  const touched = (address: Address): boolean => adopted.has(address) || referencesOf(address).some(touched);
  // A list that begins to be written speaks for all of its holders, and one role of a person is their first.
  const others = [...new Set([...old.keys(), ...now.keys()])].filter(
    (address) =>
      !touched(address) && old.get(address) !== now.get(address) && !address.startsWith('member/') && !now.has(address),
  );
  expect(others, shown).toEqual([]);
}

function untouched(source: Printed, text: string, shown: string): void {
  const value = valueIn(parseConfig(text, 'a.yaml').tree as Tree);
  for (const comment of source.comments)
    if (comment.due(value)) expect(text.includes(comment.text), `lost: ${comment.text}\n${shown}`).toBe(true);
  const lines = text.split(/\r?\n/);
  const bare = (line: string) => line.replace(/,(?=\s*(#.*)?$)/, '');
  let at = 0;
  for (const line of source.lines) {
    if (!line.due(value)) continue;
    const found = lines.findIndex(
      (one, index) => index >= at && (one === line.text || (line.loose && bare(one) === bare(line.text))),
    );
    expect(found, `not there any more: ${line.text}\n${shown}`).toBeGreaterThanOrEqual(0);
    at = found + 1;
  }
}

/** An export into the files of an older one says what live has now, and is done with that: once more changes nothing. */
export async function exportsAgain(older: Recipe, newer: Recipe, switches: Settings): Promise<void> {
  const first = await stage(worldOf(older), switches).export();
  const before = Object.fromEntries(first.files.map(({ name, text }) => [name, text]));
  const on = stage(worldOf(newer), switches);
  const result = await on.adopt(before, { addresses: [], everything: true, drifts: () => true });
  if (!result.plan) return;
  const after = { ...before, ...Object.fromEntries(result.edits.map(({ file, after }) => [file, after])) };
  const shown = describe(before, result);
  const again = await on.plan(after);
  const left = new Set(result.left.map(({ address }) => address));
  expect(
    again.plan?.changes.filter(({ address }) => !left.has(address)).map(({ address }) => address),
    shown,
  ).toEqual([]);
  // Exported once more, not a byte changes.
  const third = await on.adopt(after, { addresses: [], everything: true, drifts: () => true });
  expect(third.edits, shown).toEqual([]);
}
