/** The REST API of GitHub, as far as the action needs it. */
export interface Api {
  get<T>(path: string): Promise<T>;
  /** All items of a list, page by page; `pick` finds them in an answer that is no bare list. */
  all<T>(path: string, pick?: (answer: unknown) => readonly T[]): Promise<readonly T[]>;
  send<T>(method: 'POST' | 'PATCH', path: string, body: unknown): Promise<T>;
}

/** What GitHub answered instead of doing it. The token is in no message. */
export class ApiRefusal extends Error {
  readonly status: number;
  constructor(method: string, path: string, status: number, words: string) {
    super(`GitHub answers ${method} ${path} with ${status}${words === '' ? '' : `: ${words}`}`);
    this.status = status;
  }
}

const perPage = 100;
const mostPages = 30;
const patience = 30_000;

/** A client of the API at a base URL. Throws `ApiRefusal`. */
export function githubApi(base: string, token: string): Api {
  const call = async <T>(method: string, path: string, body?: unknown): Promise<T> => {
    const answer = await fetch(`${base.replace(/\/+$/, '')}${path}`, {
      method,
      headers: {
        authorization: `Bearer ${token}`,
        accept: 'application/vnd.github+json',
        'x-github-api-version': '2022-11-28',
        'user-agent': 'zenform',
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      redirect: 'error',
      signal: AbortSignal.timeout(patience),
    });
    const text = await answer.text();
    if (!answer.ok) throw new ApiRefusal(method, path, answer.status, wordsOf(text));
    // What GitHub documents for the path; only declared fields are looked at.
    return (text === '' ? undefined : JSON.parse(text)) as T;
  };
  return {
    get: (path) => call('GET', path),
    async all<T>(path: string, pick = (answer: unknown) => answer as readonly T[]) {
      const found: T[] = [];
      for (let page = 1; page <= mostPages; page++) {
        const items = pick(await call('GET', `${path}${path.includes('?') ? '&' : '?'}per_page=${perPage}&page=${page}`));
        found.push(...items);
        if (items.length < perPage) break;
      }
      return found;
    },
    send: (method, path, body) => call(method, path, body),
  };
}

function wordsOf(text: string): string {
  try {
    const { message } = JSON.parse(text) as { readonly message?: unknown };
    return typeof message === 'string' ? message : '';
  } catch {
    return '';
  }
}
