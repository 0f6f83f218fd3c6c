import { inspect } from 'node:util';
import { describe, expect, it } from 'vitest';
import { Secret, WriteForbidden } from '../../src/client/index.ts';
import { type Asked, connect, create, failure, key, lost, type Serve, token, turn, workspaceUrl } from './client-fake.ts';

describe('logging in', () => {
  it('exchanges the key once for many requests at the same time, and uses the token', async () => {
    const { client, asked } = connect(({ path }) => (path.endsWith('/login') ? token() : { json: 1 }), {}, true);
    await Promise.all(Array.from({ length: 20 }, () => client.controlPlane.get('/x')));
    const logins = asked.filter(({ path }) => path === '/auth/login');
    expect(logins.map(({ body, method }) => [method, body])).toEqual([['POST', `password=${key}`]]);
    expect(new Set(asked.slice(1).map(({ header }) => header('authorization')))).toEqual(new Set(['Bearer token-planted-a']));
    expect(asked.some(({ header }) => header('cookie'))).toBe(false);
  });

  it('renews five minutes before the end, once for all who ask', async () => {
    let logins = 0;
    const { client, time } = connect(({ path }) => (path.endsWith('/login') ? token(String(++logins)) : { json: 1 }), {}, true);
    await client.controlPlane.get('/x');
    time.now += 3_299_000;
    await client.controlPlane.get('/x');
    expect(logins).toBe(1);
    time.now += 2_000;
    await Promise.all([1, 2, 3].map(() => client.controlPlane.get('/x')));
    expect(logins).toBe(2);
  });

  it.each([null, undefined])('takes expires_in %s for no expiry', async (expires) => {
    let logins = 0;
    const serve: Serve = ({ path }) => {
      if (!path.endsWith('/login')) return { json: 1 };
      logins++;
      return { json: { access_token: 'token-planted', ...(expires === null ? { expires_in: null } : {}) } };
    };
    const { client, time } = connect(serve, {}, true);
    await client.controlPlane.get('/x');
    time.now += 1e12;
    await client.controlPlane.get('/x');
    expect(logins).toBe(1);
  });

  it('logs in again once after 401, shared by all who were refused', async () => {
    let logins = 0;
    const serve: Serve = ({ path, header }) => {
      if (path.endsWith('/login')) return token(String(++logins));
      return header('authorization')?.endsWith('-2')
        ? { json: 'ok' }
        : { status: 401, json: { detail: ['CredentialsNotValid', 'no'] } };
    };
    const { client } = connect(serve, {}, true);
    expect(await Promise.all([1, 2, 3, 4].map(() => client.controlPlane.get('/x')))).toEqual(['ok', 'ok', 'ok', 'ok']);
    expect(logins).toBe(2);
  });

  it('gives up after the second 401, and at once after an AuthorizationException', async () => {
    for (const [errorClass, requests] of [
      ['CredentialsNotValid', 2],
      ['AuthorizationException', 1],
    ] as const) {
      const { client, asked } = connect(() => ({ status: 401, json: { detail: [errorClass, 'no'] } }));
      expect(await failure(create(client))).toMatchObject({ status: 401, errorClass, ambiguous: false });
      expect(asked).toHaveLength(requests);
    }
    const { client } = connect(() => ({ status: 401, json: { detail: ['AuthorizationException', 'no'] } }));
    expect((await failure(create(client))).message).not.toContain('key');
  });

  it('takes the token that another request has got meanwhile, and does not log in twice for one request', async () => {
    let logins = 0;
    const serve: Serve = async ({ path, header }) => {
      if (path.endsWith('/login')) return token(String(++logins));
      while (path === '/slow' && logins < 2) await turn();
      for (let n = 0; path === '/slow' && n < 5; n++) await turn();
      return header('authorization')?.endsWith('-1') ? { status: 401 } : { json: 'ok' };
    };
    const changing: Serve = ({ path }, nth) =>
      path.endsWith('/login') ? token(String(++logins)) : { status: nth === 3 || nth >= 6 ? 401 : 503 };
    const other = connect(serve, {}, true);
    expect(await Promise.all([other.client.controlPlane.get('/slow'), other.client.controlPlane.get('/x')])).toEqual([
      'ok',
      'ok',
    ]);
    expect(logins).toBe(2);
    logins = 0;
    expect((await failure(connect(changing, {}, true).client.controlPlane.get('/x'))).status).toBe(401);
    expect(logins).toBe(2);
  });

  it.each([404, 405, 422])('sends the key itself where the exchange answers %i', async (status) => {
    const { client, asked } = connect(({ path }) => (path.endsWith('/login') ? { status } : { json: 1 }), {}, true);
    await client.controlPlane.get('/x');
    expect(asked.at(-1)?.header('authorization')).toBe(`Bearer ${key}`);
  });

  it.each([400, 401, 403])(
    'says that the key was refused when the exchange answers %i, and does not try it again',
    async (status) => {
      const { client, asked } = connect(
        () => ({ status, json: { error: 'invalid_grant', error_description: `bad ${key}` } }),
        {},
        true,
      );
      const error = await failure(client.controlPlane.get('/x'));
      expect(error).toMatchObject({ status: 401, message: expect.stringContaining('refused the key') });
      await failure(client.controlPlane.get('/y'));
      expect(asked).toHaveLength(1);
    },
  );

  it('enters a workspace with the token of the control plane', async () => {
    const { client, asked } = connect(({ path }) => (path.endsWith('/login') ? token() : { json: 1 }), {}, true);
    await client.workspace(`${workspaceUrl}/`).get('/api/v1/info');
    const login = asked.find(({ url }) => url.host === 'workspace.example');
    expect([login?.url.pathname, login?.body, login?.header('authorization')]).toEqual([
      '/api/v1/login',
      'grant_type=zenml-external',
      'Bearer token-planted-a',
    ]);
    expect(client.workspace(workspaceUrl)).toBe(client.workspace(workspaceUrl));
  });

  it.each([400, 401, 403, 422])('enters a workspace with the key when the token is answered %i', async (status) => {
    const serve: Serve = ({ path, body }) =>
      body.includes('zenml-external') ? { status } : path.endsWith('/login') ? token() : { json: 1 };
    const { client, asked } = connect(serve, {}, true);
    expect(await client.workspace(workspaceUrl).get('/api/v1/info')).toBe(1);
    expect(asked.at(-2)?.body).toBe(`password=${key}`);
  });

  it('renews the token of the control plane when a workspace answers 401 to it', async () => {
    let logins = 0;
    const serve: Serve = ({ path, url, header }) => {
      if (url.host === 'control.example') return token(String(++logins));
      if (path === '/login') return header('authorization')?.endsWith('-2') ? token('w') : { status: 401 };
      return { json: header('authorization') };
    };
    const { client } = connect(serve, {}, true);
    expect(await client.workspace(workspaceUrl).get('/api/v1/info')).toBe('Bearer token-planted-w');
  });
});

