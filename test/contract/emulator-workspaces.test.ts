import { describe, expect, test } from 'vitest';
import { type Client, login, start, world } from './emulator-client.ts';

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

  test('what a server has reported as used counts on, also when the world is edited', async () => {
    const c = start({ 'entitlement.model': '1' });
    const { body } = await c.call('POST', '/workspaces?enroll=true', { name: 'own', organization_id: c.organization });
    const key = (await login(c, `client_id=${body.id}&client_secret=${body.enrollment_key}`)).body.access_token;
    const entitlement = () => c.call('GET', `/organizations/${c.organization}/entitlement/model`, undefined, key);
    expect((await entitlement()).status).toBe(200);
    await c.call('POST', '/usage-event', { organization_id: c.organization, feature: 'model', total: 1 }, key);
    expect((await entitlement()).status).toBe(402);
    c.emulator.load(c.emulator.world());
    expect((await entitlement()).status).toBe(402);
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
