import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Ajv2020 } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import { type AxiosAdapter, AxiosHeaders } from 'axios';
import { describe, expect, it } from 'vitest';
import controlPlane from '../../src/api/control-plane.openapi.json' with { type: 'json' };
import { reliedOn } from '../../src/api/relied-on.ts';
import workspace from '../../src/api/workspace.openapi.json' with { type: 'json' };
import { Secret } from '../../src/client/index.ts';
import { organization } from '../../src/core/address.ts';
import { createEmulator, type Emulator, type World } from '../../src/emulator/index.ts';
import { exportOrganization } from '../../src/look.ts';
import { applyOrganization, type Inputs } from '../../src/sync.ts';

/** Everything that zenform may send. What is not here is not sent, and what is here has to be seen. */
const table = (Object.keys(reliedOn) as (keyof typeof reliedOn)[]).flatMap((name) =>
  reliedOn[name].map((one) => {
    const [operation = '', query = ''] = one.split('?');
    return { operation: `${name === 'workspace' ? 'workspace: ' : ''}${operation}`, query: query === '' ? [] : query.split('&') };
  }),
);

interface Sent {
  readonly method: string;
  readonly url: URL;
  readonly body: string | undefined;
  readonly type: string | undefined;
}

const world: World = {
  accounts: [
    { email: 'root@zenml.io', super_user: true, keys: [{ name: 'pat', value: 'ZENPROKEY_root' }] },
    ...['ada', 'dan', 'eve'].map((name) => ({ email: `${name}@acme.io`, name })),
  ],
  organizations: [{ name: 'other', grants: [{ role: 'Organization Admin', account: 'root@zenml.io' }] }],
} as World;

/** Three states of one organization: everything created, everything changed, everything gone. */
const states = [
  `
organization: { name: acme, create: true, description: Acme, trusted_domains: [acme.io] }
members: { ada@acme.io: { roles: [Organization Admin] }, new@acme.io: {}, late@acme.io: {} }
service_accounts:
  bot: { description: One, roles: [Organization Member], keys: { main: { to: { file: main.key } }, old: { to: { file: old.key } } } }
roles: { Releaser: { level: project, description: One, permissions: [{ resource: model, action: read }] } }
teams: { ml: { description: One, members: [ada@acme.io, new@acme.io], service_accounts: [bot], roles: [Organization Viewer] } }
workspaces:
  prod:
    description: One
    access: { Workspace Viewer: { teams: [ml], members: [new@acme.io] } }
    projects: { churn: { description: One, access: { Releaser: { service_accounts: [bot] } } } }
`,
  `
organization: { name: acme, description: Two }
members: { ada@acme.io: { roles: [Organization Admin] }, new@acme.io: {}, late@acme.io: {}, dan@acme.io: {} }
service_accounts:
  bot:
    description: Two
    active: false
    keys: { main: { to: { file: main.key }, rotate_after: 90d }, old: { absent: { destroy: old } } }
roles: { Releaser: { level: project, description: Two, permissions: [{ resource: model, action: create }] } }
teams: { ml: { description: Two, members: [ada@acme.io], service_accounts: [] } }
workspaces:
  prod:
    description: Two
    access: { Workspace Viewer: { teams: [ml] } }
    projects: { churn: { description: Two }, fraud: {} }
`,
  `
organization: { name: acme }
members: { new@acme.io: { absent: true }, ada@acme.io: { absent: true }, late@acme.io: {} }
service_accounts: { bot: { absent: { destroy: bot } } }
roles: { Releaser: { absent: true } }
teams: { ml: { absent: true } }
workspaces:
  prod:
    projects: { churn: { absent: { destroy: churn } } }
`,
  `
organization: { name: acme }
workspaces: { prod: { absent: { destroy: prod } } }
`,
];

