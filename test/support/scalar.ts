import { expect } from 'vitest';
import * as address from '../../src/core/address.ts';
import { type Block, blocksOf, draftOf } from './draft.ts';
import { type Layout, written } from './layout.ts';
import { pick } from './names.ts';
import { repaired } from './repair.ts';
import { stage } from './run.ts';
import { conditionsOf } from './scenario.ts';
import { linesOf, stateOf, type Value } from './state.ts';
import { type Settings, settingOf } from './switches.ts';
import { type Recipe, worldOf } from './world.ts';

type Change = readonly [field: string, value: Value, sent: Value];

/** One field changed in files that fit the world is one change, one step and one write that names this field only. */
export async function isOneWrite(recipe: Recipe, at: number, which: number, layout: Layout, switches: Settings): Promise<void> {
  // Whoever holds something without being a member would have to become one first.
  const world = worldOf({ ...recipe, people: recipe.people.filter(({ phase }) => phase !== 'outside') });
  const state = stateOf(world);
  const draft = repaired(draftOf(state), state, conditionsOf(switches));
  const on = stage(world, switches);
  expect((await on.plan(written(draft, layout))).plan?.changes).toEqual([]);
  const found = blocksOf(draft).flatMap(([one, block]) =>
    changesOf(one, block, switches)
      .filter(([field]) => !state.quirky.has(one) || field === 'description')
      .map((change) => ({ one, block, change })),
  );
  const chosen = pick(found, at * 7 + which);
  if (!chosen) throw new Error('an organization always has a description');
  const { one, block, change } = chosen;
  const [field, value, sent] = change;
  block[field] = value;
  const files = written(draft, layout);
  const before = linesOf(stateOf(on.emulator.world()));
  on.clear();
  const applied = await on.apply(files);
  expect(applied.plan?.changes.map((found) => [found.address, found.action, found.fields.map(({ path }) => path)])).toEqual([
    [one, 'update', [`/${field}`]],
  ]);
  const writes = on.writes().filter(({ status }) => status !== 405);
  expect(writes.map(({ body }) => body)).toEqual([sent]);
  expect(applied.verified).toBe(true);
  const after = linesOf(stateOf(on.emulator.world()));
  const touched = (line: string) => line.startsWith(`${one}#${field} =`);
  expect(after.filter((line) => !touched(line))).toEqual(before.filter((line) => !touched(line)));
}

/** The fields of a block that a law may change, to what, and the body that says so. */
function changesOf(one: address.Address, block: Block, switches: Settings): Change[] {
  const plain = (field: string, value: Value = 'Changed by a law'): Change => [field, value, { [field]: value }];
  if (block.absent) return [];
  switch (address.kindOf(one)) {
    case 'organization':
      return [plain('description'), plain('logo_url', 'https://acme.io/logo.png')];
    case 'team':
      return [plain('description')];
    case 'service_account': {
      if (one === 'service_account/ci') return [plain('description')];
      const active = block.active === false;
      return [plain('description'), plain('name'), ['active', active, { is_active: active }]];
    }
    case 'workspace': {
      const active = block.active === false;
      const version: Change = ['version', '0.99.0', { zenml_service: { configuration: { version: '0.99.0' } } }];
      return [
        plain('display_name'),
        plain('description'),
        ...(active ? [] : [version]),
        ['active', active, { desired_state: active ? 'available' : 'deactivated' }],
      ];
    }
    case 'project':
      return [
        plain('display_name'),
        plain('description'),
        ...(settingOf(switches, 'project-metadata') === 'on' ? [plain('project_metadata', { law: [1, 2] })] : []),
      ];
    default:
      return [];
  }
}
