import type { Change, Plan } from '../core/plan.ts';
import { kindNamed } from '../kinds/index.ts';
import { planText } from '../render/plan.ts';
import { type PlanResult, planOrganization } from '../sync.ts';
import { planExit } from './exit.ts';
import type { Io } from './io.ts';
import { nextStep } from './next.ts';
import { type Options, serverInputs } from './options.ts';
import { outputOf } from './output.ts';
import { progressOf } from './progress.ts';

/** `zenform plan`: what would change. Reads only. */
export async function run(options: Options & { readonly detailedExitcode?: boolean }, io: Io): Promise<number> {
  const output = outputOf(options, io);
  const progress = progressOf(options, io);
  const result = await planOrganization(await serverInputs(options, io, progress.onEvent));
  progress.clear();
  const code = planExit(result, options.detailedExitcode === true);
  output.diagnostics(result.diagnostics);
  await output.result(
    (style) => (result.plan && result.verdict !== 'error' ? planText(result.plan, style, plural) : ''),
    planDocument(result, code),
  );
  if (!options.quiet) io.stderr.write(nextStep('plan', result, options));
  return code;
}

export const plural = (kind: Parameters<typeof kindNamed>[0]) => kindNamed(kind).plural;

/** The one JSON document of a plan, also when there is none because something failed. */
export function planDocument(result: PlanResult, exitCode: number): unknown {
  if (!result.plan) return { format: 'zenform.report/1', diagnostics: result.diagnostics, exitCode };
  return { ...withNulls(result.plan), diagnostics: result.diagnostics, exitCode };
}

/** JSON has no undefined: what is not there on one side is null, so that every field has both. */
function withNulls(plan: Plan): Plan {
  const fieldsOf = (change: Change) => change.fields.map(({ path, before = null, after = null }) => ({ path, before, after }));
  return { ...plan, changes: plan.changes.map((change) => ({ ...change, fields: fieldsOf(change) })) };
}
