import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import controlPlane from '../../src/api/control-plane.openapi.json' with { type: 'json' };
import workspace from '../../src/api/workspace.openapi.json' with { type: 'json' };
import { createEmulator } from '../../src/emulator/index.ts';
import { cleanUp, folderWith, zenform } from '../cli/run.ts';

// biome-ignore lint/suspicious/noExplicitAny: a document is JSON of any shape
type Document = any;

const key = 'ZENPROKEY_planted';
const world = {
  accounts: [{ email: 'ada@acme.io' }, { email: 'gone@acme.io' }],
  organizations: [
    {
      name: 'acme',
      service_accounts: [{ name: 'ci', keys: [{ name: 'main', value: key }] }],
      teams: [{ name: 'ml', members: [{ account: 'ada@acme.io' }] }],
      workspaces: [
        { name: 'prod', projects: [{ name: 'churn' }] },
        { name: 'old', status: 'deactivated' as const },
      ],
      grants: [
        { role: 'Organization Admin', service_account: 'ci' },
        { role: 'Workspace Viewer', account: 'ada@acme.io', workspace: 'prod' },
        { role: 'Project Viewer', account: 'ada@acme.io', workspace: 'prod', project: 'churn' },
      ],
    },
  ],
};
const files = {
  'zenform.yaml': 'organization: { name: acme }\nteams: { ml: { members: [ada@acme.io] }, data: {} }\n',
  'project.yaml': 'organization: { name: acme }\nworkspaces:\n  prod: { projects: { churn: { description: Who leaves } } }\n',
  'new.yaml': 'organization: { name: acme }\nworkspaces:\n  prod: { projects: { new: {} } }\n',
  'same.yaml': 'organization: { name: acme }\nteams: { ml: { members: [ada@acme.io] } }\n',
};

afterAll(cleanUp);

async function beside<T>(
  work: (
    run: (argv: string) => ReturnType<typeof zenform>,
    folder: string,
    emulator: ReturnType<typeof createEmulator>,
  ) => Promise<T>,
  switches = {},
): Promise<T> {
  const emulator = createEmulator({ seed: world, switches });
  const server = await emulator.listen();
  const folder = folderWith(files);
  const env = { HOME: folder, XDG_CONFIG_HOME: folder, ZENFORM_API_KEY: key, ZENFORM_API_URL: server.url };
  try {
    return await work((argv) => zenform(argv.split(' '), folder, { env, now: () => new Date() }), folder, emulator);
  } finally {
    await server.close();
  }
}

