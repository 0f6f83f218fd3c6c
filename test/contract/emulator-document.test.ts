import { Ajv2020 } from 'ajv/dist/2020.js';
import formats from 'ajv-formats';
import { expect, test } from 'vitest';
import plane from '../../src/api/control-plane.openapi.json' with { type: 'json' };
import server from '../../src/api/workspace.openapi.json' with { type: 'json' };
import { type Client, type Json, start, world } from './emulator-client.ts';

const ajv = new Ajv2020({ strict: false, allErrors: true });
(formats as unknown as (instance: Ajv2020) => void)(ajv);
ajv.addSchema({ ...(plane as Json), $id: 'plane' });
ajv.addSchema({ ...(server as Json), $id: 'server' });

interface Operation {
  readonly document: 'plane' | 'server';
  readonly path: string;
  readonly method: string;
  readonly id: string;
}

function operationsOf(document: 'plane' | 'server', text: Json): Operation[] {
  return Object.entries<Json>(text.paths).flatMap(([path, item]) =>
    Object.keys(item)
      .filter((method) => method !== 'parameters')
      .map((method) => ({ document, path, method, id: item[method].operationId })),
  );
}

/** Checks an answer against the document and names what does not fit. */
function problems(operation: Operation, status: number, body: Json): string[] {
  const escaped = operation.path.replaceAll('~', '~0').replaceAll('/', '~1');
  const text: Json = operation.document === 'plane' ? plane : server;
  const answer = text.paths[operation.path][operation.method].responses[String(status)];
  if (!answer) return [`${operation.id}: ${status} is not documented`];
  if (!answer.content?.['application/json']) return [];
  const pointer = encodeURI(`#/paths/${escaped}/${operation.method}/responses/${status}/content/application~1json/schema`);
  const validate = ajv.compile({ $ref: operation.document + pointer });
  if (validate(body)) return [];
  return (validate.errors ?? []).map((error) => `${operation.id}: ${error.instancePath} ${error.message}`);
}

interface Ask {
  readonly url: string;
  readonly body?: unknown;
  readonly key?: string;
  readonly form?: string;
}

const project = '11111111-1111-4111-8111-111111111111';
const client = '22222222-2222-4222-8222-222222222222';

