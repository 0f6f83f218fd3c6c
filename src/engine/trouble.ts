import { ApiError } from '../client/index.ts';
import type { Diagnostic } from '../core/diagnostic.ts';

/** What the world did wrong, as a diagnostic; a fault of ours is thrown on. */
export function describe(error: unknown): Diagnostic {
  if (!(error instanceof ApiError)) throw error;
  const severity = 'error';
  if (error.status === undefined)
    return { code: 'unreachable', severity, summary: error.message, hint: 'check --api-url, the network and the proxy settings' };
  if (error.status === 401)
    return {
      code: 'unauthorized',
      severity,
      summary: error.message,
      hint: 'check ZENFORM_API_KEY: the key may be wrong, expired or deactivated',
    };
  return { code: 'api-error', severity, summary: error.message };
}
