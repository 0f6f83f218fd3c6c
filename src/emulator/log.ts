import type { Received } from './request.ts';

/** One API request as it was logged; status 0 means that no answer went out. */
export interface LoggedRequest {
  readonly method: string;
  /** Below the base of its server. */
  readonly path: string;
  readonly query: Readonly<Record<string, string | readonly string[]>>;
  status: number;
  /** `control-plane` or `workspace/<name>`. */
  readonly server: string;
  /** The body without secrets; absent when there was none. */
  readonly body?: unknown;
}

const secretNames = new Set([
  'password',
  'client_secret',
  'key',
  'device_code',
  'enrollment_key',
  'access_token',
  'admin_password',
]);

function withoutSecrets(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutSecrets);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, part]) => [name, secretNames.has(name) ? '***' : withoutSecrets(part)]),
  );
}

function bodyOf(request: Received): unknown {
  if ((request.headers['content-type'] ?? '').startsWith('application/x-www-form-urlencoded')) {
    return withoutSecrets(Object.fromEntries(new URLSearchParams(request.body)));
  }
  try {
    return withoutSecrets(JSON.parse(request.body));
  } catch {
    return '(not JSON)';
  }
}

/** The log entry of a request that has just come in. */
export function logEntry(request: Received, server: string): LoggedRequest {
  const query: Record<string, string | readonly string[]> = {};
  for (const [name, values] of request.query) {
    query[name] = secretNames.has(name) ? '***' : values.length === 1 ? (values[0] ?? '') : values;
  }
  const { method, path } = request;
  const base = { method, path, query, status: 0, server };
  return request.body === '' ? base : { ...base, body: bodyOf(request) };
}
