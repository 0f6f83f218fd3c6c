import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { switchTable, type World } from '../../src/emulator/index.ts';
import { type Files, stage } from '../support/run.ts';
import type { Settings } from '../support/switches.ts';
import { adminKey } from '../support/world.ts';

/** A value for every open number: small enough to be felt, and large enough not to be what ends the story. */
const numbers: Readonly<Record<string, string>> = {
  'invitation-ttl': '86400',
  'page-cap': '7',
  'provision-delay': '2',
  'rate-limit': '150',
  'rbac-delay': '2',
  'token-ttl': '60',
};

/** Values under which the story ends with a diagnostic or a failed step instead, with the words that say so. */
const other: readonly { readonly settings: Settings; readonly says: RegExp }[] = [
  { settings: { 'role-names': 'legacy' }, says: /role-unknown/ },
  { settings: { carrier: 'body' }, says: /422.*Field required/ },
  { settings: { 'provision-outcome': 'failed' }, says: /failed/ },
  { settings: { 'entitlement.workspace': '1' }, says: /402/ },
  { settings: { 'entitlement.project': '2' }, says: /402/ },
  { settings: { 'entitlement.seat': '3' }, says: /402/ },
];

/** Every switch with the values that the story gets through. */
const habits = switchTable.map(({ name, values }) => ({
  name,
  values: values
    .map((value) => (value === '<n>' ? (numbers[name] ?? '1000') : value))
    .filter((value) => !other.some(({ settings }) => settings[name] === value)),
}));

/** Rows of settings in which every two values of two switches meet, made greedily. */
function pairwise(): Settings[] {
  const open = new Set<string>();
  const pair = (a: number, x: string, b: number, y: string) => (a < b ? `${a}=${x} ${b}=${y}` : `${b}=${y} ${a}=${x}`);
  habits.forEach(({ values }, a) => {
    for (let b = a + 1; b < habits.length; b++)
      for (const x of values) for (const y of habits[b]?.values ?? []) open.add(pair(a, x, b, y));
  });
  const rows: Settings[] = [];
  while (open.size > 0) {
    const row: (string | undefined)[] = habits.map(() => undefined);
    const [first = ''] = open;
    for (const part of first.split(' ')) row[Number(part.split('=')[0])] = part.split('=')[1];
    habits.forEach(({ values }, at) => {
      if (row[at] !== undefined) return;
      const gain = (value: string) =>
        row.reduce<number>(
          (sum, known, index) => sum + (known !== undefined && open.has(pair(at, value, index, known)) ? 1 : 0),
          0,
        );
      row[at] = [...values].sort((x, y) => gain(y) - gain(x))[0];
    });
    habits.forEach((_, a) => {
      for (let b = a + 1; b < habits.length; b++) open.delete(pair(a, row[a] ?? '', b, row[b] ?? ''));
    });
    rows.push(Object.fromEntries(habits.map(({ name }, at) => [name, row[at] ?? ''])));
  }
  return rows;
}

const world: World = {
  accounts: [{ email: 'ada.lovelace@acme.io' }, { email: 'grace.hopper@acme.io' }],
  organizations: [
    {
      name: 'acme',
      service_accounts: [{ name: 'ci', keys: [{ name: 'main', value: adminKey }] }],
      grants: [{ role: 'Organization Admin', service_account: 'ci' }],
    },
  ],
};
const folder = new URL('../../configs/', import.meta.url);
const files: Files = Object.fromEntries(
  readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.yaml') && !name.includes('overlay'))
    .map((name) => [name, readFileSync(new URL(name, folder), 'utf8')]),
);

describe('the main story', () => {
  const rows = pairwise();

  it.each(rows.map((settings, index) => [index + 1, settings] as const))(
    `is the same on a server of any habits: row %i of ${rows.length}`,
    async (_row, settings) => {
      const on = stage(world, settings);
      const planned = await on.plan(files);
      expect(planned.diagnostics.filter(({ severity }) => severity === 'error')).toEqual([]);
      const applied = await on.apply(files);
      expect(applied.outcomes.filter(({ status }) => status !== 'applied')).toEqual([]);
      const again = await on.plan(files);
      expect(again.plan?.changes).toEqual([]);
      const exported = await on.export();
      const back = await on.plan(Object.fromEntries(exported.files.map(({ name, text }) => [name, text])));
      expect({ verdict: back.verdict, changes: back.plan?.changes }).toEqual({ verdict: 'ok', changes: [] });
    },
  );

  it.each(other.map(({ settings, says }) => [JSON.stringify(settings), settings, says] as const))(
    'ends with a reason where it cannot be told: %s',
    async (_name, settings, says) => {
      const on = stage(world, settings);
      const { diagnostics, outcomes, verified } = await on.apply(files);
      const said = [...diagnostics.map(({ code, summary }) => `${code} ${summary}`), ...outcomes.map(({ error = '' }) => error)];
      expect({ verified, said: said.join('\n') }).toEqual({ verified: false, said: expect.stringMatching(says) });
    },
  );
});
