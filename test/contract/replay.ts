import { readFileSync } from 'node:fs';

// biome-ignore lint/suspicious/noExplicitAny: JSON enters here
export type Json = any;

/** One recorded exchange with a workspace server; the rows of a mode build on each other. */
export interface Row {
  readonly mode: 'oss' | 'oss-inactive' | 'oss-limits' | 'pro';
  /** What the request probes. */
  readonly note: string;
  /** What is changed in the control plane before the request, in the words of the emulator (`grants`: of the seed). */
  readonly control_plane?: { readonly switches?: Json; readonly faults?: Json; readonly grants?: Json };
  readonly request: { method: string; path: string; headers: Record<string, string>; body: Json };
  readonly response: { status: number; content_type: string; body: Json };
  /** What the server asked of the control plane meanwhile: method, path with query, and the status of the answer. */
  readonly control_plane_calls: readonly { readonly request: string; readonly status: number }[];
}

/** A request as it leaves, and what came back. */
export interface Request {
  readonly method: string;
  readonly path: string;
  readonly headers: Record<string, string>;
  readonly body?: string;
}
export interface Reply {
  readonly status: number;
  readonly type: string;
  readonly text: string;
}

/** The server that rows are sent to, and what is known of it so far: its own ids, tokens and keys for those of the recording. */
export interface Replay {
  readonly send: (request: Request) => Promise<Reply>;
  readonly ids: Map<string, string>;
  readonly secrets: Map<string, string>;
}

/** The recording of a release, `kind` being `oss` or `pro`. */
export const recordingOf = (kind: string, release: string): URL =>
  new URL(`recorded/workspace-${kind}-${release.split('.').slice(0, 2).join('.')}.jsonl`, import.meta.url);

/** Reads the rows of a recording. */
export function rowsOf(file: URL): Row[] {
  const lines = readFileSync(file, 'utf8').trim().split('\n');
  return lines.map((line) => JSON.parse(line) as Row);
}

const uuid = /[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}/gi;

/** Whose token a row carries, where it is not the one of the first account. */
const tokens: Readonly<Record<string, string>> = {
  'api_token by a key token': 'key',
  'service account as project writer': 'key',
  'service account deletes a project': 'key',
  'service account created by a service account': 'key',
  'token of the old key after a rotation': 'old key',
  'token of an old key after rotation without retention': 'old key',
  'token of a deactivated key': 'key',
  'non-admin creates a project': 'user',
  'own default project': 'user',
  'own default project unknown': 'user',
  'non-admin changes the default project text': 'user',
  'non-admin creates a service account': 'user',
  'non-admin creates a user': 'user',
  'default project after its deletion': 'user',
  'token of a deleted user': 'user',
};
const keys: Readonly<Record<string, string>> = {
  'login bad api key': 'malformed',
  'old key inside the retention': 'old',
  'old key after rotation without retention': 'old',
};
/** Filters on parts of an id, which only fit the id of the recording. */
const idParts: Readonly<Record<string, (id: string) => string>> = {
  'list ?id=startswith:47512c': (id) => `/api/v1/projects?id=startswith:${id.slice(0, 6)}`,
  'list ?id=contains:e4b5': (id) => `/api/v1/projects?id=contains:${id.slice(9, 13)}`,
};

/** Keys and JSON types, recursively; the elements of lists are looked at as far as both have some. */
function shapeProblems(ours: Json, theirs: Json, at = '$'): string[] {
  const kind = (value: Json) => (value === null ? 'null' : Array.isArray(value) ? 'list' : typeof value);
  if (kind(ours) !== kind(theirs)) return [`${at}: ${kind(ours)} instead of ${kind(theirs)}`];
  if (Array.isArray(ours) && Array.isArray(theirs)) {
    const empty = (ours.length === 0) !== (theirs.length === 0) ? [`${at}: one list is empty`] : [];
    const both = Math.min(ours.length, theirs.length);
    return [...empty, ...Array.from({ length: both }, (_, i) => shapeProblems(ours[i], theirs[i], `${at}[${i}]`)).flat()];
  }
  if (kind(ours) !== 'object') return [];
  const names = [...new Set([...Object.keys(ours), ...Object.keys(theirs)])];
  return names.flatMap((name) => {
    if (!(name in ours)) return [`${at}.${name} is missing`];
    if (!(name in theirs)) return [`${at}.${name} is too much`];
    return shapeProblems(ours[name], theirs[name], `${at}.${name}`);
  });
}

/** What nobody can say beforehand: ids, times, tokens, keys, and where a server is. */
const changing =
  /[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}|\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?|https?:\/\/[a-z0-9.:-]+(\/_workspace\/[0-9a-f-]{36})?/gi;

/** A value of which two servers of one kind have the same. */
function comparable(value: Json, name = ''): Json {
  if (typeof value === 'string') return name === 'access_token' || name === 'key' ? '#' : value.replace(changing, '#');
  if (Array.isArray(value)) return value.map((one) => comparable(one, name));
  if (typeof value !== 'object' || value === null) return value;
  const names = Object.keys(value).sort();
  return Object.fromEntries(names.map((key) => [key, comparable(value[key], key)]));
}

/** Answers whose value is a matter of chance: a bare token, the text of a page, ids in the order of their letters. */
const chance = new Set(['/api/v1/api_token', '/nosuch', '/api/v1/projects?id=gt:5']);

