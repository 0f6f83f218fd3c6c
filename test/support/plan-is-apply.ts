import { expect } from 'vitest';
import type { Step } from '../../src/core/plan.ts';
import type { LoggedRequest } from '../../src/emulator/index.ts';
import { stage } from './run.ts';
import { type Scenario, unfold } from './scenario.ts';

/** Planning asks only; applying sends exactly the steps of its plan, each in one of the forms that the plan allows. */
export async function planIsApply(scenario: Scenario): Promise<void> {
  const { world, files, more } = unfold(scenario);
  const on = stage(world, scenario.switches);
  const planned = await on.plan(files, more);
  const asked = on.emulator.requests.map(({ method, path }) => `${method} ${path}`);
  expect(asked.filter((one) => !one.startsWith('GET ') && !/^POST \/(auth|api\/v1)\/login$/.test(one))).toEqual([]);
  on.clear();
  const applied = await on.apply(files, more);
  // What an apply waits for before it plans is the one thing that may tell the two plans apart.
  const waited = planned.plan?.notChecked.some(({ deferred }) => deferred) === true;
  if (!waited) expect(applied.plan?.steps).toEqual(planned.plan?.steps);
  const open = [...(applied.plan?.steps ?? [])];
  // A request that is answered 405 was tried in a form that the server does not know; another form of the same step follows.
  const sent = on.writes().filter(({ status }) => status !== 405);
  const unplanned = sent.filter((request) => {
    const at = open.findIndex((step) => formsOf(step).some((form) => fits(form, request)));
    if (at >= 0) open.splice(at, 1);
    return at < 0;
  });
  expect({ unplanned, unsent: open }).toEqual({ unplanned: [], unsent: [] });
}

/** A step as it may be sent. */
function formsOf(step: Step): Step[] {
  return [step, ...(step.alternatives ?? []).map((other) => ({ ...step, ...other }))];
}

/** Whether a request is a form of a step, symbols standing for any id. */
function fits(form: Step, request: LoggedRequest): boolean {
  const server = form.server === 'control-plane' ? form.server : decodeURIComponent(form.server);
  return (
    request.server === server &&
    request.method === form.method &&
    matches(form.path, request.path) &&
    matches(form.query ?? {}, request.query) &&
    matches(form.body, request.body)
  );
}

const id = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** Whether two JSON values are equal but for symbols. */
function matches(wanted: unknown, found: unknown, field = ''): boolean {
  if (typeof wanted === 'string' && typeof found === 'string') {
    const open = field.endsWith('_id') || field === '';
    if (!open || !wanted.includes('${')) return wanted === found;
    const parts = wanted.split(/\$\{[^{}]+\}/);
    return (
      parts.length === 2 &&
      found.startsWith(parts[0] ?? '') &&
      found.endsWith(parts[1] ?? '') &&
      id.test(found.slice(parts[0]?.length, found.length - (parts[1]?.length ?? 0)))
    );
  }
  if (typeof wanted !== 'object' || wanted === null || typeof found !== 'object' || found === null) return wanted === found;
  const [a, b] = [wanted as Record<string, unknown>, found as Record<string, unknown>];
  const keys = new Set([...Object.keys(a), ...Object.keys(b)]);
  return Array.isArray(a) === Array.isArray(b) && [...keys].every((key) => matches(a[key], b[key], key || 'x'));
}
