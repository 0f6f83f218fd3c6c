import { cp, readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { readTargetDocument } from '../../src/client/index.ts';
import { createEmulator, type Emulator } from '../../src/emulator/index.ts';
import { freePort, type RealServer, startServer } from './server.ts';
import { call, clientOf, login, repository, withPeers } from './stage.ts';

const configs = fileURLToPath(new URL('../../configs', import.meta.url));
const projects = '/api/v1/projects';
const names = ['production', 'staging', 'research'] as const;

/** Where nothing is said of a thing's id in the world, one has to be known before the server starts. */
const ids = { organization: 'aaaaaaaa-0000-4000-8000-000000000000', production: 'aaaaaaaa-0000-4000-8000-000000000001' };
const idOf = (index: number) => ids.production.replace(/1$/, String(index + 1));

const people = ['ada.lovelace', 'grace.hopper', 'alan.turing', 'katherine.johnson', 'cfo'];

withPeers('real ZenML servers whose control plane is the emulator', (environment) => {
  const servers = new Map<string, RealServer>();
  let emulator: Emulator;
  let plane: Awaited<ReturnType<Emulator['listen']>>;
  let files: Awaited<ReturnType<typeof repository>>;
  let listened = 0;

  // Every workspace of configs/ has its real server, so that no project of it is the emulator's.
  beforeAll(async () => {
    const ports = await Promise.all(names.map(() => freePort()));
    emulator = createEmulator({
      seed: {
        accounts: people.map((name) => ({ email: `${name}@acme.io`, name, keys: [{ name: 'pat', value: `ZENPROKEY_${name}` }] })),
        organizations: [
          {
            name: 'acme',
            id: ids.organization,
            service_accounts: [{ name: 'ci-deployer', keys: [{ name: 'main', value: 'ZENPROKEY_deployer' }] }],
            grants: [{ role: 'Organization Admin', service_account: 'ci-deployer' }],
            workspaces: names.map((name, index) => ({
              name: `acme-${name}`,
              id: idOf(index),
              managed: false,
              status: 'pending',
              server_url: `http://127.0.0.1:${ports[index]}`,
              enrollment_key: `enroll-${name}`,
            })),
          },
        ],
      },
    });
    plane = await emulator.listen();
    files = await repository(emulator, plane.url);
    const started = names.map(async (name, index) => {
      const organization = { id: ids.organization, name: 'acme' };
      const workspace = { id: idOf(index), name: `acme-${name}` };
      const pro = { controlPlane: plane.url, organization, workspace, enrollmentKey: `enroll-${name}` };
      servers.set(name, await startServer(environment, { pro, port: ports[index] ?? 0 }));
    });
    await Promise.all(started);
    listened = emulator.requests.length;
  }, 600_000);

  afterAll(async () => {
    await Promise.all([...servers.values()].map((server) => server.stop()));
    await plane?.close();
    await files?.remove();
  });

  beforeEach(() => {
    emulator.clearFaults();
    emulator.setSwitches({ 'entitlement.project': 'unlimited' });
  });

  const url = (name: (typeof names)[number]) => servers.get(name)?.url ?? '';
  const zenform = (...argv: string[]) => files.run(...argv, '-f', configs);
  const apply = (...argv: string[]) => zenform('apply', '--yes', ...argv);
  /** What the servers have asked of the control plane. */
  const asked = (method: string, path: string) =>
    emulator.requests.filter((one) => one.method === method && one.path.startsWith(path));

  async function isIdle(...argv: string[]) {
    const plan = await zenform('plan', '--detailed-exitcode', '-o', 'json', ...argv);
    expect({ code: plan.code, ...JSON.parse(plan.stdout) }).toMatchObject({
      code: 0,
      summary: { create: 0, update: 0, delete: 0 },
      notChecked: [],
    });
  }

  /** A person at the server of a workspace, by their own key. */
  async function person(name: string, workspace: (typeof names)[number]) {
    const { status, token } = await login(url(workspace), { password: `ZENPROKEY_${name}` });
    return {
      status,
      list: async (): Promise<string[]> =>
        (await call(url(workspace), token, 'GET', `${projects}?sort_by=name`)).body.items.map(
          (one: { name: string }) => one.name,
        ),
      does: async (method: string, path: string, body?: unknown) =>
        (await call(url(workspace), token, method, `${projects}${path}`, body)).status,
      id: async (project: string): Promise<string> =>
        (await call(url(workspace), token, 'GET', `${projects}/${project}`)).body.id,
    };
  }

  it('start up with their enrollment keys, and are then available', () => {
    expect(
      emulator.requests
        .slice(0, listened)
        .map(({ method, path, status }) => `${method} ${path} ${status}`)
        .sort(),
    ).toEqual([...names.map(() => 'PATCH /workspace_status 200'), ...names.map(() => 'POST /auth/login 200')]);
    const [acme] = emulator.world().organizations ?? [];
    expect(acme?.workspaces?.map(({ status }) => status)).toEqual(['available', 'available', 'available']);
  });

  it('take configs/ together with the control plane, and nothing is left to do', async ({ task }) => {
    const applied = await apply();
    expect({ code: applied.code, said: applied.stderr }).toMatchObject({ code: 0 });
    await isIdle();
    for (const name of people) emulator.acceptInvitation(`${name}@acme.io`);
    await isIdle();
    expect(asked('POST', '/usage-event').map(({ body }) => (body as { total: number }).total)).toEqual(Array(12).fill(1));
    const calls = emulator.requests.filter(({ path }) =>
      /^\/(rbac|usage-event|workspace_status|users\/authorize|.*entitlement)/.test(path),
    );
    task.meta.compared = { calls: calls.length };
    task.meta.peers = { 'zenml server': environment.zenml, python: environment.pythonVersion };
  });

  it('serve documents in which doctor finds all that zenform relies on', async () => {
    const doctor = await zenform('doctor', '-o', 'json');
    const report = JSON.parse(doctor.stdout) as { differences: { server: string }[]; ready: string };
    const differences = report.differences.filter(({ server }) => server.startsWith('workspace/'));
    expect({ code: doctor.code, ready: report.ready, differences }).toEqual({ code: 0, ready: 'apply', differences: [] });
    for (const name of names) {
      const document = await readTargetDocument(clientOf(plane.url, 'ZENPROKEY_deployer').workspace(url(name)), 'workspace');
      expect(document?.version).toBe(environment.zenml);
    }
  });

  it('let an account do what zenform has granted it, and nothing else', async () => {
    const cfo = await person('cfo', 'production');
    expect(await cfo.list()).toEqual(['forecasting']);
    expect(await cfo.does('GET', '/churn')).toBe(403);
    expect(await cfo.does('GET', '/nosuch')).toBe(404);
    const forecasting = await cfo.id('forecasting');
    expect(await cfo.does('POST', '', { name: 'mine' })).toBe(403);
    expect(await cfo.does('PUT', `/${forecasting}`, { description: 'Mine' })).toBe(403);
    expect(await cfo.does('DELETE', `/${forecasting}`)).toBe(403);

    const alan = await person('alan.turing', 'production');
    expect(await alan.list()).toEqual(['churn']);
    const churn = await alan.id('churn');
    expect(await alan.does('PUT', `/${churn}`, { display_name: 'Churn' })).toBe(200);
    expect(await alan.does('POST', '', { name: 'mine' })).toBe(403);

    const ada = await person('ada.lovelace', 'production');
    expect(await ada.list()).toEqual(['churn', 'forecasting', 'fraud', 'recommendations']);
    expect(await ada.does('POST', '', { name: 'hers' })).toBe(200);
    expect(await ada.does('DELETE', '/hers')).toBe(200);

    const katherine = await person('katherine.johnson', 'research');
    expect(await katherine.does('POST', '', { name: 'hers' })).toBe(200);
    expect(await katherine.does('DELETE', '/hers')).toBe(200);
    expect((await person('katherine.johnson', 'production')).status).toBe(200);
    expect(await (await person('katherine.johnson', 'production')).does('POST', '', { name: 'hers' })).toBe(403);
    expect((await person('cfo', 'staging')).status).toBe(401);
  });

  it('take a right away as soon as zenform has', async () => {
    const cfo = await person('cfo', 'research');
    expect(await cfo.list()).toEqual(['pricing']);
    const text = await readFile(`${configs}/workspaces/research.yaml`, 'utf8');
    const viewer = '          Project Viewer:\n            members: [cfo@acme.io]\n';
    expect(text).toContain(viewer);
    await cp(configs, `${files.folder}/configs`, { recursive: true });
    await files.write('configs/workspaces/research.yaml', text.replace(viewer, ''));
    expect((await files.run('apply', '--yes', '-f', 'configs')).code).toBe(0);
    expect(await cfo.list()).toEqual([]);
    expect(await cfo.does('GET', '/pricing')).toBe(403);
    expect((await apply()).code).toBe(0);
    expect(await cfo.list()).toEqual(['pricing']);
  });

  it('refuse a project over the limit of the subscription with 402, which zenform says', async () => {
    emulator.setSwitches({ 'entitlement.project': '12' });
    await files.write('more.yaml', 'workspaces: { staging: { projects: { over: {} } } }');
    const applied = await apply('-f', `${files.folder}/more.yaml`);
    expect({ code: applied.code, said: applied.stderr }).toEqual({
      code: 5,
      said: expect.stringMatching(/project\/over.* 402 /),
    });
    emulator.setSwitches({ 'entitlement.project': '13' });
    expect((await apply('-f', `${files.folder}/more.yaml`)).code).toBe(0);
    await isIdle('-f', `${files.folder}/more.yaml`);
  });

  it('answer 500 when the usage report fails after the fact, and zenform finds that it has happened', async () => {
    const events = asked('POST', '/usage-event').length;
    emulator.addFault({ match: { method: 'POST', path: '/usage-event' }, do: { status: 500 } });
    await files.write('late.yaml', 'workspaces: { staging: { projects: { late: {} } } }');
    const applied = await apply('-f', `${files.folder}/late.yaml`, '-o', 'json');
    expect({ code: applied.code, ...JSON.parse(applied.stdout) }).toMatchObject({
      code: 0,
      verified: true,
      outcomes: [{ address: 'workspace/acme-staging/project/late', status: 'applied' }],
    });
    expect(asked('POST', '/usage-event').slice(events)).toMatchObject([{ status: 500 }]);
    const ada = await person('ada.lovelace', 'staging');
    expect((await ada.list()).filter((name) => name === 'late')).toEqual(['late']);
  });

  it('have the grants of a deleted project dropped, and report that there is one less', async () => {
    const late = 'workspaces: { staging: { projects: { late: { access: { Project Viewer: { members: [cfo@acme.io] } } } } } }';
    await files.write('late.yaml', late);
    expect((await apply('-f', `${files.folder}/late.yaml`)).code).toBe(0);
    const cfo = await person('cfo', 'staging');
    expect(await cfo.list()).toEqual(['late']);
    const id = await cfo.id('late');
    await files.write('late.yaml', 'workspaces: { staging: { projects: { late: { absent: { destroy: late } } } } }');
    expect((await apply('-f', `${files.folder}/late.yaml`)).code).toBe(0);
    expect(asked('DELETE', '/rbac/resources')).toContainEqual(
      expect.objectContaining({ query: { resources: `project/${id}` }, status: 200 }),
    );
    expect(asked('POST', '/usage-event').at(-1)?.body).toMatchObject({ feature: 'project', total: -1 });
    expect(JSON.stringify(emulator.world())).not.toContain(id);
    expect((await person('cfo', 'staging')).status).toBe(401);
  });
});
