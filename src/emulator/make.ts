import { predefinedRoles } from './roles.ts';
import type { Account, Key, Organization, Project, Server, ServerUser, State, Workspace } from './state.ts';
import { digest, newId, nextMicros, occurrence } from './state.ts';
import type { WorldKey } from './world.ts';

/** The ZenML release of a workspace that names none. */
export const defaultVersion = '0.98.0';

/** A new key; its value is made up when none is given. */
export function makeKey(state: State, now: number, owner: string, key: WorldKey, prefix = 'ZENPROKEY_'): Key {
  const value = key.value ?? prefix + digest('key', owner, key.name, String(occurrence(state, 'key value', owner, key.name)));
  return {
    id: key.id?.toLowerCase() ?? newId(state, 'key', owner, key.name),
    name: key.name,
    value,
    description: key.description ?? null,
    active: key.active ?? true,
    expires: key.expires_at ? Date.parse(key.expires_at) : null,
    retain: 0,
    previous: null,
    lastLogin: null,
    lastRotated: key.last_rotated ? Date.parse(key.last_rotated) : null,
    created: key.created ? Date.parse(key.created) : now,
    updated: now,
  };
}

/** A new person or service account with nothing but a name. */
export function makeAccount(state: State, now: number, username: string, more: Partial<Account>): Account {
  const account: Account = {
    id: more.id ?? newId(state, 'account', more.organizationId ?? '', username.toLowerCase()),
    username,
    email: null,
    name: null,
    description: null,
    avatarUrl: null,
    company: null,
    jobTitle: null,
    metadata: null,
    password: null,
    isActive: true,
    isSuperuser: false,
    organizationId: null,
    keys: [],
    created: now,
    updated: now,
    ...more,
  };
  state.accounts.set(account.id, account);
  return account;
}

/** Creates an organization with its predefined roles. */
export function makeOrganization(state: State, now: number, name: string, more: Partial<Organization>): Organization {
  const organization: Organization = {
    id: more.id ?? newId(state, 'organization', name),
    name,
    description: null,
    logoUrl: null,
    trustedDomains: [],
    ownerId: null,
    created: now,
    updated: now,
    ...more,
  };
  state.organizations.set(organization.id, organization);
  for (const [level, names] of Object.entries(predefinedRoles)) {
    for (const roleName of names) {
      const id = newId(state, 'role', organization.id, level, roleName);
      const base = { id, organizationId: organization.id, name: roleName, level };
      state.roles.set(id, { ...base, description: null, systemManaged: true, permissions: [] });
    }
  }
  return organization;
}

/** Adds a project to a workspace server. */
export function makeProject(state: State, now: number, workspace: Workspace, name: string, more: Partial<Project>): Project {
  const created = nextMicros(state, now);
  const project: Project = {
    id: more.id ?? newId(state, 'project', workspace.id, name),
    name,
    displayName: name,
    description: '',
    metadata: {},
    pipelines: [],
    pipelineCount: 0,
    runs: 0,
    created,
    updated: created,
    ...more,
  };
  workspace.server.projects.set(project.id, project);
  return project;
}

/** Adds an account to a workspace server. */
export function makeServerUser(
  state: State,
  now: number,
  workspaceId: string,
  server: Server,
  name: string,
  more: Partial<ServerUser>,
): ServerUser {
  const created = nextMicros(state, now);
  const user: ServerUser = {
    id: more.id ?? newId(state, 'server user', workspaceId, name),
    name,
    fullName: '',
    email: null,
    externalId: null,
    isAdmin: false,
    isServiceAccount: false,
    active: true,
    description: '',
    password: null,
    passwordChanged: null,
    defaultProjectId: null,
    userMetadata: {},
    keys: [],
    created,
    updated: created,
    ...more,
  };
  server.users.set(user.id, user);
  return user;
}

/** A workspace server with nothing in it. */
export function makeServer(mode: Server['mode'], now: number): Server {
  const active = mode !== 'oss-inactive';
  return {
    mode,
    active,
    name: 'default',
    analytics: false,
    projects: new Map(),
    users: new Map(),
    replays: new Map(),
    failedLogins: [],
    created: now,
  };
}
