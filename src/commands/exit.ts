import type { ApplyResult, PlanResult } from '../sync.ts';

/** The exit codes of the program (README). Nothing written: 1 before 3 before 2; something written and not everything well: 5. */
export const exit = { done: 0, error: 1, changes: 2, refused: 3, partial: 5 } as const;

/** The exit code of a plan; changes count only when asked for. */
export function planExit({ verdict, plan }: Pick<PlanResult, 'verdict' | 'plan'>, detailed: boolean): number {
  if (verdict === 'error') return exit.error;
  if (verdict === 'refused') return exit.refused;
  return detailed && (plan?.changes.length ?? 0) > 0 ? exit.changes : exit.done;
}

/** The exit code of an apply. `interrupted` is the code of the signal, when one came. */
export function applyExit(
  result: Pick<ApplyResult, 'verdict' | 'confirmed' | 'outcomes' | 'verified'>,
  interrupted: number | undefined,
): number {
  const written = result.outcomes.some((outcome) => outcome.status === 'applied');
  const failed = result.outcomes.some((outcome) => outcome.status === 'failed');
  if (result.verified) return exit.done;
  if (written) return exit.partial;
  if (interrupted !== undefined) return interrupted;
  if (result.verdict === 'refused') return exit.refused;
  // A failed step may have been half done, so it is not "nothing written".
  return failed ? exit.partial : exit.error;
}

/** The exit code of a drift job: drift wins over what could not be checked. */
export function driftExit(result: Pick<PlanResult, 'verdict'>, drifted: boolean, unchecked: boolean): number {
  if (result.verdict === 'error') return exit.error;
  if (drifted) return exit.changes;
  return unchecked ? exit.error : exit.done;
}