describe('what may not happen', () => {
  it('a client that plans sends nothing but GET, not even a login for a write', async () => {
    const { client, asked } = connect(() => ({ json: {} }), { readOnly: true }, true);
    for (const session of [client.controlPlane, client.workspace(workspaceUrl)])
      for (const method of ['POST', 'PUT', 'PATCH', 'DELETE'] as const)
        await expect(session.write({ method, path: '/teams' })).rejects.toBeInstanceOf(WriteForbidden);
    expect(asked).toEqual([]);
  });

  it('no secret shows in what is thrown or reported, whatever the server repeats', async () => {
    const show = (value: unknown, seen = new Set<unknown>()): string => {
      if (typeof value !== 'object' || value === null || seen.has(value)) return String(value);
      seen.add(value);
      const parts = Reflect.ownKeys(value).map((name) => show(Reflect.get(value, name), seen));
      return [inspect(value, { depth: null, showHidden: true }), JSON.stringify(value), String(value), ...parts].join('\n');
    };
    for (const broken of ['echo', 'throw', 'login'] as const) {
      const serve: Serve = ({ path, header, body }) => {
        const words = `${header('authorization')} ${body} ${key}`;
        if (path.endsWith('/login')) return broken === 'login' ? { status: 401, text: words } : token();
        if (broken === 'throw') throw Object.assign(new Error(`failed with ${words}`), { code: 'ECONNRESET', config: { words } });
        return { status: 400, json: { detail: [words, words] } };
      };
      const { client, events } = connect(serve, {}, true);
      const errors = [
        await failure(client.controlPlane.get('/x')),
        await failure(create(client)),
        await failure(client.workspace(workspaceUrl).get('/x')),
      ];
      expect(show([errors, events])).not.toMatch(/planted/);
    }
    const secret = new Secret('planted');
    expect([`${secret}`, JSON.stringify({ secret }), inspect(secret, { showHidden: true })].join()).not.toMatch(/planted/);
    expect(secret.reveal()).toBe('planted');
  });

  it('a redirect is not followed; its host is named, the rest of its address is not', async () => {
    const { client, asked } = connect(() => ({ status: 307, headers: { location: 'https://other.example/x?token=abc' } }));
    const error = await failure(client.controlPlane.get('/x'));
    expect(error.message).toContain('other.example');
    expect(error.message).not.toContain('abc');
    expect(asked).toHaveLength(1);
  });

  it.each(['http://control.example', 'ftp://control.example', 'https://user:hunter2@control.example', 'nothing'])(
    '%s is not a server to talk to',
    async (apiUrl) => {
      const asked: Asked[] = [];
      const use = async () => connect((one) => ({ json: asked.push(one) }), { apiUrl }, true).client.controlPlane.get('/x');
      expect((await failure(use())).message).not.toContain('hunter2');
      expect(
        (
          await failure(
            (async () =>
              connect(() => ({ json: 1 }))
                .client.workspace(apiUrl)
                .get('/x'))(),
          )
        ).status,
      ).toBeUndefined();
      expect(asked).toEqual([]);
    },
  );

  it.each(['http://localhost:1/', 'http://127.0.0.1:1', 'http://[::1]:1'])('%s may be plain', async (apiUrl) => {
    expect(await connect(() => ({ json: 1 }), { apiUrl }).client.controlPlane.get('/x')).toBe(1);
  });

  it('plain http elsewhere goes where it was allowed', async () => {
    expect(
      await connect(() => ({ json: 1 }), { apiUrl: 'http://control.example', insecureHttp: true }).client.controlPlane.get('/x'),
    ).toBe(1);
  });
});

