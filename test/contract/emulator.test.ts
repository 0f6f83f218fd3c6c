import { describe, expect, test } from 'vitest';
import { createEmulator, parseWorld } from '../../src/emulator/index.ts';
import { type Client, type Json, start, world } from './emulator-client.ts';

const form = { 'content-type': 'application/x-www-form-urlencoded' };
const login = async (c: Client, body: string, url = '/auth/login', headers = {}) => {
  const response = await c.emulator.handle({ method: 'POST', url, headers: { ...form, ...headers }, body });
  return { status: response.status, body: JSON.parse(response.body) };
};
const scope = (c: Client, project?: string) =>
  `workspace_id=${c.id('workspaces', 'prod')}${project ? `&project_id=${c.projectId('prod', project)}` : ''}`;
const grant = async (c: Client, role: string, query: string, key?: string, method = 'POST') =>
  c.call(method, `/roles/${await c.role(role)}/assignments?${query}`, undefined, key);
const person = (c: Client, email: string) => `user_id=${c.id('accounts', email)}`;
const names = (reply: Json): string[] => reply.body.map((item: Json) => item.name);

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

describe('workspaces', () => {
  const create = (c: Client, name: string, more = {}) =>
    c.call('POST', '/workspaces', { name, organization_id: c.organization, ...more });

  test('names are global, also where the caller cannot look', async () => {
    const c = start();
    expect((await create(c, 'taken')).status).toBe(409);
    const url = `/organizations/${c.organization}/validation/tenant_name`;
    expect((await c.call('GET', `${url}/taken`)).body).toBe(false);
    expect((await c.call('GET', `${url}/free`)).body).toBe(true);
    expect((await create(c, 'Bad Name')).status).toBe(422);
  });

  test('every change of the infrastructure goes through pending, without a server', async () => {
    const c = start();
    const url = `/workspaces/${c.id('workspaces', 'lab')}`;
    const see = async () => (await c.call('GET', url)).body;
    expect((await c.call('PATCH', url, { desired_state: 'deactivated' })).body.status).toBe('pending');
    expect((await see()).zenml_service.status).toBe(null);
    expect((await see()).status).toBe('deactivated');
    expect((await c.inside('lab', 'GET', '/info')).status).toBe(503);
    expect((await c.call('PATCH', `${url}/deploy`)).body.status).toBe('pending');
    await see();
    expect((await see()).zenml_service.status.server_url).toBe(`http://emulator.invalid/_workspace/${c.id('workspaces', 'lab')}`);
    expect((await c.call('PATCH', url, { zenml_service: { configuration: { version: '0.93.0' } } })).status).toBe(400);
    expect((await c.call('PATCH', url, { zenml_service: { configuration: { version: '0.99.0' } } })).body.status).toBe('pending');
    expect((await c.call('DELETE', url)).status).toBe(200);
    await see();
    expect((await see()).status).toBe('deleted');
    expect((await c.call('DELETE', url)).status).toBe(404);
  });

  test('an enrolled workspace waits for its server, which logs in with the enrollment key', async () => {
    const c = start();
    const { body } = await c.call('POST', '/workspaces?enroll=true', { name: 'own', organization_id: c.organization });
    expect(body).toMatchObject({ status: 'pending', is_managed: false, enrollment_key: expect.any(String) });
    expect((await c.call('GET', '/workspaces/own')).body).toMatchObject({ status: 'pending', enrollment_key: null });
    const token = (await login(c, `client_id=${body.id}&client_secret=${body.enrollment_key}`)).body.access_token;
    const headers = { authorization: `Bearer ${token}`, 'zenml-server-url': 'http://own.invalid' };
    expect((await c.emulator.handle({ method: 'PATCH', url: '/workspace_status', headers })).status).toBe(200);
    expect((await c.call('GET', '/workspaces/own')).body).toMatchObject({
      status: 'available',
      zenml_service: { status: { server_url: 'http://own.invalid' } },
    });
    expect((await c.call('PATCH', '/workspace_status')).status).toBe(403);
  });

  test('a workspace server asks for people and their rights', async () => {
    const c = start({ 'entitlement.model': '0' });
    const { body } = await c.call('POST', '/workspaces?enroll=true', { name: 'own', organization_id: c.organization });
    const key = (await login(c, `client_id=${body.id}&client_secret=${body.enrollment_key}`)).body.access_token;
    const project = '11111111-1111-4111-8111-111111111111';
    const { body: role } = { body: await c.role('Project Developer') };
    const ada = c.id('accounts', 'ada@acme.io');
    expect((await c.call('GET', `/users/authorize_server?server_id=${body.id}`, undefined, 'ZENPROKEY_ada')).status).toBe(403);
    await c.call('POST', `/roles/${role}/assignments?user_id=${ada}&workspace_id=${body.id}&project_id=${project}`);
    expect((await c.call('GET', `/users/authorize_server?server_id=${body.id}`, undefined, 'ZENPROKEY_ada')).body.id).toBe(ada);
    const asked = ['project', `project/${project}`, `${project}:model`];
    const check = (action: string) => c.call('POST', `/rbac/check_permissions?user_id=${ada}&action=${action}`, asked, key);
    expect(Object.values((await check('read')).body)).toEqual([false, true, true]);
    expect(Object.values((await check('create')).body)).toEqual([false, false, true]);
    const ids = await c.call('GET', `/rbac/allowed_resource_ids?user_id=${ada}&resource=project&action=read`, undefined, key);
    expect(ids.body).toEqual({ full_access: false, ids: [project] });
    expect((await c.call('GET', `/organizations/${c.organization}/entitlement/model`, undefined, key)).status).toBe(402);
    expect((await c.call('GET', `/organizations/${c.organization}/entitlement/project`, undefined, key)).status).toBe(200);
    await c.call('DELETE', `/rbac/resources?resources=project/${project}`, undefined, key);
    expect((await c.call('GET', `/users/authorize_server?server_id=${body.id}`, undefined, 'ZENPROKEY_ada')).status).toBe(403);
  });

  test.each([
    ['stuck', ['pending', 'pending', 'pending'], false],
    ['flapping', ['available', 'pending', 'available'], true],
    ['no-server-url', ['available', 'available', 'available'], false],
    ['unknown-status', ['hibernating', 'hibernating', 'hibernating'], false],
  ] as const)('quirk %s', async (quirk, seen, hasUrl) => {
    const status = quirk === 'stuck' ? 'pending' : 'available';
    const seed = {
      ...world,
      organizations: [{ ...world.organizations?.[0], name: 'acme', grants: [], workspaces: [{ name: 'odd', status, quirk }] }],
    };
    const c = start({}, { seed });
    const replies = [];
    for (let i = 0; i < 3; i += 1) replies.push((await c.call('GET', '/workspaces/odd', undefined, 'ZENPROKEY_root')).body);
    expect(replies.map((body) => body.status)).toEqual(seen);
    expect(replies[0].zenml_service.status !== null).toBe(hasUrl);
  });
});