async function everythingSent(): Promise<{ sent: Sent[]; emulator: Emulator }> {
  // The first keys are older than the second state lets them be.
  let day = '2025-06-01';
  const emulator = createEmulator({
    now: () => Date.parse(`${day}T00:00:00Z`),
    seed: world,
    switches: { 'custom-roles': 'guess', 'role-permissions-in': 'detail', 'last-admin-guard': 'off' },
  });
  const sent: Sent[] = [];
  const adapter: AxiosAdapter = async (config) => {
    const headers = Object.fromEntries(
      Object.entries(config.headers.toJSON()).map(([name, value]) => [name.toLowerCase(), String(value)]),
    );
    const request = { method: (config.method ?? 'get').toUpperCase(), url: config.url ?? '', headers };
    const body = config.data === undefined ? undefined : String(config.data);
    sent.push({ method: request.method, url: new URL(request.url), body, type: headers['content-type'] });
    const answer = await emulator.handle(body === undefined ? request : { ...request, body });
    return { status: answer.status, statusText: '', data: answer.body, headers: new AxiosHeaders(answer.headers), config };
  };
  const folder = await mkdtemp(join(tmpdir(), 'zenform-contract-'));
  let time = 0;
  const clock = {
    now: () => time,
    sleep: async (ms: number) => {
      time += ms;
    },
  };
  const inputs: Inputs = {
    files: ['zenform.yaml'],
    overlays: [],
    variables: new Map(),
    cwd: folder,
    now: '2026-01-01',
    only: [],
    skip: [],
    allowDestroy: [],
    // Ada stops being an admin in the last state.
    accept: [{ guard: 'lock-out', address: organization }],
    target: {
      apiUrl: 'http://emulator.invalid',
      credential: { kind: 'key', value: new Secret('ZENPROKEY_root') },
      adapter,
      clock,
    },
  };
  for (const [index, text] of states.entries()) {
    await writeFile(join(folder, 'zenform.yaml'), text);
    // In the second state one more account exists that nobody may see, and the server adds it at once instead of inviting it.
    if (index > 0) day = '2026-01-01';
    if (index === 1)
      emulator.setSwitches({ 'user-visibility': 'none', 'invite-existing': 'direct-add', 'invite-existing-answer': 'null' });
    const result = await applyOrganization(inputs, async () => true);
    const problems = result.diagnostics.filter(({ severity }) => severity === 'error');
    expect({
      state: index,
      problems,
      failed: result.outcomes.filter(({ status }) => status !== 'applied'),
      verified: result.verified,
    }).toEqual({
      state: index,
      problems: [],
      failed: [],
      verified: true,
    });
    if (index === 0) emulator.acceptInvitation('ada@acme.io', 'acme');
  }
  await exportOrganization({ ...inputs, organization: 'acme' });
  await rm(folder, { recursive: true });
  return { sent, emulator };
}