describe('doctor', () => {
  it('names each of six planted differences with what is done about it, and a plan goes on as far as it can', async () => {
    await beside(async (run, _folder, emulator) => {
      const own = structuredClone(controlPlane) as Document;
      own.components.schemas.TeamCreate.required.push('cost_center');
      own.components.schemas.TeamUpdate.properties.description.maxLength = 7;
      own.components.parameters.Limit.schema.maximum = 50;
      own.components.schemas.WorkspaceDesiredState.enum = ['not_initialized', 'available', 'deleted'];
      delete own.paths['/organizations/{organization_id}/invitations/{invitation_id}'].delete;
      const assign = own.paths['/roles/{role_id}/assignments'].post;
      const moved = assign.parameters.filter((one: Document) => one.in === 'query');
      assign.parameters = assign.parameters.filter((one: Document) => one.in !== 'query');
      const properties = Object.fromEntries(moved.map((one: Document) => [one.name, one.schema]));
      assign.requestBody = { content: { 'application/json': { schema: { type: 'object', properties } } } };
      emulator.addFault({ match: { method: 'GET', path: '/openapi.json' }, do: { status: 200, body: own } });

      const { stdout, stderr, code } = await run('doctor -f same.yaml');
      expect({ code, stderr, last: code === 0 ? '' : stdout }).toEqual({ code: 0, stderr: '', last: '' });
      expect(stdout).toContain('POST /teams demands `cost_center` in the body\n      zenform refuses changes that need it');
      expect(stdout).toContain('PATCH /teams/{team_id} `description` has maxLength 7');
      expect(stdout).toContain('gives at most 50 rows at once, and 100 was expected: GET /users, GET /organizations, ');
      expect(stdout).toContain('DELETE /organizations/{organization_id}/invitations/{invitation_id} is not there');
      expect(stdout).toContain('PATCH /workspaces/{workspace_id} `desired_state` cannot be deactivated\n      zenform refuses');
      expect(stdout).toContain('POST /roles/{role_id}/assignments takes `user_id` in the body, not in the query');
      expect(stdout.trimEnd().split('\n').at(-1)).toMatch(/^ready to apply, except for what the \d+ refused points above need$/);

      expect((await run('plan -f same.yaml --detailed-exitcode')).code).toBe(0);
      const refused = await run('plan -f zenform.yaml');
      expect(refused.code).toBe(1);
      expect(refused.stderr).toContain('error[target-differs]: team/data cannot be created');
      expect(refused.stderr).toContain('cost_center');
      expect(emulator.requests.filter(({ method, path }) => method !== 'GET' && !path.endsWith('/login'))).toEqual([]);
    });
  });

  it('finds what the server of a workspace does not have', async () => {
    await beside(async (run, _folder, emulator) => {
      const own = structuredClone(workspace) as Document;
      delete own.paths['/api/v1/projects/{project_name_or_id}'].put;
      emulator.addFault({ match: { method: 'GET', path: '/_workspace/*/openapi.json' }, do: { status: 200, body: own } });
      const { stdout } = await run('doctor');
      expect(stdout).toContain('workspace/prod: PUT /api/v1/projects/{project_name_or_id} is not there');
      const { code, stderr } = await run('plan -f project.yaml');
      expect(code).toBe(1);
      expect(stderr).toContain('project.yaml:3:23: error[target-differs]: workspace/prod/project/churn cannot be updated');
      expect(stderr).toContain('it has no PUT /api/v1/projects/');
      expect((await run('plan -f new.yaml')).code).toBe(0);
      expect(stdout).toMatch(/^warning {2}workspace\/old +.*deactivated/m);
    });
  });

  it('tells what asking can tell where there is no document, and what remains unknown', async () => {
    await beside(
      async (run, _folder, emulator) => {
        emulator.addFault({ match: { method: 'GET', path: '/organizations/*/service_accounts' }, do: { status: 404, body: {} } });
        const { stdout } = await run('doctor');
        expect(stdout).toContain('what it writes remains unknown until the first apply');
        expect(stdout).toContain(
          'GET /organizations/{organization_id}/service_accounts answers 404\n      zenform does without it',
        );
        expect(stdout).toContain('members of a team: wrapped');
        expect(stdout).toContain('assignments of a workspace: with those of its projects');
        expect(stdout).toContain('Still not known, because nothing there shows it: ');
      },
      {
        openapi: 'none',
        'team-member-shape': 'wrapped',
        'assignment-list-workspace': 'include-projects',
        'foreign-object': '403',
      },
    );
  });

  it('takes the size of pages from the document of a workspace', async () => {
    await beside(
      async (run, _folder, emulator) => {
        const own = structuredClone(workspace) as Document;
        own.components.parameters.Size.schema.maximum = 2;
        emulator.addFault({ match: { method: 'GET', path: '/_workspace/*/openapi.json' }, do: { status: 200, body: own } });
        const { stdout } = await run('doctor');
        expect(stdout).toContain('workspace/prod: GET /api/v1/projects gives at most 2 rows at once');
        expect(stdout).toMatch(/^ok {7}workspace\/prod +server/m);
      },
      { 'project-page': '2' },
    );
  });

  it('answers in JSON, for who reads no prose', async () => {
    await beside(async (run) => {
      const { stdout, code } = await run('doctor -o json');
      const { checks, ready, verdict, observed, exitCode } = JSON.parse(stdout);
      const names = checks.map(({ name }: { readonly name: string }) => name);
      expect(names).toEqual(
        expect.arrayContaining([
          'reach',
          'latency',
          'tls',
          'clock',
          'credential',
          'identity',
          'organization',
          'rights',
          'version',
        ]),
      );
      expect(names).toEqual(expect.arrayContaining(['workspace/prod', 'workspace/old', 'api']));
      expect({ code, exitCode, ready, verdict }).toEqual({ code: 0, exitCode: 0, ready: 'apply', verdict: 'ready to apply' });
      expect(observed.length).toBeGreaterThan(10);
      expect(stdout).not.toContain(key);
    });
  });

  it('writes a report without names and secrets', async () => {
    await beside(async (run, folder) => {
      const { code } = await run('doctor --report report.json');
      expect(code).toBe(0);
      const text = readFileSync(join(folder, 'report.json'), 'utf8');
      expect(text).not.toMatch(/acme|ada@|prod|churn|ZENPROKEY|127\.0\.0\.1|service_account\/ci/);
      expect(JSON.parse(text)).toMatchObject({ format: 'zenform.doctor/1', ready: 'apply' });
    });
  });

  it('sees whose clock is wrong', async () => {
    await beside(async (_run, folder, emulator) => {
      const server = await emulator.listen();
      const env = { HOME: folder, XDG_CONFIG_HOME: folder, ZENFORM_API_KEY: key, ZENFORM_API_URL: server.url };
      expect((await zenform(['doctor'], folder, { env })).stdout).toMatch(/^ok {7}clock +the clocks agree$/m);
      await server.close();
    });
  });
});
