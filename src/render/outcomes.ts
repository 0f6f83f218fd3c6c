import type { Change, Outcome } from '../core/plan.ts';
import { counted, paints, type Style, safe } from './paint.ts';
import { changeText } from './plan.ts';

/** What an apply came to: what was done, what failed with the server's words, what was skipped because of it, what is left. */
export function outcomesText(
  result: {
    readonly outcomes: readonly Outcome[];
    readonly verified: boolean;
    readonly rest: readonly Change[];
    readonly interrupted: boolean;
  },
  seconds: number,
  style: Style,
): string {
  const paint = paints(style);
  const of = (status: Outcome['status']) => result.outcomes.filter((outcome) => outcome.status === status);
  const [applied, failed, skipped] = [of('applied'), of('failed'), of('skipped')];
  const steps = counted(applied.length, 'step');
  if (result.verified) return `${paint.green(`Applied ${steps} in ${seconds.toFixed(1)} s, verified: nothing is left to do.`)}\n`;
  const lines = [
    ...failed.map(({ address, error }) => `${paint.red('failed')}   ${safe(address)}: ${safe(error ?? '')}`),
    ...skipped.map(({ address, error }) => `${paint.yellow('skipped')}  ${safe(address)}: ${safe(error ?? '')}`),
  ];
  const sum = `Applied ${steps}, ${failed.length} failed, ${skipped.length} skipped${result.interrupted ? '; interrupted' : ''}.`;
  const rest =
    failed.length + skipped.length === 0 && result.rest.length > 0
      ? ['Reading again found a rest:', ...result.rest.map((change) => changeText(change, style).trimEnd())]
      : [];
  return `${[...lines, ...rest, paint.bold(sum), 'Run `zenform apply` again to go on: it plans anew from what is live.'].join('\n')}\n`;
}
