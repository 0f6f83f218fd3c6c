import { describe, expect, test } from 'vitest';
import { grant, type Json, login, names, person, scope, start } from './emulator-client.ts';

describe('requests', () => {
  test('an unknown path is 404, a wrong verb 405, a trailing slash 404, each as a bare text', async () => {
    const c = start();
    expect(await c.call('GET', '/nosuch')).toMatchObject({ status: 404, body: { detail: 'Not Found' } });
    expect(await c.call('PUT', '/organizations')).toMatchObject({ status: 405, body: { detail: 'Method Not Allowed' } });
    expect((await c.call('GET', '/organizations/')).status).toBe(404);
    expect((await c.call('GET', '/teams')).status).toBe(405);
  });

  test('path, query and body are checked against the document', async () => {
    const c = start();
    expect((await c.call('GET', '/teams/ml')).status).toBe(422);
    expect((await c.call('GET', '/organizations?limit=0')).status).toBe(422);
    expect((await c.call('GET', '/organizations?limit=101')).status).toBe(422);
    expect((await c.call('GET', '/organizations?offset=x')).status).toBe(422);
    expect((await c.call('POST', '/teams', { name: 'x', organization_id: c.organization, description: '' })).status).toBe(422);
    expect((await c.call('POST', `/teams?name=x&organization_id=${c.organization}`)).status).toBe(422);
    expect((await c.call('GET', '/organizations?colour=red')).status).toBe(200);
  });

  test('arguments of a query call that come in the body are 422', async () => {
    const c = start();
    const body = { user_id: c.id('accounts', 'ada@acme.io') };
    expect((await c.call('POST', `/teams/${c.id('teams', 'ml')}/members`, body)).status).toBe(422);
    expect((await c.call('DELETE', `/organizations/${c.organization}/members`, body)).status).toBe(422);
  });

  test('lists are bare arrays in pages', async () => {
    const c = start();
    const url = `/organizations/${c.organization}/roles`;
    const all = (await c.call('GET', url)).body;
    expect(all.length).toBe(15);
    const pages = [await c.call('GET', `${url}?offset=0&limit=10`), await c.call('GET', `${url}?offset=10&limit=10`)];
    expect(pages.flatMap((page) => page.body)).toEqual(all);
    expect((await c.call('GET', `${url}?offset=20&limit=10`)).body).toEqual([]);
  });

  test('secrets never reach the request log', async () => {
    const c = start();
    await login(c, 'password=ZENPROKEY_admin');
    await c.call('GET', '/organizations?limit=5');
    expect(c.emulator.requests).toEqual([
      { method: 'POST', path: '/auth/login', query: {}, status: 200, server: 'control-plane', body: { password: '***' } },
      { method: 'GET', path: '/organizations', query: { limit: '5' }, status: 200, server: 'control-plane' },
    ]);
  });
});

