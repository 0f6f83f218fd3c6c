import { invalid } from './refusal.ts';

/** One request as the servers see it: the path is below their base, header names are lower-case. */
export interface Received {
  readonly method: string;
  readonly path: string;
  readonly query: ReadonlyMap<string, readonly string[]>;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** Reads a query string; a name may repeat. */
export function queryOfText(text: string): Map<string, string[]> {
  const query = new Map<string, string[]>();
  if (text === '') return query;
  for (const [name, value] of new URLSearchParams(text)) {
    const values = query.get(name);
    if (values) values.push(value);
    else query.set(name, [value]);
  }
  return query;
}

/** Parses a JSON body; refuses with 422. */
export function jsonOf(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    throw invalid(['body', 0], 'JSON decode error');
  }
}

/** Reads a form body; any other content type is an empty form. */
export function formOf(request: Received): Record<string, string> {
  if (!(request.headers['content-type'] ?? '').startsWith('application/x-www-form-urlencoded')) return {};
  return Object.fromEntries(new URLSearchParams(request.body));
}
