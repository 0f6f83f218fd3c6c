import fc from 'fast-check';
import { expect } from 'vitest';
import type { Change } from '../../src/core/plan.ts';
import type { World, WorldGrant, WorldTeam } from '../../src/emulator/index.ts';
import { duplicatesIn } from './crash.ts';
import { type Draft, draftOf } from './draft.ts';
import { expected } from './expected.ts';
import { expectSafe, type History, watched } from './history.ts';
import { written } from './layout.ts';
import { type Accept, type Files, type More, stage } from './run.ts';
import { directed, handedOver, type Scenario, scenarios, tweaked, unfold } from './scenario.ts';
import { linesOf, stateOf } from './state.ts';
import { adminKey } from './world.ts';

/** Everything that a kill has to hit: each kind with each action, and each move that a guard or the order looks at. */
export const wanted: readonly string[] = [
  'organization update',
  ...['service_account', 'role', 'team', 'workspace', 'project'].flatMap((kind) => [
    `${kind} create`,
    `${kind} update`,
    `${kind} delete`,
  ]),
  ...['member', 'team_member', 'grant'].flatMap((kind) => [`${kind} create`, `${kind} delete`]),
  'refused by mass-change',
  'refused by lock-out',
  'refused by allowed-domains',
  'refused by unsafe-order',
  'a second word for what holds data',
  'a right that changes hands between a person and a team',
  'admins that come while others go',
  'a rename',
];

/**
 * A scenario, perhaps in an organization that nobody from outside may join; or its server and the layout of its files, for two teams
 * that swap people and roles so that no order is safe, or for admins that succeed each other.
 */
export interface Case {
  readonly scenario: Scenario;
  readonly special: 'none' | 'closed' | 'swapped' | 'succession';
}

/** Cases of which runs are short enough to be killed everywhere. */
export const cases: fc.Arbitrary<Case> = fc.record({
  scenario: fc.oneof(scenarios, scenarios, tweaked, handedOver, directed),
  special: fc.constantFrom('none', 'none', 'none', 'none', 'none', 'none', 'none', 'closed', 'closed', 'swapped', 'succession'),
});

/** A case that has been run undisturbed once. */
export interface Trial {
  readonly length: number;
  readonly covers: readonly string[];
  /** Kills a run at one request, runs once more, and looks at everything. Answers whether that world was a new one. */
  kill(at: number, when: 'before' | 'after'): Promise<boolean>;
}

/** Runs a case undisturbed, which has to be safe on the way; undefined when it has nothing to do. */
export async function trialOf({ scenario, special }: Case): Promise<Trial | undefined> {
  const general = unfold(scenario);
  const { world, draft } = special === 'swapped' ? swapped() : special === 'succession' ? succession() : general;
  const { conditions, more } = general;
  if (special === 'closed') draft.organization.allowed_domains = ['else.example'];
  const files = written(draft, scenario.layout);
  const on = stage(world, scenario.switches);
  const history = watched(on.emulator);
  const before = stateOf(on.emulator.world());
  const first = await on.apply(files, more);
  const changes = first.plan?.changes ?? [];
  if (on.writes().length === 0) return undefined;
  expectSafe(history.moments, on.accepted);
  // What was accepted once is accepted from the start, so that every request counted is one of a run that gets through.
  const through: More = on.accepted.length > 0 ? { ...more, accept: on.accepted } : more;
  const measure = stage(world, scenario.switches);
  await measure.apply(files, through);
  if (first.plan?.notChecked.some(({ deferred }) => deferred)) await on.apply(files, more);
  const target = expected(before, draft, conditions);
  const goal: Goal = { world, target, lines: linesIn(on.emulator.world(), target), accepted: on.accepted };
  const seen = new Set<string>();
  return {
    length: measure.sent(),
    covers: coveredBy(changes, on.accepted, history),
    async kill(at, when) {
      const next = stage(world, scenario.switches);
      const watch = watched(next.emulator);
      next.cut({ at, when, killed: true });
      await next.apply(files, through);
      next.cut(undefined);
      // What the next run does depends on the world that it finds, so that each has to be found once only.
      const found = JSON.stringify(next.emulator.world());
      if (seen.has(found)) return false;
      seen.add(found);
      await finishes(next, files, more, goal);
      expectSafe(watch.moments, [...goal.accepted, ...next.accepted]);
      return true;
    },
  };
}

const worldOf = (grants: readonly WorldGrant[], teams: readonly WorldTeam[] = []): World => ({
  accounts: ['ada@acme.io', 'grace@acme.io', 'alan@acme.io', 'eve@else.example'].map((email) => ({ email })),
  organizations: [
    {
      name: 'acme',
      service_accounts: [{ name: 'ci', keys: [{ name: 'main', value: adminKey }] }],
      teams,
      grants: [{ role: 'Organization Admin', service_account: 'ci' }, ...grants],
    },
  ],
});

