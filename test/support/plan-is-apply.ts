import { expect } from 'vitest';
import * as address from '../../src/core/address.ts';
import type { Step } from '../../src/core/plan.ts';
import type { LoggedRequest, World } from '../../src/emulator/index.ts';
import { stage } from './run.ts';
import { type Scenario, unfold } from './scenario.ts';
import { canonical, type Value } from './state.ts';

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
  // What comes within reach only by the run itself has a round of its own, after the steps that were planned.
  const later = planned.plan?.notChecked.length === 0 ? undefined : planned.plan?.steps.length;
  if (!waited) expect(applied.plan?.steps.slice(0, later)).toEqual(planned.plan?.steps);
  const idOf = idsIn(on.emulator.world());
  const open = [...(applied.plan?.steps ?? [])];
  // A request that is answered 405 was tried in a form that the server does not know; another form of the same step follows.
  const sent = on.writes().filter(({ status }) => status !== 405);
  const unplanned = sent.filter((request) => {
    const at = open.findIndex((step) => formsOf(step).some((form) => fits(form, request, idOf)));
    if (at >= 0) open.splice(at, 1);
    return at < 0;
  });
  expect({ unplanned, unsent: open }).toEqual({ unplanned: [], unsent: [] });
}

/** A step as it may be sent. */
function formsOf(step: Step): Step[] {
  return [step, ...(step.alternatives ?? []).map((other) => ({ ...step, ...other }))];
}

type IdOf = (one: string, name: string) => string | undefined;

/** Whether a request is a form of a step, with the ids that its symbols stand for. */
function fits(form: Step, request: LoggedRequest, idOf: IdOf): boolean {
  const { path, query = {}, body } = form;
  const wanted = {
    server: form.server,
    method: form.method,
    path: filled(path, idOf),
    query: filledIn(query, idOf),
    body: filledIn(body, idOf),
  };
  const found = { server: request.server, method: request.method, path: request.path, query: request.query, body: request.body };
  return canonical(wanted as Value) === canonical(found as Value);
}

/** The text with every symbol replaced; one that stands for nothing known stays. */
function filled(text: string, idOf: IdOf): string {
  return text.replace(/\$\{([^{}$]+)\.([a-z_]+)\}/g, (symbol, one: string, name: string) => {
    const decoded = one.replace(/%(24|25|7B|7D)/g, (_, code: string) => String.fromCharCode(Number.parseInt(code, 16)));
    return idOf(decoded, name) ?? symbol;
  });
}

/** The fields that hold ids, with their symbols replaced. */
function filledIn(value: unknown, idOf: IdOf): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  const fill = ([key, part]: [string, unknown]) => [
    key,
    key.endsWith('_id') && typeof part === 'string' ? filled(part, idOf) : part,
  ];
  return Object.fromEntries(Object.entries(value).map(fill));
}

/** The ids of a world by the addresses of things, in the names that the API has for them. */
function idsIn(world: World): IdOf {
  const ids = new Map<string, string | undefined>();
  const own = world.organizations?.find(({ name }) => name === 'acme');
  for (const { email, id } of world.accounts ?? []) ids.set(`${address.member(email)}.user_id`, id);
  for (const { email, id, status } of own?.invitations ?? [])
    if (status === undefined) ids.set(`${address.member(email)}.invitation_id`, id);
  for (const { name, id } of own?.teams ?? []) ids.set(`${address.team(name)}.id`, id);
  for (const { name, id } of own?.service_accounts ?? []) ids.set(`${address.serviceAccount(name)}.id`, id);
  for (const { name, id } of own?.roles ?? []) ids.set(`${address.role(name)}.id`, id);
  for (const { name, id, status, projects } of own?.workspaces ?? []) {
    if (status === 'deleted') continue;
    ids.set(`${address.workspace(name)}.id`, id);
    for (const project of projects ?? []) ids.set(`${address.project(address.workspace(name), project.name)}.id`, project.id);
  }
  return (one, name) => ids.get(`${one}.${name}`);
}
