import { ApiError } from '../client/index.ts';
import type { Message } from './plugin/protobuf.ts';

/** A problem as Terraform shows it: at an attribute, where it is about one. */
export interface Problem {
  readonly severity: 'error' | 'warning';
  readonly summary: string;
  readonly detail?: string;
  readonly attribute?: string;
}

/** A problem that ends what was asked for. */
export class Failed extends Error {
  override readonly name = 'Failed';
  readonly problem: Problem;

  constructor(summary: string, detail?: string, attribute?: string) {
    super(summary);
    this.problem = {
      severity: 'error',
      summary,
      ...(detail === undefined ? {} : { detail }),
      ...(attribute === undefined ? {} : { attribute }),
    };
  }
}

/** A problem as the protocol has it, with nothing secret in it. */
export function diagnosticMessage(problem: Problem, redactor?: { clean(text: string): string }): Message {
  const clean = (text: string) => redactor?.clean(text) ?? text;
  return {
    severity: problem.severity === 'error' ? 1 : 2,
    summary: clean(problem.summary),
    detail: clean(problem.detail ?? ''),
    ...(problem.attribute === undefined ? {} : { attribute: { steps: [{ attributeName: problem.attribute }] } }),
  };
}

/** What went wrong, as a problem; at the attribute that the server names, where it names one of these. */
export function problemOf(error: unknown, attributes: readonly string[] = []): Problem {
  if (error instanceof Failed) return error.problem;
  if (error instanceof ApiError) {
    const attribute = attributes.find((name) => new RegExp(`\\b${name}\\b`).test(error.serverMessage));
    const hint =
      error.status === undefined
        ? 'Check `api_url`, the network and the proxy settings.'
        : error.status === 401
          ? 'Check the key: it may be wrong, expired or deactivated.'
          : '';
    return {
      severity: 'error',
      summary: error.serverMessage,
      detail: [`${error.message}.`, hint].join(' ').trim(),
      ...(attribute === undefined ? {} : { attribute }),
    };
  }
  if (error instanceof Error) {
    const known = ['NotFound', 'Unreadable', 'UsageError', 'Error', 'ValueError'].includes(error.name);
    return {
      severity: 'error',
      summary: known ? error.message : `the provider failed, and that is its own fault: ${error.name}: ${error.message}`,
      ...(error.cause instanceof Error ? { detail: error.cause.message } : {}),
    };
  }
  return { severity: 'error', summary: `the provider failed, and that is its own fault: ${String(error)}` };
}