/** A judge of requests that shares nothing with the emulator but the documents. */
function judge() {
  const ajv = new Ajv2020({ strict: false, allErrors: true, coerceTypes: true });
  addFormats.default(ajv);
  ajv.addSchema(controlPlane, 'control-plane');
  ajv.addSchema(workspace, 'workspace');
  // biome-ignore lint/suspicious/noExplicitAny: an OpenAPI document is JSON of any shape
  const documents: Record<string, any> = { 'control-plane': controlPlane, workspace };
  return ({ method, url, body, type }: Sent): { operation: string; problems: string[] } => {
    const own = url.pathname.match(/^\/_workspace\/[^/]+(\/.*)$/);
    const [name, path] = own ? ['workspace', own[1] ?? ''] : ['control-plane', url.pathname];
    const template = Object.keys(documents[name].paths)
      .filter((one) => new RegExp(`^${one.replace(/\{[^}]+\}/g, '[^/]+')}$`).test(path))
      .sort((a, b) => a.split('{').length - b.split('{').length)
      .find((one) => documents[name].paths[one][method.toLowerCase()]);
    if (!template) return { operation: `${method} ${path}`, problems: ['no such operation'] };
    const item = documents[name].paths[template];
    const definition = item[method.toLowerCase()];
    const operation = `${name === 'workspace' ? 'workspace: ' : ''}${method} ${template}`;
    // biome-ignore lint/suspicious/noExplicitAny: parameters are JSON of the document
    const parameters = [...(item.parameters ?? []), ...(definition.parameters ?? [])].map((one: any) =>
      one.$ref ? documents[name].components.parameters[one.$ref.split('/').pop()] : one,
    );
    const valid = (schema: object, value: unknown, what: string) =>
      ajv.validate(rebased(schema, name), value) ? [] : [`${what}: ${ajv.errorsText()}`];
    const problems = [...url.searchParams].flatMap(([key, value]) => {
      // biome-ignore lint/suspicious/noExplicitAny: see above
      const parameter = parameters.find((one: any) => one.in === 'query' && one.name === key);
      return parameter ? valid(parameter.schema, value, key) : [`unknown parameter ${key}`];
    });
    for (const one of parameters)
      if (one.required && one.in === 'query' && !url.searchParams.has(one.name)) problems.push(`${one.name} is missing`);
    const content = definition.requestBody?.content ?? {};
    const [wanted] = Object.keys(content);
    if (!wanted) return { operation, problems: body === undefined ? problems : [...problems, 'a body where none is known'] };
    if (body === undefined || !type?.startsWith(wanted))
      return { operation, problems: [...problems, `the body is no ${wanted}`] };
    const value = wanted === 'application/json' ? JSON.parse(body) : Object.fromEntries(new URLSearchParams(body));
    const schema = content[wanted].schema;
    return {
      operation,
      problems: [
        ...problems,
        ...valid(schema, value, 'body'),
        ...unknownFields(documents[name], schema, value),
        ...undeclared(documents[name], schema, value),
      ],
    };
  };
}

/** Schemas are open for readers; a writer still sends nothing that they do not name. */
function unknownFields(
  document: { components: { schemas: Record<string, { properties?: object }> } },
  schema: { $ref?: string; properties?: object },
  value: unknown,
): string[] {
  const named = schema.$ref ? document.components.schemas[schema.$ref.split('/').pop() ?? ''] : schema;
  return Object.keys(value as object)
    .filter((key) => !(key in (named?.properties ?? {})))
    .map((key) => `unknown field ${key}`);
}

/** What servers declare as required is always sent, also where they would do without. */
function undeclared(
  document: { components: { schemas: Record<string, object> } },
  schema: { $ref?: string },
  value: unknown,
): string[] {
  const named = document.components.schemas[schema.$ref?.split('/').pop() ?? ''] as
    | { 'x-declared-required'?: string[] }
    | undefined;
  return (named?.['x-declared-required'] ?? []).filter((key) => !(key in (value as object))).map((key) => `${key} is missing`);
}

const rebased = (schema: object, name: string): object => JSON.parse(JSON.stringify(schema).replaceAll('"#/', `"${name}#/`));

describe('what the client sends', () => {
  it('is known to the documents, down to each parameter and field, and is all that it may send', async () => {
    const { sent } = await everythingSent();
    const verdict = judge();
    // Every server of this kind serves its own document, which the documents themselves do not mention.
    const asked = sent.filter(({ url }) => url.pathname !== '/openapi.json');
    const judged = asked.map((one) => ({ ...verdict(one), url: one.url.pathname + one.url.search, body: one.body }));
    expect(judged.filter(({ problems }) => problems.length > 0)).toEqual([]);
    expect([...new Set(judged.map(({ operation }) => operation))].sort()).toEqual(table.map(({ operation }) => operation).sort());
    for (const { operation, query } of table) {
      const names = asked.flatMap((one) => (verdict(one).operation === operation ? [...one.url.searchParams.keys()] : []));
      // Only a workspace of one's own is enrolled, which no state here has.
      expect({ operation, query: [...new Set(names)].sort() }).toEqual({
        operation,
        query: query.filter((name) => name !== 'enroll'),
      });
    }
  });
});
