import type { Address } from '../core/address.ts';
import { sortDiagnostics } from '../core/diagnostic.ts';
import type { Change, Plan } from '../core/plan.ts';
import { matcher } from '../core/select.ts';
import { type Cause, type DriftResult, driftOrganization } from '../daily.ts';
import { kinds } from '../kinds/index.ts';
import { commandLine } from '../render/command-line.ts';
import { counted, paints, type Style, safe } from '../render/paint.ts';
import { type ChangeGroup, planText } from '../render/plan.ts';
import { valueText } from '../render/values.ts';
import type { PlanResult } from '../sync.ts';
import type { Run } from './command.ts';
import { emptyIgnores, ignoreOf, withoutIgnored } from './drift-rules.ts';
import { exitCodeOfDrift } from './exit.ts';
import type { Options } from './options.ts';
import { obstacle, reportOf, watched } from './planning.ts';
import { usage } from './usage.ts';

interface DriftOptions extends Options {
  readonly failOnUnmanaged?: readonly string[];
  readonly allowUnchecked?: readonly string[];
  readonly ignore?: readonly string[];
}

/** `zenform drift`: live against files, for a scheduled job; with a base, who moved. */
export const run: Run<DriftOptions> = async (options, io, output) => {
  const unknown = options.failOnUnmanaged?.find((kind) => !(kind in kinds));
  if (unknown !== undefined) throw usage(`there is no kind \`${unknown}\``, `there are ${Object.keys(kinds).join(', ')}`);
  const { result: whole, ending } = await watched('drift', options, io, output, driftOrganization);
  if (ending) return ending;
  const ignores = [...whole.ignores, ...(options.ignore ?? []).map(ignoreOf)];
  const result = {
    ...whole,
    plan: whole.plan && withoutIgnored(whole.plan, ignores),
    diagnostics: sortDiagnostics([...whole.diagnostics, ...emptyIgnores(ignores, whole.addresses)]),
  };
  const { plan, verdict, causes } = result;
  const found = findings(
    result,
    options,
    matcher(ignores.flatMap(({ address, field }) => (field === undefined ? [address] : []))),
  );
  const exitCode = exitCodeOfDrift(verdict, found);
  output.diagnostics(result.diagnostics);
  if (plan && verdict !== 'error') {
    const none = found.drift ? undefined : 'No drift';
    const words = { title: 'Drift', none, ...(causes.size > 0 ? { groups: groupsOf(plan.changes, causes) } : {}) };
    output.text((style) => `${unmanagedText(found, style)}${planText(plan, style, words)}`);
  }
  const ignored = (whole.plan?.changes.length ?? 0) - (plan?.changes.length ?? 0);
  output.text(() => advice(plan, { ...found, ignored }, result, options));
  output.remark(obstacle(result) ?? '');
  return { ...reportOf('drift', result, exitCode), drifted: found.counted, causes: [...causes], ignored };
};

const titles: readonly (readonly [Cause['changed'], string])[] = [
  ['live', 'Changed in live:'],
  ['both', 'Changed in files and in live:'],
  ['files', 'Changed in files, not yet applied:'],
];

function groupsOf(changes: readonly Change[], causes: DriftResult['causes']): ChangeGroup[] {
  return titles.map(([mover, title]) => ({
    title,
    changes: changes.filter(({ address }) => causes.get(address)?.changed === mover),
    ...(mover === 'both' ? { notes: (change: Change) => baseLines(change, causes) } : {}),
  }));
}

/** Where both moved, three values are needed to decide. */
function baseLines({ address }: Change, causes: DriftResult['causes']): string[] {
  return (causes.get(address)?.fields ?? []).map(
    ({ path, base }) => `${path.slice(1)} in the base: ${base === undefined ? '(not declared)' : valueText(base)}`,
  );
}

interface Findings {
  readonly drift: boolean;
  readonly unchecked: boolean;
  readonly admins: number;
  /** Unmanaged things of the kinds that count as drift. */
  readonly counted: readonly Address[];
}

function findings(
  { plan, diagnostics, unmanaged }: PlanResult,
  options: DriftOptions,
  ignored: (address: Address) => boolean,
): Findings {
  // Whoever may do everything is never merely unmanaged, and never ignored: the way to accept that is to declare it.
  const admins = diagnostics.filter(({ code }) => code === 'unmanaged-admin').length;
  const failing = new Set<string>(options.failOnUnmanaged);
  const things = unmanaged.filter(({ kind, address }) => failing.has(kind) && !ignored(address)).map(({ address }) => address);
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

function advice(
  plan: Plan | undefined,
  found: Findings & { readonly ignored: number },
  { verdict, causes }: DriftResult,
  options: Options,
): string {
  if (!plan || verdict === 'error') return '';
  const onlyFiles = causes.size > 0 && plan.changes.every(({ address }) => causes.get(address)?.changed === 'files');
  const lines = [
    found.ignored > 0 ? `${counted(found.ignored, 'difference is', 'differences are')} ignored.` : '',
    plan.changes.length === 0
      ? ''
      : onlyFiles
        ? `To bring it about: ${commandLine('apply', options)}`
        : `To undo it: ${commandLine('apply', options)}; to keep it: ${commandLine('adopt', options)}`,
    found.admins > 0 ? `${counted(found.admins, 'Organization Admin is', 'Organization Admins are')} not in the files.` : '',
    found.unchecked ? 'Not everything could be checked; --allow-unchecked ADDRESS accepts that.' : '',
  ];
  return lines.map((line) => (line === '' ? '' : `${line}\n`)).join('');
}
