import { type Client, type Json, login } from './emulator-client.ts';
import { ada, assign, bob, type Case, create, prod, team } from './emulator-switch-cases.ts';

/** Statuses of so many requests that nobody could refuse; 0 where none came back. */
async function knocks(c: Client, count: number, method = 'GET', path = '/organizations'): Promise<number[]> {
  const seen: number[] = [];
  for (let i = 0; i < count; i += 1)
    seen.push(
      await c.call(method, path).then(
        ({ status }) => status,
        () => 0,
      ),
    );
  return seen;
}

const token = async (c: Client): Promise<string> => (await login(c, 'password=ZENPROKEY_admin')).body.access_token;
const works = async (c: Client, bearer: string) => (await c.call('GET', '/organizations', undefined, bearer)).status;

/** What the server of a workspace is told about something metered. */
const metered = (feature: string): Case => ({
  name: `entitlement.${feature}`,
  probe: async (c) => {
    const { body } = await c.call('POST', '/workspaces?enroll=true', { name: 'own', organization_id: c.organization });
    const form = `grant_type=client_credentials&client_id=${body.id}&client_secret=${encodeURIComponent(body.enrollment_key)}`;
    const { access_token } = (await login(c, form)).body;
    const event = { organization_id: c.organization, feature, resource: feature, action: 'create', total: 1 };
    const entitled = async () =>
      (await c.call('GET', `/organizations/${c.organization}/entitlement/${feature}`, undefined, access_token)).status;
    const before = await entitled();
    await c.call('POST', '/usage-event', event, access_token);
    return [before, await entitled()];
  },
  sees: { unlimited: [200, 200], 0: [402, 402], 1: [200, 402] },
});