/** One call of every operation that should succeed, in an order in which each can. */
async function script(c: Client): Promise<readonly (readonly [string, Ask])[]> {
  const org = `/organizations/${c.organization}`;
  const [prod, lab, team] = [c.id('workspaces', 'prod'), c.id('workspaces', 'lab'), c.id('teams', 'ml')];
  const [ada, bob, grace] = [
    c.id('accounts', 'ada@acme.io'),
    c.id('accounts', 'bob@acme.io'),
    c.id('invitations', 'grace@acme.io'),
  ];
  const root = 'ZENPROKEY_root';
  const [member, viewer] = [await c.role('Organization Member'), await c.role('Workspace Viewer')];
  const peer = (await c.call('POST', '/workspaces?enroll=true', { name: 'peer', organization_id: c.organization })).body;
  const form = `client_id=${peer.id}&client_secret=${peer.enrollment_key}`;
  const headers = { 'content-type': 'application/x-www-form-urlencoded' };
  const login = await c.emulator.handle({ method: 'POST', url: '/auth/login', headers, body: form });
  const key = JSON.parse(login.body).access_token;
  const invited = (await c.call('POST', `${org}/invitations`, { email: 'bob@acme.io', role_id: member })).body.id;
  const device = (
    await c.emulator.handle({ method: 'POST', url: '/auth/device_authorization', headers, body: `client_id=${client}` })
  ).body;
  const { user_code } = JSON.parse(device);
  const custom = (
    await c.call('POST', '/roles', { name: 'Mine', level: 'project', organization_id: c.organization, permissions: [] })
  ).body.id;
  const sa = `${org}/service_accounts/ci`;
  const resource = { resource: `project/${project}`, sharing_user_id: ada, actions: ['read'] };
  return [
    ['health', { url: '/health' }],
    ['getControlPlaneInfo', { url: '/server/info' }],
    ['login', { url: '/auth/login', form: 'password=ZENPROKEY_admin' }],
    ['getApiToken', { url: '/auth/api_token' }],
    ['startDeviceAuthorization', { url: '/auth/device_authorization', form: `client_id=${client}` }],
    ['verifyDevice', { url: '/devices/verify', body: { user_code }, key: 'ZENPROKEY_ada' }],
    ['listDevices', { url: '/devices', key: 'ZENPROKEY_ada' }],
    ['getDevice', { url: `/devices/${user_code}`, key: 'ZENPROKEY_ada' }],
    ['updateDevice', { url: '/devices/{device}', body: { locked: true }, key: 'ZENPROKEY_ada' }],
    ['deleteDevice', { url: '/devices/{device}', key: 'ZENPROKEY_ada' }],
    ['listOrganizations', { url: '/organizations' }],
    ['createOrganization', { url: '/organizations', body: { name: 'more' }, key: root }],
    ['getOrganization', { url: '/organizations/acme' }],
    ['updateOrganization', { url: org, body: { description: 'x' } }],
    ['validateOrganizationName', { url: '/organizations/validation/name/free' }],
    ['validateWorkspaceName', { url: `${org}/validation/tenant_name/free` }],
    ['listOrganizationMembers', { url: `${org}/members` }],
    ['listOrganizationRoles', { url: `${org}/roles` }],
    ['listOrganizationTeams', { url: `${org}/teams` }],
    ['listOrganizationWorkspaces', { url: `${org}/workspaces` }],
    ['getEntitlement', { url: `${org}/entitlement/project`, key }],
    ['listOrganizationInvitations', { url: `${org}/invitations` }],
    ['createInvitation', { url: `${org}/invitations`, body: { email: 'x@y.z', role_id: member } }],
    ['getInvitation', { url: `/invitations/${grace}` }],
    ['listMyInvitations', { url: '/invitations', key: 'ZENPROKEY_bob' }],
    ['acceptInvitation', { url: `/invitations/${invited}`, key: 'ZENPROKEY_bob' }],
    ['deleteInvitation', { url: `${org}/invitations/${grace}` }],
    ['listWorkspaces', { url: '/workspaces' }],
    ['createWorkspace', { url: '/workspaces', body: { name: 'new', organization_id: c.organization } }],
    ['getWorkspace', { url: '/workspaces/prod' }],
    ['updateWorkspace', { url: `/workspaces/${prod}`, body: { display_name: 'P' } }],
    ['listWorkspaceMembers', { url: `/workspaces/${prod}/members` }],
    ['addWorkspaceMember', { url: `/workspaces/${prod}/members?user_id=${bob}&role_id=${viewer}` }],
    ['removeWorkspaceMember', { url: `/workspaces/${prod}/members?user_id=${bob}` }],
    ['listProjectMembers', { url: `/workspaces/${prod}/projects/${c.projectId('prod', 'churn')}/members` }],
    ['deactivateWorkspace', { url: `/workspaces/${lab}/deactivate` }],
    ['deployWorkspace', { url: `/workspaces/${lab}/deploy` }],
    ['deleteWorkspace', { url: `/workspaces/${lab}` }],
    ['reportWorkspaceStatus', { url: '/workspace_status', key }],
    ['createTeam', { url: '/teams', body: { name: 'new', organization_id: c.organization } }],
    ['getTeam', { url: `/teams/${team}` }],
    ['updateTeam', { url: `/teams/${team}`, body: { description: 'y' } }],
    ['addTeamMember', { url: `/teams/${team}/members?user_id=${bob}` }],
    ['listTeamMembers', { url: `/teams/${team}/members` }],
    ['removeTeamMember', { url: `/teams/${team}/members?user_id=${bob}` }],
    ['createRole', { url: '/roles', body: { name: 'New', level: 'project', organization_id: c.organization, permissions: [] } }],
    ['getRole', { url: `/roles/${custom}` }],
    ['updateRole', { url: `/roles/${custom}`, body: { description: 'z' } }],
    ['deleteRole', { url: `/roles/${custom}` }],
    ['assignRole', { url: `/roles/${viewer}/assignments?user_id=${bob}&workspace_id=${prod}` }],
    ['listRoleAssignments', { url: `/roles/${viewer}/assignments` }],
    ['revokeRole', { url: `/roles/${viewer}/assignments?user_id=${bob}&workspace_id=${prod}` }],
    ['deleteTeam', { url: `/teams/${team}` }],
    ['listPermissions', { url: '/permissions' }],
    ['listReleases', { url: '/releases' }],
    ['listUsers', { url: '/users' }],
    ['createLocalUser', { url: '/users?username=joe&password=pw', key: root }],
    ['getCurrentUser', { url: '/users/me' }],
    ['updateCurrentUser', { url: '/users/me', body: { company: 'Acme' }, key: 'ZENPROKEY_ada' }],
    ['createPersonalAccessToken', { url: '/users/me/api_keys', body: { name: 'x' }, key: 'ZENPROKEY_ada' }],
    ['listPersonalAccessTokens', { url: '/users/me/api_keys', key: 'ZENPROKEY_ada' }],
    ['authorizeServer', { url: `/users/authorize_server?server_id=${prod}`, key: 'ZENPROKEY_ada' }],
    ['getUser', { url: '/users/ada@acme.io' }],
    ['updateUser', { url: `/users/${ada}`, body: { name: 'A' }, key: root }],
    ['listServiceAccounts', { url: `${org}/service_accounts` }],
    ['createServiceAccount', { url: `${org}/service_accounts`, body: { username: 'new', role_id: member } }],
    ['getServiceAccount', { url: sa }],
    ['updateServiceAccount', { url: sa, body: { description: 'd' } }],
    ['createApiKey', { url: `${sa}/api_keys`, body: { name: 'k' } }],
    ['listApiKeys', { url: `${sa}/api_keys` }],
    ['getApiKey', { url: `${sa}/api_keys/k` }],
    ['updateApiKey', { url: `${sa}/api_keys/k`, body: { description: 'd' } }],
    ['rotateApiKey', { url: `${sa}/api_keys/k/rotate` }],
    ['deleteApiKey', { url: `${sa}/api_keys/k` }],
    ['deleteServiceAccount', { url: sa }],
    ['checkPermissions', { url: `/rbac/check_permissions?user_id=${ada}&action=read`, body: ['project'], key }],
    ['listAllowedResourceIds', { url: `/rbac/allowed_resource_ids?user_id=${ada}&action=read&resource=project`, key }],
    ['listResourceMembers', { url: `/rbac/resource_members?resource=project/${project}`, key }],
    ['updateResourceMembership', { url: '/rbac/resource_members', body: resource, key }],
    ['deleteResources', { url: `/rbac/resources?resources=project/${project}`, key }],
    ['reportUsageEvent', { url: '/usage-event', body: { organization_id: c.organization, feature: 'model', total: 1 }, key }],
    ['removeOrganizationMember', { url: `${org}/members?user_id=${bob}` }],
    ['deleteUser', { url: `/users/${bob}`, key: root }],
    ['deleteOrganization', { url: org }],
  ];
}