/** Each team takes over the role of the other, and each of two people follows the role: whoever moves first has too much or too little. */
function swapped(): { world: World; draft: Draft } {
  const role = (name: string, holder: Partial<WorldGrant>): WorldGrant => ({ role: name, ...holder });
  const world = worldOf(
    [
      role('Organization Member', { account: 'ada@acme.io' }),
      role('Organization Member', { account: 'grace@acme.io' }),
      role('Billing Admin', { team: 'a' }),
      role('Organization Manager', { team: 'b' }),
    ],
    [
      { name: 'a', members: [{ account: 'ada@acme.io' }] },
      { name: 'b', members: [{ account: 'grace@acme.io' }] },
    ],
  );
  const draft = draftOf(stateOf(world));
  draft.teams.a = { roles: ['Organization Manager'], members: ['grace@acme.io'] };
  draft.teams.b = { roles: ['Billing Admin'], members: ['ada@acme.io'] };
  return { world, draft };
}

/** All admins go, and as many come. */
function succession(): { world: World; draft: Draft } {
  const [old, young] = [
    ['ada@acme.io', 'grace@acme.io'],
    ['alan@acme.io', 'eve@else.example'],
  ];
  const world = worldOf([
    ...old.map((account) => ({ role: 'Organization Admin', account })),
    ...young.map((account) => ({ role: 'Organization Viewer', account })),
  ]);
  const draft = draftOf(stateOf(world));
  for (const email of old) draft.members[email] = { absent: true };
  for (const email of young) draft.members[email] = { roles: ['Organization Admin'] };
  return { world, draft };
}

interface Goal {
  readonly world: World;
  readonly target: ReturnType<typeof expected>;
  readonly lines: readonly string[];
  readonly accepted: readonly Accept[];
}

/** One more run ends well, in the world of an undisturbed run, with nothing there twice. */
async function finishes(on: ReturnType<typeof stage>, files: Files, more: More, goal: Goal): Promise<void> {
  const again = await on.apply(files, more);
  expect(again.diagnostics.filter(({ severity, code }) => severity === 'error' && code !== 'ownership-by-server')).toEqual([]);
  expect(again.outcomes.filter(({ status }) => status !== 'applied')).toEqual([]);
  if (again.plan?.notChecked.some(({ deferred }) => deferred)) await on.apply(files, more);
  const now = on.emulator.world();
  expect(linesIn(now, goal.target)).toEqual(goal.lines);
  expect(duplicatesIn(now)).toEqual(duplicatesIn(goal.world));
}

const linesIn = (world: World, target: ReturnType<typeof expected>) => linesOf(stateOf(world), target);

function coveredBy(changes: readonly Change[], accepted: readonly Accept[], { moments }: History): string[] {
  const [before, after] = [moments[0], moments.at(-1)];
  const links = changes.filter(({ kind }) => kind === 'grant' || kind === 'team_member');
  const moved = changes.flatMap(({ address, action }) => (action === 'delete' ? [address.split('/grant/')[0]] : []));
  const came = [...(after?.admins.accounts ?? [])].some((one) => !before?.admins.accounts.has(one));
  const went = [...(before?.admins.accounts ?? [])].some((one) => !after?.admins.accounts.has(one));
  const kept = [...(before?.held ?? [])].some((right) => after?.held.has(right) && links.length > 0);
  return [
    ...new Set([
      ...changes.map(({ kind, action }) => `${kind} ${action}`),
      ...accepted.map(({ guard }) => `refused by ${guard}`),
      ...(changes.some(({ kind, action }) => action === 'delete' && ['workspace', 'project', 'service_account'].includes(kind))
        ? ['a second word for what holds data']
        : []),
      ...(kept && handsOver(changes) && moved.length > 0 ? ['a right that changes hands between a person and a team'] : []),
      ...(came && went ? ['admins that come while others go'] : []),
      ...(changes.some(({ from }) => from !== undefined) ? ['a rename'] : []),
    ]),
  ];
}

/** Whether a person loses a grant that a team gets, or the other way round. */
function handsOver(changes: readonly Change[]): boolean {
  const right = (address: string) => address.replace(/\/(member|service_account|team)\/[^/]*$/, '');
  const of = (action: Change['action'], team: boolean) =>
    new Set(
      changes
        .filter((one) => one.kind === 'grant' && one.action === action && one.address.includes('/team/') === team)
        .map(({ address }) => right(address)),
    );
  const meet = (a: ReadonlySet<string>, b: ReadonlySet<string>) => [...a].some((one) => b.has(one));
  return meet(of('delete', false), of('create', true)) || meet(of('delete', true), of('create', false));
}
