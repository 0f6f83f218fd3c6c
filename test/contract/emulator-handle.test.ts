import { describe, expect, test } from 'vitest';
import { createEmulator, parseWorld } from '../../src/emulator/index.ts';
import { type Client, type Json, login, start } from './emulator-client.ts';

describe('faults', () => {
  const teams = (c: Client) => c.call('POST', '/teams', { name: 'new', organization_id: c.organization });
  const count = (c: Client) => c.emulator.world().organizations?.[0]?.teams?.length;

  test.each([
    ['before', 1],
    ['after', 2],
  ] as const)('a connection dropped %s the call', async (when, left) => {
    const c = start();
    c.emulator.addFault({ match: { method: 'POST', path: '/teams' }, nth: 1, when, do: 'drop' });
    await expect(teams(c)).rejects.toMatchObject({ code: 'ECONNRESET' });
    expect(count(c)).toBe(left);
    expect((await teams(c)).status).toBe(left === 1 ? 200 : 409);
  });

  test.each([
    ['before', 1],
    ['after', 2],
  ] as const)('an answer replaced %s the call', async (when, left) => {
    const c = start();
    c.emulator.addFault({
      match: { path: '/te*' },
      nth: 1,
      when,
      do: { status: 503, headers: { 'retry-after': '2' }, body: { detail: 'x' } },
    });
    expect(await teams(c)).toMatchObject({ status: 503, headers: { 'retry-after': '2' }, body: { detail: 'x' } });
    expect(count(c)).toBe(left);
  });

  test('a truncated answer, a hanging one, and none after clearing', async () => {
    const c = start();
    c.emulator.addFault({ match: { path: '/organizations' }, nth: 1, do: 'truncate' });
    c.emulator.addFault({ match: { path: '/organizations' }, nth: 2, do: 'hang' });
    c.emulator.addFault({ match: { path: '/users/me' }, do: { status: 500 } });
    expect(typeof (await c.call('GET', '/organizations')).body).toBe('string');
    const abort = new AbortController();
    const request = { method: 'GET', url: '/organizations', headers: { authorization: 'Bearer ZENPROKEY_admin' } };
    const hanging = c.emulator.handle(request, abort.signal);
    setTimeout(() => abort.abort(new Error('given up')), 5);
    await expect(hanging).rejects.toThrow('given up');
    expect((await c.call('GET', '/users/me')).status).toBe(500);
    c.emulator.clearFaults();
    expect((await c.call('GET', '/users/me')).status).toBe(200);
  });

  test('the world can change before any request', async () => {
    const c = start();
    const stop = c.emulator.onRequest((index, _request, emulator) => {
      if (index === 2) emulator.acceptInvitation('grace@acme.io');
    });
    const pending = async () =>
      (await c.call('GET', `/organizations/${c.organization}/invitations?only_pending=true`)).body.length;
    expect([await pending(), await pending()]).toEqual([1, 0]);
    stop();
  });
});

