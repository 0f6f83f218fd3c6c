import { expect } from 'vitest';
import type { Emulator, Fault, World } from '../../src/emulator/index.ts';
import { duplicatesIn } from './crash.ts';
import { expected } from './expected.ts';
import { expectSafe, watched } from './history.ts';
import { type More, stage } from './run.ts';
import { type Scenario, unfold } from './scenario.ts';
import { linesOf, stateOf } from './state.ts';

/** Requests a second that no rolling second of a run may hold more of. */
const rate = 20;
/** Real milliseconds until an answer that does not come is given up. */
const timeoutMs = 15;

type How = Pick<Fault, 'when' | 'do'>;

/** What can go wrong with one request. */
export const kindsOfFault: Readonly<Record<string, How | 'foreign'>> = {
  '429 with Retry-After': { when: 'before', do: { status: 429, headers: { 'retry-after': '3' } } },
  '429 without': { when: 'before', do: { status: 429 } },
  '408': { when: 'before', do: { status: 408 } },
  '502 before': { when: 'before', do: { status: 502, body: '<html>' } },
  '502 after': { when: 'after', do: { status: 502, body: '<html>' } },
  '503': { when: 'before', do: { status: 503 } },
  '504 after': { when: 'after', do: { status: 504 } },
  'reset before': { when: 'before', do: 'drop' },
  'reset after': { when: 'after', do: 'drop' },
  'truncated JSON': { when: 'after', do: 'truncate' },
  'a body that never ends': { when: 'after', do: 'hang' },
  '401 in the middle': { when: 'before', do: { status: 401, body: { detail: 'Invalid token' } } },
  '409 for nothing': { when: 'before', do: { status: 409, body: { detail: 'It exists already' } } },
  '500 after': { when: 'after', do: { status: 500 } },
  'somebody revokes what the files say': 'foreign',
};

/** A scenario whose undisturbed run has so many requests; undefined when it does not write, or is not short enough. */
export async function trial(scenario: Scenario, longest: number) {
  const { world, draft, conditions, files, more: general } = unfold(scenario);
  const first = stage(world, scenario.switches);
  const before = stateOf(first.emulator.world());
  const run = await first.apply(files, general);
  const more: More = first.accepted.length > 0 ? { ...general, accept: first.accepted } : general;
  const measure = stage(world, scenario.switches);
  await measure.apply(files, more);
  const length = measure.sent();
  if (measure.writes().length < 3 || length > longest || run.verdict !== 'ok') return undefined;
  const target = expected(before, draft, conditions);
  // What cannot be read, such as the projects of a workspace that stays off, is nobody's to repair.
  const unread = (run.plan?.notChecked ?? []).flatMap(({ address, deferred }) => (deferred ? [] : [address.replace(/\*$/, '')]));
  const declared = new Set(
    [...target.state.links].filter(
      (link) =>
        link.includes('/grant/') && link.startsWith('workspace/') && !unread.some((start) => `${link}/`.startsWith(start)),
    ),
  );

  /** Lets one thing go wrong: promise 3 and the rate hold, and one more run gets to the right end. */
  const disturb = async (at: number, how: How | 'foreign'): Promise<void> => {
    const on = stage(world, scenario.switches, { rate, timeoutMs });
    const history = watched(on.emulator);
    if (how === 'foreign') revokeAt(on.emulator, at, declared);
    else on.emulator.addFault({ ...how, nth: at });
    await on.apply(files, more);
    const firstRun = on.starts.length;
    on.emulator.clearFaults();
    if (how !== 'foreign') expectSafe(history.moments, on.accepted.concat(first.accepted));
    const again = await on.apply(files, general);
    const secondRun = on.starts.length;
    expect(again.diagnostics.filter(({ severity, code }) => severity === 'error' && code !== 'ownership-by-server')).toEqual([]);
    expect(again.outcomes.filter(({ status }) => status !== 'applied')).toEqual([]);
    if (again.plan?.notChecked.some(({ deferred }) => deferred)) await on.apply(files, general);
    const now = on.emulator.world();
    expect(linesOf(stateOf(now), target)).toEqual(linesOf(target.state, target));
    expect(duplicatesIn(now)).toEqual(duplicatesIn(world));
    expect(fullestSecond(on.starts.slice(0, firstRun))).toBeLessThanOrEqual(rate);
    // What is accepted only when it was refused takes two runs.
    if (on.accepted.length === 0) expect(fullestSecond(on.starts.slice(firstRun, secondRun))).toBeLessThanOrEqual(rate);
  };
  return { length, disturb };
}

/** Before the request of that number, somebody revokes one of the grants that the files declare, if one is there. */
function revokeAt(emulator: Emulator, at: number, declared: ReadonlySet<string>): void {
  let count = 0;
  const stop = emulator.onRequest(() => {
    count += 1;
    if (count !== at) return;
    stop();
    const world = emulator.world();
    const left = without(world, declared);
    if (left) emulator.load(left);
  });
}

function without(world: World, declared: ReadonlySet<string>): World | undefined {
  const own = world.organizations?.find(({ name }) => name === 'acme');
  const before = stateOf(world).links;
  for (const grant of own?.grants ?? []) {
    if (grant.workspace === undefined || !own) continue;
    const less = { ...own, grants: (own.grants ?? []).filter((one) => one !== grant) };
    const changed = { ...world, organizations: (world.organizations ?? []).map((one) => (one === own ? less : one)) };
    const after = stateOf(changed).links;
    if ([...before].some((link) => !after.has(link) && declared.has(link))) return changed;
  }
  return undefined;
}

/** The stage's clock jumps by the pause between two requests, and a request may leave a jump or two after it was let through. */
const second = 1000 - 2000 / rate;

function fullestSecond(starts: readonly number[]): number {
  let most = 0;
  for (let from = 0, to = 0; to < starts.length; to++) {
    while ((starts[from] ?? 0) < (starts[to] ?? 0) - second) from++;
    most = Math.max(most, to - from + 1);
  }
  return most;
}
