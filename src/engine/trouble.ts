import { ApiError } from '../client/index.ts';
import type { Code, Diagnostic } from '../core/diagnostic.ts';
import type { Outcome } from '../core/plan.ts';
import { WorkspaceNotUp } from './wait.ts';

/** What kind of trouble ended a step, where a person can do something about that. */
export function troubleOf(error: unknown): Code | undefined {
  if (error instanceof WorkspaceNotUp) return 'workspace-not-up';
  if (!(error instanceof ApiError))
    return error instanceof Error && error.cause !== undefined ? troubleOf(error.cause) : undefined;
  if (error.status === 503 && error.server !== 'control-plane') return 'workspace-not-up';
  if (error.status === 402) return 'limit-reached';
  if (error.status === 403) return 'right-missing';
  // A call that was made as documented, and whose form the server does not know.
  return error.status === 422 || error.status === 405 || error.status === 501 ? 'target-differs' : undefined;
}

const words: Readonly<Partial<Record<Code, readonly [what: string, hint: string]>>> = {
  'workspace-not-up': ['did not come up', 'look at the reason in the dashboard, and run again to go on'],
  'limit-reached': [
    'would exceed what the subscription allows',
    'extend the subscription, or declare less, and run again to go on',
  ],
  'right-missing': [
    'may not be done by',
    'run as an Organization Admin, or give the one who runs this the right that is missing',
  ],
  'target-differs': [
    'was sent as documented, and the server does not take it so',
    '`zenform doctor` shows how the server differs',
  ],
};

/** One diagnostic for each kind of trouble that steps ended with, naming what it concerns. */
export function troubles(outcomes: readonly Outcome[], caller: string): Diagnostic[] {
  return Object.entries(words).flatMap(([key, [what, hint]]): Diagnostic[] => {
    const found = [...new Set(outcomes.flatMap(({ code, address }) => (code === key ? [address] : [])))];
    const [first, ...others] = found;
    if (first === undefined) return [];
    const more = others.length === 0 ? '' : ` and ${others.length} more`;
    // The keys of `words` are codes.
    const code = key as Code;
    return [
      {
        code,
        severity: 'error',
        summary: `${first}${more} ${what}${code === 'right-missing' ? ` ${caller}` : ''}`,
        hint,
        address: first,
      },
    ];
  });
}
