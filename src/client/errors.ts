export interface ApiErrorDetails {
  readonly server: string;
  readonly method: string;
  readonly path: string;
  /** Undefined when no answer came. */
  readonly status?: number | undefined;
  readonly errorClass?: string | undefined;
  readonly serverMessage: string;
  /** Whether a write may have happened although, or because, no clear answer came. */
  readonly ambiguous?: boolean;
  /** Seconds, as the server asks. */
  readonly retryAfter?: number | undefined;
  /** Whether the request certainly never left. */
  readonly unsent?: boolean;
}

/** What a server, or the way to it, did wrong: which call, which answer, in the server's own words. Holds no header and no body. */
export class ApiError extends Error {
  readonly server: string;
  readonly method: string;
  readonly path: string;
  readonly status: number | undefined;
  readonly errorClass: string | undefined;
  readonly serverMessage: string;
  readonly ambiguous: boolean;
  readonly retryAfter: number | undefined;
  readonly unsent: boolean;

  constructor(details: ApiErrorDetails, cause?: { readonly message: string; readonly code?: string }) {
    const what = details.status === undefined ? 'no answer' : String(details.status);
    super(
      `${details.method} ${details.path} on ${details.server}: ${what}${details.serverMessage ? `: ${details.serverMessage}` : ''}`,
      cause ? { cause } : {},
    );
    this.name = 'ApiError';
    this.server = details.server;
    this.method = details.method;
    this.path = details.path;
    this.status = details.status;
    this.errorClass = details.errorClass;
    this.serverMessage = details.serverMessage;
    this.ambiguous = details.ambiguous === true;
    this.retryAfter = details.retryAfter;
    this.unsent = details.unsent === true;
  }
}

/** A write on a transport that plans: a fault of ours, stopped before anything was sent. */
export class WriteForbidden extends Error {
  constructor(method: string, path: string) {
    super(`${method} ${path} was stopped: planning only reads`);
    this.name = 'WriteForbidden';
  }
}

const longest = 200;

/** The class and the words of an error body, in any of the six forms that are known, and in any other. */
export function decodeError(body: string): { errorClass?: string; message: string } {
  const text = body.trim();
  if (text === '') return { message: '' };
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    return { message: shorten(text.startsWith('<') ? text.replace(/<[^>]*>/g, ' ') : text) };
  }
  return fromJson(json);
}

function fromJson(json: unknown): { errorClass?: string; message: string } {
  if (typeof json === 'string') return { message: shorten(json) };
  if (Array.isArray(json)) return fromList(json);
  if (typeof json !== 'object' || json === null) return { message: shorten(String(json)) };
  const { detail, error, error_description: description } = json as Record<string, unknown>;
  if (Array.isArray(detail)) return fromList(detail);
  if (typeof detail === 'string') return { message: shorten(detail) };
  if (typeof error === 'string')
    return { message: shorten(typeof description === 'string' ? `${error}: ${description}` : error) };
  return { message: shorten(JSON.stringify(json)) };
}

function fromList(list: readonly unknown[]): { errorClass?: string; message: string } {
  const items = list.filter((item): item is { loc?: unknown; msg?: unknown } => typeof item === 'object' && item !== null);
  if (items.length > 0) {
    const lines = items.map(({ loc, msg }) => `${Array.isArray(loc) ? `${loc.join('.')}: ` : ''}${String(msg ?? '')}`);
    return { message: shorten(lines.join('; ')) };
  }
  const [first, ...rest] = list.map(String);
  if (first !== undefined && rest.length > 0 && /^[A-Za-z]\w*$/.test(first))
    return { errorClass: first, message: shorten(rest.join(' ')) };
  return { message: shorten(list.map(String).join(' ')) };
}

function shorten(text: string): string {
  const line = text.replace(/\s+/g, ' ').trim();
  return line.length > longest ? `${line.slice(0, longest)}…` : line;
}
