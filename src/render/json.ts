import type { Diagnostic } from '../core/diagnostic.ts';
import type { Change, Plan } from '../core/plan.ts';
import { safeJson } from './paint.ts';

/** A JSON document as it is printed: the same bytes for the same data, and nothing in it that a terminal would obey. */
export function jsonText(document: unknown): string {
  return `${safeJson(JSON.stringify(document, null, 2))}\n`;
}

/** One line of NDJSON. */
export function jsonLine(document: unknown): string {
  return `${safeJson(JSON.stringify(document))}\n`;
}

/** Changes with both sides of every field: JSON has no undefined, so what is not there is null. */
export function withBothSides(changes: readonly Change[]) {
  return changes.map((change) => ({
    ...change,
    fields: change.fields.map(({ path, before = null, after = null }) => ({ path, before, after })),
  }));
}

/** `zenform.plan/1`: the plan, with its keys in the order of the contract. */
export function planDocument(plan: Plan, diagnostics: readonly Diagnostic[], exitCode: number) {
  const { format, organization, api, now, summary, steps, unmanaged, notChecked } = plan;
  const changes = withBothSides(plan.changes);
  return { format, organization, api, now, summary, changes, steps, unmanaged, notChecked, diagnostics, exitCode };
}

/** `zenform.report/1`: what everything but a plan answers, and a plan that could not be made. */
export function reportDocument<T extends object>(content: T, diagnostics: readonly Diagnostic[], exitCode: number) {
  return { format: 'zenform.report/1' as const, ...content, diagnostics, exitCode };
}
