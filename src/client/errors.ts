/** What is known about a request that failed. */
export interface Failure {
  readonly server: string;
  readonly method: string;
  readonly path: string;
  /** Undefined: no answer came. */
  readonly status?: number | undefined;
  readonly errorClass?: string | undefined;
  readonly serverMessage: string;
  readonly ambiguous?: boolean | undefined;
  /** Seconds that the server asked to wait. */
  readonly retryAfter?: number | undefined;
  /** Host of the proxy that the request was to go through. */
  readonly proxy?: string | undefined;
  /** What came was a page for people. */
  readonly page?: boolean | undefined;
  readonly cause?: unknown;
}

/** A request that the world did not fulfil: where it went and the server's words, never a header, a body or a secret. */
export class ApiError extends Error {
  override readonly name = 'ApiError';
  /** `control-plane`, or the base URL of a workspace server. */
  readonly server: string;
  readonly method: string;
  readonly path: string;
  /** Undefined: no answer came. */
  readonly status: number | undefined;
  /** The server's name for the error, such as `EntityExistsError`. */
  readonly errorClass?: string;
  readonly serverMessage: string;
  /** The write may have happened: read again before repeating it. */
  readonly ambiguous: boolean;
  /** Seconds that the server asked to wait. */
  readonly retryAfter?: number;
  /** Host of the proxy that the request was to go through. */
  readonly proxy?: string;
  /** What came was a page for people: something else answers. */
  readonly page: boolean;

  constructor(failure: Failure) {
    const { server, method, path, status, errorClass, serverMessage, retryAfter } = failure;
    const what = [status, errorClass].filter((part) => part !== undefined).join(' ');
    super(
      `${method} ${path} on ${server}: ${what === '' ? '' : `${what}: `}${serverMessage}`,
      failure.cause === undefined ? undefined : { cause: failure.cause },
    );
    this.server = server;
    this.method = method;
    this.path = path;
    this.status = status;
    if (errorClass !== undefined) this.errorClass = errorClass;
    this.serverMessage = serverMessage;
    this.ambiguous = failure.ambiguous ?? false;
    if (retryAfter !== undefined) this.retryAfter = retryAfter;
    if (failure.proxy !== undefined) this.proxy = failure.proxy;
    this.page = failure.page ?? false;
  }
}

/** A write was asked for that nobody planned, or of a client that may only read: a fault of the program, and nothing was sent. */
export class WriteForbidden extends Error {
  override readonly name = 'WriteForbidden';

  constructor(method: string, path: string, why: string) {
    super(`${method} ${path} was not sent, because ${why}: a fault of zenform, please report it`);
  }
}
