import { type Client, readTargetDocument, type TargetDocument } from './client/index.ts';
import { loadBase, loadConfig } from './config/load.ts';
import { resolve } from './config/resolve.ts';
import { validateFiles } from './config/validate-files.ts';
import { allKinds, connect, ways, workspaceDocuments } from './connect.ts';
import { type Address, kindOf, member } from './core/address.ts';
import type { Desired } from './core/desired.ts';
import { compare, type Diagnostic, hasErrors, sortDiagnostics } from './core/diagnostic.ts';
import type { ServerName } from './core/kind.ts';
import { type Made, makePlan } from './core/make-plan.ts';
import type { Change, Outcome, Plan } from './core/plan.ts';
import type { LiveState } from './core/resource.ts';
import { asReviewed } from './core/saved-plan.ts';
import { emptyPatterns, matcher, selection } from './core/select.ts';
import { identify } from './engine/caller.ts';
import { describe } from './engine/describe.ts';
import { execute } from './engine/execute.ts';
import { findOrganization } from './engine/find.ts';
import { readLive } from './engine/read.ts';
import { startRun } from './engine/run.ts';
import { troubles } from './engine/trouble.ts';
import { awaitStarting, verify } from './engine/verify.ts';
import { weigh } from './engine/weigh.ts';
import type { ApplyResult, Inputs, PlanResult, Reviewed } from './inputs.ts';
import { kindNamed } from './kinds/index.ts';
import { organizationMember } from './kinds/parts/predefined-roles.ts';

export { validateFiles } from './config/validate-files.ts';
export type { ApplyResult, Inputs, PlanResult, Reviewed } from './inputs.ts';

/** What would be done. Reads only: the client of a plan cannot send anything but GET. */
export async function planOrganization(inputs: Inputs): Promise<PlanResult> {
  return guarded(inputs, async () => (await prepare(inputs, connect(inputs), false)).result);
}

/**
 * Plans, asks, executes, and verifies by reading again. What a plan had to leave out because it could not be read, and its own steps
 * have brought within reach, is planned, asked about and done in a round of its own.
 */
export async function applyOrganization(inputs: Inputs, confirm: (plan: Plan) => Promise<boolean>): Promise<ApplyResult> {
  return reported(inputs, await applyRounds(inputs, confirm));
}

/**
 * Plans from the files and live of now, and carries out what is identical in a plan that was reviewed. Where anything differs, nothing
 * is done, or with `partial` the rest. `show` is told what will be done before it is.
 */
export async function applyReviewed(
  inputs: Inputs,
  reviewed: Reviewed,
  show: (plan: Plan) => Promise<boolean>,
): Promise<ApplyResult> {
  return reported(inputs, await applyOnce(inputs, connect(inputs), show, reviewed));
}

function reported(inputs: Inputs, result: ApplyResult): ApplyResult {
  const count = (status: Outcome['status']) => result.outcomes.filter((outcome) => outcome.status === status).length;
  const counts = { applied: count('applied'), failed: count('failed'), skipped: count('skipped') };
  if (result.confirmed) inputs.onEvent?.({ event: 'done', ...counts, verified: result.verified });
  return result;
}

async function applyRounds(inputs: Inputs, confirm: (plan: Plan) => Promise<boolean>): Promise<ApplyResult> {
  const client = connect(inputs);
  const first = await applyOnce(inputs, client, confirm);
  const within = matcher(first.plan?.notChecked.map(({ address }) => address) ?? []);
  const reached = first.moved.length > 0 && first.moved.every(({ address }) => within(address));
  const done = first.rest.length === 0 && first.outcomes.every(({ status }) => status === 'applied');
  if (!reached || !done || first.interrupted) return first;
  return joinRounds(first, await applyOnce(inputs, client, confirm));
}

