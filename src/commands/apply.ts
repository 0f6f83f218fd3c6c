import type { Mark } from '../config/mark.ts';
import { type Diagnostic, sortDiagnostics } from '../core/diagnostic.ts';
import type { Plan } from '../core/plan.ts';
import { commandLine } from '../render/command-line.ts';
import { outcomesText } from '../render/outcomes.ts';
import { safe } from '../render/paint.ts';
import { planText } from '../render/plan.ts';
import type { Report } from '../render/report.ts';
import { type ApplyResult, applyOrganization, applyReviewed } from '../sync.ts';
import { interruption, type Run } from './command.ts';
import { exitCodeOfApply } from './exit.ts';
import { serverInputs } from './inputs.ts';
import type { Io } from './io.ts';
import { marked, markOf } from './mark.ts';
import type { Options } from './options.ts';
import type { Output } from './output.ts';
import { readPlan } from './plan-file.ts';
import { obstacle, reportOf } from './planning.ts';
import { type Progress, progressOf } from './progress.ts';
import { usage } from './usage.ts';

interface ApplyOptions extends Options {
  readonly yes?: boolean;
  readonly partial?: boolean;
  /** A saved plan. */
  readonly planfile?: string;
}

/** `zenform apply`: plan, guard, ask, execute, verify. What was reviewed in a saved plan is not asked about again. */
export const run: Run<ApplyOptions> = async (given, io, output) => {
  const { planfile, partial = false } = given;
  if (partial && planfile === undefined)
    throw usage('--partial goes with a saved plan', 'name the file that `plan --out` has written');
  const saved = planfile === undefined ? undefined : await readPlan(planfile, io);
  const options = saved ? { ...given, yes: true } : given;
  if (options.markBase !== undefined && (options.only || options.skip || partial))
    throw usage('only an apply of everything moves a base', 'leave --mark-base out, or --only, --skip and --partial');
  if (!options.yes && !io.ask) throw usage('there is no terminal to ask on', 'give --yes to apply without being asked');
  const progress = progressOf(options, io);
  const stop = () => {
    progress.pause();
    output.remark('\nInterrupted: the requests under way are finished first; once more ends at once.\n');
  };
  io.signal.addEventListener('abort', stop, { once: true });
  try {
    let start: number | undefined;
    const shown = { diagnostics: [] as readonly Diagnostic[] };
    const confirm = async (plan: Plan) => {
      shown.diagnostics = plan.diagnostics;
      const agreed = await ask(plan, options, io, output, progress);
      // There may be a second round; the time of the first counts, too.
      start ??= io.now().getTime();
      return agreed;
    };
    const inputs = await serverInputs(options, io, progress.onEvent);
    const mark = await markOf(options, inputs);
    const result = await (saved ? applyReviewed(inputs, { plan: saved, partial }, confirm) : applyOrganization(inputs, confirm));
    progress.end();
    return report(await marked(result, mark, io), {
      mark,
      options,
      io,
      output,
      shown: shown.diagnostics,
      seconds: (io.now().getTime() - (start ?? io.now().getTime())) / 1000,
    });
  } finally {
    io.signal.removeEventListener('abort', stop);
  }
};

/** Shows the plan, and asks unless told not to. */
async function ask(plan: Plan, options: ApplyOptions, io: Io, output: Output, progress: Progress): Promise<boolean> {
  progress.pause();
  progress.expect(plan.steps);
  output.diagnostics(plan.diagnostics);
  const show = options.yes ? output.text : output.preview;
  show((style) => planText(plan, style));
  if (options.yes) return true;
  const where = `${safe(plan.organization.name)} at ${safe(plan.api)}`;
  const answer = await io.ask?.(`\nDo you want to apply these changes to ${where}? Only 'yes' is accepted: `);
  return answer?.trim() === 'yes';
}

interface Circumstances {
  /** What was to be moved after it. */
  readonly mark: Mark | undefined;
  readonly options: ApplyOptions;
  readonly io: Io;
  readonly output: Output;
  /** What the person has seen already. */
  readonly shown: readonly Diagnostic[];
  readonly seconds: number;
}

function report(result: ApplyResult, { mark, options, io, output, shown, seconds }: Circumstances): Report {
  const { code, diagnostics } = interruption(io, result.diagnostics);
  const exitCode = exitCodeOfApply(result, code);
  const { plan, outcomes, verified, rest, moved, left } = result;
  output.diagnostics(diagnostics.filter((one) => !shown.includes(one)));
  const again = `${commandLine('apply', options, options.planfile)}${options.planfile === undefined ? '' : ' --partial'}`;
  if (outcomes.length > 0) {
    const applied = {
      changes: plan?.changes ?? [],
      outcomes,
      verified,
      rest,
      moved,
      left,
      interrupted: code !== undefined,
      seconds,
    };
    output.text((style) => `\n${outcomesText({ ...applied, again }, style)}`);
  } else if (verified && plan) output.text((style) => planText(plan, style));
  else if (code !== undefined) output.remark('Nothing was changed.\n');
  else output.remark(obstacle(result) ?? 'Not confirmed. Nothing was changed.\n');
  const moves = mark && verified && !diagnostics.some(({ code }) => code === 'base-not-moved') ? mark : undefined;
  if (moves) output.remark(`Moved ${moves.ref} to ${moves.commit.slice(0, 12)}.\n`);
  return {
    ...reportOf('apply', { ...result, diagnostics: sortDiagnostics(diagnostics) }, exitCode),
    applied: { outcomes, verified, rest, moved, left, interrupted: code !== undefined, ...(moves ? { base: moves } : {}) },
    ...(outcomes.length > 0 && !verified ? { next: again } : {}),
  };
}
