import { readFile } from 'node:fs/promises';
import { describe, expect, test } from 'vitest';
import { openWorld } from '../../src/commands/world.ts';
import { createEmulator, switchTable, unknownCount } from '../../src/emulator/index.ts';
import { start } from './emulator-client.ts';
import { courses } from './emulator-course-cases.ts';
import { cases as answers } from './emulator-switch-cases.ts';

const cases = [...answers, ...courses];

describe.each(cases.map((entry) => [entry.name, entry] as const))('%s', (name, entry) => {
  test.each(Object.entries(entry.sees))('%s', async (value, expected) => {
    expect(await entry.probe(start({ ...entry.with, [name]: value }))).toEqual(expected);
  });
});

test('the default of each switch is its first value', async () => {
  for (const entry of cases) {
    const first = switchTable.find((row) => row.name === entry.name)?.values[0] ?? '';
    expect([entry.name, await entry.probe(start(entry.with))]).toEqual([entry.name, entry.sees[first]]);
  }
});

test('an unknown switch or value names what exists', () => {
  expect(() => createEmulator({ switches: { colour: 'red' } })).toThrow(/unknown switch "colour"; there are: team-member-shape/);
  expect(() => createEmulator({ switches: { 'missing-revoke': '500' } })).toThrow(/cannot be "500"; it can be: 404, 200/);
});

test('every unknown of the API has a switch, from the first to the last', () => {
  const covered = new Set(switchTable.flatMap(({ unknowns }) => unknowns));
  const all = Array.from({ length: unknownCount }, (_, at) => at + 1);
  expect([...covered].sort((a, b) => a - b)).toEqual(all);
});

test('every value of every switch has a case', () => {
  const shown = (name: string) => new Set(cases.filter((one) => one.name === name).flatMap(({ sees }) => Object.keys(sees)));
  const missing = switchTable.flatMap(({ name, values }) => {
    const seen = shown(name);
    const numbers = [...seen].filter((value) => /^\d+$/.test(value) && !values.includes(value));
    return values
      .filter((value) => (value === '<n>' ? numbers.length === 0 : !seen.has(value)))
      .map((value) => `${name}=${value}`);
  });
  expect(missing).toEqual([]);
});

test('each switch is taken over the wire and from the command line, and stands on the page about them', async () => {
  const page = await readFile(new URL('../../docs/emulator.md', import.meta.url), 'utf8');
  for (const { name, values } of switchTable) {
    expect(page).toContain(`| \`${name}\` |`);
    for (const value of values.map((one) => (one === '<n>' ? '7' : one))) {
      const told = await openWorld({ switches: [`${name}=${value}`] }, '.');
      expect(told.world().switches?.[name] ?? switchTable.find((one) => one.name === name)?.values[0]).toBe(value);
      const { call } = start();
      expect((await call('PUT', '/_emulator/switches', { [name]: value })).status).toBe(200);
      expect((await call('GET', '/_emulator/switches')).body[name]).toBe(value);
    }
  }
});
