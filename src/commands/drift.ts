import type { KindName } from '../core/address.ts';
import type { Change, Plan } from '../core/plan.ts';
import { matcher } from '../core/select.ts';
import { kinds } from '../kinds/index.ts';
import { commandLine } from '../render/command-line.ts';
import { counted, paints, type Style, safe } from '../render/paint.ts';
import { planText } from '../render/plan.ts';
import type { PlanResult } from '../sync.ts';
import type { Run } from './command.ts';
import { exitCodeOfDrift } from './exit.ts';
import type { Options } from './options.ts';
import { obstacle, planned, reportOf } from './planning.ts';
import { usage } from './usage.ts';

interface DriftOptions extends Options {
  readonly failOnUnmanaged?: readonly string[];
  readonly allowUnchecked?: readonly string[];
  readonly ignore?: readonly string[];
}

/** `zenform drift`: live against files, for a scheduled job. */
export const run: Run<DriftOptions> = async (options, io, output) => {
  const unknown = options.failOnUnmanaged?.find((kind) => !(kind in kinds));
  if (unknown !== undefined) throw usage(`there is no kind \`${unknown}\``, `there are ${Object.keys(kinds).join(', ')}`);
  const { result: whole, ending } = await planned('drift', options, io, output);
  if (ending) return ending;
  const result = { ...whole, plan: whole.plan && withoutIgnored(whole.plan, options.ignore ?? []) };
  const { plan, verdict } = result;
  const found = findings(result, options);
  const exitCode = exitCodeOfDrift(verdict, found);
  output.diagnostics(result.diagnostics);
  if (plan && verdict !== 'error')
    output.text(
      (style) =>
        `${unmanagedText(found, style)}${planText(plan, style, { title: 'Drift', none: found.drift ? undefined : 'No drift' })}`,
    );
  output.text(() => advice(plan, found, verdict, options));
  output.remark(obstacle(result) ?? '');
  return { ...reportOf('drift', result, exitCode), drifted: found.counted };
};

interface Findings {
  readonly drift: boolean;
  readonly unchecked: boolean;
  readonly admins: number;
  /** Unmanaged things of the kinds that count as drift. */
  readonly counted: readonly Change['address'][];
}

function findings({ plan, diagnostics, unmanaged }: PlanResult, options: DriftOptions): Findings {
  const admins = diagnostics.filter(({ code }) => code === 'unmanaged-admin').length;
  const failing = new Set<string>(options.failOnUnmanaged);
  const things = unmanaged.filter(({ kind }) => failing.has(kind)).map(({ address }) => address);
  const allowed = matcher(options.allowUnchecked ?? []);
  // What a caller without full sight would remove is as unchecked as what it cannot read.
  const hidden = diagnostics.filter(({ code }) => code === 'as-far-as-visible').map(({ address }) => address ?? '');
  const unread = [...(plan?.notChecked ?? []).map(({ address }) => address), ...hidden];
  return {
    drift: (plan?.changes.length ?? 0) > 0 || admins > 0 || things.length > 0,
    unchecked: unread.some((address) => !allowed(address.replace(/\/\*$/, '') as Change['address'])),
    admins,
    counted: things,
  };
}

function unmanagedText({ counted: things }: Findings, style: Style): string {
  if (things.length === 0) return '';
  return `${paints(style).yellow('Unmanaged, which counts as drift here:')}\n${things.map((address) => `  ${safe(address)}\n`).join('')}\n`;
}

function advice(plan: Plan | undefined, found: Findings, verdict: PlanResult['verdict'], options: Options): string {
  if (!plan || verdict === 'error') return '';
  const lines = [
    plan.changes.length > 0 && verdict === 'ok'
      ? `To undo it: ${commandLine('apply', options)}; to keep it, change the files.`
      : '',
    found.admins > 0 ? `${counted(found.admins, 'Organization Admin is', 'Organization Admins are')} not in the files.` : '',
    found.unchecked ? 'Not everything could be checked; --allow-unchecked ADDRESS accepts that.' : '',
  ];
  return lines.map((line) => (line === '' ? '' : `${line}\n`)).join('');
}

/** The plan without what `--ignore ADDRESS` or `--ignore ADDRESS#/field` names. */
export function withoutIgnored(plan: Plan, patterns: readonly string[]): Plan {
  if (patterns.length === 0) return plan;
  const rules = patterns.map((pattern) => {
    const [address = '', field] = pattern.split(/#(?=\/)/);
    return { matches: matcher([address]), field };
  });
  const changes = plan.changes.flatMap((change): Change[] => {
    const applying = rules.filter(({ matches }) => matches(change.address));
    if (applying.some(({ field }) => field === undefined)) return [];
    if (change.action !== 'update') return [change];
    const fields = change.fields.filter(({ path }) => !applying.some(({ field }) => field === path));
    return fields.length === 0 ? [] : [{ ...change, fields }];
  });
  const count = (action: Change['action']) => changes.filter((change) => change.action === action).length;
  const { access, ...rest } = plan;
  const whole = changes.length === plan.changes.length;
  const kept = new Set<KindName | string>(changes.map(({ address }) => address));
  return {
    ...rest,
    // What the whole plan does to everybody's roles, a part of it may not do.
    ...(whole && access ? { access } : {}),
    changes,
    summary: { ...plan.summary, create: count('create'), update: count('update'), delete: count('delete') },
    steps: plan.steps.filter((step) => kept.has(step.change)),
  };
}