describe('a workspace server on Pro', () => {
  const server = (c: Client) => `/_workspace/${c.id('workspaces', 'prod')}/api/v1`;

  test('logs in with a key or a control-plane token, and refuses what Pro refuses', async () => {
    const c = start();
    const url = `${server(c)}/login`;
    const plane = (await login(c, 'password=ZENPROKEY_ada')).body.access_token;
    const token = (await login(c, 'grant_type=zenml-external', url, { authorization: `Bearer ${plane}` })).body.access_token;
    expect((await c.inside('prod', 'GET', '/current-user', undefined, token)).body.name).toBe('ada@acme.io');
    expect((await c.inside('prod', 'GET', '/current-user', undefined, plane)).status).toBe(401);
    expect((await c.call('GET', '/users/me', undefined, token)).status).toBe(401);
    expect((await login(c, 'grant_type=zenml-external', url)).body).toHaveProperty('authorization_url');
    expect((await login(c, 'password=ZENPROKEY_ada', url)).body.expires_in).toBe(3600);
    expect((await login(c, 'password=ZENPROKEY_bob', url)).status).toBe(401);
    expect((await login(c, 'username=default&password=', url)).status).toBe(400);
    expect((await c.inside('prod', 'PUT', '/current-user', {})).status).toBe(405);
    expect((await c.inside('prod', 'POST', '/service_accounts', { name: 'x', active: true })).status).toBe(403);
    expect((await c.inside('prod', 'POST', '/users', { name: 'x' })).status).toBe(405);
  });

  test('says where it belongs without login', async () => {
    const c = start();
    const { body } = await c.inside('prod', 'GET', '/info', undefined, '');
    expect(body).toMatchObject({
      id: c.id('workspaces', 'prod'),
      deployment_type: 'cloud',
      auth_scheme: 'EXTERNAL',
      pro_api_url: 'http://emulator.invalid',
      pro_organization_id: c.organization,
      pro_workspace_name: 'prod',
    });
  });

  test('hides projects in lists, and tells 403 from 404 by name', async () => {
    const c = start();
    await c.call('DELETE', `/teams/${c.id('teams', 'ml')}`);
    const key = 'ZENPROKEY_ada';
    const page = (await c.inside('prod', 'GET', '/projects', undefined, key)).body;
    expect(page).toMatchObject({ index: 1, max_size: 20, total_pages: 1, total: 1, items: [{ name: 'churn', metadata: null }] });
    expect((await c.inside('prod', 'GET', '/projects/fraud', undefined, key)).status).toBe(403);
    expect((await c.inside('prod', 'GET', '/projects/nosuch', undefined, key)).status).toBe(404);
    expect((await c.inside('prod', 'POST', '/projects', { name: 'x' }, key)).status).toBe(403);
    const put = `/projects/${c.projectId('prod', 'churn')}`;
    expect((await c.inside('prod', 'PUT', put, { description: 'd' }, key)).body.metadata.description).toBe('d');
    expect((await c.inside('prod', 'GET', '/projects?page=2')).status).toBe(400);
    expect((await c.inside('prod', 'GET', '/projects/churn/statistics')).body).toEqual({ pipelines: 2, runs: 9 });
  });

  test('a project of any name can be renamed and deleted, and takes its grants along', async () => {
    const c = start();
    const { body } = await c.inside('prod', 'POST', '/projects', { name: 'default' });
    expect((await c.inside('prod', 'PUT', `/projects/${body.id}`, { name: 'main' })).body).toMatchObject({
      id: body.id,
      name: 'main',
    });
    expect((await c.inside('prod', 'DELETE', '/projects/main')).body).toBe(null);
    const role = await c.role('Project Admin');
    expect((await c.call('GET', `/roles/${role}/assignments`)).body.length).toBe(1);
    await c.inside('prod', 'DELETE', '/projects/churn');
    expect((await c.call('GET', `/roles/${role}/assignments`)).body).toEqual([]);
  });

  test.each([
    ['/usage-event', 500, true],
    ['/rbac/check_permissions', 500, false],
    ['/organizations/*/entitlement/*', 500, false],
  ])('a failure of its call to %s answers %i', async (path, status, exists) => {
    const c = start();
    c.emulator.addFault({ match: { path }, nth: 1, do: { status: 503 } });
    expect((await c.inside('prod', 'POST', '/projects', { name: 'new' })).status).toBe(status);
    expect(c.emulator.world().organizations?.[0]?.workspaces?.[1]?.projects?.some((project) => project.name === 'new')).toBe(
      exists,
    );
  });

  test('an idempotency key replays for 300 s', async () => {
    let now = 1_000_000;
    const c = start({}, { now: () => now });
    const post = async (name: string, key: string) => {
      const headers = { authorization: 'Bearer ZENPROKEY_admin', 'content-type': 'application/json', 'Idempotency-Key': key };
      return c.emulator.handle({ method: 'POST', url: `${server(c)}/projects`, headers, body: JSON.stringify({ name }) });
    };
    const key = '9b2f1f0e-7a53-4f7b-9d1c-2c7a7bb0aa01';
    const first = await post('one', key);
    expect((await post('two', key)).body).toBe(first.body);
    now += 300_000;
    expect(JSON.parse((await post('two', key)).body).name).toBe('two');
    expect((await post('three', 'not-a-uuid')).status).toBe(500);
  });
});

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

  test('is the same in two runs', async () => {
    const run = async () => {
      const c = start();
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