async function applyOnce(
  inputs: Inputs,
  client: Client,
  confirm: (plan: Plan) => Promise<boolean>,
  reviewed?: Reviewed,
): Promise<ApplyResult> {
  const nothing = { confirmed: false, outcomes: [], verified: false, rest: [], moved: [], left: [], interrupted: false };
  let outcomes: Outcome[] = [];
  const result = await guarded(inputs, async (): Promise<ApplyResult> => {
    const { result: fresh, made, again } = await prepare(inputs, client, true);
    const result = reviewed && made ? held(fresh, made, reviewed) : fresh;
    const { plan } = result;
    if (!plan || !made || !again || result.verdict !== 'ok') return { ...result, ...nothing };
    const left = without(made.plan.changes, plan.changes);
    if (plan.changes.length === 0) return { ...result, ...nothing, confirmed: true, verified: true };
    if (!(await confirm(plan))) return { ...result, ...nothing };
    inputs.onEvent?.({ event: 'phase', phase: 'execute' });
    outcomes = await execute(plan.steps, startRun(made, plan, client, { ...inputs, kindNamed, kinds: allKinds }));
    const interrupted = inputs.signal?.aborted === true;
    if (!interrupted) inputs.onEvent?.({ event: 'phase', phase: 'verify' });
    const undone = new Set(outcomes.flatMap(({ status, address }) => (status === 'applied' ? [] : [address])));
    const unread = matcher(reviewed ? plan.notChecked.map(({ address }) => address) : []);
    const checked = interrupted ? undefined : await verify(again, plan, { undone, ...inputs.target });
    const { rest = [], unseen = [] } = checked ?? {};
    const moved = without(checked?.moved ?? [], left).filter(({ address }) => !unread(address));
    const found = [...troubles(outcomes, made.state.caller.name), ...(checked?.diagnostics ?? [])];
    const diagnostics = sortDiagnostics([...result.diagnostics, ...found]);
    return {
      ...result,
      diagnostics,
      confirmed: true,
      outcomes,
      verified: undone.size === 0 && !interrupted && rest.length + moved.length + unseen.length === 0,
      rest,
      moved,
      left,
      interrupted,
    };
  });
  return { ...nothing, outcomes, confirmed: outcomes.length > 0, ...result };
}

/** The changes at other addresses than these. */
function without(changes: readonly Change[], others: readonly Change[]): readonly Change[] {
  const addresses = new Set(others.map(({ address }) => address));
  return changes.filter(({ address }) => !addresses.has(address));
}

/** A fresh plan, as far as it is the one that was reviewed. */
function held(fresh: PlanResult, made: Made, { plan: saved, partial }: Reviewed): PlanResult {
  if (!fresh.plan) return fresh;
  const { verdict, plan, diagnostics } = asReviewed(saved, fresh.plan, made.scoped.all, partial);
  if (fresh.verdict !== 'ok' && verdict !== 'error') return fresh;
  return { ...fresh, verdict, plan, diagnostics: sortDiagnostics([...fresh.diagnostics, ...diagnostics]) };
}

/** Two rounds as one result: the steps of the second are counted on, so that every outcome names one step. */
function joinRounds(first: ApplyResult, second: ApplyResult): ApplyResult {
  if (!first.plan || !second.plan || !second.confirmed)
    return { ...first, ...(second.confirmed ? { diagnostics: second.diagnostics } : {}) };
  const count = first.plan.steps.length;
  const shifted = (id: string) => `s${Number(id.slice(1)) + count}`;
  const steps = second.plan.steps.map((step) => ({ ...step, id: shifted(step.id), needs: step.needs.map(shifted) }));
  const plan = {
    ...first.plan,
    changes: [...first.plan.changes, ...second.plan.changes],
    steps: [...first.plan.steps, ...steps],
    access: [...(first.plan.access ?? []), ...(second.plan.access ?? [])],
  };
  const outcomes = second.outcomes.map((outcome) => ({ ...outcome, step: shifted(outcome.step) }));
  return { ...second, plan, outcomes: [...first.outcomes, ...outcomes] };
}

const lookedUp = new Set<Diagnostic['code']>(['role-unknown', 'reference-unknown', 'member-without-role']);

/** A plan with everything that it was made from. */
export interface Prepared {
  readonly result: PlanResult;
  readonly files: Awaited<ReturnType<typeof validateFiles>>;
  readonly made?: Made & { readonly state: LiveState };
  /** The plan that other files would give on the same live state. */
  readonly planFor?: (desired: Desired) => Made;
  /** Reads and plans once more, for verifying. */
  readonly again?: () => Promise<Made>;
}

