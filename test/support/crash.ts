import fc from 'fast-check';
import { expect } from 'vitest';
import type { Fault, World } from '../../src/emulator/index.ts';
import { expected } from './expected.ts';
import { type Cut, type Files, type More, type Stage, stage } from './run.ts';
import { type Scenario, unfold } from './scenario.ts';
import { linesOf, stateOf } from './state.ts';
import { isRoleless } from './world.ts';

/** Any moment, before or after a request is carried out. */
export const cuts: fc.Arbitrary<Cut> = fc.record({ at: fc.nat(999), when: fc.constantFrom('before', 'after') });

/** What can go wrong with one request. Who answers 429 has not carried it out. */
export const faults: fc.Arbitrary<Pick<Fault, 'when' | 'do'>> = fc.oneof(
  fc.record({
    when: fc.constantFrom('before', 'after'),
    do: fc.constantFrom<Fault['do']>('drop', 'truncate', { status: 500 }, { status: 502, body: '<html>' }, { status: 503 }),
  }),
  fc.constant<Pick<Fault, 'when' | 'do'>>({ when: 'before', do: { status: 429 } }),
);

/** Cut off at any request, carried out or not, one more run gets there, and nothing is there twice. */
export async function survives(scenario: Scenario, cut: Cut): Promise<void> {
  const { on, files, more, finish } = await measured(scenario);
  on.cut({ ...cut, at: 1 + (cut.at % on.length) });
  await on.apply(files, more);
  on.cut(undefined);
  await finish();
}

/** One request that goes wrong in any way is made good by the same run or by one more, and nothing is there twice. */
export async function shrugsOff(scenario: Scenario, at: number, how: Pick<Fault, 'when' | 'do'>): Promise<void> {
  const { on, files, more, finish } = await measured(scenario);
  on.emulator.addFault({ ...how, nth: 1 + (at % on.length) });
  await on.apply(files, more);
  on.emulator.clearFaults();
  await finish();
}

/** An invitation that is accepted at any moment of a run is no difference: the person is the same. */
export async function takesAcceptance(scenario: Scenario, at: number, who: number): Promise<void> {
  // Who accepts an invitation without a role is no member, and would have to become one.
  const people = scenario.recipe.people.filter((one) => !isRoleless(one));
  const { on, files, more, finish } = await measured({ ...scenario, recipe: { ...scenario.recipe, people } });
  const moment = 1 + (at % on.length);
  let count = 0;
  const stop = on.emulator.onRequest((_index, _request, emulator) => {
    count += 1;
    if (count < moment) return;
    const pending = invitedIn(emulator.world());
    const email = pending[who % Math.max(1, pending.length)];
    if (email === undefined) return;
    emulator.acceptInvitation(email, 'acme');
    stop();
  });
  await on.apply(files, more);
  stop();
  await finish();
}

/** A fresh stage, with the number of requests that an undisturbed run takes. */
async function measured(scenario: Scenario) {
  const { world, draft, conditions, files, more } = unfold(scenario);
  const trial = stage(world, scenario.switches);
  await trial.apply(files, more);
  const on: Stage & { length: number } = { ...stage(world, scenario.switches), length: Math.max(1, trial.sent()) };
  const before = stateOf(on.emulator.world());
  const finish = async () => {
    await finishes(on, files, more);
    const target = expected(before, draft, conditions);
    expect(linesOf(stateOf(on.emulator.world()), target)).toEqual(linesOf(target.state, target));
    const twice = duplicatesIn(on.emulator.world());
    expect(twice).toEqual(duplicatesIn(world));
  };
  return { on, files, more, finish };
}

async function finishes(on: Stage, files: Files, more: More): Promise<void> {
  const again = await on.apply(files, more);
  expect(again.diagnostics.filter(({ severity, code }) => severity === 'error' && code !== 'ownership-by-server')).toEqual([]);
  expect(again.outcomes.filter(({ status }) => status !== 'applied')).toEqual([]);
  if (again.plan?.notChecked.some(({ deferred }) => deferred)) await on.apply(files, more);
}

function invitedIn(world: World): string[] {
  const own = world.organizations?.find(({ name }) => name === 'acme');
  return (own?.invitations ?? []).filter(({ status }) => (status ?? 'pending') === 'pending').map(({ email }) => email);
}

/** The names that several things of one place share. */
export function duplicatesIn(world: World): string[] {
  const own = world.organizations?.find(({ name }) => name === 'acme');
  const names = [
    ...(own?.teams ?? []).map(({ name }) => `team ${name}`),
    ...(own?.service_accounts ?? []).map(({ name }) => `account ${name}`),
    ...(own?.roles ?? []).map(({ name }) => `role ${name}`),
    ...invitedIn(world).map((email) => `invitation ${email.toLowerCase()}`),
    ...(own?.workspaces ?? []).flatMap((workspace) =>
      (workspace.projects ?? []).map(({ name }) => `project ${workspace.id ?? workspace.name} ${name}`),
    ),
  ];
  return names.filter((name, index) => names.indexOf(name) !== index).map((name) => name.split(' ')[0] ?? '');
}
