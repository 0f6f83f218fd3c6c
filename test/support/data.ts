import { inspect } from 'node:util';
import { expect } from 'vitest';
import { stage } from './run.ts';
import { type Scenario, unfold } from './scenario.ts';
import { adminKey } from './world.ts';

/** A plan is data: JSON gives it back whole, and the same inputs give the same bytes. */
export async function isData(scenario: Scenario): Promise<void> {
  const { world, files, more } = unfold(scenario);
  const one = await stage(world, scenario.switches).plan(files, more);
  const other = await stage(world, scenario.switches).plan(files, more);
  expect(one.plan).toBeDefined();
  expect(JSON.parse(JSON.stringify(one.plan))).toStrictEqual(withoutUndefined(one.plan));
  expect(JSON.stringify(other)).toBe(JSON.stringify(one));
}

/** A value whose keys all hold something; throws where one does not, since JSON would drop it. */
function withoutUndefined(value: unknown, path = ''): unknown {
  if (Array.isArray(value)) return value.map((part, index) => withoutUndefined(part, `${path}/${index}`));
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).map(([key, part]): [string, unknown] => {
    // A field that is not there on one side is what a difference may say.
    if (part === undefined && !/\/fields\/\d+$/.test(path)) throw new Error(`${path}/${key} is undefined`);
    return [key, withoutUndefined(part, `${path}/${key}`)];
  });
  return Object.fromEntries(entries.filter(([, part]) => part !== undefined));
}

/** No key, token or enrollment secret appears in anything that a run hands out, however it is printed. */
export async function keepsSecrets(scenario: Scenario, fault: number): Promise<void> {
  const { world, files, more } = unfold(scenario);
  const on = stage(world, scenario.switches);
  const answers = [401, 403, 422, 500, 200];
  const status = answers[fault % answers.length];
  // A server that echoes what it was sent is the worst that can happen.
  const body = `{"detail": ["ValueError", "refused ${adminKey}"]}`;
  if (fault > 0)
    on.emulator.addFault({
      nth: 1 + (fault % 40),
      when: 'before',
      do: fault % 7 === 0 ? 'drop' : { status: status ?? 500, body },
    });
  const planned = await on.plan(files, more);
  const applied = await on.apply(files, more);
  const exported = await on.export();
  for (const out of [planned, applied, exported, on.events])
    for (const text of [JSON.stringify(out), inspect(out, { depth: 20, showHidden: true }), String(out)]) {
      expect(text.includes(adminKey)).toBe(false);
      expect(/emu\.[0-9a-f]{40}\.\d+|emu-enroll-[0-9a-f]{40}/.exec(text)).toBeNull();
    }
}
