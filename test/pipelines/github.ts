// As much of the REST API of GitHub as the action uses, on loopback, with the shapes that its documentation gives.
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';

interface Text {
  readonly id: number;
  readonly number: number;
  title: string;
  body: string;
  state: string;
  readonly labels: readonly string[];
  readonly user: { readonly login: string };
}
interface Pull {
  readonly number: number;
  merged_at: string | null;
  merge_commit_sha: string | null;
  readonly head: { readonly sha: string; readonly ref: string };
  readonly title?: string;
  readonly body?: string;
}
interface Artifact {
  readonly id: number;
  readonly name: string;
  readonly content: Buffer;
  readonly expired: boolean;
  readonly created_at: string;
  readonly workflow_run: {
    readonly id: number;
    readonly head_sha: string;
    readonly repository_id: number;
    readonly head_repository_id: number;
  };
}

/** A repository on GitHub. */
export interface GitHub {
  readonly url: string;
  readonly token: string;
  readonly comments: Map<number, Text[]>;
  readonly issues: Text[];
  readonly pulls: Pull[];
  readonly artifacts: Artifact[];
  /** What it was asked, as `METHOD path`. */
  readonly requests: string[];
  /** Requests that are refused with 403, as a job without permissions is. */
  forbidden: RegExp | undefined;
  close(): Promise<void>;
}

const bot = { login: 'github-actions[bot]' };

/** Serves one on loopback. */
export async function serveGitHub(repository: string): Promise<GitHub> {
  let ids = 1;
  const state = {
    token: 'ghs_of-the-job',
    comments: new Map<number, Text[]>(),
    issues: [] as Text[],
    pulls: [] as Pull[],
    artifacts: [] as Artifact[],
    requests: [] as string[],
    forbidden: undefined as RegExp | undefined,
  };
  const made = (body: Record<string, unknown>): Text => ({
    id: ids,
    number: ids++,
    title: String(body.title ?? ''),
    body: String(body.body ?? ''),
    state: 'open',
    labels: (body.labels as string[] | undefined) ?? [],
    user: bot,
  });
  const answer = (method: string, path: string, query: URLSearchParams, body: Record<string, unknown>): [number, unknown] => {
    const route = `${method} ${path.replace(`/repos/${repository}`, '')}`;
    const page = <T>(items: readonly T[]) => {
      const [size, number] = [Number(query.get('per_page') ?? 30), Number(query.get('page') ?? 1)];
      return items.slice((number - 1) * size, number * size);
    };
    const at = (pattern: RegExp) => pattern.exec(route)?.slice(1).map(Number);
    // The token of a workflow is nobody.
    if (route === 'GET /user') return [403, { message: 'Resource not accessible by integration' }];
    const [commented] = at(/^\w+ \/issues\/(\d+)\/comments$/) ?? [];
    if (commented !== undefined) {
      const there = state.comments.get(commented) ?? [];
      if (method === 'GET') return [200, page(there)];
      state.comments.set(commented, [...there, made(body)]);
      return [201, {}];
    }
    const [comment] = at(/^PATCH \/issues\/comments\/(\d+)$/) ?? [];
    const found = [...state.comments.values()].flat().find(({ id }) => id === comment);
    if (found) return [200, Object.assign(found, body)];
    if (route === 'GET /issues')
      return [
        200,
        page(state.issues.filter((one) => one.state === query.get('state') && one.labels.includes(query.get('labels') ?? ''))),
      ];
    if (route === 'POST /issues') return [201, state.issues[state.issues.push(made(body)) - 1]];
    const [issue] = at(/^PATCH \/issues\/(\d+)$/) ?? [];
    const open = state.issues.find(({ number }) => number === issue);
    if (open) return [200, Object.assign(open, body)];
    const [, sha] = /^GET \/commits\/(\w+)\/pulls$/.exec(route) ?? [];
    if (sha !== undefined) return [200, page(state.pulls.filter((one) => one.merge_commit_sha === sha))];
    if (route === 'GET /pulls') return [200, page(state.pulls.filter(({ head }) => `acme:${head.ref}` === query.get('head')))];
    if (route === 'POST /pulls') {
      const pull = { number: ids++, merged_at: null, merge_commit_sha: null, head: { sha: '', ref: String(body.head) }, ...body };
      state.pulls.push({ ...pull, head: { sha: '', ref: String(body.head) } });
      return [201, pull];
    }
    if (route === 'GET /actions/artifacts') {
      const artifacts = page(state.artifacts.filter(({ name }) => name === query.get('name')));
      return [200, { total_count: artifacts.length, artifacts: artifacts.map(({ content: _, ...rest }) => rest) }];
    }
    return [404, { message: 'Not Found' }];
  };
  const server = createServer(async (request, response) => {
    const { pathname, searchParams } = new URL(request.url ?? '/', 'http://localhost');
    const line = `${request.method} ${pathname}`;
    state.requests.push(line);
    const known = request.headers.authorization === `Bearer ${state.token}`;
    const [status, body] = !known
      ? [401, { message: 'Bad credentials' }]
      : state.forbidden?.test(line)
        ? [403, { message: 'Resource not accessible by integration' }]
        : answer(request.method ?? '', pathname, searchParams, await bodyOf(request));
    response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return Object.assign(state, { url, close: () => new Promise<void>((closed) => server.close(() => closed())) });
}

async function bodyOf(request: IncomingMessage): Promise<Record<string, unknown>> {
  let text = '';
  for await (const chunk of request) text += String(chunk);
  return text === '' ? {} : (JSON.parse(text) as Record<string, unknown>);
}
