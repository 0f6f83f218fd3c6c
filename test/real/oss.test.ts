import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { ApiError } from '../../src/client/index.ts';
import { createEmulator, type Emulator } from '../../src/emulator/index.ts';
import { fill, type RealServer, startServer } from './server.ts';
import { call, clientOf, login, repository, withPeers } from './stage.ts';

/** What the tests look at of a project. */
interface Row {
  readonly id: string;
  readonly name: string;
  readonly body: { readonly display_name: string; readonly updated: string };
  readonly metadata: { readonly description: string; readonly project_metadata: object } | null;
}

const projects = '/api/v1/projects';

withPeers('a real open-source ZenML server', (environment) => {
  let server: RealServer;
  let emulator: Emulator;
  let plane: Awaited<ReturnType<Emulator['listen']>>;
  let files: Awaited<ReturnType<typeof repository>>;
  let token = '';
  let key = '';

  beforeAll(async () => {
    server = await startServer(environment);
    ({ token } = await login(server.url, { username: 'default', password: '' }));
    const accounts = '/api/v1/service_accounts';
    const account = await call(server.url, token, 'POST', accounts, { name: 'ci', active: true });
    const made = await call(server.url, token, 'POST', `${accounts}/${account.body.id}/api_keys`, { name: 'main' });
    key = made.body.body.key;
    // The same key opens both: an emulator as control plane, and the server, which knows nothing of it.
    emulator = createEmulator({
      seed: {
        organizations: [
          {
            name: 'acme',
            service_accounts: [{ name: 'ci', keys: [{ name: 'main', value: key }] }],
            grants: [{ role: 'Organization Admin', service_account: 'ci' }],
            workspaces: [{ name: 'peer', server_url: server.url, managed: false }],
          },
        ],
      },
    });
    plane = await emulator.listen();
    files = await repository(emulator, plane.url);
  }, 600_000);

  afterAll(async () => {
    await server?.stop();
    await plane?.close();
    await files?.remove();
  });

  const state = (text: string) => files.write('zenform.yaml', `organization: { name: acme }\nworkspaces:\n  peer: ${text}\n`);
  const rows = async () => (await call(server.url, token, 'GET', `${projects}?hydrate=true`)).body.items as Row[];
  const row = async (name: string) => (await rows()).find((one) => one.name === name);

  /** Applies a state and sees that nothing is left to do. */
  async function becomes(text: string, ...more: string[]): Promise<string> {
    await state(text);
    const applied = await files.run('apply', '--yes', ...more);
    expect(applied).toMatchObject({ code: 0 });
    expect((await files.run('plan', '--detailed-exitcode', ...more)).code).toBe(0);
    return applied.stdout;
  }

  it('takes a project through its whole life', async ({ task }) => {
    task.meta.peers = { 'zenml server': environment.zenml, python: environment.pythonVersion };
    await becomes('{ projects: { churn: { display_name: Churn, description: Who leaves, project_metadata: { owner: risk } } } }');
    const made = await row('churn');
    expect(made).toMatchObject({
      body: { display_name: 'Churn' },
      metadata: { description: 'Who leaves', project_metadata: { owner: 'risk' } },
    });
    await becomes('{ projects: { churn: { description: Who stays, project_metadata: { owner: growth, tier: 1 } } } }');
    expect(await row('churn')).toMatchObject({
      id: made?.id,
      body: { display_name: 'Churn' },
      metadata: { description: 'Who stays', project_metadata: { owner: 'growth', tier: 1 } },
    });
    await becomes('{ projects: { retention: { previously: [churn], display_name: Retention } } }');
    expect(await row('retention')).toMatchObject({ id: made?.id, metadata: { description: 'Who stays' } });
    await becomes('{ projects: { retention: { display_name: "", description: null, project_metadata: null } } }');
    expect(await row('retention')).toMatchObject({
      id: made?.id,
      body: { display_name: '' },
      metadata: { description: '', project_metadata: {} },
    });
    await state('{ projects: { retention: { absent: true } } }');
    expect(await files.run('apply', '--yes')).toMatchObject({ code: 3 });
    await becomes('{ projects: { retention: { absent: { destroy: retention } } } }');
    expect(await row('retention')).toBeUndefined();
  });

  it('leaves an unchanged project unwritten', async () => {
    await becomes('{ projects: { still: { description: Water } } }');
    const before = await row('still');
    await becomes('{ projects: { still: { description: Water } } }');
    expect((await row('still'))?.body.updated).toBe(before?.body.updated);
  });

  it('lets the text of its default project be changed, and neither its name nor its life', async () => {
    await becomes('{ projects: { default: { description: For everybody } } }');
    expect(await row('default')).toMatchObject({ metadata: { description: 'For everybody' } });
    await state('{ projects: { main: { previously: [default] } } }');
    const renamed = await files.run('apply', '--yes');
    expect({ code: renamed.code, said: renamed.stderr }).toEqual({
      code: 5,
      said: expect.stringContaining('403 IllegalOperationError: The name of the default project cannot be changed.'),
    });
    await state('{ projects: { default: { absent: { destroy: default } } } }');
    const deleted = await files.run('apply', '--yes');
    expect({ code: deleted.code, said: deleted.stderr }).toEqual({ code: 5, said: expect.stringContaining('403') });
    expect(await row('default')).toBeDefined();
  });

  it('says why it refuses, and the client says it with method, path and status', async () => {
    const session = clientOf(server.url, key).workspace(server.url);
    const refused = (method: 'POST' | 'PUT' | 'DELETE', path: string, body?: unknown) =>
      session.write({ method, path: `${projects}${path}`, ...(body === undefined ? {} : { body }) }).then(
        () => undefined,
        (error: unknown) => error as ApiError,
      );
    const missing = `/${randomUUID()}`;
    const cases = [
      [await refused('POST', '', { name: 'default' }), 409, 'EntityExistsError'],
      [await refused('POST', '', { name: 'No Spaces' }), 422, 'ValueError'],
      [await refused('PUT', missing, { description: 'x' }), 404, 'KeyError'],
      [await refused('DELETE', missing), 404, 'KeyError'],
      [await refused('PUT', '/default', { description: 'x' }), 422, undefined],
    ] as const;
    for (const [error, status, errorClass] of cases) {
      expect(error).toBeInstanceOf(ApiError);
      expect({ status: error?.status, errorClass: error?.errorClass }).toEqual({
        status,
        errorClass: errorClass ?? error?.errorClass,
      });
    }
    await expect(session.get(`${projects}/nosuch`)).rejects.toMatchObject({ status: 404, method: 'GET' });
  });

  it('answers a repeated idempotency key with the first answer, whatever is asked', async () => {
    const session = clientOf(server.url, key).workspace(server.url);
    const create = (name: string, idempotencyKey: string) =>
      session.write({ method: 'POST', path: projects, body: { name }, idempotencyKey }) as Promise<Row>;
    const intention = randomUUID();
    const first = await create('once', intention);
    expect(await create('once', intention)).toEqual(first);
    expect(await create('something-else', intention)).toEqual(first);
    expect((await create('another', randomUUID())).id).not.toBe(first.id);
    expect(await row('something-else')).toBeUndefined();
  });

  it('is read whole when it has 1,000 projects, and the plan of all of them is empty', async () => {
    // Written into its database while nobody asks: what is looked at is how they are read.
    const names = Array.from({ length: 1000 }, (_, index) => `many-${String(index).padStart(4, '0')}`);
    await fill(environment, server.database, names);
    const session = clientOf(server.url, key).workspace(server.url);
    for (const size of [100, 7, 1000, 1001]) {
      const listed = ((await session.list(projects, {}, { size })) as Row[]).map(({ name }) => name);
      expect(listed.filter((name) => name.startsWith('many-')).sort()).toEqual(names);
    }
    await state(`{ projects: { ${names.map((name) => `${name}: {}`).join(', ')} } }`);
    const plan = await files.run('plan', '-o', 'json');
    expect(JSON.parse(plan.stdout)).toMatchObject({ summary: { create: 0, update: 0, delete: 0, unchanged: 1002 } });
  });
});
