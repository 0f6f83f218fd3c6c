import { expect } from 'vitest';
import type { EmulatorRequest, Fault, LoggedRequest, World } from '../../src/emulator/index.ts';
import { duplicatesIn } from './crash.ts';
import { expected } from './expected.ts';
import { pick } from './names.ts';
import { stage } from './run.ts';
import { type Scenario, unfold } from './scenario.ts';
import { linesOf, stateOf } from './state.ts';
import { stubborn } from './stubborn.ts';

/** One write that is refused for the moment, or whose answer is lost, is made good by the run that sent it, and never happens twice. */
export async function getsThrough(scenario: Scenario, which: number, how: Pick<Fault, 'when' | 'do'>): Promise<void> {
  // Where names need not be unique, sending twice would be seen.
  const { on, write, finish } = await prepared(
    { ...scenario, switches: { ...scenario.switches, 'team-name-unique': 'off', 'duplicate-invite': 'second' } },
    which,
  );
  if (!write) return;
  on.emulator.addFault({ ...how, match: { method: write.method, path: fullPath(write, on.emulator.world()) }, nth: 1 });
  await finish();
}

/** What somebody else has done in the meantime counts as done: a run meets its own write already carried out. */
export async function takesWhatIsDone(scenario: Scenario, which: number): Promise<void> {
  const { on, write, finish } = await prepared(
    { ...scenario, switches: { ...scenario.switches, 'duplicate-invite': '409' } },
    which,
  );
  if (!write) return;
  const path = fullPath(write, on.emulator.world());
  let done = false;
  const stop = on.emulator.onRequest(async (_index, request: EmulatorRequest, emulator) => {
    if (done || request.method !== write.method || new URL(request.url).pathname !== path) return;
    done = true;
    const { 'idempotency-key': _key, ...headers } = Object.fromEntries(
      Object.entries(request.headers).map(([name, value]) => [name.toLowerCase(), value]),
    );
    await emulator.handle({ ...request, headers });
  });
  await finish();
  stop();
}

/** A fresh stage for a scenario whose undisturbed run writes, and one of those writes. */
async function prepared(scenario: Scenario, which: number) {
  const { world, draft, conditions, files, more } = unfold(scenario);
  const trial = stage(world, scenario.switches);
  await trial.apply(files, more);
  const write = pick(
    trial.writes().filter(({ status }) => status === 200),
    which,
  );
  const on = stage(world, scenario.switches);
  const before = stateOf(on.emulator.world());
  const finish = async () => {
    let applied = await on.apply(files, more);
    expect(applied.outcomes.filter(({ status }) => status !== 'applied')).toEqual([]);
    if (applied.plan?.notChecked.some(({ deferred }) => deferred)) applied = await on.apply(files, more);
    const rest = [...applied.rest, ...applied.moved].filter((change) => conditions.clears || !stubborn(change, applied));
    expect(rest).toEqual([]);
    const target = expected(before, draft, conditions);
    expect(linesOf(stateOf(on.emulator.world()), target)).toEqual(linesOf(target.state, target));
    expect(duplicatesIn(on.emulator.world())).toEqual(duplicatesIn(world));
  };
  return { on, write, finish };
}

/** The path of a logged request as it was sent: a workspace's server lies below the emulator's own address. */
function fullPath(write: LoggedRequest, world: World): string {
  if (write.server === 'control-plane') return write.path;
  const own = world.organizations
    ?.flatMap(({ workspaces = [] }) => workspaces)
    .find(({ name }) => write.server === `workspace/${name}`);
  return own ? `/_workspace/${own.id}${write.path}` : `/_workspace/*${write.path}`;
}
