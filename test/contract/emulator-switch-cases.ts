import type { WorldOrganization } from '../../src/emulator/index.ts';
import type { Client, Json } from './emulator-client.ts';

const urls = {
  assign: async (c: Client, role: string, query: string) =>
    `/roles/${await c.role(role)}/assignments${query === '' ? '' : `?${query}`}`,
};

/** What one probe sees, for each value of a switch. */
export interface Case {
  readonly name: string;
  readonly probe: (c: Client) => Promise<unknown>;
  readonly sees: Readonly<Record<string, unknown>>;
  readonly with?: Readonly<Record<string, string>>;
}

/** Assigns a role by name, or another verb on it. */
export async function assign(c: Client, role: string, query: string, method = 'POST', key?: string) {
  return c.call(method, await urls.assign(c, role, query), undefined, key);
}

async function listed(c: Client, role: string, query: string): Promise<number> {
  return (await c.call('GET', await urls.assign(c, role, query))).body.length;
}

async function invite(c: Client, email: string, role = 'Organization Member') {
  return c.call('POST', `/organizations/${c.organization}/invitations`, { email, role_id: await c.role(role) });
}

const members = async (c: Client, key?: string) =>
  (await c.call('GET', `/organizations/${c.organization}/members`, undefined, key)).body;
const emails = (c: Client, email: string) =>
  c.call('GET', `/users?email=${encodeURIComponent(email)}`, undefined, 'ZENPROKEY_root');
/** Query argument that names Ada, who is a member. */
export const ada = (c: Client) => `user_id=${c.id('accounts', 'ada@acme.io')}`;
/** Query argument that names Bob, who is not. */
export const bob = (c: Client) => `user_id=${c.id('accounts', 'bob@acme.io')}`;
/** Query argument of the workspace prod. */
export const prod = (c: Client) => `workspace_id=${c.id('workspaces', 'prod')}`;
const churn = (c: Client) => `project_id=${c.projectId('prod', 'churn')}`;
/** Path of the team ml. */
export const team = (c: Client) => `/teams/${c.id('teams', 'ml')}`;
/** Creates a workspace. */
export const create = (c: Client, name: string) => c.call('POST', '/workspaces', { name, organization_id: c.organization });
const ciAccount = (c: Client) => `/organizations/${c.organization}/service_accounts/ci`;

/** An organization whose workspace was starting when its world was saved. */
const starting: WorldOrganization = {
  name: 'acme',
  service_accounts: [{ name: 'admin', keys: [{ name: 'main', value: 'ZENPROKEY_admin' }] }],
  workspaces: [{ name: 'new', status: 'pending' }],
  grants: [{ role: 'Organization Admin', service_account: 'admin' }],
};

