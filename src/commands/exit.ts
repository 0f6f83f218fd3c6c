import type { ApplyResult, PlanResult } from '../sync.ts';

/** The exit codes of the program (README). */
export const exit = { done: 0, error: 1, changes: 2, refused: 3, stale: 4, partial: 5 } as const;

/** The exit code of a run that only reads; `pending` is whether what it found ends with 2. */
export function exitCodeOfPlan(verdict: PlanResult['verdict'], pending: boolean): number {
  if (verdict === 'error') return exit.error;
  if (verdict === 'refused') return exit.refused;
  return pending ? exit.changes : exit.done;
}

/** The exit code of a drift job: drift wins over what could not be checked. */
export function exitCodeOfDrift(
  verdict: PlanResult['verdict'],
  found: { readonly drift: boolean; readonly unchecked: boolean },
): number {
  const code = exitCodeOfPlan(verdict, found.drift);
  return code === exit.done && found.unchecked ? exit.error : code;
}

/** The exit code of an apply; `interrupted` is the code of the signal, when one came. */
export function exitCodeOfApply(
  result: Pick<ApplyResult, 'verdict' | 'confirmed' | 'outcomes' | 'verified'>,
  interrupted: number | undefined,
): number {
  if (result.verified) return exit.done;
  // A step that failed may have been half done, so it is not "nothing written".
  if (result.outcomes.some(({ status }) => status !== 'skipped')) return exit.partial;
  if (interrupted !== undefined) return interrupted;
  if (result.verdict === 'stale') return exit.stale;
  return result.verdict === 'refused' ? exit.refused : exit.error;
}
