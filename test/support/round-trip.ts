import { expect } from 'vitest';
import type { World } from '../../src/emulator/index.ts';
import { type Files, stage } from './run.ts';
import { linesOf, type State, stateOf } from './state.ts';
import { type Settings, settingOf } from './switches.ts';
import { isRoleless, type Recipe, worldOf } from './world.ts';

/** The export of a world, planned on it, changes nothing. */
export async function comesBack(recipe: Recipe, switches: Settings): Promise<void> {
  const on = stage(worldOf(recipe), switches);
  const exported = await on.export();
  const files = filesOf(exported.files);
  const planned = await on.plan(files);
  expect({ verdict: planned.verdict, changes: planned.plan?.changes }).toEqual({ verdict: 'ok', changes: [] });
  expect(on.writes()).toEqual([]);
}

/** An export leaves nothing out: applied to an organization in which nothing is but its roles, it brings about the same one. */
export async function comesBackWhole(recipe: Recipe, switches: Settings): Promise<void> {
  const plain = {
    ...recipe,
    people: recipe.people.filter((one) => one.phase !== 'outside' && !isRoleless(one)),
    foreign: false,
    twin: false,
    orphan: false,
  };
  const world = worldOf(plain);
  const on = stage(world, switches);
  const exported = await on.export();
  const other = stage(bare(world), { ...switches, 'creator-admin': 'off' });
  const applied = await other.apply(filesOf(exported.files));
  expect(applied.diagnostics.filter(({ severity }) => severity === 'error')).toEqual([]);
  const metadata = settingOf(switches, 'project-metadata') === 'on';
  const state = stateOf(on.emulator.world());
  const open = (one: string) => [...state.closed].some((workspace) => one.startsWith(`${workspace}/project/`));
  // Releases are left out of an export: a server that moves on would make it stale, and an older one is refused.
  const shown = (of: State) =>
    linesOf(of).filter((line) => !open(line) && !line.includes('#version') && (metadata || !line.includes('#project_metadata')));
  expect(shown(stateOf(other.emulator.world()))).toEqual(shown(state));
}

function filesOf(files: readonly { readonly name: string; readonly text: string }[]): Files {
  expect(files.length).toBeGreaterThan(0);
  return Object.fromEntries(files.map(({ name, text }) => [name, text]));
}

/** The organization of a world with its roles and the account that applies, and nothing else. */
function bare(world: World): World {
  const [own] = world.organizations ?? [];
  const { name = 'acme', roles = [], service_accounts = [] } = own ?? {};
  const ci = service_accounts.filter((one) => one.name === 'ci');
  return {
    accounts: world.accounts ?? [],
    organizations: [{ name, roles, service_accounts: ci, grants: [{ role: 'Organization Admin', service_account: 'ci' }] }],
  };
}
