import type { Diagnostic } from '../core/diagnostic.ts';

/** Something on the command line, or in the environment, that cannot be. */
export class UsageError extends Error {
  readonly diagnostics: readonly Diagnostic[];

  constructor(diagnostics: readonly Diagnostic[]) {
    super(diagnostics.map(({ summary }) => summary).join('; '));
    this.name = 'UsageError';
    this.diagnostics = diagnostics;
  }
}

/** A `UsageError` with one diagnostic. */
export const usage = (summary: string, hint?: string, code: Diagnostic['code'] = 'usage') =>
  new UsageError([{ code, severity: 'error', summary, ...(hint ? { hint } : {}) }]);