/** For every switch, a probe and what it sees for each value. */
export const cases: readonly Case[] = [
  {
    name: 'team-member-shape',
    probe: async (c) =>
      (await c.call('GET', `${team(c)}/members`)).body.map((item: Json) => [
        item.email,
        item.user?.email,
        item.invitation?.email,
      ]),
    sees: {
      flat: [
        ['ada@acme.io', undefined, undefined],
        ['Grace@acme.io', undefined, undefined],
      ],
      wrapped: [
        [undefined, 'ada@acme.io', undefined],
        [undefined, undefined, 'Grace@acme.io'],
      ],
    },
  },
  {
    name: 'member-shape',
    probe: async (c) => {
      const item = (await members(c)).find((entry: Json) => (entry.user ?? entry).email === 'ada@acme.io');
      return [item.user?.email, item.email, item.roles.length];
    },
    sees: { wrapped: ['ada@acme.io', undefined, 3], flat: [undefined, 'ada@acme.io', 3] },
  },
  { name: 'assignment-list-default', probe: (c) => listed(c, 'Workspace Viewer', ''), sees: { all: 1, unscoped: 0 } },
  {
    name: 'assignment-list-workspace',
    probe: (c) => listed(c, 'Project Admin', prod(c)),
    sees: { exact: 0, 'include-projects': 1 },
  },
  {
    name: 'project-scope',
    probe: async (c) =>
      (await assign(c, 'Project Viewer', `${ada(c)}&${churn(c)}`)).body.workspace_id === c.id('workspaces', 'prod'),
    sees: { 'both-required': false, 'project-only-ok': true },
  },
  {
    name: 'duplicate-grant',
    probe: async (c) => (await assign(c, 'Organization Member', ada(c))).status,
    sees: { 409: 409, 200: 200 },
  },
  {
    name: 'duplicate-grant',
    probe: async (c) => (await c.call('POST', `${team(c)}/members?${ada(c)}`)).status,
    sees: { 409: 409, 200: 200 },
  },
  {
    name: 'missing-revoke',
    probe: async (c) => (await assign(c, 'Organization Member', bob(c), 'DELETE')).status,
    sees: { 404: 404, 200: 200 },
  },
  {
    name: 'duplicate-invite',
    probe: async (c) => {
      const { status, body } = await invite(c, 'grace@ACME.io');
      return [status, body.id === undefined ? null : body.id === c.id('invitations', 'grace@acme.io')];
    },
    sees: { 409: [409, null], reuse: [200, true], second: [200, false] },
  },
  {
    name: 'invite-existing',
    probe: async (c) => {
      await invite(c, 'bob@acme.io');
      return (await members(c)).some((entry: Json) => entry.user?.email === 'bob@acme.io');
    },
    sees: { pending: false, 'direct-add': true },
  },
  {
    name: 'invite-existing-answer',
    with: { 'invite-existing': 'direct-add' },
    probe: async (c) => (await invite(c, 'bob@acme.io')).body?.email ?? null,
    sees: { invitation: 'bob@acme.io', null: null },
  },
  {
    name: 'only-pending-default',
    probe: async (c) => {
      c.emulator.acceptInvitation('grace@acme.io');
      return (await c.call('GET', `/organizations/${c.organization}/invitations`)).body.length;
    },
    sees: { true: 0, false: 1 },
  },
  {
    name: 'email-match',
    probe: async (c) => [(await emails(c, 'ADA@acme.io')).body.length, (await emails(c, 'acme')).body.length],
    sees: { insensitive: [1, 0], sensitive: [0, 0], partial: [1, 2] },
  },
  {
    name: 'user-visibility',
    probe: async (c) => (await c.call('GET', '/users')).body.map((user: Json) => user.email),
    sees: { shared: ['ada@acme.io'], all: ['ada@acme.io', 'bob@acme.io', 'eve@other.io', 'root@zenml.io'], none: [] },
  },
  {
    name: 'member-remove-cascade',
    probe: async (c) => {
      await c.call('DELETE', `/organizations/${c.organization}/members?${ada(c)}`);
      return [await listed(c, 'Project Admin', ''), (await c.call('GET', `${team(c)}/members`)).body.length];
    },
    sees: { 'org-only': [1, 2], all: [0, 1] },
  },
  {
    name: 'team-only-membership',
    probe: async (c) => {
      const teamId = c.id('teams', 'ml');
      await assign(c, 'Organization Member', `team_id=${teamId}`);
      await assign(c, 'Organization Member', ada(c), 'DELETE');
      return (await assign(c, 'Workspace Viewer', `${ada(c)}&${prod(c)}`)).status;
    },
    sees: { no: 403, yes: 200 },
  },
  {
    name: 'lower-role-needs-member',
    probe: async (c) => (await assign(c, 'Workspace Viewer', `${bob(c)}&${prod(c)}`)).status,
    sees: { 403: 403, allow: 200 },
  },
  {
    name: 'last-admin-guard',
    probe: async (c) => (await assign(c, 'Organization Admin', `user_id=${c.id('service_accounts', 'admin')}`, 'DELETE')).status,
    sees: { on: 403, off: 200 },
  },
  {
    name: 'creator-admin',
    probe: async (c) => {
      await create(c, 'new');
      const before = await listed(c, 'Workspace Admin', '');
      const made = await c.call('POST', '/organizations', { name: 'fresh' }, 'ZENPROKEY_bob');
      return [before, made.status, (await c.call('GET', '/organizations', undefined, 'ZENPROKEY_bob')).body.length];
    },
    sees: { on: [1, 200, 1], off: [0, 200, 0], workspace: [1, 200, 0] },
  },
  {
    name: 'sublist-paging',
    probe: async (c) => (await c.call('GET', `/organizations/${c.organization}/roles?offset=10&limit=3`)).body.length,
    sees: { honoured: 3, ignored: 15 },
  },
  {
    name: 'page-cap',
    probe: async (c) => (await c.call('GET', `/organizations/${c.organization}/roles?limit=100`)).body.length,
    sees: { 100: 15, 2: 2 },
  },
  {
    name: 'list-deleted',
    probe: async (c) => {
      await c.call('DELETE', `/workspaces/${c.id('workspaces', 'lab')}`);
      await c.call('GET', '/workspaces/lab');
      return (await c.call('GET', '/workspaces?workspace_name=lab')).body.map((workspace: Json) => workspace.status);
    },
    sees: { yes: ['deleted'], no: [] },
  },
  {
    name: 'slug-reuse',
    probe: async (c) => {
      await c.call('DELETE', `/workspaces/${c.id('workspaces', 'lab')}`);
      const early = (await create(c, 'lab')).status;
      await c.call('GET', '/workspaces/lab');
      return [early, (await create(c, early === 200 ? 'free' : 'lab')).status];
    },
    sees: { 'after-deleted': [409, 200], 'at-once': [200, 200], never: [409, 409] },
  },
  {
    name: 'enrolled-initial',
    probe: async (c) =>
      (await c.call('POST', '/workspaces?enroll=true', { name: 'own', organization_id: c.organization })).body.status,
    sees: { pending: 'pending', not_initialized: 'not_initialized' },
  },
  {
    name: 'provision-delay',
    probe: async (c) => {
      await create(c, 'new');
      const seen = [];
      for (let poll = 0; poll < 4; poll += 1) seen.push((await c.call('GET', '/workspaces/new')).body.status);
      return seen.indexOf('available');
    },
    sees: { 1: 1, 3: 3, 0: 0 },
  },
  {
    name: 'provision-outcome',
    probe: async (c) => {
      await create(c, 'new');
      await c.call('GET', '/workspaces/new');
      const { status, zenml_service, state_reason } = (await c.call('GET', '/workspaces/new')).body;
      return [status, zenml_service.status !== null, state_reason !== ''];
    },
    sees: { available: ['available', true, false], failed: ['failed', false, true] },
  },
  {
    name: 'delete-cascade',
    probe: async (c) => {
      const { status } = await c.call('DELETE', team(c));
      return [status, await listed(c, 'Workspace Viewer', '')];
    },
    sees: { on: [200, 0], off: [200, 1], 'refuse-in-use': [409, 1] },
  },
  {
    name: 'project-delete-grants',
    probe: async (c) => {
      await c.inside('prod', 'DELETE', '/projects/churn');
      return listed(c, 'Project Admin', '');
    },
    sees: { drop: 0, keep: 1 },
  },
  {
    name: 'team-name-unique',
    probe: async (c) => (await c.call('POST', '/teams', { name: 'ml', organization_id: c.organization })).status,
    sees: { on: 409, off: 200 },
  },
  {
    name: 'custom-roles',
    probe: async (c) => {
      const make = (level: string) =>
        c.call('POST', '/roles', { name: 'x', level, organization_id: c.organization, permissions: [] });
      return [(await make('project')).status, (await make('organization')).status];
    },
    sees: { off: [403, 403], guess: [200, 403] },
  },
  {
    name: 'extra-roles',
    probe: async (c) => {
      const { body } = await c.call('GET', `/organizations/${c.organization}/roles`);
      return body.filter((role: Json) => role.name === null || role.level === 'team').length * body.length;
    },
    sees: { none: 0, 'team-level': 16, unnamed: 16 },
  },
  {
    name: 'role-names',
    probe: async (c) =>
      (await c.call('GET', `/organizations/${c.organization}/roles?level=workspace`)).body.map((role: Json) => role.name),
    sees: {
      current: ['Workspace Admin', 'Workspace Developer', 'Workspace Contributor', 'Workspace Viewer', 'Stack Admin'],
      legacy: ['Admin', 'Editor', 'Viewer'],
    },
  },
  {
    name: 'sa-update-verb',
    probe: async (c) => [
      (await c.call('PATCH', ciAccount(c), { name: 'CI' })).status,
      (await c.call('PUT', ciAccount(c), { name: 'CI' })).status,
      (await c.call('PUT', `${ciAccount(c)}/api_keys/main/rotate`, {})).status,
    ],
    sees: { PATCH: [200, 405, 405], PUT: [405, 200, 200] },
  },
  {
    name: 'empty-answers',
    probe: async (c) => (await c.call('DELETE', team(c))).body,
    sees: { null: null, object: {}, empty: '' },
  },
  {
    name: 'error-shape',
    probe: async (c) => {
      const form = (body: Json) =>
        Array.isArray(body) ? 'B' : typeof body.detail === 'string' ? 'C' : body.detail[0].loc ? 'E' : 'A';
      return [form((await c.call('POST', '/teams', {})).body), form((await c.call('GET', `/teams/${c.organization}`)).body)];
    },
    sees: { A: ['A', 'A'], B: ['B', 'A'], C: ['C', 'C'], E: ['E', 'A'] },
  },
  {
    name: 'carrier',
    probe: async (c) => {
      const path = await urls.assign(c, 'Organization Viewer', '');
      const body = { user_id: c.id('accounts', 'ada@acme.io') };
      return [(await c.call('POST', path, body)).status, (await c.call('POST', `${path}?${ada(c)}`)).status];
    },
    sees: { query: [422, 200], body: [200, 422] },
  },
  {
    name: 'seed-default-project',
    probe: async (c) => {
      await create(c, 'new');
      await c.call('GET', '/workspaces/new');
      return (await c.inside('new', 'GET', '/projects')).body.items.map((project: Json) => project.name);
    },
    sees: { no: [], yes: ['default'] },
  },
  {
    name: 'project-metadata',
    probe: async (c) => (await c.inside('prod', 'POST', '/projects', { name: 'p', project_metadata: { a: 1 } })).body.metadata,
    sees: { on: { description: '', project_metadata: { a: 1 } }, off: { description: '' } },
  },
  {
    name: 'rate-limit',
    probe: async (c) => {
      const seen = [];
      for (let i = 0; i < 4; i += 1) seen.push((await c.call('GET', '/organizations')).status);
      return seen;
    },
    sees: { off: [200, 200, 200, 200], 2: [200, 200, 429, 200] },
  },
  {
    name: 'entitlement.project',
    probe: async (c) => (await c.inside('prod', 'POST', '/projects', { name: 'third' })).status,
    sees: { unlimited: 200, 2: 402, 3: 200 },
  },
  { name: 'entitlement.workspace', probe: async (c) => (await create(c, 'third')).status, sees: { unlimited: 200, 2: 402 } },
  { name: 'entitlement.seat', probe: async (c) => (await invite(c, 'new@acme.io')).status, sees: { unlimited: 200, 2: 402 } },
  {
    name: 'hide-unreadable',
    probe: async (c) => {
      await assign(c, 'Organization Member', bob(c));
      const { status, body } = await c.call('GET', `/organizations/${c.organization}/members`, undefined, 'ZENPROKEY_bob');
      return [status, body.length];
    },
    sees: { on: [200, 1], off: [403, undefined] },
  },
  {
    name: 'extra-fields',
    probe: async (c) => (await c.call('GET', '/organizations')).body.every((item: Json) => 'x_new_field' in item),
    sees: { off: false, on: true },
  },
  { name: 'aliases', probe: async (c) => (await c.call('GET', '/tenants')).status, sees: { on: 200, off: 404 } },
  {
    name: 'permissions-list',
    probe: async (c) => (await c.call('GET', '/permissions')).status,
    sees: { 404: 404, 'opaque-list': 200 },
  },
  {
    name: 'releases-list',
    probe: async (c) => (await c.call('GET', '/releases')).status,
    sees: { 404: 404, 'opaque-list': 200 },
  },
  {
    name: 'bad-scope',
    probe: async (c) => [
      (await assign(c, 'Organization Viewer', '')).status,
      (await assign(c, 'Organization Viewer', `${ada(c)}&team_id=${c.id('teams', 'ml')}`)).status,
      (await assign(c, 'Organization Viewer', `${ada(c)}&${prod(c)}`)).status,
      (await assign(c, 'Workspace Viewer', ada(c))).status,
    ],
    sees: { 400: [400, 400, 400, 400], 422: [422, 422, 422, 422] },
  },
  {
    name: 'members-include',
    probe: async (c) =>
      (await members(c)).map((entry: Json) => entry.user?.username ?? entry.team?.name ?? entry.invitation?.email),
    sees: { all: ['ada@acme.io', 'admin', 'ci', 'ml', 'Grace@acme.io'], 'people-only': ['ada@acme.io'] },
  },
  {
    name: 'sa-is-member',
    probe: async (c) => (await assign(c, 'Workspace Viewer', `user_id=${c.id('service_accounts', 'ci')}&${prod(c)}`)).status,
    sees: { yes: 200, no: 403 },
  },
  {
    name: 'workspace-rename',
    probe: async (c) => {
      const { status, body } = await c.call('PATCH', `/workspaces/${c.id('workspaces', 'lab')}`, { name: 'renamed' });
      return [status, body.name];
    },
    sees: { ignore: [200, 'lab'], refuse: [403, undefined], allow: [200, 'renamed'] },
  },
  {
    name: 'patch-null',
    probe: async (c) => (await c.call('PATCH', team(c), { description: null })).body.description,
    sees: { clear: null, ignore: 'Owns it' },
  },
  {
    name: 'foreign-object',
    probe: async (c) => {
      const foreign = c.emulator.world().organizations?.[1];
      const { status: organization } = await c.call('GET', `/organizations/${foreign?.id}`);
      return [
        organization,
        (await c.call('GET', `/teams/${foreign?.teams?.[0]?.id}`)).status,
        (await c.call('GET', '/workspaces/taken')).status,
      ];
    },
    sees: { 404: [404, 404, 404], 403: [403, 403, 403] },
  },
  {
    name: 'limit-over-max',
    probe: async (c) => (await c.call('GET', '/organizations?limit=101')).status,
    sees: { reject: 422, clamp: 200 },
  },
  {
    name: 'role-permissions-in',
    probe: async (c) => {
      const { body } = await c.call('GET', `/organizations/${c.organization}/roles?name=Release%20Manager`);
      return [body[0].permissions?.length, (await c.call('GET', `/roles/${body[0].id}`)).body.permissions?.length];
    },
    sees: { detail: [undefined, 1], both: [1, 1], none: [undefined, undefined] },
  },
  {
    name: 'invitation-counts-as-admin',
    probe: async (c) => {
      await invite(c, 'boss@acme.io', 'Organization Admin');
      return (await assign(c, 'Organization Admin', `user_id=${c.id('service_accounts', 'admin')}`, 'DELETE')).status;
    },
    sees: { no: 403, yes: 200 },
  },
  {
    name: 'openapi',
    probe: async (c) => (await c.call('GET', '/openapi.json', undefined, '')).status,
    sees: { served: 200, none: 404 },
  },
  {
    name: 'missing-revoke',
    probe: async (c) => (await c.call('DELETE', `${team(c)}/members?${bob(c)}`)).status,
    sees: { 404: 404, 200: 200 },
  },
  {
    name: 'list-deleted',
    probe: async (c) => {
      await c.call('DELETE', `/workspaces/${c.id('workspaces', 'lab')}`);
      await c.call('GET', '/workspaces/lab');
      return (await c.call('GET', '/workspaces/lab')).status;
    },
    sees: { yes: 200, no: 404 },
  },
  {
    name: 'delete-cascade',
    probe: async (c) => {
      const { status } = await c.call('DELETE', `/workspaces/${c.id('workspaces', 'prod')}`);
      return [status, await listed(c, 'Workspace Viewer', '')];
    },
    sees: { on: [200, 0], off: [200, 1], 'refuse-in-use': [409, 1] },
  },
  {
    name: 'team-name-unique',
    with: { 'custom-roles': 'guess' },
    probe: async (c) => {
      const body = { name: 'Release Manager', level: 'project', organization_id: c.organization, permissions: [] };
      return (await c.call('POST', '/roles', body)).status;
    },
    sees: { on: 409, off: 200 },
  },
  {
    name: 'custom-roles',
    probe: async (c) => Object.keys((await c.call('GET', '/openapi.json', undefined, '')).body.paths['/roles'] ?? {}).sort(),
    sees: { off: [], guess: ['post'] },
  },
  {
    name: 'project-metadata',
    probe: async (c) => {
      const { id } = (await c.inside('prod', 'POST', '/projects', { name: 'p', project_metadata: { a: 1 } })).body;
      await c.inside('prod', 'PUT', `/projects/${c.projectId('prod', 'churn')}`, { project_metadata: { b: 2 } });
      c.emulator.setSwitches({ 'project-metadata': 'on' });
      const read = async (one: string) => (await c.inside('prod', 'GET', `/projects/${one}`)).body.metadata.project_metadata;
      return [await read(id), await read('churn')];
    },
    sees: { on: [{ a: 1 }, { b: 2 }], off: [{}, {}] },
  },
  {
    name: 'missing-revoke',
    probe: async (c) => [
      (await c.call('DELETE', `/organizations/${c.organization}/members?${bob(c)}`)).status,
      (await c.call('DELETE', `/workspaces/${c.id('workspaces', 'lab')}/members?${ada(c)}`)).status,
    ],
    sees: { 404: [404, 404], 200: [200, 200] },
  },
  {
    name: 'members-include',
    probe: async (c) => (await members(c)).find((entry: Json) => entry.user?.email === 'ada@acme.io').roles.length,
    sees: { all: 3, 'people-only': 1 },
  },
  {
    name: 'bad-scope',
    probe: async (c) => (await invite(c, 'new@acme.io', 'Workspace Viewer')).status,
    sees: { 400: 400, 422: 422 },
  },
  {
    name: 'openapi',
    probe: async (c) => (await c.call('GET', `/_workspace/${c.id('workspaces', 'prod')}/openapi.json`, undefined, '')).status,
    sees: { served: 200, none: 404 },
  },
  {
    name: 'delete-cascade',
    with: { 'custom-roles': 'guess' },
    probe: async (c) => {
      const { id } = (await c.call('GET', `/organizations/${c.organization}/roles?name=Release%20Manager`)).body[0];
      await assign(c, 'Release Manager', `${ada(c)}&${prod(c)}&${churn(c)}`);
      const { status } = await c.call('DELETE', `/roles/${id}`);
      const held = c.emulator.state().assignments.filter((row) => row.roleId === id).length;
      return [status, held];
    },
    sees: { on: [200, 0], off: [200, 1], 'refuse-in-use': [409, 1] },
  },
  ...(['provision-delay', 'provision-outcome'] as const).map(
    (name): Case => ({
      name,
      probe: async (c) => {
        c.emulator.load({ organizations: [starting] });
        const seen = [];
        for (let poll = 0; poll < 3; poll += 1)
          seen.push((await c.call('GET', '/workspaces/new', undefined, 'ZENPROKEY_admin')).body.status);
        return seen;
      },
      sees:
        name === 'provision-delay'
          ? { 1: ['pending', 'available', 'available'], 2: ['pending', 'pending', 'available'] }
          : { available: ['pending', 'available', 'available'], failed: ['pending', 'failed', 'failed'] },
    }),
  ),
];
