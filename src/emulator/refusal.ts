/** An answer on its way out; `body` is JSON unless `text` is set. */
export interface Answer {
  readonly status: number;
  readonly body?: unknown;
  readonly text?: string;
  readonly contentType?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

/** Why a call is refused: thrown by handlers, turned into an answer in one place. */
export interface Refusal extends Error {
  readonly status: number;
  /** Name of the exception class in the answer; null for framework errors, which have only a text. */
  readonly kind: string | null;
  readonly loc: readonly (string | number)[] | null;
  readonly answer: Answer | null;
}

const kinds: Readonly<Record<number, string>> = {
  400: 'ValueError',
  401: 'CredentialsNotValid',
  402: 'SubscriptionUpgradeRequiredError',
  403: 'IllegalOperationError',
  404: 'KeyError',
  405: 'MethodNotAllowedError',
  409: 'EntityExistsError',
  422: 'ValueError',
  429: 'MaxConcurrentTasksError',
  500: 'RuntimeError',
};

function make(
  status: number,
  message: string,
  kind: string | null,
  loc: readonly (string | number)[] | null,
  answer: Answer | null,
) {
  const limit = Error.stackTraceLimit;
  Error.stackTraceLimit = 0;
  const error = Object.assign(new Error(message), { isRefusal: true, status, kind, loc, answer }) as Refusal;
  Error.stackTraceLimit = limit;
  return error;
}

/** A refusal by the application, with the exception class that belongs to the status unless another is named. */
export function refuse(status: number, message: string, kind?: string): Refusal {
  return make(status, message, kind ?? kinds[status] ?? 'RuntimeError', null, null);
}

/** A refusal by the web framework, which is a bare text. */
export function frameworkRefusal(status: number, message: string): Refusal {
  return make(status, message, null, null, null);
}

/** A refusal of the form of a request; `loc` says where. */
export function invalid(loc: readonly (string | number)[], message: string): Refusal {
  return make(422, message, 'ValueError', loc, null);
}

/** A refusal with an answer of its own form. */
export function refuseWith(answer: Answer): Refusal {
  return make(answer.status, 'refused', null, null, answer);
}

/** Tells a refusal from a fault of the emulator itself. */
export function isRefusal(error: unknown): error is Refusal {
  return error instanceof Error && (error as { isRefusal?: boolean }).isRefusal === true;
}

function itemsOf(refusal: Refusal): unknown {
  return [{ loc: refusal.loc ?? ['body'], msg: refusal.message, type: 'value_error' }];
}

/** The answer of the control plane to a refusal, in the form of the error-shape switch. */
export function controlPlaneError(refusal: Refusal, shape: string): Answer {
  const { status, kind, message } = refusal;
  if (refusal.answer) return refusal.answer;
  if (kind === null || shape === 'C') return { status, body: { detail: message } };
  const where = refusal.loc ? `1 validation error: ${refusal.loc.join('.')}: ${message}` : message;
  if (status === 422 && shape === 'B') return { status, body: [kind, where] };
  if (status === 422 && shape === 'E') return { status, body: { detail: itemsOf(refusal) } };
  return { status, body: { detail: [kind, where] } };
}

/** The answer of a workspace server to a refusal: bare array for an invalid request, otherwise shape A or C. */
export function workspaceError(refusal: Refusal): Answer {
  const { status, kind, message } = refusal;
  if (refusal.answer) return refusal.answer;
  if (refusal.loc) return { status, body: [kind, `1 validation error:\n  ${refusal.loc.join('.')}: ${message}`] };
  if (kind === null) return { status, body: { detail: message } };
  return { status, body: { detail: [kind, kind === 'KeyError' ? `"${message}"` : message] } };
}
