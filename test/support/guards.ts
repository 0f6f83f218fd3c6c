import { expect } from 'vitest';
import * as address from '../../src/core/address.ts';
import { blocksOf, draftOf } from './draft.ts';
import { written } from './layout.ts';
import { pick } from './names.ts';
import { repaired } from './repair.ts';
import { stage } from './run.ts';
import { conditionsOf } from './scenario.ts';
import { linesOf, stateOf } from './state.ts';
import type { Settings } from './switches.ts';
import { type Recipe, worldOf } from './world.ts';

/** Deleting a workspace, a project or a service account without its name, or under protection, is refused whole: nothing is written. */
export async function needsWords(recipe: Recipe, which: number, switches: Settings): Promise<void> {
  const world = worldOf({ ...recipe, people: recipe.people.filter(({ phase }) => phase !== 'outside') });
  const state = stateOf(world);
  const conditions = { ...conditionsOf(switches), refusesInUse: false };
  const draft = repaired(draftOf(state), state, conditions);
  const holding = blocksOf(draft).filter(
    ([one]) => ['workspace', 'project', 'service_account'].includes(address.kindOf(one)) && one !== 'service_account/ci',
  );
  const chosen = pick(holding, which);
  if (!chosen) return;
  const [one, block] = chosen;
  for (const key of Object.keys(block)) delete block[key];
  const on = stage(world, switches);
  const before = linesOf(stateOf(on.emulator.world()));
  const refused = async (code: string, more: { allowDestroy?: readonly string[] } = {}) => {
    const result = await on.apply(written(repaired(draft, state, conditions), { files: 1, order: 0, json: true }), more);
    expect({
      verdict: result.verdict,
      codes: result.diagnostics.filter(({ severity }) => severity === 'error').map((found) => found.code),
    }).toEqual({
      verdict: code === 'protected' ? 'refused' : expect.stringMatching(/refused|error/),
      codes: expect.arrayContaining([code]),
    });
    expect({ writes: on.writes(), world: linesOf(stateOf(on.emulator.world())) }).toEqual({ writes: [], world: before });
  };
  block.absent = true;
  await refused('destroy-needs-word');
  block.absent = { destroy: `${address.nameOf(one)}-x` };
  await refused('destroy-needs-word');
  block.absent = { destroy: address.nameOf(one) };
  block.protected = true;
  await refused('protected', { allowDestroy: ['**'] });
}