describe('credentials', () => {
  test('a key gives a token, and works as bearer itself', async () => {
    const c = start();
    const { body } = await login(c, 'password=ZENPROKEY_admin');
    expect(body).toMatchObject({ token_type: 'bearer', expires_in: 3600 });
    expect((await c.call('GET', '/users/me', undefined, body.access_token)).body).toMatchObject({
      username: 'admin',
      is_service_account: true,
    });
    expect((await c.call('GET', '/users/me')).status).toBe(200);
    expect((await login(c, 'password=ZENPROKEY_wrong')).status).toBe(401);
    expect((await login(c, 'grant_type=bogus')).body.error).toBe('unsupported_grant_type');
    expect((await c.call('GET', '/users/me', undefined, '')).body).toEqual({ detail: 'Not authenticated' });
  });

  test('a key is shown once, can be rotated with retention, deactivated and expires', async () => {
    let now = 1_000_000;
    const c = start({}, { now: () => now });
    const keys = `/organizations/${c.organization}/service_accounts/ci/api_keys`;
    const me = async (key: string) => (await c.call('GET', '/users/me', undefined, key)).status;
    const { key } = (await c.call('POST', keys, { name: 'second', expires_in_minutes: 10 })).body;
    expect(key).toMatch(/^ZENPROKEY_/);
    expect((await c.call('POST', keys, { name: 'second' })).status).toBe(409);
    expect((await c.call('GET', keys)).body.map((item: Json) => item.key)).toEqual([null, null]);
    const rotated = (await c.call('POST', `${keys}/second/rotate`, { retain_period_minutes: 1 })).body.key;
    expect([await me(key), await me(rotated)]).toEqual([200, 200]);
    now += 60_000;
    expect([await me(key), await me(rotated)]).toEqual([401, 200]);
    await c.call('PATCH', `${keys}/second`, { active: false });
    expect(await me(rotated)).toBe(401);
    await c.call('PATCH', `${keys}/second`, { active: true });
    now += 600_000;
    expect(await me(rotated)).toBe(401);
  });

  test('a deactivated service account and a deleted key end their tokens at once', async () => {
    const c = start();
    const { body } = await login(c, 'password=ZENPROKEY_ci');
    expect((await c.call('GET', '/users/me', undefined, body.access_token)).status).toBe(200);
    await c.call('DELETE', `/organizations/${c.organization}/service_accounts/ci/api_keys/main`);
    expect((await c.call('GET', '/users/me', undefined, body.access_token)).status).toBe(401);
  });
});

describe('permissions', () => {
  test('a member sees its own things only', async () => {
    const c = start();
    const key = 'ZENPROKEY_ada';
    expect(names(await c.call('GET', '/organizations', undefined, key))).toEqual(['acme']);
    expect(names(await c.call('GET', '/workspaces', undefined, key))).toEqual(['prod']);
    expect((await c.call('GET', '/workspaces/lab', undefined, key)).status).toBe(403);
    expect((await c.call('GET', '/workspaces/taken', undefined, key)).status).toBe(404);
    expect((await c.call('POST', '/teams', { name: 'x', organization_id: c.organization }, key)).status).toBe(403);
    expect((await grant(c, 'Organization Viewer', person(c, 'ada@acme.io'), key)).status).toBe(403);
  });

  test('admins of a workspace and of a project grant inside their scope', async () => {
    const c = start();
    const other = await c.call('POST', '/teams', { name: 'other', organization_id: c.organization });
    const team = `team_id=${other.body.id}`;
    expect((await grant(c, 'Project Viewer', `${team}&${scope(c, 'churn')}`, 'ZENPROKEY_ada')).status).toBe(200);
    expect((await grant(c, 'Project Viewer', `${team}&${scope(c, 'fraud')}`, 'ZENPROKEY_ada')).status).toBe(403);
    expect((await grant(c, 'Workspace Viewer', `${team}&${scope(c)}`, 'ZENPROKEY_ada')).status).toBe(403);
    await grant(c, 'Workspace Admin', `${person(c, 'ada@acme.io')}&${scope(c)}`);
    expect((await grant(c, 'Workspace Viewer', `${team}&${scope(c)}`, 'ZENPROKEY_ada')).status).toBe(200);
    expect(
      (await c.call('PATCH', `/workspaces/${c.id('workspaces', 'lab')}`, { display_name: 'x' }, 'ZENPROKEY_ada')).status,
    ).toBe(403);
  });

  test('a manager runs the organization but gets no rights in workspaces and makes no admins', async () => {
    const c = start();
    await grant(c, 'Organization Manager', person(c, 'bob@acme.io'));
    const key = 'ZENPROKEY_bob';
    expect((await c.call('POST', '/teams', { name: 'x', organization_id: c.organization }, key)).status).toBe(200);
    expect((await grant(c, 'Organization Admin', person(c, 'bob@acme.io'), key)).status).toBe(403);
    expect((await c.inside('prod', 'GET', '/projects', undefined, key)).status).toBe(401);
  });

  test('a super-user bypasses roles and creates local accounts', async () => {
    const c = start();
    expect((await c.call('GET', '/workspaces', undefined, 'ZENPROKEY_root')).body.length).toBe(3);
    expect((await c.call('POST', '/users?username=joe&password=pw', undefined, 'ZENPROKEY_admin')).status).toBe(403);
    expect((await c.call('POST', '/users?username=joe&password=pw', undefined, 'ZENPROKEY_root')).status).toBe(200);
    expect((await login(c, 'username=joe&password=pw')).status).toBe(200);
    expect((await c.call('POST', '/users?username=admin&password=pw', undefined, 'ZENPROKEY_root')).status).toBe(403);
  });

  test('trusted domains are for super-users', async () => {
    const c = start();
    const url = `/organizations/${c.organization}`;
    expect((await c.call('PATCH', url, { trusted_domains: ['acme.io'] })).status).toBe(403);
    expect((await c.call('PATCH', url, { description: 'x' })).status).toBe(200);
    expect((await c.call('PATCH', url, { trusted_domains: ['acme.io'] }, 'ZENPROKEY_root')).body.trusted_domains).toEqual([
      'acme.io',
    ]);
  });

  test('principals of another organization are refused', async () => {
    const c = start();
    expect((await c.call('POST', `/teams/${c.id('teams', 'ml')}/members?${person(c, 'bob@acme.io')}`)).status).toBe(403);
    const theirs = c.emulator.world().organizations?.[1]?.teams?.[0]?.id;
    expect((await grant(c, 'Organization Viewer', `team_id=${theirs}`)).status).toBe(403);
  });
});