test('every operation of the control plane answers as documented', async () => {
  const c = start({ 'custom-roles': 'guess', 'permissions-list': 'opaque-list', 'releases-list': 'opaque-list' });
  const operations = operationsOf('plane', plane);
  const asks = await script(c);
  let device = '';
  const found: string[] = [];
  for (const [id, ask] of asks) {
    const operation = operations.find((candidate) => candidate.id === id);
    if (!operation) throw new Error(`no operation ${id}`);
    const headers: Record<string, string> = { authorization: `Bearer ${ask.key ?? 'ZENPROKEY_admin'}` };
    if (ask.form !== undefined) headers['content-type'] = 'application/x-www-form-urlencoded';
    if (ask.body !== undefined) headers['content-type'] = 'application/json';
    const body = ask.form ?? (ask.body === undefined ? undefined : JSON.stringify(ask.body));
    const request = { method: operation.method, url: ask.url.replace('{device}', device), headers };
    const reply = await c.emulator.handle(body === undefined ? request : { ...request, body });
    if (reply.status !== 200) found.push(`${id}: ${reply.status} ${reply.body}`);
    const value = JSON.parse(reply.body);
    if (id === 'verifyDevice') device = value.id;
    found.push(...problems(operation, reply.status, value));
  }
  expect(found).toEqual([]);
  expect(operations.map(({ id }) => id).filter((id) => !asks.some(([asked]) => asked === id))).toEqual([]);
});

/** Answers that the documents leave out: row 46 of the unknowns, and path arguments that are no UUID. */
const undocumented = [
  'listPermissions: 404 is not documented',
  'listReleases: 404 is not documented',
  'getApiKey: 422 is not documented',
  'deleteApiKey: 422 is not documented',
];

test('refusals have a documented status and form', async () => {
  const c = start();
  const found: string[] = [];
  for (const operation of [...operationsOf('plane', plane), ...operationsOf('server', server)]) {
    const base = operation.document === 'plane' ? '' : `/_workspace/${c.id('workspaces', 'prod')}`;
    const text: Json = operation.document === 'plane' ? plane : server;
    const open = text.paths[operation.path][operation.method].security?.length === 0;
    const paths = [/\{[^}]+\}/g].flatMap((part) => [
      operation.path.replace(part, 'nosuch'),
      operation.path.replace(part, project),
    ]);
    for (const path of paths) {
      for (const key of ['', 'ZENPROKEY_admin']) {
        const headers: Record<string, string> = {
          'content-type': 'application/json',
          ...(key ? { authorization: `Bearer ${key}` } : {}),
        };
        for (const body of ['', '{}', '[]', '{', '{"name":7}']) {
          const method = operation.method.toUpperCase();
          const reply = await c.emulator.handle({ method, url: base + path, headers, ...(method === 'GET' ? {} : { body }) });
          if (reply.status === 200 && (open || key !== '')) continue;
          if (reply.status === 200) found.push(`${operation.id}: 200 without login`);
          else if (!(reply.status === 422 && operation.document === 'plane')) {
            const isJson = reply.headers['content-type'] === 'application/json';
            found.push(...problems(operation, reply.status, isJson ? JSON.parse(reply.body) : reply.body));
          }
        }
      }
    }
  }
  expect([...new Set(found)].filter((problem) => !undocumented.includes(problem))).toEqual([]);
});