describe('the world', () => {
  test('comes back the same from its own dump, with ids, keys and tokens', async () => {
    const c = start();
    const { body } = await login(c, 'password=ZENPROKEY_admin');
    const token = (await login(c, 'password=ZENPROKEY_admin', `/_workspace/${c.id('workspaces', 'prod')}/api/v1/login`)).body
      .access_token;
    const before = c.emulator.world();
    c.emulator.load(parseWorld(JSON.stringify(before)));
    expect(JSON.stringify(c.emulator.world())).toBe(JSON.stringify(before));
    expect((await c.call('GET', '/organizations', undefined, body.access_token)).status).toBe(200);
    expect((await c.inside('prod', 'GET', '/projects', undefined, token)).status).toBe(200);
  });

  test('keeps a workspace apart from a deleted one of the same name, and the default project of an open-source server', async () => {
    const c = start();
    await c.call('DELETE', `/workspaces/${c.id('workspaces', 'lab')}`);
    for (let poll = 0; poll < 2; poll += 1) await c.call('GET', '/workspaces/lab');
    expect((await c.call('POST', '/workspaces', { name: 'lab', organization_id: c.organization })).status).toBe(200);
    for (let poll = 0; poll < 2; poll += 1) await c.call('GET', '/workspaces/lab');
    const before = c.emulator.world();
    c.emulator.load(before);
    expect(c.emulator.world()).toEqual(before);
    const role = await c.role('Workspace Admin');
    const { body } = await c.call('GET', `/roles/${role}/assignments`);
    expect(body.map((row: Json) => row.workspace_id)).toEqual([(await c.call('GET', '/workspaces/lab')).body.id]);
    const open = createEmulator({ seed: { organizations: [{ name: 'a', workspaces: [{ name: 'w', mode: 'oss' }] }] } });
    const dumped = open.world();
    open.load(dumped);
    expect(open.world()).toEqual(dumped);
  });

  test('is the same in two runs', async () => {
    const run = async () => {
      const c = start({}, { now: () => 0 });
      await c.call('POST', '/teams', { name: 'new', organization_id: c.organization });
      await c.call('POST', '/workspaces', { name: 'new', organization_id: c.organization });
      return JSON.stringify(c.emulator.world());
    };
    expect(await run()).toBe(await run());
  });

  test('without a seed is one organization with an admin', async () => {
    const emulator = createEmulator();
    expect(emulator.adminKey()).toBe('ZENPROKEY_emulator');
    expect(emulator.world().organizations?.map(({ name }) => name)).toEqual(['acme']);
  });

  test('is refused with every problem at once', () => {
    expect(() => parseWorld('organizations: [{ nam: acme }]\nacounts: []', 'seed.yaml')).toThrow(
      /seed.yaml is not a valid world:(.|\n)*acounts(.|\n)*name/,
    );
    const text =
      'organizations: [{ name: a, grants: [{ role: Boss, account: x@y.z }, { role: Organization Admin, account: x@y.z }] }]';
    expect(() => parseWorld(text)).toThrow(
      /no such role on level "organization"; there are: Organization Admin(.|\n)*no account "x@y.z"/,
    );
    expect(() => parseWorld('a: [')).toThrow(/cannot be read/);
    expect(parseWorld('{}')).toEqual({});
  });

  test('writes are announced, reads and refusals are not', async () => {
    const c = start();
    const seen: [string, number][] = [];
    c.emulator.onWrite((write) => seen.push([write.operation, write.adminCount(c.organization)]));
    await c.call('GET', '/organizations');
    await c.call('POST', '/teams', { name: 'ml', organization_id: c.organization });
    await c.call('POST', '/teams', { name: 'new', organization_id: c.organization });
    await c.inside('prod', 'POST', '/projects', { name: 'new' });
    expect(seen).toEqual([
      ['createTeam', 1],
      ['createProject', 1],
    ]);
  });
});

test('over a port: the API, the server_url, the control endpoints and faults', async () => {
  const c = start();
  const { url, close } = await c.emulator.listen();
  const get = (path: string, init = {}) => fetch(url + path, { headers: { authorization: 'Bearer ZENPROKEY_admin' }, ...init });
  try {
    expect(url).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/);
    const workspace: Json = await (await get('/workspaces/prod')).json();
    const info: Json = await (await fetch(`${workspace.zenml_service.status.server_url}/api/v1/info`)).json();
    expect(info.pro_api_url).toBe(url);
    const put = (path: string, body: unknown, method = 'PUT') => fetch(url + path, { method, body: JSON.stringify(body) });
    expect((await put('/_emulator/switches', { 'missing-revoke': '500' })).status).toBe(400);
    expect((await put('/_emulator/switches', { 'extra-fields': 'on' })).status).toBe(200);
    expect(((await (await get('/organizations')).json()) as Json)[0]).toHaveProperty('x_new_field');
    const dumped = await (await get('/_emulator/world')).json();
    expect((await put('/_emulator/world', dumped)).status).toBe(200);
    expect((await put('/_emulator/world', { nonsense: 1 })).status).toBe(400);
    await put('/_emulator/faults', { match: { path: '/organizations' }, nth: 1, do: 'drop' }, 'POST');
    await put('/_emulator/faults', { match: { path: '/organizations' }, nth: 2, do: 'truncate' }, 'POST');
    await expect(get('/organizations')).rejects.toThrow();
    await expect(get('/organizations').then((response) => response.text())).rejects.toThrow();
    expect((await put('/_emulator/accept', { email: 'grace@acme.io' }, 'POST')).status).toBe(200);
    expect(((await (await get('/_emulator/requests')).json()) as Json).map((entry: Json) => entry.path)).toContain(
      '/workspaces/prod',
    );
    await put('/_emulator/requests', {}, 'DELETE');
    expect(await (await get('/_emulator/requests')).json()).toEqual([]);
    expect((await put('/_emulator/tokens', {}, 'DELETE')).status).toBe(200);
  } finally {
    await close();
  }
});
