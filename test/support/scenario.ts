import fc from 'fast-check';
import type { Address } from '../../src/core/address.ts';
import * as address from '../../src/core/address.ts';
import { blocksOf, type Draft, draftOf, emptyDraft, type Section } from './draft.ts';
import { type Edit, edited, edits, handOvers, tweaks } from './edits.ts';
import type { Conditions } from './expected.ts';
import { hash, type Layout, layouts, written } from './layout.ts';
import { repaired } from './repair.ts';
import { today } from './run.ts';
import { type State, stateOf } from './state.ts';
import { type Settings, settingOf, settings } from './switches.ts';
import { dense, type Recipe, recipes, worldOf } from './world.ts';

/** A live world, files for it, and a server with its habits. */
export interface Scenario {
  readonly recipe: Recipe;
  readonly edits: readonly Edit[];
  /** What the files are before the edits: what is live, nothing, or what another world holds. */
  readonly start: 'live' | 'nothing' | Recipe;
  readonly layout: Layout;
  readonly switches: Settings;
}

/** The way from one full world to another. */
export const directed: fc.Arbitrary<Scenario> = fc.record({
  recipe: dense,
  edits,
  start: dense,
  layout: layouts,
  switches: settings,
});

/** A full world in which people come to hold through teams what they held themselves, or the other way round. */
export const handedOver: fc.Arbitrary<Scenario> = fc.record({
  recipe: dense,
  edits: handOvers,
  start: fc.constant('live'),
  layout: layouts,
  switches: settings,
});

/** A full world in which fields and lists change. */
export const tweaked: fc.Arbitrary<Scenario> = fc.record({
  recipe: dense,
  edits: tweaks,
  start: fc.constant('live'),
  layout: layouts,
  switches: settings,
});

/** Scenarios of every kind. */
export const scenarios: fc.Arbitrary<Scenario> = fc.oneof(
  {
    weight: 3,
    arbitrary: fc.record({
      recipe: recipes,
      edits,
      start: fc.constantFrom('live', 'live', 'live', 'nothing'),
      layout: layouts,
      switches: settings,
    }),
  },
  { weight: 1, arbitrary: directed },
);

/** The conditions that a server's habits make. */
export function conditionsOf(switches: Settings): Conditions {
  return {
    now: today,
    clears: settingOf(switches, 'patch-null') === 'clear',
    metadata: settingOf(switches, 'project-metadata') === 'on',
    creatorAdmin: settingOf(switches, 'creator-admin') !== 'off',
    refusesInUse: settingOf(switches, 'delete-cascade') === 'refuse-in-use',
  };
}

/** What a scenario comes to: the world, its state, the draft and its files. */
export function unfold(scenario: Scenario) {
  const world = worldOf(scenario.recipe);
  const state = stateOf(world);
  const conditions = conditionsOf(scenario.switches);
  const draft = draftFor(scenario, state, conditions);
  // Pruning accounts needs a word for each, or one for all.
  const more = draft.organization.prune?.includes('service_accounts') ? { allowDestroy: ['service_account/*'] } : {};
  return { world, state, draft, conditions, files: written(draft, scenario.layout), more };
}

function draftFor(scenario: Scenario, state: State, conditions: Conditions): Draft {
  const ground = { state, customRoles: settingOf(scenario.switches, 'custom-roles') === 'guess', now: conditions.now };
  return repaired(edited(startOf(scenario, state, ground.customRoles), scenario.edits, ground), state, conditions);
}

function startOf({ start, recipe }: Scenario, state: State, customRoles: boolean): Draft {
  if (start === 'live') return draftOf(state);
  if (start === 'nothing') return emptyDraft();
  // The goal says what is to be in workspaces that stand still, too: they are stopped when everything else is done.
  const goal = { ...stateOf(worldOf(start)), closed: new Set<Address>() };
  const draft = draftOf(goal);
  // What the other world lacks is asked to be gone, apart from every third thing.
  for (const [one] of blocksOf(draftOf(state))) {
    if ((hash(one, recipe.description) % 3 === 0 && recipe.description > 0) || one.includes('/project/')) continue;
    const [section, name] = [sectionOf(one), address.nameOf(one)];
    if (section && !(name in draft[section]))
      draft[section][name] = { absent: section === 'teams' || section === 'members' ? true : { destroy: name } };
  }
  for (const [name, block] of Object.entries(draft.workspaces)) {
    if (block.absent) continue;
    const own = Object.keys(draftOf(state).workspaces[name]?.projects ?? {});
    for (const project of own)
      if (!block.projects?.[project])
        block.projects = Object.assign(block.projects ?? {}, { [project]: { absent: { destroy: project } } });
    if (state.things.get(address.workspace(name))?.version === '0.98.0') delete block.version;
  }
  if (customRoles) declareRoles(draft, state, goal);
  return draft;
}

/** Declares the custom roles of a goal, some with another description, and asks those to be gone that it lacks. */
function declareRoles(draft: Draft, state: State, goal: State): void {
  for (const [one, fields] of goal.things)
    if (one.startsWith('role/'))
      draft.roles[address.nameOf(one)] = {
        ...fields,
        ...(hash(one, goal.links.size) % 2 ? { description: 'From another world' } : {}),
      };
  for (const one of state.things.keys())
    if (one.startsWith('role/') && !goal.things.has(one)) draft.roles[address.nameOf(one)] = { absent: true };
}

function sectionOf(one: Address): Section | undefined {
  const kind = address.kindOf(one);
  return kind === 'team'
    ? 'teams'
    : kind === 'member'
      ? 'members'
      : kind === 'service_account'
        ? 'service_accounts'
        : kind === 'workspace'
          ? 'workspaces'
          : undefined;
}

const run = {
  // The same worlds every day, so that a red run is about the change and not about luck; `test:deep` draws new ones.
  seed:
    process.env.ZENFORM_SEED === 'random' ? Math.floor(Math.random() * 2 ** 31) : Number(process.env.ZENFORM_SEED || 20261123),
  runs: Number(process.env.ZENFORM_RUNS || 0),
};

/** How often a law runs: `usual` times, or in proportion to `ZENFORM_RUNS`; the seed is printed with a failure and can be given as `ZENFORM_SEED`, its path as `ZENFORM_PATH`. */
export function often(usual: number): fc.Parameters<unknown> & { numRuns: number; seed: number } {
  const path = process.env.ZENFORM_PATH;
  return {
    ...(path ? { path } : {}),
    numRuns: run.runs > 0 ? Math.max(1, Math.round((run.runs * usual) / 100)) : usual,
    seed: run.seed,
    endOnFailure: process.env.ZENFORM_SHRINK === 'no' || process.env.ZENFORM_MUTANT !== undefined,
  };
}