test('operations of a workspace server answer as documented', async () => {
  const organizations = [
    { ...world.organizations?.[0], name: 'acme', workspaces: [{ name: 'prod', mode: 'oss' as const }], teams: [], grants: [] },
  ];
  const c = start({}, { seed: { organizations: organizations.map((organization) => ({ ...organization, invitations: [] })) } });
  const found: string[] = [];
  const operations = operationsOf('server', server);
  const done = new Set<string>();
  let key = '';
  const ask = async (id: string, url: string, body?: unknown) => {
    const operation = operations.find((candidate) => candidate.id === id);
    if (!operation) throw new Error(`no operation ${id}`);
    done.add(id);
    const isForm = id === 'login';
    const headers = {
      authorization: `Bearer ${key}`,
      'content-type': isForm ? 'application/x-www-form-urlencoded' : 'application/json',
    };
    const request = { method: operation.method, url: `/_workspace/${c.id('workspaces', 'prod')}${url}`, headers };
    const text = isForm ? String(body) : JSON.stringify(body);
    const reply = await c.emulator.handle(body === undefined ? request : { ...request, body: text });
    const value = reply.headers['content-type'] === 'application/json' ? JSON.parse(reply.body) : reply.body;
    if (reply.status !== 200) found.push(`${id}: ${reply.status} ${reply.body}`);
    found.push(...problems(operation, reply.status, value));
    return value;
  };
  await ask('health', '/health');
  await ask('ready', '/ready');
  await ask('getServerInfo', '/api/v1/info');
  await ask('getServerVersion', '/api/v1/version');
  key = (await ask('login', '/api/v1/login', 'username=default&password=')).access_token;
  await ask('getServerSettings', '/api/v1/settings');
  await ask('getApiToken', '/api/v1/api_token');
  await ask('getCurrentUser', '/api/v1/current-user');
  await ask('updateCurrentUser', '/api/v1/current-user', { full_name: 'D' });
  await ask('listUsers', '/api/v1/users?hydrate=true');
  await ask('getUser', '/api/v1/users/default');
  await ask('updateUser', '/api/v1/users/default', { full_name: 'E' });
  const { id } = await ask('createProject', '/api/v1/projects', { name: 'p' });
  await ask('listProjects', '/api/v1/projects?hydrate=true');
  await ask('getProject', '/api/v1/projects/p');
  await ask('updateProject', `/api/v1/projects/${id}`, { description: 'd' });
  await ask('getProjectStatistics', '/api/v1/projects/p/statistics');
  await ask('deleteProject', '/api/v1/projects/p');
  const account = (await ask('createServiceAccount', '/api/v1/service_accounts', { name: 'sa', active: true })).id;
  await ask('listServiceAccounts', '/api/v1/service_accounts');
  await ask('getServiceAccount', '/api/v1/service_accounts/sa');
  await ask('updateServiceAccount', '/api/v1/service_accounts/sa', { description: 'd' });
  await ask('createApiKey', `/api/v1/service_accounts/${account}/api_keys`, { name: 'k' });
  await ask('listApiKeys', `/api/v1/service_accounts/${account}/api_keys`);
  await ask('getApiKey', `/api/v1/service_accounts/${account}/api_keys/k`);
  await ask('updateApiKey', `/api/v1/service_accounts/${account}/api_keys/k`, { description: 'd' });
  await ask('rotateApiKey', `/api/v1/service_accounts/${account}/api_keys/k/rotate`, {});
  await ask('deleteApiKey', `/api/v1/service_accounts/${account}/api_keys/k`);
  await ask('deleteServiceAccount', '/api/v1/service_accounts/sa');
  expect(found).toEqual([]);
  // Activation works once, before everything else; the recorded exchanges cover it.
  expect(operations.map((operation) => operation.id).filter((name) => !done.has(name))).toEqual(['activateServer']);
});
