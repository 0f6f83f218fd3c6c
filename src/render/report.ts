import type { Address, KindName } from '../core/address.ts';
import type { Diagnostic, Place } from '../core/diagnostic.ts';
import type { Change, Outcome, Plan } from '../core/plan.ts';
import { countText } from './diagnostics.ts';
import type { DoctorView } from './doctor.ts';
import { counted } from './paint.ts';

/** What a report is about. */
export type Subject = 'validate' | 'plan' | 'show' | 'apply' | 'drift' | 'export' | 'unmanaged' | 'doctor';

/** What became of a plan that was carried out, or was to be. */
export interface AppliedPart {
  readonly outcomes: readonly Outcome[];
  readonly verified: boolean;
  /** What was planned, and reading again found not done. */
  readonly rest: readonly Change[];
  /** What else differs after the run. */
  readonly moved: readonly Change[];
  /** What a reviewed plan does not hold. */
  readonly left: readonly Change[];
  readonly interrupted: boolean;
  /** The ref that was moved, and to which commit. */
  readonly base?: { readonly ref: string; readonly commit: string };
}

/** The whole result of a command as pure data: what every output format is made of. */
export interface Report {
  readonly subject: Subject;
  readonly exitCode: number;
  readonly verdict?: 'ok' | 'error' | 'refused' | 'stale';
  /** Sorted; those of the plan among them. */
  readonly diagnostics: readonly Diagnostic[];
  readonly plan?: Plan;
  readonly applied?: AppliedPart;
  /** What is as the files say: names of things only, no role assignments and memberships. */
  readonly unchanged?: readonly Address[];
  readonly unmanaged?: readonly { readonly address: Address; readonly kind: KindName }[];
  /** Unmanaged things that count as drift. */
  readonly drifted?: readonly Address[];
  readonly notChecked?: Plan['notChecked'];
  /** validate: the files, and how many resources they declare. */
  readonly checked?: { readonly files: readonly string[]; readonly resources: number };
  readonly origins?: readonly { readonly path: string; readonly place: Place; readonly overrides?: Place }[];
  /** export: the files, or what became of them. */
  readonly files?: readonly { readonly name: string; readonly text?: string; readonly status?: string }[];
  readonly examination?: Pick<DoctorView, 'checks'> & Partial<Omit<DoctorView, 'checks'>>;
  /** The command that comes next. */
  readonly next?: string;
}

const titles: Readonly<Record<Subject, string>> = {
  validate: 'Validation',
  plan: 'Plan',
  show: 'Saved plan',
  apply: 'Apply',
  drift: 'Drift',
  export: 'Export',
  unmanaged: 'Unmanaged',
  doctor: 'Doctor',
};

/** What a report is called: `Plan`. */
export const titleOf = ({ subject }: Pick<Report, 'subject'>) => titles[subject];

/** How a report is to be taken at first sight. */
export type Mood = 'good' | 'changes' | 'bad';

/** A report in one sentence, without names of things, and how it is to be taken. */
export function headline(report: Report): { readonly text: string; readonly mood: Mood } {
  const { subject, diagnostics, exitCode, applied, checked, plan, verdict } = report;
  const problems = countText(diagnostics) || 'no problem found';
  if (subject === 'validate') {
    const files = checked ? counted(checked.files.length, 'file') : 'the files';
    if (exitCode !== 0 || !checked) return { text: `Not valid: ${problems} in ${files}.`, mood: 'bad' };
    return { text: `Valid: ${files}, ${counted(checked.resources, 'resource')}.`, mood: 'good' };
  }
  if (subject === 'doctor') return { text: report.examination?.verdict ?? `${problems}.`, mood: exitCode === 0 ? 'good' : 'bad' };
  if (subject === 'export') {
    const count = report.files?.length ?? 0;
    return exitCode === 0
      ? { text: `Exported ${counted(count, 'file')}.`, mood: 'good' }
      : { text: `Nothing was exported: ${problems}.`, mood: 'bad' };
  }
  if (subject === 'unmanaged') {
    const count = report.unmanaged?.length ?? 0;
    if (exitCode !== 0) return { text: `Nothing can be said: ${problems}.`, mood: 'bad' };
    return count === 0
      ? { text: 'Everything that is live is in the files.', mood: 'good' }
      : { text: `${counted(count, 'thing is', 'things are')} live and not in the files.`, mood: 'changes' };
  }
  if (!plan) return { text: `There is no plan: ${problems}.`, mood: 'bad' };
  if (verdict === 'error') return { text: `The plan cannot be carried out: ${problems}.`, mood: 'bad' };
  if (applied && applied.outcomes.length > 0) return appliedHeadline(plan, applied);
  if (verdict === 'refused') return { text: `Refused: ${problems}; ${sumOf(plan)}.`, mood: 'bad' };
  if (verdict === 'stale') return { text: `The saved plan is stale: ${problems}. Nothing was changed.`, mood: 'bad' };
  if (applied && !applied.verified) return { text: `Nothing was changed; ${sumOf(plan)}.`, mood: 'bad' };
  return planHeadline(report, plan);
}

function planHeadline({ subject, drifted = [], diagnostics }: Report, plan: Plan): { text: string; mood: Mood } {
  const drift = subject === 'drift';
  if (plan.changes.length > 0)
    return { text: `${drift ? 'Drift: ' : ''}${sumOf(plan)}; ${plan.summary.unchanged} unchanged.`, mood: 'changes' };
  const admins = diagnostics.filter(({ code }) => code === 'unmanaged-admin').length;
  if (drift && drifted.length + admins > 0)
    return { text: `Drift: only in what the files do not manage; ${plan.summary.unchanged} unchanged.`, mood: 'changes' };
  const same = plan.notChecked.length > 0 ? 'What could be checked is as the files say' : 'The organization is as the files say';
  return { text: `No ${drift ? 'drift' : 'changes'}. ${same}; ${plan.summary.unchanged} unchanged.`, mood: 'good' };
}

function appliedHeadline({ changes }: Plan, { outcomes, verified, interrupted, rest, moved }: AppliedPart) {
  const unfinished = new Set<string>(outcomes.filter(({ status }) => status !== 'applied').map(({ address }) => address));
  const done = changes.filter(({ address, because }) => !unfinished.has(address) && !unfinished.has(because ?? '')).length;
  const total = counted(changes.length, 'change');
  if (verified) return { text: `Applied ${total}, verified.`, mood: 'good' as const };
  const stopped = interrupted ? 'Interrupted: applied' : 'Applied';
  const open = rest.length + moved.length === 0 ? 'could not be verified' : 'and not all of it holds';
  const text = done < changes.length ? `${stopped} ${done} of ${total}.` : `${stopped} ${total}, ${open}.`;
  return { text, mood: 'bad' as const };
}

/** `3 to create, 1 to update, 2 to delete`. */
export function sumOf({ summary }: Plan): string {
  return `${summary.create} to create, ${summary.update} to update, ${summary.delete} to delete`;
}
