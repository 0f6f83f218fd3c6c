import type { AxiosAdapter } from 'axios';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ApiError, type ClientOptions, createClient, documentOf, Secret } from '../../src/client/index.ts';

type Answer = unknown | { readonly status: number };

/** A client, already logged in, of a server that answers with `serve`; with the queries that it was asked. */
function reader(serve: (query: URLSearchParams, nth: number) => Answer, options: Partial<ClientOptions> = {}) {
  const queries: URLSearchParams[] = [];
  const adapter: AxiosAdapter = async (config) => {
    const url = new URL(config.url ?? '');
    if (url.pathname.endsWith('/login'))
      return { data: '{"access_token": "t"}', status: 200, statusText: '', headers: {}, config };
    queries.push(url.searchParams);
    const answer = serve(url.searchParams, queries.length);
    const status = (answer as { status?: unknown } | null)?.status;
    return {
      data: JSON.stringify(answer),
      status: typeof status === 'number' ? status : 200,
      statusText: '',
      headers: {},
      config,
    };
  };
  const credential = { kind: 'key', value: new Secret('k') } as const;
  const client = createClient({ apiUrl: 'https://c.example', credential, adapter, ...options });
  return { client, controlPlane: client.controlPlane, workspace: client.workspace('https://w.example'), queries };
}

const rowsUpTo = (count: number) => Array.from({ length: count }, (_, n) => ({ id: `row ${n}` }));
const sorted = (rows: readonly unknown[]) => rows.map((row) => JSON.stringify(row)).sort();
const slice = (rows: readonly unknown[], query: URLSearchParams, cap = 100) =>
  rows.slice(Number(query.get('offset')), Number(query.get('offset')) + Math.min(cap, Number(query.get('limit'))));

describe('lists of the control plane', () => {
  it('are complete and without duplicates, whatever a page holds at most', async () => {
    await fc.assert(
      fc.asyncProperty(fc.nat(350), fc.integer({ min: 1, max: 99 }), async (count, cap) => {
        const { controlPlane } = reader((query) => slice(rowsUpTo(count), query, cap));
        expect(sorted(await controlPlane.list('/x'))).toEqual(sorted(rowsUpTo(count)));
      }),
    );
  });

  it('are complete where a new order comes with every list and a row comes in between pages', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.shuffledSubarray(rowsUpTo(300), { minLength: 2 }),
        fc.integer({ min: 2, max: 100 }),
        fc.integer({ min: 2, max: 4 }),
        async (rows, cap, when) => {
          let live: readonly unknown[] = rows;
          const { controlPlane } = reader((query, nth) => {
            if (nth === when) live = [{ id: 'new' }, ...live];
            return slice(live, query, cap);
          });
          const found = sorted(await controlPlane.list('/x'));
          expect(new Set(found).size).toBe(found.length);
          for (const row of sorted(rows)) expect(found).toContain(row);
        },
      ),
    );
  });

  it('end where the server ignores offset and limit', async () => {
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 1, max: 300 }), async (count) => {
        const { controlPlane, queries } = reader(() => rowsUpTo(count));
        expect(await controlPlane.list('/x')).toHaveLength(count);
        expect(queries).toHaveLength(2);
      }),
    );
  });

  it('always say offset and limit, and go on from the rows received', async () => {
    const { controlPlane, queries } = reader((query) => slice(rowsUpTo(5), query, 2));
    await controlPlane.list('/x', { email: 'a+b@c', none: undefined });
    expect(queries.map((query) => [query.get('offset'), query.get('limit'), query.get('email'), query.has('none')])).toEqual([
      ['0', '100', 'a+b@c', false],
      ['2', '100', 'a+b@c', false],
      ['4', '100', 'a+b@c', false],
      ['5', '100', 'a+b@c', false],
    ]);
  });

  it('end at a short page only where limit is known to be honoured', async () => {
    for (const [count, requests] of [
      [5, 2],
      [0, 1],
      [150, 2],
      [100, 2],
    ] as const) {
      const { controlPlane, queries } = reader((query) => slice(rowsUpTo(count), query));
      expect(await controlPlane.list('/x')).toHaveLength(count);
      expect(queries).toHaveLength(requests);
    }
  });

  it('ask for as many rows as the document of the target allows, and trust no short page for it', async () => {
    const paths = { '/x': { get: { parameters: [{ name: 'limit', in: 'query', schema: { maximum: 30 } }] } } };
    const { client, controlPlane, queries } = reader((query) => slice(rowsUpTo(50), query, 20));
    client.adapt(documentOf({ paths }));
    expect(await controlPlane.list('/x')).toHaveLength(50);
    expect(queries.map((query) => query.get('limit'))).toEqual(['30', '30', '30', '30']);
    expect(await controlPlane.list('/y')).toHaveLength(50);
    expect(queries.at(-1)?.get('limit')).toBe('100');
  });

  it('know a row without an id by the ids in it', async () => {
    const rows = [
      { user: { id: 'u', updated: 1 }, roles: [] },
      { user: null, team: { id: 'u' } },
      { user: { id: 'u', updated: 2 }, roles: [1] },
      { user: { id: 'u' }, workspace_id: 'w' },
      { user: { id: 'u' }, workspace_id: 'w', project_id: 'p' },
      { word: 1, other: 2 },
      { other: 2, word: 1 },
    ];
    const { controlPlane } = reader(() => rows);
    expect(await controlPlane.list('/x')).toEqual([rows[0], rows[1], rows[3], rows[4], rows[5]]);
  });

  it('without pages are one request without paging', async () => {
    const { controlPlane, queries } = reader(() => rowsUpTo(3));
    expect(await controlPlane.list('/x', { a: 1 }, { paged: false })).toHaveLength(3);
    expect(queries.map(String)).toEqual(['a=1']);
  });

  it('may come in an envelope; anything else is an error', async () => {
    expect(await reader(() => ({ items: rowsUpTo(2) })).controlPlane.list('/x')).toHaveLength(2);
    for (const answer of [{}, 'text', null, 7])
      await expect(reader(() => answer).controlPlane.list('/x')).rejects.toBeInstanceOf(ApiError);
  });
});

