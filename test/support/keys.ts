import { existsSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { expect } from 'vitest';
import type { World, WorldKey } from '../../src/emulator/world.ts';
import { type Files, folderWith, type Stage, stage } from './run.ts';
import { type Settings, settings } from './switches.ts';
import { adminKey } from './world.ts';

/** A key as it may be found, and as the files may want it. */
interface Key {
  readonly account: 'a.b' | 'bot' | 'ci';
  readonly name: 'main' | 'x y';
  /** `marked`: its value never arrived; `failed`: that was noticed, and it was switched off; `idle`: somebody switched it off. */
  readonly live: 'none' | 'delivered' | 'marked' | 'failed' | 'idle';
  readonly old: boolean;
  readonly text: string;
  readonly wanted: 'not' | 'kept' | 'rotated';
}

/** Keys of accounts that are there or are not, on a server with its habits. */
export interface Ring {
  readonly keys: readonly Key[];
  readonly isNew: boolean;
  readonly switches: Settings;
}

export const rings: fc.Arbitrary<Ring> = fc.record({
  keys: fc.uniqueArray(
    fc.record({
      account: fc.constantFrom('a.b', 'bot', 'ci'),
      name: fc.constantFrom('main', 'x y'),
      live: fc.constantFrom('none', 'delivered', 'marked', 'failed', 'idle'),
      old: fc.boolean(),
      text: fc.constantFrom('', 'of the nightly job'),
      wanted: fc.constantFrom('not', 'kept', 'rotated', 'rotated'),
    }),
    { minLength: 1, maxLength: 5, selector: ({ account, name }) => `${account} ${name}` },
  ),
  isNew: fc.boolean(),
  switches: settings,
});

const mark = '[not delivered yet]';
const fileOf = ({ account, name }: Key) => `secrets/${account.replace('.', '-')}-${name.replace(' ', '-')}`;

/** A run delivers what is new or was lost, rotates what is due, and leaves everything else as it is. */
export async function keysArrive(ring: Ring): Promise<void> {
  const { on, folder, files, found } = setUp(ring);
  await settles(ring, found, { on, folder, files });
}

/** Killed before or after any of its writes, one more run gets there, and nobody who has a key is cut off meanwhile. */
export async function keysSurvive(ring: Ring): Promise<void> {
  const measure = setUp(ring);
  await measure.on.apply(measure.files);
  const writes = measure.on.emulator.requests.flatMap(({ method, path }, index) =>
    method === 'GET' || path.endsWith('/login') ? [] : [index + 1],
  );
  for (const at of writes)
    for (const when of ['before', 'after'] as const) {
      const { on, folder, files, found } = setUp(ring);
      on.cut({ at, when, killed: true });
      await on.apply(files);
      on.cut(undefined);
      for (const key of found) expectUsable(key, on);
      await settles(ring, found, { on, folder, files });
    }
}

interface Prepared {
  readonly on: Stage;
  readonly folder: string;
  readonly files: Files;
}

function setUp({ keys, isNew, switches }: Ring): Prepared & { found: readonly Key[] } {
  const found = keys.filter(({ account, live }) => live !== 'none' && !(isNew && account === 'bot'));
  const folder = folderWith(Object.fromEntries(found.map((key) => [fileOf(key), `${initial(key)}\n`])));
  return { on: stage(worldWith(found, isNew), switches, { folder }), folder, files: filesFor(keys), found };
}

async function settles({ keys }: Ring, found: readonly Key[], { on, folder, files }: Prepared): Promise<void> {
  const run = await on.apply(files);
  expect(run.diagnostics.filter(({ severity }) => severity === 'error')).toEqual([]);
  expect(run.outcomes.filter(({ status }) => status !== 'applied')).toEqual([]);
  const said = JSON.stringify([run, on.events]);
  for (const value of valuesOn(on)) expect(said).not.toContain(value);
  for (const key of keys) expectSettled(key, found.includes(key), on, folder);
  const next = await on.plan(files);
  expect(next.plan?.changes.map(({ address }) => address)).toEqual([]);
}

/** Whoever worked with a key before works on with it: it was not rotated, or the old value has its time. */
function expectUsable(key: Key, on: Stage): void {
  if (key.live !== 'delivered') return;
  const there = rowsOf(on, key)[0];
  const values = [there?.value, there?.previous?.value];
  expect(there?.active, `${fileOf(key)} is switched on`).toBe(true);
  expect(values, fileOf(key)).toContain(initial(key));
}

function expectSettled(key: Key, wasThere: boolean, on: Stage, folder: string): void {
  const rows = rowsOf(on, key);
  const [there] = rows;
  expect(rows.length, fileOf(key)).toBe(wasThere || key.wanted !== 'not' ? 1 : 0);
  if (!there) return;
  const lost = key.live === 'marked' || key.live === 'failed';
  const due = key.wanted !== 'not' && (!wasThere || lost || (key.wanted === 'rotated' && key.old && key.live === 'delivered'));
  if (wasThere) expect(there.value === initial(key), `${fileOf(key)} keeps its value`).toBe(!due);
  if (key.wanted === 'not') return;
  const path = join(folder, fileOf(key));
  expect(existsSync(path) ? readFileSync(path, 'utf8') : 'no file').toBe(`${there.value}\n`);
  if (due) expect(statSync(path).mode & 0o777).toBe(0o600);
  expect(there.active).toBe(key.live !== 'idle' || !wasThere);
  expect(there.description ?? '').toBe(wasThere ? key.text : '');
}

const valuesOn = (on: Stage) => [...on.emulator.state().accounts.values()].flatMap((one) => one.keys.map(({ value }) => value));

function rowsOf(on: Stage, { account, name }: Key) {
  const accounts = [...on.emulator.state().accounts.values()].filter((one) => one.username === account);
  return accounts.flatMap((one) => one.keys.filter((key) => key.name === name));
}

const initial = ({ account, name }: Key) => `ZENPROKEY_of-${account.replace('.', '-')}-${name.replace(' ', '-')}`;

function worldWith(found: readonly Key[], isNew: boolean): World {
  const of = (account: Key['account']) => found.filter((key) => key.account === account).map(worldKey);
  return {
    accounts: [],
    organizations: [
      {
        name: 'acme',
        service_accounts: [
          { name: 'ci', keys: [{ name: 'own', value: adminKey }, ...of('ci')] },
          { name: 'a.b', keys: of('a.b') },
          ...(isNew ? [] : [{ name: 'bot', keys: of('bot') }]),
        ],
        grants: [{ role: 'Organization Admin', service_account: 'ci' }],
      },
    ],
  };
}

function worldKey(key: Key): WorldKey {
  const marked = key.live === 'marked' || key.live === 'failed';
  return {
    name: key.name,
    value: initial(key),
    description: marked ? `${mark} ${key.text}`.trim() : key.text,
    active: key.live !== 'failed' && key.live !== 'idle',
    created: key.old ? '2026-01-01T00:00:00Z' : '2026-11-01T00:00:00Z',
  };
}

function filesFor(keys: readonly Key[]): Files {
  const accounts: Record<string, { keys: Record<string, unknown> }> = {
    'a.b': { keys: {} },
    bot: { keys: {} },
    ci: { keys: {} },
  };
  for (const key of keys)
    if (key.wanted !== 'not') {
      const rotation = key.wanted === 'rotated' ? { rotate_after: '90d' } : {};
      const block = { to: { file: fileOf(key) }, ...rotation };
      const account = accounts[key.account];
      if (account) account.keys[key.name] = block;
    }
  return { 'zenform.yaml': JSON.stringify({ organization: { name: 'acme' }, service_accounts: accounts }) };
}
