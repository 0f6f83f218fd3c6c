import { commandLine } from '../render/command-line.ts';
import { planText } from '../render/plan.ts';
import type { Run } from './command.ts';
import { exitCodeOfPlan } from './exit.ts';
import type { Options } from './options.ts';
import { savePlan } from './plan-file.ts';
import { obstacle, planned, reportOf } from './planning.ts';

/** `zenform plan`: what would change. Reads only. */
export const run: Run<Options & { readonly detailedExitcode?: boolean; readonly out?: string }> = async (options, io, output) => {
  const { result, ending } = await planned('plan', options, io, output);
  if (ending) return ending;
  const { plan, verdict, diagnostics } = result;
  const pending = plan !== undefined && plan.changes.length > 0;
  output.diagnostics(diagnostics);
  if (plan && verdict !== 'error') output.text((style) => planText(plan, style));
  if (plan && verdict === 'ok' && options.out !== undefined) await savePlan(plan, options.out, io);
  const next = pending && verdict === 'ok' ? { next: commandLine('apply', options, options.out) } : {};
  if (next.next !== undefined) output.text(() => `To do this: ${next.next}\n`);
  output.remark(obstacle(result) ?? '');
  const exitCode = exitCodeOfPlan(verdict, pending && options.detailedExitcode === true);
  return { ...reportOf('plan', result, exitCode), ...next };
};
