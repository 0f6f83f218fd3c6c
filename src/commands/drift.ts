import type { Change, Plan } from '../core/plan.ts';
import { matcher } from '../core/select.ts';
import { planText } from '../render/plan.ts';
import { planOrganization } from '../sync.ts';
import { driftExit } from './exit.ts';
import type { Io } from './io.ts';
import { nextStep } from './next.ts';
import { type Options, serverInputs, usage } from './options.ts';
import { outputOf } from './output.ts';
import { planDocument, plural } from './plan.ts';
import { progressOf } from './progress.ts';

interface DriftOptions extends Options {
  readonly failOnUnmanaged?: readonly string[];
  readonly allowUnchecked?: readonly string[];
  readonly ignore?: readonly string[];
}

const kinds = ['member', 'service_account', 'role', 'team', 'team_member', 'workspace', 'project', 'grant'];

/** `zenform drift`: live against files, for a scheduled job. */
export async function run(options: DriftOptions, io: Io): Promise<number> {
  const unknown = options.failOnUnmanaged?.find((kind) => !kinds.includes(kind));
  if (unknown) throw usage(`there is no kind \`${unknown}\``, `known: ${kinds.join(', ')}`);
  const output = outputOf(options, io);
  const progress = progressOf(options, io);
  const planned = await planOrganization(await serverInputs(options, io, progress.onEvent));
  progress.clear();
  const plan = planned.plan && withoutIgnored(planned.plan, options.ignore ?? []);
  const result = { ...planned, plan };
  const admins = planned.diagnostics.some(({ code }) => code === 'unmanaged-admin');
  const counted = planned.unmanaged.filter(({ kind }) => options.failOnUnmanaged?.includes(kind));
  const allowed = matcher(options.allowUnchecked ?? []);
  const unchecked = (plan?.notChecked ?? []).filter(
    ({ address }) => !allowed(address.replace(/\/\*$/, '') as never) && !allowed(address as never),
  );
  const drifted = (plan?.changes.length ?? 0) > 0 || admins || counted.length > 0;
  const code = driftExit(result, drifted, unchecked.length > 0);
  output.diagnostics(result.diagnostics);
  const text = (style: Parameters<typeof planText>[1]) =>
    `${plan && result.verdict !== 'error' ? planText(plan, style, plural) : ''}${counted.map(({ address }) => `* ${address} is unmanaged\n`).join('')}`;
  await output.result(text, planDocument(result, code));
  if (!options.quiet) io.stderr.write(nextStep('drift', result, options));
  if (!options.quiet && code === 1 && result.verdict !== 'error')
    io.stderr.write('\nNo drift was found, but not everything could be checked; --allow-unchecked ADDRESS accepts that.\n');
  return code;
}

/** The plan without what `--ignore ADDRESS` or `--ignore ADDRESS#/field` names. */
function withoutIgnored(plan: Plan, patterns: readonly string[]): Plan {
  const rules = patterns.map((pattern) => {
    const at = pattern.indexOf('#');
    return { matches: matcher([at < 0 ? pattern : pattern.slice(0, at)]), field: at < 0 ? undefined : pattern.slice(at + 1) };
  });
  const changes = plan.changes.flatMap((change): Change[] => {
    const applying = rules.filter(({ matches }) => matches(change.address));
    if (applying.some(({ field }) => field === undefined)) return [];
    const fields = change.fields.filter(({ path }) => !applying.some(({ field }) => field === path));
    return change.action === 'update' && fields.length === 0 ? [] : [{ ...change, fields }];
  });
  const count = (action: Change['action']) => changes.filter((change) => change.action === action).length;
  const kept = new Set(changes.map(({ address }) => address));
  const summary = { ...plan.summary, create: count('create'), update: count('update'), delete: count('delete') };
  return { ...plan, changes, summary, steps: plan.steps.filter((step) => kept.has(step.change)) };
}
