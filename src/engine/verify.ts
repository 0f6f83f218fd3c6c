import { type Client, type ClientClock, systemClock } from '../client/index.ts';
import type { Address } from '../core/address.ts';
import type { Diagnostic } from '../core/diagnostic.ts';
import type { Event } from '../core/event.ts';
import type { Made } from '../core/make-plan.ts';
import type { Change, Plan } from '../core/plan.ts';
import type { LiveState } from '../core/resource.ts';
import { matcher } from '../core/select.ts';
import { Ids } from './ids.ts';
import { waitForWorkspace } from './wait.ts';

/** How often reading is repeated before a rest is believed: permissions take a moment to arrive everywhere. */
const looks = 3;

/**
 * Reads and plans once more, and tells what of the plan does not hold from what moved meanwhile. A rest after a complete run may be a
 * cache's, so it is looked at again before it is reported.
 */
export async function verify(
  again: () => Promise<Made>,
  before: Plan,
  options: { readonly undone: ReadonlySet<Address>; readonly clock?: ClientClock },
): Promise<{ rest: readonly Change[]; moved: readonly Change[]; unseen: readonly Change[]; diagnostics: readonly Diagnostic[] }> {
  const clock = options.clock ?? systemClock;
  for (let look = 1; ; look++) {
    const { plan } = await again();
    const planned = new Set(before.changes.map(({ address }) => address));
    const rest = plan.changes.filter(({ address }) => planned.has(address));
    const moved = plan.changes.filter(({ address }) => !planned.has(address));
    const unseen = unreadNow(plan, before).filter(({ address }) => !options.undone.has(address));
    if (rest.length + unseen.length === 0 || options.undone.size > 0 || look === looks) {
      const kept = rest.filter(({ address }) => !options.undone.has(address)).flatMap(notTaken);
      return { rest, moved, unseen, diagnostics: [...kept, ...notSeen(unseen)] };
    }
    await clock.sleep(1000);
  }
}

/** What was done, and lies where nothing can be read any more; a workspace that was to be switched off is not asked. */
function unreadNow(after: Plan, before: Plan): readonly Change[] {
  const within = matcher(after.notChecked.map(({ address }) => address));
  const off = before.changes.filter(({ fields }) => fields.some(({ path, after }) => path === '/active' && after === false));
  return before.changes.filter(
    ({ address }) => within(address) && !off.some((workspace) => address.startsWith(`${workspace.address}/`)),
  );
}

function notSeen(unseen: readonly Change[]): Diagnostic[] {
  const [first, ...others] = unseen;
  if (!first) return [];
  const more = others.length === 0 ? '' : ` and ${others.length} more`;
  return [
    {
      code: 'not-checked',
      severity: 'error',
      summary: `${first.address}${more} cannot be read again after the run, so it is not verified`,
      hint: '`zenform plan` says why it is not checked',
      address: first.address,
    },
  ];
}

function notTaken(change: Change): Diagnostic[] {
  if (change.action !== 'update') return [];
  const fields = change.fields.map(({ path }) => `\`${path.slice(1)}\``).join(', ');
  return [
    {
      code: 'ownership-by-server',
      severity: 'error',
      summary: `${change.address}: the server did not take ${fields}`,
      hint: 'it accepted the request and shows the old value; remove the field from the files, or change it in the dashboard',
      address: change.address,
      ...(change.place ? { place: change.place } : {}),
    },
  ];
}

/**
 * Waits for declared workspaces that an earlier run left starting, so that one run more is enough. Answers whether there were any;
 * one that does not start in time is left to the plan, which says so.
 */
export async function awaitStarting(
  client: Client,
  state: LiveState,
  wanted: ReadonlySet<Address>,
  options: {
    readonly onEvent?: (event: Event) => void;
    readonly signal?: AbortSignal;
    readonly target: { readonly clock?: ClientClock };
  },
): Promise<boolean> {
  const starting = [...state.resources.values()].filter(
    (live) => wanted.has(live.address) && live.facts?.status === 'pending' && live.facts.managed !== false,
  );
  const ids = new Ids();
  for (const live of starting) ids.learn(live.address, live.ids);
  const run = {
    client,
    ids,
    clock: options.target.clock ?? systemClock,
    onEvent: options.onEvent ?? (() => {}),
    ...(options.signal ? { signal: options.signal } : {}),
  };
  await Promise.all(
    starting.map((live) =>
      waitForWorkspace({ workspace: live.address, status: live.spec.active === false ? 'deactivated' : 'available' }, run).catch(
        () => undefined,
      ),
    ),
  );
  return starting.length > 0;
}