/** The same for the switches that let something happen in the course of time, or at a count of requests. */
export const courses: readonly Case[] = [
  ...['pipeline', 'pipeline_run', 'model', 'template_run'].map(metered),
  {
    name: 'token-ttl',
    probe: async (c) => {
      const bearer = await token(c);
      c.pass(59);
      const young = await works(c, bearer);
      c.pass(1);
      return [young, await works(c, bearer)];
    },
    sees: { 3600: [200, 200], 60: [200, 401] },
  },
  {
    name: 'token-ttl',
    probe: async (c) => {
      const url = `/_workspace/${c.id('workspaces', 'prod')}/api/v1/login`;
      return (await login(c, 'password=ZENPROKEY_admin', url)).body.expires_in;
    },
    sees: { 3600: 3600, 60: 60 },
  },
  {
    name: 'invitation-ttl',
    probe: async (c) => {
      c.pass(10);
      return (await c.call('GET', `/organizations/${c.organization}/invitations?only_pending=false`)).body[0].status;
    },
    sees: { off: 'pending', 10: 'expired' },
  },
  {
    name: 'rbac-delay',
    probe: async (c) => {
      await assign(c, 'Organization Member', bob(c));
      await assign(c, 'Workspace Admin', `${bob(c)}&${prod(c)}`);
      const tries = async () => (await assign(c, 'Workspace Viewer', `${ada(c)}&${prod(c)}`, 'POST', 'ZENPROKEY_bob')).status;
      const first = await tries();
      c.pass(5);
      return [first, await tries()];
    },
    sees: { 0: [200, 409], 5: [403, 200] },
  },
  {
    name: 'list-order',
    probe: async (c) => {
      const { body } = await c.call('GET', `/organizations/${c.organization}/roles`);
      return [body.length, body[0].name === 'Organization Admin' && body[1].name === 'Organization Manager'];
    },
    sees: { created: [15, true], random: [15, false] },
  },
  {
    name: 'accept-invitation',
    probe: async (c) => {
      const statuses = [];
      for (let i = 0; i < 3; i += 1)
        statuses.push((await c.call('GET', `/organizations/${c.organization}/invitations?only_pending=true`)).body.length);
      return statuses;
    },
    sees: { off: [1, 1, 1], 2: [1, 0, 0] },
  },
  {
    name: 'page-insert',
    probe: async (c) => {
      const names = async (offset: number) =>
        (await c.call('GET', `/organizations/${c.organization}/roles?offset=${offset}&limit=2`)).body.map(
          (role: Json) => role.name,
        );
      const [first, second] = [await names(0), await names(2)];
      return [first.length, second.filter((name: string) => first.includes(name)).length];
    },
    sees: { off: [2, 0], on: [2, 1] },
  },
  {
    name: 'workspace-quirk',
    probe: async (c) => {
      await create(c, 'new');
      const seen = [];
      for (let i = 0; i < 5; i += 1) {
        const { status, zenml_service } = (await c.call('GET', '/workspaces/new')).body;
        seen.push(`${status}${zenml_service.status ? ' up' : ''}`);
      }
      return seen.slice(1);
    },
    sees: {
      none: ['available up', 'available up', 'available up', 'available up'],
      stuck: ['pending', 'pending', 'pending', 'pending'],
      flapping: ['pending', 'available up', 'pending', 'available up'],
      'no-server-url': ['available', 'available', 'available', 'available'],
      'unknown-status': ['hibernating', 'hibernating', 'hibernating', 'hibernating'],
    },
  },
  {
    name: 'workspace-fails',
    probe: async (c) => {
      const seen = [];
      for (let i = 0; i < 3; i += 1) seen.push((await c.call('GET', '/workspaces/prod')).body.status);
      return seen;
    },
    sees: { off: ['available', 'available', 'available'], 2: ['available', 'failed', 'failed'] },
  },
  {
    name: 'retry-after',
    with: { 'rate-limit': '1' },
    probe: async (c) => {
      await c.call('GET', '/organizations');
      const { status, headers } = await c.call('GET', '/organizations');
      return [status, headers['retry-after']];
    },
    sees: { sent: [429, '1'], none: [429, undefined] },
  },
  {
    name: 'revoke-tokens',
    probe: async (c) => {
      const bearer = await token(c);
      return [await works(c, bearer), await works(c, bearer), await works(c, await token(c))];
    },
    sees: { off: [200, 200, 200], 3: [200, 401, 200] },
  },
  { name: 'lost-request', probe: (c) => knocks(c, 4), sees: { off: [200, 200, 200, 200], 2: [200, 200, 0, 200] } },
  {
    name: 'lost-answer',
    probe: async (c) => {
      const [gets, first] = [await knocks(c, 3), await knocks(c, 2, 'DELETE', `${team(c)}/members?${ada(c)}`)];
      return [gets, first, (await c.call('GET', `${team(c)}/members`)).body.length];
    },
    sees: { off: [[200, 200, 200], [200, 404], 1], 0: [[200, 200, 200], [0, 0], 1] },
  },
  {
    name: 'slow-answer',
    probe: async (c) => {
      const before = performance.now();
      await c.call('GET', '/organizations');
      return performance.now() - before >= 19;
    },
    sees: { 0: false, 20: true },
  },
  {
    name: 'second-delete',
    probe: async (c) => {
      const path = `/workspaces/${c.id('workspaces', 'lab')}`;
      await c.call('DELETE', path);
      await c.call('GET', '/workspaces/lab');
      await c.call('GET', '/workspaces/lab');
      return (await c.call('DELETE', path)).status;
    },
    sees: { 404: 404, 200: 200 },
  },
  {
    name: 'usage-report',
    probe: async (c) => {
      const made = (await c.inside('prod', 'POST', '/projects', { name: 'late' })).status;
      const gone = (await c.inside('prod', 'DELETE', '/projects/fraud')).status;
      const left = (await c.inside('prod', 'GET', '/projects')).body.items.map((project: Json) => project.name);
      return [made, gone, left.sort()];
    },
    sees: { ok: [200, 200, ['churn', 'late']], fails: [500, 500, ['churn', 'late']] },
  },
  {
    name: 'project-page',
    probe: async (c) => [
      (await c.inside('prod', 'GET', '/projects?size=2')).status,
      (await c.inside('prod', 'GET', '/projects')).body.items.length,
    ],
    sees: { 10000: [200, 2], 1: [422, 1] },
  },
];