/** The values of an answer that was given; the words of a refusal are not asserted. */
function valueProblems(row: Row, ours: Json): string[] {
  const { path } = row.request;
  if (row.response.status >= 400 || chance.has(path) || chance.has(path.split('?')[0] ?? '')) return [];
  const [mine, told] = [ours, row.response.body].map((value) => JSON.stringify(comparable(value)));
  return mine === told ? [] : [`${mine} instead of ${told}`];
}

function learnIds(replay: Replay, ours: Json, theirs: Json): void {
  if (typeof ours === 'string' && typeof theirs === 'string') {
    if (ours.length === 36 && theirs.match(uuid)?.[0] === theirs) replay.ids.set(theirs, ours);
    return;
  }
  if (typeof ours !== 'object' || typeof theirs !== 'object' || ours === null || theirs === null) return;
  if (Array.isArray(ours)) return;
  for (const [name, value] of Object.entries(theirs)) learnIds(replay, ours[name], value);
}

/** A text of the recording with the ids of this server. */
export function translate(replay: Replay, text: string): string {
  let result = text.replace(uuid, (id) => {
    const mine = replay.ids.get(id.toLowerCase());
    if (!mine) return id;
    return id === id.toUpperCase() && /[A-F]/.test(id) ? mine.toUpperCase() : mine;
  });
  for (const [theirs, mine] of replay.ids) result = result.replaceAll(theirs.replaceAll('-', ''), mine.replaceAll('-', ''));
  return result;
}

/** `<jwt:NAME>` and `<ZENPROKEY:NAME>` name the token and the key of somebody; the plain ones go by the tables above. */
function withSecrets(replay: Replay, row: Row, text: string): string {
  const { secrets } = replay;
  return text
    .replace('<jwt>', secrets.get(`token ${tokens[row.note] ?? 'first'}`) ?? 'none')
    .replace('<ZENKEY>', secrets.get('key current') ?? 'none')
    .replace(/<jwt:(\w+)>/, (_, name) => secrets.get(`token ${name}`) ?? 'none')
    .replace(/<ZENPROKEY:(\w+)>/, (_, name) => `ZENPROKEY_${name}`);
}

function requestOf(replay: Replay, row: Row): Request {
  const { method, headers: recorded, body: content } = row.request;
  const edge = replay.ids.get('47512caa-e4b5-4ad1-9159-ae6e6918749c') ?? '';
  const path = idParts[row.note]?.(edge) ?? translate(replay, row.request.path);
  const headers = Object.fromEntries(Object.entries(recorded).map(([name, value]) => [name, withSecrets(replay, row, value)]));
  if (content === null) return { method, path, headers };
  const type = recorded['Content-Type'] ?? '';
  if (type.startsWith('application/x-www-form-urlencoded')) {
    const key = keys[row.note] === 'malformed' ? 'ZENKEY_malformed' : replay.secrets.get(`key ${keys[row.note] ?? 'current'}`);
    const fields = Object.entries(content as Record<string, string>).map(([name, value]): [string, string] => [
      name,
      value === '<ZENKEY>' ? (key ?? 'none') : withSecrets(replay, row, value),
    ]);
    return { method, path, headers, body: new URLSearchParams(fields).toString() };
  }
  if (row.note === 'limits: request body too large')
    return { method, path, headers, body: JSON.stringify({ name: 'big', project_metadata: { k: 'v'.repeat(2000) } }) };
  return { method, path, headers, body: typeof content === 'string' ? content : translate(replay, JSON.stringify(content)) };
}

/** Remembers tokens and keys, which the recording hides. */
function learnSecrets(replay: Replay, row: Row, answer: Json): void {
  const { secrets } = replay;
  const token = answer?.access_token;
  if (token) {
    const form = (row.request.body ?? {}) as Record<string, string>;
    const named = /<ZENPROKEY:(\w+)>/.exec(`${form.password} ${row.request.headers.Authorization}`)?.[1];
    const other = form.username === 'bob' ? 'user' : form.password === '<ZENKEY>' ? 'key' : 'first';
    secrets.set(`token ${named ?? (row.note === 'old key inside the retention' ? 'old key' : other)}`, token);
  }
  const key = answer?.body?.key;
  if (typeof key === 'string') {
    if (row.note !== 'api key rotate, no retention') secrets.set('key old', secrets.get('key current') ?? key);
    secrets.set('key current', key);
  }
}

/** What came back for a row, its body parsed, and how it is unlike the recorded answer: status, content type, keys and JSON types, and values. */
export async function replayRow(replay: Replay, row: Row) {
  const { status, type, text } = await replay.send(requestOf(replay, row));
  const isJson = type.startsWith('application/json') && text !== '';
  const body: Json = isJson ? JSON.parse(text) : text;
  learnIds(replay, body, row.response.body);
  learnSecrets(replay, row, body);
  const told = row.response;
  const shape = shapeProblems(body, told.body);
  const problems = [
    ...(status === told.status ? [] : [`status ${status} instead of ${told.status}: ${text}`]),
    ...(type === told.content_type ? [] : [`content type ${type}`]),
    ...(shape.length > 0 ? shape : valueProblems(row, body)),
  ];
  return { response: { status, content_type: type, body }, problems };
}
