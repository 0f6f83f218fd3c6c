import { connects, mayOnContent, mayOnProject, must, type Rights, rightsOf } from '../access.ts';
import { type Core, type Handlers, switchOf } from '../core.ts';
import { refuse } from '../refusal.ts';
import type { Workspace } from '../state.ts';
import { report } from './lifecycle.ts';

interface Resource {
  readonly project: string | null;
  readonly type: string;
  readonly id: string | null;
}

function resourceOf(text: string): Resource {
  const [left, right] = text.includes(':') ? text.split(':', 2) : [null, text];
  const [type, id] = (right ?? '').split('/', 2);
  return { project: left ?? null, type: type ?? '', id: id ?? null };
}

function allowed(rights: Rights, workspace: Workspace, action: string, text: string): boolean {
  const { project, type, id } = resourceOf(text);
  if (type === 'project') return mayOnProject(rights, workspace, id, action);
  return mayOnContent(rights, workspace, project, action);
}

function rightsOfUser(core: Core, id: string): Rights | null {
  const account = core.state.accounts.get(id.toLowerCase());
  return account?.isActive ? rightsOf(core, account) : null;
}

/** How many metered things of a kind an organization has. */
export function usage(core: Core, organizationId: string, feature: string): number {
  const reported = core.state.counters.get(`usage\u0000${organizationId}\u0000${feature}`) ?? 0;
  if (feature !== 'project') return reported;
  const workspaces = [...core.state.workspaces.values()].filter((workspace) => workspace.organizationId === organizationId);
  return reported + workspaces.reduce((sum, workspace) => sum + workspace.server.projects.size, 0);
}

/** Refuses with 402 when a limit is reached. */
export function checkEntitlement(core: Core, organizationId: string, feature: string): void {
  const limit = switchOf(core, `entitlement.${feature}`);
  if (limit !== 'unlimited' && limit !== '' && usage(core, organizationId, feature) >= Number(limit)) {
    throw refuse(402, `The subscription limit of ${feature} is reached.`);
  }
}

/** Drops the grants on a deleted project. */
export function dropProjectGrants(core: Core, projectId: string): void {
  if (switchOf(core, 'project-delete-grants') === 'keep') return;
  core.state.assignments = core.state.assignments.filter((row) => row.projectId !== projectId);
}

/** What a workspace server asks the control plane. */
export const internalHandlers: Handlers = {
  authorizeServer: (context) => {
    const { core, account, rights } = context;
    const workspace = core.state.workspaces.get(String(context.query.server_id).toLowerCase());
    if (!workspace || workspace.status === 'deleted') throw refuse(404, 'Workspace not found');
    must(connects(rights, workspace), 'connect to this workspace');
    return {
      id: account.id,
      username: account.username,
      email: account.email,
      name: account.name,
      avatar_url: account.avatarUrl,
      is_admin: account.isSuperuser,
      is_superuser: account.isSuperuser,
      is_service_account: account.organizationId !== null,
      oidc_claims: null,
    };
  },
  checkPermissions: (context) => {
    const { core, query, server } = context;
    const rights = rightsOfUser(core, query.user_id);
    const entries = (context.body as string[]).map((text) => [
      text,
      rights !== null && allowed(rights, server, query.action, text),
    ]);
    return Object.fromEntries(entries);
  },
  listAllowedResourceIds: (context) => {
    const { core, query, server } = context;
    const rights = rightsOfUser(core, query.user_id);
    if (!rights) return { full_access: false, ids: [] };
    if (allowed(rights, server, query.action, query.resource)) return { full_access: true, ids: [] };
    const { type } = resourceOf(query.resource);
    if (type !== 'project') return { full_access: false, ids: [] };
    const ids = new Set(
      rights.held.flatMap(({ row }) => (row.workspaceId === server.id && row.projectId ? [row.projectId] : [])),
    );
    return { full_access: false, ids: [...ids].filter((id) => mayOnProject(rights, server, id, query.action)) };
  },
  listResourceMembers: (context) => {
    if (resourceOf(context.query.resource).id === null) throw refuse(400, 'The resource needs an id and a workspace scope.');
    return [];
  },
  updateResourceMembership: (context) => {
    if (!context.server || resourceOf(context.body.resource).id === null) throw refuse(400, 'The resource needs an id.');
    return null;
  },
  deleteResources: (context) => {
    const { core, server } = context;
    for (const text of context.query.resources as string[]) {
      const { type, id } = resourceOf(text);
      if (server && type === 'project' && id !== null) dropProjectGrants(core, id.toLowerCase());
    }
    return null;
  },
  getEntitlement: (context) => {
    const { core, params, server } = context;
    const id = (params.organization_id ?? '').toLowerCase();
    if (!core.state.organizations.has(id)) throw refuse(404, 'Organization not found');
    if (server.organizationId !== id) throw refuse(403, 'Not the organization of the workspace.');
    checkEntitlement(core, id, params.feature ?? '');
    return null;
  },
  reportUsageEvent: (context) => {
    const { core, body, server } = context;
    if (server.organizationId !== body.organization_id.toLowerCase()) throw refuse(403, 'Not the organization of the workspace.');
    const key = `usage\u0000${server.organizationId}\u0000${body.feature}`;
    core.state.counters.set(key, (core.state.counters.get(key) ?? 0) + body.total);
    return null;
  },
  reportWorkspaceStatus: (context) => {
    report(context.core, context.server, context.headers['zenml-server-url']);
    return null;
  },
  listReleases: (context) => {
    if (switchOf(context.core, 'releases-list') === '404') throw refuse(404, 'Not Found');
    return [{ version: '0.98.0' }, { version: '0.93.0' }];
  },
  getControlPlaneInfo: () => ({ version: '0.13.18' }),
  health: () => ({ status: 'ok' }),
};
