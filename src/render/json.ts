import type { Diagnostic } from '../core/diagnostic.ts';
import type { Change, Plan } from '../core/plan.ts';
import { safeJson } from './paint.ts';
import type { AppliedPart, Report } from './report.ts';

/** A JSON document as it is printed: the same bytes for the same data, and nothing in it that a terminal would obey. */
export function jsonText(document: unknown): string {
  return `${safeJson(JSON.stringify(document, null, 2))}\n`;
}

/** One line of NDJSON. */
export function jsonLine(document: unknown): string {
  return `${safeJson(JSON.stringify(document))}\n`;
}

/** Changes with both sides of every field: JSON has no undefined, so what is not there is null. */
function withBothSides(changes: readonly Change[]) {
  return changes.map((change) => ({
    ...change,
    fields: change.fields.map(({ path, before = null, after = null }) => ({ path, before, after })),
  }));
}

/** `zenform.plan/1`: the plan, with its keys in the order of the contract. */
export function planDocument(plan: Plan, diagnostics: readonly Diagnostic[], exitCode: number) {
  const { format, organization, api, now, summary, steps, access, unmanaged, notChecked } = plan;
  const changes = withBothSides(plan.changes);
  const known = access ? { access } : {};
  return { format, organization, api, now, summary, changes, steps, ...known, unmanaged, notChecked, diagnostics, exitCode };
}

/** The document of a report: `zenform.plan/1` for a plan, `zenform.report/1` for everything else, and for a plan that could not be made. */
export function documentOf(report: Report): object {
  const { subject, plan, diagnostics, exitCode } = report;
  if (plan && subject !== 'apply' && subject !== 'unmanaged') return planDocument(plan, diagnostics, exitCode);
  return { format: 'zenform.report/1', ...contentOf(report), diagnostics, exitCode };
}

function contentOf({ plan, applied, origins, unmanaged, notChecked, files, examination }: Report): object {
  if (applied) return appliedContent(plan, applied);
  return {
    ...(origins ? { origins } : {}),
    ...(unmanaged ? { unmanaged, notChecked } : {}),
    ...(files ? { files } : {}),
    ...(examination ? examinationContent(examination) : {}),
  };
}

function appliedContent(plan: Plan | undefined, { outcomes, verified, rest, moved, left, base }: AppliedPart) {
  return {
    ...(base ? { base } : {}),
    ...(plan ? { organization: plan.organization, api: plan.api, now: plan.now, summary: plan.summary } : {}),
    changes: withBothSides(plan?.changes ?? []),
    outcomes,
    verified,
    rest: withBothSides(rest),
    moved: withBothSides(moved),
    ...(left.length > 0 ? { left: withBothSides(left) } : {}),
  };
}

function examinationContent({ checks, differences, observed, ready, verdict }: NonNullable<Report['examination']>) {
  const shown = checks.map(({ shared: _, ...check }) => check);
  return { checks: shown, differences, observed, ready, verdict };
}
