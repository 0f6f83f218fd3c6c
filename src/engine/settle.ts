import type { ApiError } from '../client/index.ts';
import { kindOf } from '../core/address.ts';
import { equal, rulesOf } from '../core/field.ts';
import type { Kind } from '../core/kind.ts';
import type { Change, Step } from '../core/plan.ts';
import { type Json, type Live, type Resource, unreadFor } from '../core/resource.ts';
import { freshContext } from './learn.ts';
import type { Run } from './run.ts';

/** Reads again and tells whether a step has happened. Throws the server's error, with the reason, when reading cannot tell. */
export async function settled(step: Step, error: ApiError, run: Run): Promise<boolean> {
  const change = run.changes.get(step.change);
  if (!change) throw error;
  const kind = run.kindNamed(kindOf(step.change));
  const reading = await freshContext(run).of(kind.name);
  const unread = unreadFor(reading.unread, step.change);
  if (unread) throw new Error(`${error.message}; whether it happened cannot be told: ${unread.reason}`, { cause: error });
  const live = reading.live.find((one) => one.address === step.change);
  if (live && change.action !== 'delete') run.ids.learn(step.change, live.ids);
  const { shownBy } = step.secret ?? {};
  if (shownBy !== undefined) return live?.spec[shownBy] !== run.live.get(step.change)?.spec[shownBy];
  return isDone(step, change, kind, live, run.desired.get(step.change));
}

const asObject = (body: Step['body']) =>
  typeof body === 'object' && body !== null && !Array.isArray(body) ? (body as { readonly [key: string]: Json }) : {};

function isDone(step: Step, change: Change, kind: Kind, live: Live | undefined, resource: Resource | undefined): boolean {
  if (change.action === 'delete') {
    // A person may hold something in two phases, removed by two steps.
    const removed = [...Object.values(step.query ?? {}), ...Object.values(asObject(step.body))];
    return !live || (removed.length > 0 && !Object.values(live.ids).some((id) => removed.includes(id)));
  }
  if (!live || !resource) return false;
  if (change.action === 'create' && !step.fields) return true;
  const rules = rulesOf(kind.spec);
  const paths = step.fields ?? change.fields.map(({ path }) => path);
  return paths.every((path) => {
    const field = path.slice(1);
    // A rename is done when the new name is live.
    if (field === kind.nameField && !rules.has(field)) return true;
    const [after, before] = [resource.spec[field], live.spec[field]];
    if (after === undefined) return false;
    return (
      kind.same?.(field, after, before, live, resource) ||
      equal(after, before ?? rules.get(field)?.fallback, rules.get(field)?.unordered)
    );
  });
}
