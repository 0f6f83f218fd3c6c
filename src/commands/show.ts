import { planText } from '../render/plan.ts';
import type { Run } from './command.ts';
import { exit } from './exit.ts';
import type { Options } from './options.ts';
import { readPlan } from './plan-file.ts';

/** `zenform show`: a saved plan, as it was when it was made. */
export const run: Run<Options & { readonly planfile: string }> = async ({ planfile }, io, output) => {
  const plan = await readPlan(planfile, io);
  output.diagnostics(plan.diagnostics);
  output.text((style) => planText(plan, style));
  return { subject: 'show', exitCode: exit.done, diagnostics: plan.diagnostics, plan };
};
