import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { createEmulator, type Emulator, type World } from '../../src/emulator/index.ts';

type Json = unknown;

interface Row {
  readonly mode: 'oss' | 'oss-inactive' | 'oss-limits';
  readonly note: string;
  readonly request: { method: string; path: string; headers: Record<string, string>; body: Json };
  readonly response: { status: number; content_type: string; body: Json };
}

/** Rows that may differ, each with its reason. */
const differences: Readonly<Record<string, string>> = {};

const rows: readonly Row[] = readFileSync(new URL('recorded/workspace-oss-0.98.jsonl', import.meta.url), 'utf8')
  .trim()
  .split('\n')
  .map((line) => JSON.parse(line) as Row);

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

function worldFor(mode: Row['mode']): World {
  const projects = mode === 'oss-limits' ? ['l0', 'l1', 'l2', 'l3', 'l4'].map((name) => ({ name })) : [];
  return { organizations: [{ name: 'acme', workspaces: [{ name: 'peer', mode, projects }] }] };
}

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
  const [left, right] = [ours as Record<string, Json>, theirs as Record<string, Json>];
  const names = [...new Set([...Object.keys(left), ...Object.keys(right)])];
  return names.flatMap((name) => {
    if (!(name in left)) return [`${at}.${name} is missing`];
    if (!(name in right)) return [`${at}.${name} is too much`];
    return shapeProblems(left[name], right[name], `${at}.${name}`);
  });
}

interface Replay {
  readonly emulator: Emulator;
  readonly base: string;
  readonly ids: Map<string, string>;
  readonly secrets: Map<string, string>;
}

function learnIds(replay: Replay, ours: Json, theirs: Json): void {
  if (typeof ours === 'string' && typeof theirs === 'string') {
    if (ours.length === 36 && theirs.match(uuid)?.[0] === theirs) replay.ids.set(theirs, ours);
    return;
  }
  if (typeof ours !== 'object' || typeof theirs !== 'object' || ours === null || theirs === null) return;
  if (Array.isArray(ours)) return;
  for (const [name, value] of Object.entries(theirs)) learnIds(replay, (ours as Record<string, Json>)[name], value);
}

function translate(replay: Replay, text: string): string {
  let result = text.replace(uuid, (id) => {
    const mine = replay.ids.get(id.toLowerCase());
    if (!mine) return id;
    return id === id.toUpperCase() && /[A-F]/.test(id) ? mine.toUpperCase() : mine;
  });
  for (const [theirs, mine] of replay.ids) result = result.replaceAll(theirs.replaceAll('-', ''), mine.replaceAll('-', ''));
  return result;
}

async function send(replay: Replay, row: Row) {
  const { method, headers: recorded } = row.request;
  const edge = replay.ids.get('47512caa-e4b5-4ad1-9159-ae6e6918749c') ?? '';
  const path = idParts[row.note]?.(edge) ?? translate(replay, row.request.path);
  const headers: Record<string, string> = {};
  for (const [name, value] of Object.entries(recorded)) {
    headers[name] = value
      .replace('<jwt>', replay.secrets.get(`token ${tokens[row.note] ?? 'first'}`) ?? 'none')
      .replace('<ZENKEY>', replay.secrets.get('key current') ?? 'none');
  }
  const type = recorded['Content-Type'] ?? '';
  const key = keys[row.note] === 'malformed' ? 'ZENKEY_malformed' : replay.secrets.get(`key ${keys[row.note] ?? 'current'}`);
  const content = row.request.body;
  let body: string | undefined;
  if (type.startsWith('application/x-www-form-urlencoded')) {
    body = new URLSearchParams(content as Record<string, string>).toString().replace('%3CZENKEY%3E', key ?? 'none');
  } else if (typeof content === 'string') body = content;
  else if (content !== null) body = translate(replay, JSON.stringify(content));
  if (row.note === 'limits: request body too large')
    body = JSON.stringify({ name: 'big', project_metadata: { k: 'v'.repeat(2000) } });
  const request = { method, url: replay.base + path, headers };
  return replay.emulator.handle(body === undefined ? request : { ...request, body });
}

/** Remembers tokens and keys, which the recording hides. */
function learnSecrets(replay: Replay, row: Row, answer: Json): void {
  const { secrets } = replay;
  const token = (answer as { access_token?: string } | null)?.access_token;
  if (token) {
    const form = row.request.body as Record<string, string>;
    const name =
      row.note === 'old key inside the retention'
        ? 'old key'
        : form.username === 'bob'
          ? 'user'
          : form.password === '<ZENKEY>'
            ? 'key'
            : 'first';
    secrets.set(`token ${name}`, token);
  }
  const key = (answer as { body?: { key?: string } } | null)?.body?.key;
  if (typeof key === 'string') {
    if (row.note !== 'api key rotate, no retention') secrets.set('key old', secrets.get('key current') ?? key);
    secrets.set('key current', key);
  }
}

describe.each(['oss', 'oss-inactive', 'oss-limits'] as const)('recorded exchanges, mode %s', (mode) => {
  const emulator = createEmulator({ seed: worldFor(mode) });
  const id = emulator.world().organizations?.[0]?.workspaces?.[0]?.id;
  const replay: Replay = { emulator, base: `/_workspace/${id}`, ids: new Map(), secrets: new Map() };

  test.each(rows.flatMap((row, index) => (row.mode === mode ? [[index, row.note, row] as const] : [])))(
    '%i %s',
    async (_index, note, row) => {
      const response = await send(replay, row);
      const text = response.headers['content-type']?.startsWith('application/json') !== true || response.body === '';
      const body: Json = text ? response.body : JSON.parse(response.body);
      const told = row.response.body;
      const theirs = typeof told === 'string' && !row.response.content_type.startsWith('application/json') ? told : told;
      learnIds(replay, body, theirs);
      learnSecrets(replay, row, body);
      const problems = [
        ...(response.status === row.response.status
          ? []
          : [`status ${response.status} instead of ${row.response.status}: ${response.body}`]),
        ...(response.headers['content-type'] === row.response.content_type
          ? []
          : [`content type ${response.headers['content-type']}`]),
        ...shapeProblems(body, theirs),
      ];
      if (differences[note]) expect(problems, `no longer differs: ${differences[note]}`).not.toEqual([]);
      else expect(problems).toEqual([]);
    },
  );
});

test('at most ten rows differ, and each that is excused exists', () => {
  expect(Object.keys(differences).length).toBeLessThanOrEqual(10);
  for (const note of Object.keys(differences)) expect(rows.some((row) => row.note === note)).toBe(true);
});