/** load, validate, resolve, read, scope, diff, plan, guard. */
export async function prepare(inputs: Inputs, client: Client, writing: boolean): Promise<Prepared> {
  const onEvent = inputs.onEvent ?? (() => {});
  onEvent({ event: 'phase', phase: 'load' });
  const [files, base] = await Promise.all([validateFiles(inputs), readBase(inputs)]);
  const told = [...files.diagnostics, ...base.diagnostics];
  if (hasErrors(told)) return { result: failed(told), files };
  // What may exist only on the server is looked up there from here on.
  const problems = told.filter(({ code }) => !lookedUp.has(code));
  onEvent({ event: 'phase', phase: 'read' });
  const document = await readTargetDocument(client.controlPlane, 'control-plane');
  client.adapt(document);
  const [identity, found] = await Promise.all([
    identify(client.controlPlane),
    findOrganization(client, files.desired.organization, inputs.organization, inputs.target.apiUrl),
  ]);
  if (hasErrors(found.diagnostics)) return { result: failed([...problems, ...found.diagnostics]), files };
  const wanted = new Set(files.desired.resources.keys());
  const mentioned = new Set([...wanted, ...files.desired.gone.keys(), ...(base.desired?.resources.keys() ?? [])]);
  const read = (organization = found.organization) =>
    readLive(client, { kinds: allKinds, organization, identity, wanted, mentioned, onEvent });
  const documents = new Map<ServerName, TargetDocument>(document ? [['control-plane', document]] : []);
  const plan = (state: LiveState, losses: ReadonlyMap<Address, string> = new Map(), desired = files.desired) =>
    makePlan(desired, state, { ...planOptions(inputs, base.desired), ...targetOptions(documents), losses });
  const first = await read();
  const state = writing && (await awaitStarting(client, first, wanted, inputs)) ? await read() : first;
  onEvent({ event: 'phase', phase: 'plan' });
  const bare = plan(state);
  const [losses, more] = await Promise.all([
    weigh(bare.plan.changes, bare.scoped.all, client, kindNamed),
    workspaceDocuments(bare.plan.steps, bare.scoped.all, client),
  ]);
  for (const [server, own] of more) documents.set(server, own);
  const made = losses.size + more.size === 0 ? bare : plan(state, losses);
  const addresses = [...made.scoped.all.keys(), ...made.scoped.declared];
  const diagnostics = sortDiagnostics([
    ...problems,
    ...made.plan.diagnostics,
    ...emptyPatterns([...inputs.only, ...inputs.skip], addresses),
  ]);
  const again = async () =>
    plan(await read((await findOrganization(client, files.desired.organization, undefined, inputs.target.apiUrl)).organization));
  return {
    result: {
      verdict: made.verdict,
      plan: { ...made.plan, diagnostics },
      diagnostics,
      unmanaged: made.unmanaged,
      unchanged: unchanged(made),
    },
    files,
    made: { ...made, state },
    planFor: (desired) => plan(state, losses, desired),
    again,
  };
}

/** The things with a name that are as the files say; role assignments, memberships and keys are many, and belong to one of them. */
function unchanged({ plan, scoped }: Made): readonly Address[] {
  const changing = new Set(plan.changes.map(({ address }) => address));
  const parts = new Set(['grant', 'team_member', 'service_account_key']);
  return [...scoped.desired.keys()].filter((one) => !changing.has(one) && !parts.has(kindOf(one))).sort(compare);
}

/** What the target's own documents say about writing; without one, nothing is known. */
const targetOptions = (documents: ReadonlyMap<ServerName, TargetDocument>) => ({
  customRoles: defining.every((one) => documents.get('control-plane')?.operations.has(one)),
  target: ways(documents),
});
const defining = ['POST /roles', 'PATCH /roles/{}', 'DELETE /roles/{}'];

async function readBase(inputs: Inputs): Promise<{ desired?: Desired; diagnostics: readonly Diagnostic[] }> {
  const { base, before } = inputs;
  if (base === undefined && before === undefined) return { diagnostics: [] };
  const loaded = before ? await loadConfig(before) : await loadBase(base ?? '', inputs);
  if (hasErrors(loaded.diagnostics)) return { diagnostics: loaded.diagnostics };
  return { desired: resolve(loaded.tree, inputs.now).desired, diagnostics: [] };
}

function planOptions(inputs: Inputs, base: Desired | undefined) {
  return {
    ...(base ? { base } : {}),
    selected: selection(inputs.only, inputs.skip),
    allowDestroy: matcher(inputs.allowDestroy),
    allowExec: inputs.exec !== undefined,
    accepts: inputs.accept,
    api: inputs.target.apiUrl,
    now: inputs.now,
    memberRole: organizationMember,
    reinvite: named(inputs.reinvite ?? []),
    kindNamed,
  };
}

function named(emails: readonly string[]): (address: Address) => boolean {
  const people = new Set(emails.map(member));
  return (address) => people.has(address);
}

const failed = (diagnostics: readonly Diagnostic[]): PlanResult => ({
  verdict: 'error',
  plan: undefined,
  diagnostics: sortDiagnostics(diagnostics),
  unmanaged: [],
  unchanged: [],
});

/** Troubles of the world become diagnostics; faults of ours are thrown on. */
export async function guarded<T extends PlanResult>({ target }: Inputs, work: () => Promise<T>): Promise<T | PlanResult> {
  try {
    return await work();
  } catch (error) {
    return failed([describe(error, target)]);
  }
}
