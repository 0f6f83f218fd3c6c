import { createEmulator, type Emulator, type EmulatorOptions, type World } from '../../src/emulator/index.ts';

// biome-ignore lint/suspicious/noExplicitAny: JSON enters here
export type Json = any;

/** An answer with its body parsed. */
export interface Reply {
  readonly status: number;
  readonly headers: Record<string, string>;
  readonly body: Json;
}

/** An emulator, the ids of its world, and a caller with a key as bearer. */
export interface Client {
  readonly emulator: Emulator;
  call(method: string, url: string, body?: unknown, key?: string): Promise<Reply>;
  /** A call to the server of a workspace. */
  inside(workspace: string, method: string, url: string, body?: unknown, key?: string): Promise<Reply>;
  readonly organization: string;
  /** Id of a role, team, workspace, service account or person by name. */
  id(kind: 'roles' | 'teams' | 'workspaces' | 'service_accounts' | 'invitations' | 'accounts', name: string): string;
  projectId(workspace: string, project: string): string;
  role(name: string): Promise<string>;
  /** Lets time pass, in seconds. */
  pass(seconds: number): void;
}

/** A world with an admin, people of all sorts, a team, two workspaces, and a foreign organization. */
export const world: World = {
  accounts: [
    { email: 'ada@acme.io', name: 'Ada', keys: [{ name: 'pat', value: 'ZENPROKEY_ada' }] },
    { email: 'bob@acme.io', name: 'Bob', keys: [{ name: 'pat', value: 'ZENPROKEY_bob' }] },
    { email: 'eve@other.io', name: 'Eve', keys: [{ name: 'pat', value: 'ZENPROKEY_eve' }] },
    { email: 'root@zenml.io', super_user: true, keys: [{ name: 'pat', value: 'ZENPROKEY_root' }] },
  ],
  organizations: [
    {
      name: 'acme',
      roles: [{ name: 'Release Manager', level: 'project', permissions: [{ resource: 'model', action: 'read' }] }],
      service_accounts: [
        { name: 'admin', keys: [{ name: 'main', value: 'ZENPROKEY_admin' }] },
        { name: 'ci', keys: [{ name: 'main', value: 'ZENPROKEY_ci' }] },
      ],
      invitations: [{ email: 'Grace@acme.io', role: 'Organization Member' }],
      teams: [{ name: 'ml', description: 'Owns it', members: [{ account: 'ada@acme.io' }, { invitation: 'grace@acme.io' }] }],
      workspaces: [
        { name: 'prod', projects: [{ name: 'churn', statistics: { pipelines: 2, runs: 9 } }, { name: 'fraud' }] },
        { name: 'lab' },
      ],
      grants: [
        { role: 'Organization Admin', service_account: 'admin' },
        { role: 'Organization Member', account: 'ada@acme.io' },
        { role: 'Workspace Viewer', team: 'ml', workspace: 'prod' },
        { role: 'Project Admin', account: 'ada@acme.io', workspace: 'prod', project: 'churn' },
      ],
    },
    {
      name: 'other',
      workspaces: [{ name: 'taken' }],
      teams: [{ name: 'theirs' }],
      grants: [{ role: 'Organization Admin', account: 'eve@other.io' }],
    },
  ],
};

function parsed(text: string): Json {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

/** Starts an emulator on the world above, with some switches. */
export function start(switches: Record<string, string> = {}, options: EmulatorOptions = {}): Client {
  let now = Date.parse('2026-11-23T12:00:00Z');
  const emulator = createEmulator({ seed: world, switches, now: () => now, ...options });
  const [acme] = emulator.world().organizations ?? [];
  const send = async (method: string, url: string, body: unknown, key: string): Promise<Reply> => {
    const headers: Record<string, string> = key === '' ? {} : { authorization: `Bearer ${key}` };
    if (body !== undefined) headers['content-type'] = 'application/json';
    const request = { method, url, headers };
    const response = await emulator.handle(body === undefined ? request : { ...request, body: JSON.stringify(body) });
    return { ...response, body: parsed(response.body) };
  };
  const find = (list: readonly Json[] | undefined, name: string): string =>
    list?.find((entry) => entry.name === name || entry.email?.toLowerCase() === name)?.id ?? '';
  const id: Client['id'] = (kind, name) => {
    const now = emulator.world();
    return kind === 'accounts' ? find(now.accounts, name) : find((now.organizations?.[0] as Json)?.[kind], name);
  };
  return {
    emulator,
    organization: acme?.id ?? '',
    call: (method, url, body, key = 'ZENPROKEY_admin') => send(method, url, body, key),
    inside: (workspace, method, url, body, key = 'ZENPROKEY_admin') =>
      send(method, `/_workspace/${id('workspaces', workspace)}/api/v1${url}`, body, key),
    id,
    projectId: (workspace, project) => find(acme?.workspaces?.find((entry) => entry.name === workspace)?.projects, project),
    pass: (seconds) => {
      now += seconds * 1000;
    },
    role: async (name) => {
      const { body } = await send('GET', `/organizations/${acme?.id}/roles`, undefined, 'ZENPROKEY_admin');
      return body.find((role: Json) => role.name === name)?.id;
    },
  };
}

const form = { 'content-type': 'application/x-www-form-urlencoded' };
/** Logs in with a form, at the control plane unless another URL is given. */
export const login = async (c: Client, body: string, url = '/auth/login', headers = {}) => {
  const response = await c.emulator.handle({ method: 'POST', url, headers: { ...form, ...headers }, body });
  return { status: response.status, body: JSON.parse(response.body) };
};
/** Query arguments of a scope. */
export const scope = (c: Client, project?: string) =>
  `workspace_id=${c.id('workspaces', 'prod')}${project ? `&project_id=${c.projectId('prod', project)}` : ''}`;
/** Assigns a role by name (or another verb on it). */
export const grant = async (c: Client, role: string, query: string, key?: string, method = 'POST') =>
  c.call(method, `/roles/${await c.role(role)}/assignments?${query}`, undefined, key);
/** Query argument of a person. */
export const person = (c: Client, email: string) => `user_id=${c.id('accounts', email)}`;
/** Names in a list answer. */
export const names = (reply: Json): string[] => reply.body.map((item: Json) => item.name);