describe('lists of a workspace server', () => {
  const paged = (rows: readonly unknown[], query: URLSearchParams, cap = 10_000) => {
    const size = Math.min(cap, Number(query.get('size')));
    const page = Number(query.get('page'));
    const total_pages = Math.max(1, Math.ceil(rows.length / size));
    if (page > total_pages) return { status: 400, detail: ['ValueError', 'no such page'] };
    return { index: page, max_size: size, total_pages, total: rows.length, items: rows.slice((page - 1) * size, page * size) };
  };

  it('are complete in as many requests as there are pages', async () => {
    await fc.assert(
      fc.asyncProperty(fc.nat(400), fc.integer({ min: 1, max: 200 }), async (count, cap) => {
        const { workspace, queries } = reader((query) => paged(rowsUpTo(count), query, cap));
        expect(await workspace.list('/api/v1/projects')).toEqual(rowsUpTo(count));
        expect(queries).toHaveLength(Math.max(1, Math.ceil(count / Math.min(100, cap))));
      }),
    );
  });

  it('are read once more when they shrink, and no row comes twice when they grow', async () => {
    const shrinking = reader((query, nth) => paged(rowsUpTo(nth === 1 ? 250 : 90), query));
    expect(await shrinking.workspace.list('/x')).toEqual(rowsUpTo(90));
    expect(shrinking.queries.map((query) => query.get('page'))).toEqual(['1', '2', '1']);
    const growing = reader((query, nth) => paged(nth === 1 ? rowsUpTo(150) : [{ id: 'new' }, ...rowsUpTo(250)], query));
    const rows = sorted(await growing.workspace.list('/x'));
    expect([rows.length, new Set(rows).size]).toEqual([250, 250]);
  });

  it('report a 400 of the first page', async () => {
    await expect(reader(() => ({ status: 400 })).workspace.list('/x')).rejects.toMatchObject({ status: 400 });
  });
});
