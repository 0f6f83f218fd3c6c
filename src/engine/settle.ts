import type { ApiError } from '../client/index.ts';
import { kindOf } from '../core/address.ts';
import { equal, rulesOf } from '../core/field.ts';
import type { Kind } from '../core/kind.ts';
import type { Change, Step } from '../core/plan.ts';
import { type Json, type Live, unreadFor } from '../core/resource.ts';
import type { Run } from './execute.ts';
import { freshContext } from './learn.ts';

/** Reads again and tells whether a step has happened. Throws the server's error when reading cannot tell. */
export async function settled(step: Step, error: ApiError, run: Run): Promise<boolean> {
  const change = run.changes.get(step.change);
  if (!change) throw error;
  const kind = run.kindNamed(kindOf(step.change));
  const reading = await freshContext(run).of(kind.name);
  if (unreadFor(reading.unread, step.change)) throw error;
  const live = reading.live.find((one) => one.address === step.change);
  if (live && change.action !== 'delete') run.ids.learn(step.change, live.ids);
  return isDone(step, change, kind, live);
}

const asObject = (body: Step['body']) =>
  typeof body === 'object' && body !== null && !Array.isArray(body) ? (body as { readonly [key: string]: Json }) : {};

function isDone(step: Step, change: Change, kind: Kind, live: Live | undefined): boolean {
  if (change.action === 'delete') {
    // A person may hold something in two phases, removed by two steps.
    const removed = [...Object.values(step.query ?? {}), ...Object.values(asObject(step.body))];
    return !live || (removed.length > 0 && !Object.values(live.ids).some((id) => removed.includes(id)));
  }
  if (!live) return false;
  if (change.action === 'create' && !step.fields) return true;
  const rules = rulesOf(kind.spec);
  return change.fields
    .filter(({ path }) => !step.fields || step.fields.includes(path))
    .every(({ path, after }) => {
      const field = path.slice(1);
      // A rename is done when the new name is live.
      if (field === kind.nameField && !rules.has(field)) return true;
      const before = live.spec[field];
      return (
        kind.same?.(field, after ?? null, before, live) ||
        equal(after, before ?? rules.get(field)?.fallback, rules.get(field)?.unordered)
      );
    });
}