describe('invitations', () => {
  test('carry roles of all levels and team memberships to the account that accepts', async () => {
    const c = start();
    const invitation = `invitation_id=${c.id('invitations', 'grace@acme.io')}`;
    expect((await grant(c, 'Workspace Developer', `${invitation}&${scope(c)}`)).status).toBe(200);
    expect((await grant(c, 'Project Viewer', `${invitation}&${scope(c, 'fraud')}`)).status).toBe(200);
    c.emulator.acceptInvitation('grace@acme.io');
    const [acme] = c.emulator.world().organizations ?? [];
    const held = acme?.grants?.filter((row) => row.account === 'grace@acme.io').map((row) => row.role);
    expect(held).toEqual(['Organization Member', 'Project Viewer', 'Workspace Developer']);
    expect(acme?.teams?.[0]?.members).toEqual([{ account: 'ada@acme.io' }, { account: 'grace@acme.io' }]);
    expect((await grant(c, 'Workspace Viewer', `${invitation}&${scope(c)}`)).status).toBe(404);
  });

  test('are accepted by their addressee only', async () => {
    const c = start();
    const role = await c.role('Organization Member');
    const { body } = await c.call('POST', `/organizations/${c.organization}/invitations`, {
      email: 'BOB@acme.io',
      role_id: role,
    });
    expect((await c.call('POST', `/invitations/${body.id}`, undefined, 'ZENPROKEY_ada')).status).toBe(403);
    expect((await c.call('GET', '/invitations', undefined, 'ZENPROKEY_bob')).body.length).toBe(1);
    expect((await c.call('POST', `/invitations/${body.id}`, undefined, 'ZENPROKEY_bob')).status).toBe(200);
    expect(names(await c.call('GET', '/organizations', undefined, 'ZENPROKEY_bob'))).toEqual(['acme']);
  });

  test('take an organization role of the organization and no other', async () => {
    const c = start();
    const url = `/organizations/${c.organization}/invitations`;
    const ask = async (email: string, role: string) => (await c.call('POST', url, { email, role_id: await c.role(role) })).status;
    expect(await ask('x@acme.io', 'Workspace Viewer')).toBe(400);
    expect(await ask('nobody', 'Organization Member')).toBe(422);
    expect(await ask('ada@acme.io', 'Organization Member')).toBe(409);
  });

  test('withdrawn ones take their roles and memberships along', async () => {
    const c = start();
    await c.call('DELETE', `/organizations/${c.organization}/invitations/${c.id('invitations', 'grace@acme.io')}`);
    expect((await c.call('GET', `/teams/${c.id('teams', 'ml')}/members`)).body.length).toBe(1);
  });
});
