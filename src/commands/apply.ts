import type { Plan } from '../core/plan.ts';
import { outcomesText } from '../render/outcomes.ts';
import { planText } from '../render/plan.ts';
import { applyOrganization } from '../sync.ts';
import { applyExit, exit } from './exit.ts';
import type { Io } from './io.ts';
import { nextStep } from './next.ts';
import { type Options, serverInputs, usage } from './options.ts';
import { outputOf } from './output.ts';
import { planDocument, plural } from './plan.ts';
import { progressOf } from './progress.ts';

/** `zenform apply`: plan, guard, ask, execute, verify. */
export async function run(options: Options & { readonly yes?: boolean }, io: Io): Promise<number> {
  if (!options.yes && !io.ask) throw usage('there is no terminal to ask on', 'give --yes to apply without asking');
  const output = outputOf(options, io);
  const progress = progressOf(options, io);
  const json = options.output?.some((one) => one === 'json') === true;
  let shown = false;
  const confirm = async (plan: Plan): Promise<boolean> => {
    progress.clear();
    shown = true;
    output.diagnostics(plan.diagnostics);
    // With JSON on standard output the plan goes to the person on the other stream.
    (json ? io.stderr : io.stdout).write(planText(plan, json ? { color: false } : output.style, plural));
    if (options.yes) return true;
    const answer = await io.ask?.("\nDo you want to do this? Only 'yes' is accepted: ");
    return answer?.trim() === 'yes';
  };
  const start = io.now().getTime();
  const result = await applyOrganization(await serverInputs(options, io, progress.onEvent), confirm);
  progress.clear();
  const interrupted = io.signal.aborted ? Number(io.signal.reason) : undefined;
  const declined = shown && !result.confirmed;
  const nothing = result.verdict === 'ok' && result.plan?.changes.length === 0;
  const code = declined ? exit.error : applyExit(result, interrupted);
  if (!shown) output.diagnostics(result.diagnostics);
  else output.diagnostics(result.diagnostics.filter((one) => !result.plan?.diagnostics.includes(one)));
  const text = (style: Parameters<typeof planText>[1]) => {
    if (nothing && result.plan) return planText(result.plan, style, plural);
    return result.outcomes.length > 0 ? `\n${outcomesText(result, (io.now().getTime() - start) / 1000, style)}` : '';
  };
  await output.result(text, {
    ...(planDocument(result, code) as object),
    outcomes: result.outcomes,
    verified: result.verified,
    rest: result.rest,
  });
  if (declined) io.stderr.write('Nothing was changed.\n');
  else if (!options.quiet && result.outcomes.length === 0 && !nothing) io.stderr.write(nextStep('plan', result, options));
  return code;
}