describe('sending again', () => {
  it.each([408, 429, 502, 503, 504])('a read survives five times %i, with growing pauses', async (status) => {
    const { client, time } = connect((_, nth) => (nth < 6 ? { status } : { json: 'ok' }));
    expect(await client.controlPlane.get('/x')).toBe('ok');
    expect(time.waits).toEqual([500, 1000, 2000, 4000, 8000]);
  });

  it('a read ends after six attempts, or three after 500', async () => {
    for (const [status, requests] of [
      [503, 6],
      [500, 3],
      [404, 1],
      [403, 1],
    ] as const) {
      const { client, asked } = connect(() => ({ status }));
      expect(await failure(client.controlPlane.get('/x'))).toMatchObject({ status, ambiguous: false });
      expect(asked).toHaveLength(requests);
    }
  });

  it('a read does not go on for much longer than a minute', async () => {
    const { client, time } = connect(() => {
      time.now += 25_000;
      return { status: 504 };
    });
    const start = time.now;
    await failure(client.controlPlane.get('/x'));
    expect(time.now - start).toBeLessThan(90_000);
  });

  it.each([
    ['7', 7000],
    ['1000', 120_000],
    [new Date(1_009_000).toUTCString(), 9000],
  ])('Retry-After %s is obeyed', async (value, wait) => {
    const { client, time } = connect(
      (_, nth) => (nth === 1 ? { status: 429, headers: { 'retry-after': String(value) } } : { json: 1 }),
      { random: () => 0 },
    );
    await create(client);
    expect(time.waits).toEqual([wait]);
  });

  it('a read survives lost connections and answers that break off', async () => {
    const replies: Serve[] = [
      () => {
        throw lost('ECONNRESET');
      },
      () => {
        throw lost('ECONNABORTED');
      },
      () => ({ text: '{"a": [1' }),
      () => ({ json: 'ok' }),
    ];
    const { client } = connect((asked, nth) => replies[nth - 1]?.(asked, nth) ?? {});
    expect(await client.controlPlane.get('/x')).toBe('ok');
  });

  it('a write is sent again only after 429 or when it never left, with one idempotency key', async () => {
    for (const code of ['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', '429']) {
      const { client, asked } = connect((_, nth) => {
        if (nth === 3) return { json: 'ok' };
        if (code === '429') return { status: 429 };
        throw lost(code);
      });
      expect(await client.workspace(workspaceUrl).write({ method: 'POST', path: '/api/v1/projects', body: {} })).toBe('ok');
      const keys = new Set(asked.map(({ header }) => header('idempotency-key')));
      expect([asked.length, keys.size, [...keys][0]]).toEqual([3, 1, expect.stringMatching(/^[0-9a-f]{8}-[0-9a-f]{4}-/)]);
    }
  });

  it.each(['408', '500', '502', '503', '504', 'ECONNRESET', 'ECONNABORTED', 'EPIPE', 'cut'])(
    'a write that meets %s is ambiguous and sent once',
    async (what) => {
      const { client, asked } = connect(() => {
        if (what === 'cut') return { text: '{"id": "1' };
        if (/^\d/.test(what)) return { status: Number(what) };
        throw lost(what);
      });
      expect((await failure(create(client))).ambiguous).toBe(true);
      expect(asked).toHaveLength(1);
    },
  );

  it.each([400, 402, 403, 404, 405, 409, 413, 422])('a write that is answered %i did not happen', async (status) => {
    const { client, asked } = connect(() => ({ status }));
    expect(await failure(create(client))).toMatchObject({ status, ambiguous: false });
    expect(asked).toHaveLength(1);
  });

  it.each([
    [{ json: { id: 1 } }, { id: 1 }],
    [{ json: null }, null],
    [{ text: '' }, null],
    [{ status: 204 }, null],
  ])('a write may answer %j', async (reply, value) => {
    expect(await create(connect(() => reply).client)).toEqual(value);
  });

  it('the idempotency key is the given one, and only for POSTs to a workspace', async () => {
    const { client, asked } = connect(() => ({ json: 1 }));
    const idempotencyKey = '7d444840-9dc0-41d1-b245-5ffdce74fad2';
    await client.workspace(workspaceUrl).write({ method: 'POST', path: '/a', idempotencyKey });
    await client.workspace(workspaceUrl).write({ method: 'PUT', path: '/a', idempotencyKey });
    await client.controlPlane.write({ method: 'POST', path: '/a', idempotencyKey });
    expect(asked.map(({ header }) => header('idempotency-key'))).toEqual([idempotencyKey, undefined, undefined]);
  });

  it('after an interruption nothing is written or waited for, and what was written can still be settled', async () => {
    const stop = new AbortController();
    const { client, asked, time } = connect(
      () => {
        stop.abort();
        return { status: 503 };
      },
      { signal: stop.signal },
    );
    expect((await failure(create(client))).ambiguous).toBe(true);
    expect((await failure(client.controlPlane.get('/x'))).status).toBe(503);
    expect((await failure(create(client))).ambiguous).toBe(false);
    expect([asked.map(({ method }) => method), time.waits]).toEqual([['POST', 'GET'], []]);
    const during = new AbortController();
    const sleep = async () => during.abort();
    const waiting = connect(() => ({ status: 429 }), { signal: during.signal, clock: { now: () => 0, sleep } });
    expect((await failure(create(waiting.client))).status).toBe(429);
    expect(waiting.asked).toHaveLength(1);
    const reader = connect(() => ({ json: 1 }), { signal: stop.signal, readOnly: true });
    expect((await failure(reader.client.controlPlane.get('/x'))).status).toBeUndefined();
    expect(reader.asked).toEqual([]);
  });
});
