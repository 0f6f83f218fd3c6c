import { ApiError, WriteForbidden } from '../client/index.ts';
import type { Outcome, Step } from '../core/plan.ts';
import { perform } from './perform.ts';
import type { Run } from './run.ts';
import { troubleOf } from './trouble.ts';

/**
 * Runs the steps side by side, each as soon as those it needs are done. A failed step skips only what waits for it; independent work
 * goes on. After an interruption, or a fault of ours, no new step starts.
 */
export async function execute(steps: readonly Step[], run: Run): Promise<Outcome[]> {
  const outcomes = new Map<string, Promise<Outcome>>();
  const faults: WriteForbidden[] = [];
  for (const step of steps) {
    const needed = step.needs.map((id) => outcomes.get(id));
    outcomes.set(step.id, runStep(step, needed, run, faults));
  }
  return Promise.all(outcomes.values());
}

async function runStep(
  step: Step,
  needed: readonly (Promise<Outcome> | undefined)[],
  run: Run,
  faults: WriteForbidden[],
): Promise<Outcome> {
  const base = { step: step.id, address: step.change, request: `${step.method} ${step.path}` };
  const before = await Promise.all(needed);
  const blocking = before.find((outcome) => outcome?.status !== 'applied');
  const report = (outcome: Outcome): Outcome => {
    run.onEvent({
      event: 'step',
      status: outcome.status,
      step: step.id,
      address: step.change,
      ...(outcome.error ? { message: outcome.error } : {}),
    });
    return outcome;
  };
  if (blocking)
    return report({
      ...base,
      status: 'skipped',
      error: `needs ${blocking.address}, which ${blocking.status === 'failed' ? 'failed' : 'was skipped'}`,
    });
  if (run.signal?.aborted) return report({ ...base, status: 'skipped', error: 'interrupted before it was sent' });
  if (faults.length > 0) return report({ ...base, status: 'skipped', error: 'stopped because of a fault of zenform' });
  run.onEvent({ event: 'step', status: 'started', step: step.id, address: step.change });
  try {
    const request = await perform(step, run);
    return report({ ...base, status: 'applied', request });
  } catch (error) {
    if (error instanceof WriteForbidden) faults.push(error);
    if (run.signal?.aborted && neverSent(error))
      return report({ ...base, status: 'skipped', error: 'interrupted before it was sent' });
    const code = troubleOf(error);
    const message = error instanceof Error ? error.message : String(error);
    return report({ ...base, status: 'failed', error: message, ...(code ? { code } : {}) });
  }
}

/** Whether an error says for certain that the request did not leave. */
function neverSent(error: unknown): boolean {
  return error instanceof ApiError && error.status === undefined && !error.ambiguous;
}
