import { expect } from 'vitest';
import type { Address } from '../../src/core/address.ts';
import * as address from '../../src/core/address.ts';
import { stage } from './run.ts';
import { type Scenario, unfold } from './scenario.ts';
import { type State, stateOf } from './state.ts';

/** Whatever somebody holds before and after an apply, directly or through a team, they hold after every single write of it. */
export async function nobodyLosesOnTheWay(scenario: Scenario): Promise<void> {
  const { world, files, more } = unfold(scenario);
  const on = stage(world, scenario.switches);
  const seen: { request: string; held: Set<string> }[] = [];
  const before = heldIn(stateOf(on.emulator.world()));
  on.emulator.onWrite(({ request, world: now }) => {
    if (request.method !== 'GET' && !request.path.endsWith('/login'))
      seen.push({ request: `${request.method} ${request.path}`, held: heldIn(stateOf(now())) });
  });
  const applied = await on.apply(files, more);
  const after = heldIn(stateOf(on.emulator.world()));
  // What is renamed is called otherwise afterwards; rights on it are compared by their new name from the rename on.
  const renamed = new Map(
    (applied.plan?.changes ?? []).flatMap(({ address: to, from }) => (from ? [[String(from), String(to)]] : [])),
  );
  const rename = (right: string) => [...renamed].reduce((text, [from, to]) => text.replace(` on ${from}`, ` on ${to}`), right);
  const kept = [...before].filter((right) => after.has(right) && rename(right) === right);
  const lost = seen.flatMap(({ request, held }) =>
    kept.filter((right) => !held.has(right)).map((right) => `${right}, after ${request}`),
  );
  expect(lost).toEqual([]);
}

/** Who holds which role where. A role of an account that is Organization Admin counts besides, so that nothing hides behind it. */
function heldIn(state: State): Set<string> {
  const members = new Map<Address, Address[]>();
  for (const link of state.links) {
    const parsed = address.parse(link);
    if (parsed.kind === 'team_member') members.set(parsed.team, [...(members.get(parsed.team) ?? []), parsed.principal]);
  }
  const held = new Set<string>();
  for (const link of state.links) {
    const parsed = address.parse(link);
    if (parsed.kind !== 'grant') continue;
    for (const one of [parsed.principal, ...(members.get(parsed.principal) ?? [])])
      if (!one.startsWith('team/')) held.add(`${one} holds ${parsed.role} on ${parsed.scope}`);
  }
  return held;
}
