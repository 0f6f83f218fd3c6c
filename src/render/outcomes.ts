import type { Change, Outcome } from '../core/plan.ts';
import { counted, paints, type Style, safe } from './paint.ts';
import { changesText } from './plan.ts';
import type { AppliedPart } from './report.ts';

/** What an apply came to, with what only its text tells. */
export interface Applied extends AppliedPart {
  readonly changes: readonly Change[];
  readonly seconds: number;
  /** The command that goes on. */
  readonly again: string;
}

/** What was done, what failed with the server's words, what was skipped because of it, what is left, and how to go on. */
export function outcomesText(applied: Applied, style: Style): string {
  const paint = paints(style);
  const { changes, outcomes, verified, rest, moved, left, interrupted, seconds } = applied;
  const unfinished = new Set(outcomes.filter(({ status }) => status !== 'applied').map(({ address }) => address));
  const total = counted(changes.length, 'change');
  const time = `${seconds.toFixed(1)} s`;
  const more =
    left.length === 0 ? ': nothing left to do' : `; ${counted(left.length, 'change')} left that the saved plan does not hold`;
  if (verified) return `${paint.green(`Applied ${total} in ${time}, verified${more}.`)}\n`;
  const failed = new Set(outcomes.filter(({ status }) => status === 'failed').map(({ address }) => address));
  // What a change of several steps could not go on with is no news.
  const skipped = outcomes.filter(({ status, address }) => status === 'skipped' && !failed.has(address));
  const told = new Set<string>(outcomes.filter(({ status }) => status !== 'applied').map(({ address }) => address));
  const found = rest.filter(({ address }) => !told.has(address));
  const parts = [
    section('Failed:', paint.red, outcomes, 'failed'),
    section('Skipped:', paint.yellow, skipped, 'skipped'),
    found.length === 0 ? '' : `${paint.yellow('Reading again still found:')}\n${changesText(found, style)}`,
    moved.length === 0 ? '' : `${paint.yellow('Moved during the run:')}\n${changesText(moved, style)}`,
    `${paint.bold(sum(changes, unfinished, { interrupted, time, total, unverified: found.length + moved.length === 0 }))}\n${again(applied)}\n`,
  ];
  return parts.filter((part) => part !== '').join('\n');
}

/** So many skipped steps are named; they follow from what failed, or from an interruption. */
const enough = 10;

function section(
  title: string,
  color: (text: string) => string,
  outcomes: readonly Outcome[],
  status: Outcome['status'],
): string {
  const lines = outcomes
    .filter((outcome) => outcome.status === status)
    .map(({ address, error }) => `  ${safe(address)}: ${safe(error ?? 'no reason is known')}\n`);
  if (lines.length === 0) return '';
  const shown = status === 'skipped' && lines.length > enough + 1 ? lines.slice(0, enough) : lines;
  const more = lines.length > shown.length ? `  and ${lines.length - shown.length} more\n` : '';
  return `${color(title)}\n${shown.join('')}${more}`;
}

function sum(
  changes: readonly Change[],
  unfinished: ReadonlySet<string>,
  words: { interrupted: boolean; time: string; total: string; unverified: boolean },
): string {
  const done = changes.filter(({ address, because }) => !unfinished.has(address) && !unfinished.has(because ?? '')).length;
  const stopped = words.interrupted ? 'Interrupted: applied' : 'Applied';
  if (done < changes.length) return `${stopped} ${done} of ${words.total} in ${words.time}.`;
  const open = words.unverified ? 'could not be verified' : 'and not all of it holds';
  return `${stopped} ${words.total} in ${words.time}, ${open}.`;
}

const again = ({ again }: Applied) => `To go on: ${again} (it plans anew from what is live)`;
