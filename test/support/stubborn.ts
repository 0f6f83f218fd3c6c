import type { Change } from '../../src/core/plan.ts';
import type { ApplyResult } from '../../src/sync.ts';

/** Whether a rest is one that the server made by ignoring null, and is reported as that. */
export function stubborn(change: Change, result: ApplyResult): boolean {
  const cleared = change.action === 'update' && change.fields.every(({ after }) => after === null);
  return cleared && result.diagnostics.some(({ code, address }) => code === 'ownership-by-server' && address === change.address);
}
