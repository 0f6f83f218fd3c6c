import fc from 'fast-check';
import { type Draft, draftOf, emptyDraft } from './draft.ts';
import { type Edit, edited, edits } from './edits.ts';
import type { Conditions } from './expected.ts';
import { type Layout, layouts, written } from './layout.ts';
import { repaired } from './repair.ts';
import { today } from './run.ts';
import { stateOf, type State } from './state.ts';
import { type Settings, settings, valueOf } from './switches.ts';
import { type Recipe, recipes, worldOf } from './world.ts';

/** A live world, files for it, and a server with its habits. */
export interface Scenario {
  readonly recipe: Recipe;
  readonly edits: readonly Edit[];
  /** Whether the files start from what is live, or from nothing. */
  readonly fresh: boolean;
  readonly layout: Layout;
  readonly switches: Settings;
}

export const scenarios: fc.Arbitrary<Scenario> = fc.record({
  recipe: recipes,
  edits,
  fresh: fc.nat(5).map((number) => number === 5),
  layout: layouts,
  switches: settings,
});

/** The conditions that a server's habits make. */
export function conditionsOf(switches: Settings): Conditions {
  return { now: today, clears: valueOf(switches, 'patch-null') === 'clear', metadata: valueOf(switches, 'project-metadata') === 'on' };
}

/** What a scenario comes to: the world, its state, the draft and its files. */
export function unfold(scenario: Scenario) {
  const world = worldOf(scenario.recipe);
  const state = stateOf(world);
  const conditions = conditionsOf(scenario.switches);
  const draft = draftFor(scenario, state, conditions);
  return { world, state, draft, conditions, files: written(draft, scenario.layout) };
}

function draftFor(scenario: Scenario, state: State, conditions: Conditions): Draft {
  const ground = { state, customRoles: valueOf(scenario.switches, 'custom-roles') === 'guess', now: conditions.now };
  const start = scenario.fresh ? emptyDraft() : draftOf(state);
  return repaired(edited(start, scenario.edits, ground), state, conditions);
}

const run = { seed: Number(process.env.ZENFORM_SEED ?? Math.floor(Math.random() * 2 ** 31)), runs: Number(process.env.ZENFORM_RUNS ?? 0) };

/** How often a law runs: `usual` times, or in proportion to `ZENFORM_RUNS`; the seed is printed with a failure and can be given as `ZENFORM_SEED`. */
export function often(usual: number): fc.Parameters<unknown> & { numRuns: number; seed: number } {
  return { numRuns: run.runs > 0 ? Math.max(1, Math.round((run.runs * usual) / 100)) : usual, seed: run.seed, endOnFailure: false };
}
