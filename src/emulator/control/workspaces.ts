import {
  connects,
  hasOrganizationRole,
  managesOrganization,
  managesWorkspace,
  must,
  readsPeople,
  seesWorkspace,
} from '../access.ts';
import { type Context, type Core, type Handlers, switchOf } from '../core.ts';
import { defaultVersion, makeServer } from '../make.ts';
import { refuse } from '../refusal.ts';
import { type Assignment, digest, newId, type Role, type Workspace } from '../state.ts';
import { memberRead, rolesHeld, serverUrl, workspaceRead } from '../views.ts';
import { assign, grant, principalOf, revoke } from './grants.ts';
import { begin, poll } from './lifecycle.ts';
import { ordered, organizationById, organizationOf, page, patched, readable, roleById, workspaceOf } from './lookups.ts';

function slugTaken(core: Core, name: string, self?: Workspace): boolean {
  const mode = switchOf(core, 'slug-reuse');
  return [...core.state.workspaces.values()].some((other) => {
    if (other.name !== name || other === self) return false;
    if (!other.managed) return other.status !== 'deleted';
    if (mode === 'never') return true;
    return mode === 'at-once' ? other.desiredState !== 'deleted' : other.status !== 'deleted';
  });
}

function visible(context: Context, organizationId: string | null): readonly Workspace[] {
  const { core, rights } = context;
  const showDeleted = switchOf(core, 'list-deleted') === 'yes';
  const all = [...core.state.workspaces.values()].filter(
    (workspace) =>
      (organizationId === null || workspace.organizationId === organizationId) &&
      (showDeleted || workspace.status !== 'deleted') &&
      seesWorkspace(rights, workspace),
  );
  return ordered(core, all);
}

function trimmed(url: string): string {
  return url.replace(/\/+$/, '');
}

function list(context: Context): unknown {
  const { core, query, rights } = context;
  const rows = visible(context, query.organization_id?.toLowerCase() ?? null).filter((workspace) => {
    if (query.workspace_name !== undefined && workspace.name !== query.workspace_name) return false;
    if (query.status !== undefined && workspace.status !== query.status) return false;
    if (query.is_managed !== undefined && workspace.managed !== query.is_managed) return false;
    if (query.url !== undefined && trimmed(serverUrl(core, workspace)) !== trimmed(query.url)) return false;
    return !query.member_only || connects(rights, workspace);
  });
  return page(context, rows, false).map((workspace) => workspaceRead(core, workspace));
}

// biome-ignore lint/suspicious/noExplicitAny: JSON enters here
function checkConfiguration(context: Context, service: any): void {
  must(service?.configuration?.admin == null || context.rights.isSuper, 'set operator-only settings');
}

function create(context: Context): unknown {
  const { core, body, query, account } = context;
  const organization = organizationById(context, body.organization_id);
  must(managesOrganization(context.rights, organization.id), 'create workspaces');
  checkConfiguration(context, body.zenml_service);
  if (slugTaken(core, body.name)) throw refuse(409, 'A workspace with this name already exists.');
  const limit = switchOf(core, 'entitlement.workspace');
  const alive = [...core.state.workspaces.values()].filter(
    (other) => other.organizationId === organization.id && other.status !== 'deleted',
  );
  if (limit !== 'unlimited' && alive.length >= Number(limit)) throw refuse(402, 'The subscription has no free workspace.');
  const now = core.now();
  const id = newId(core.state, 'workspace', body.name);
  const workspace: Workspace = {
    id,
    organizationId: organization.id,
    name: body.name,
    displayName: body.display_name ?? body.name,
    description: body.description ?? null,
    logoUrl: body.logo_url ?? null,
    status: 'pending',
    desiredState: 'available',
    stateReason: '',
    version: body.zenml_service?.configuration?.version ?? defaultVersion,
    managed: !query.enroll,
    serverUrl: null,
    enrollmentKey: query.enroll ? `emu-enroll-${digest('enrollment', id)}` : null,
    ownerId: account.id,
    quirk: null,
    pending: null,
    polls: 0,
    isNew: true,
    server: makeServer('pro', now),
    created: now,
    updated: now,
    statusUpdated: now,
  };
  core.state.workspaces.set(id, workspace);
  if (query.enroll) workspace.status = switchOf(core, 'enrolled-initial');
  else begin(core, workspace, 'available');
  const admin = [...core.state.roles.values()].find(
    (role) => role.organizationId === organization.id && role.name === 'Workspace Admin',
  );
  if (admin && switchOf(core, 'creator-admin') !== 'off') {
    grant(core, admin, { kind: 'user', principalId: account.id, workspaceId: id, projectId: null });
  }
  return workspaceRead(core, workspace, true);
}

function older(version: string, than: string): boolean {
  const parts = (text: string) => text.split(/[.+-]/).map((part) => Number.parseInt(part, 10) || 0);
  const [left, right] = [parts(version), parts(than)];
  for (let index = 0; index < Math.max(left.length, right.length); index += 1) {
    const difference = (left[index] ?? 0) - (right[index] ?? 0);
    if (difference !== 0) return difference < 0;
  }
  return false;
}

function update(context: Context): unknown {
  const { core, body } = context;
  const workspace = workspaceOf(context);
  must(managesWorkspace(context.rights, workspace), 'change this workspace');
  checkConfiguration(context, body.zenml_service);
  const version = body.zenml_service?.configuration?.version;
  if (version !== undefined && older(version, workspace.version)) {
    throw refuse(400, 'A workspace cannot be moved to an older ZenML release.');
  }
  const rename = switchOf(core, 'workspace-rename');
  if (body.name !== undefined && body.name !== workspace.name && rename !== 'ignore') {
    if (rename === 'refuse') throw refuse(403, 'The name of a workspace cannot be changed.');
    if (slugTaken(core, body.name, workspace)) throw refuse(409, 'A workspace with this name already exists.');
    workspace.name = body.name;
  }
  workspace.displayName = body.display_name ?? workspace.displayName;
  workspace.description = patched(core, body.description, workspace.description);
  workspace.logoUrl = patched(core, body.logo_url, workspace.logoUrl);
  workspace.ownerId = patched(core, body.owner_id, workspace.ownerId);
  workspace.updated = core.now();
  if (version !== undefined) workspace.version = version;
  const desired = body.desired_state;
  if (desired === 'deleted') removeRow(context, workspace);
  else if (desired !== undefined && (desired !== workspace.desiredState || workspace.status === 'failed')) {
    begin(core, workspace, desired);
  } else if (body.zenml_service !== undefined) begin(core, workspace, workspace.desiredState);
  return workspaceRead(core, workspace);
}

function removeRow(context: Context, workspace: Workspace): void {
  const { core } = context;
  const mode = switchOf(core, 'delete-cascade');
  const inside = (row: Assignment) => row.workspaceId === workspace.id;
  if (mode === 'refuse-in-use' && core.state.assignments.some(inside)) throw refuse(409, 'Roles are assigned on the workspace.');
  if (mode === 'on') core.state.assignments = core.state.assignments.filter((row) => !inside(row));
  begin(core, workspace, 'deleted');
}

function remove(context: Context): unknown {
  const gone = context.core.state.workspaces.get((context.params.workspace_id ?? '').toLowerCase());
  if (gone?.status === 'deleted' && switchOf(context.core, 'second-delete') === '200' && managesWorkspace(context.rights, gone))
    return workspaceRead(context.core, gone);
  const workspace = workspaceOf(context);
  const { rights } = context;
  must(managesWorkspace(rights, workspace), 'delete this workspace');
  removeRow(context, workspace);
  return workspaceRead(context.core, workspace);
}

function turn(desired: string): (context: Context) => unknown {
  return (context) => {
    const workspace = workspaceOf(context);
    must(managesWorkspace(context.rights, workspace), 'change this workspace');
    if (workspace.status !== desired) begin(context.core, workspace, desired);
    return workspaceRead(context.core, workspace);
  };
}

function membersWhere(context: Context, workspace: Workspace, fits: (row: Assignment, role: Role) => boolean): unknown {
  const { core } = context;
  const seen = new Map<string, Assignment>();
  for (const row of core.state.assignments) {
    const role = core.state.roles.get(row.roleId);
    if (role && row.workspaceId === workspace.id && fits(row, role)) seen.set(row.principalId, row);
  }
  const all = ordered(
    core,
    [...seen].map(([id, row]) => ({ id, kind: row.kind })),
  );
  const allowed = readsPeople(context.rights, workspace.organizationId);
  const rows = readable(context, allowed, all, (entry) => entry.id === context.account.id);
  const inside = (row: Assignment, role: Role) => row.workspaceId === workspace.id && fits(row, role);
  return page(context, rows, true).flatMap(({ id, kind }) => memberRead(core, kind, id, rolesHeld(core, kind, id, inside)) ?? []);
}

/** Workspaces. */
export const workspaceHandlers: Handlers = {
  listWorkspaces: list,
  listOrganizationWorkspaces: (context) => {
    const { core, query } = context;
    const rows = visible(context, organizationOf(context).id).filter(
      (workspace) => query.status === undefined || workspace.status === query.status,
    );
    return page(context, rows, false).map((workspace) => workspaceRead(core, workspace));
  },
  validateWorkspaceName: (context) => {
    const organization = organizationOf(context);
    must(hasOrganizationRole(context.rights, organization.id, 'Organization Admin', 'Organization Manager'), 'check names');
    const name = context.params.tenant_name ?? '';
    return /^[a-z0-9-]{1,50}$/.test(name) && !slugTaken(context.core, name);
  },
  createWorkspace: create,
  getWorkspace: (context) => {
    const workspace = workspaceOf(context, true);
    const answer = workspaceRead(context.core, workspace);
    poll(workspace);
    return answer;
  },
  updateWorkspace: update,
  deleteWorkspace: remove,
  deployWorkspace: turn('available'),
  deactivateWorkspace: turn('deactivated'),
  listWorkspaceMembers: (context) => membersWhere(context, workspaceOf(context), (row) => row.projectId === null),
  addWorkspaceMember: (context) => {
    const workspace = workspaceOf(context);
    if (context.query.role_id === undefined) throw refuse(422, 'role_id: Field required');
    const role = roleById(context, context.query.role_id);
    const target = { ...principalOf(context, ['user', 'team']), workspaceId: workspace.id, projectId: null };
    return assign(context, role, target);
  },
  removeWorkspaceMember: (context) => {
    const workspace = workspaceOf(context);
    const principal = principalOf(context, ['user', 'team']);
    const rows = context.core.state.assignments.filter(
      (row) => row.workspaceId === workspace.id && row.projectId === null && row.principalId === principal.principalId,
    );
    if (rows.length === 0 && switchOf(context.core, 'missing-revoke') === '404') throw refuse(404, 'Not a member');
    for (const row of rows) {
      revoke(context, roleById(context, row.roleId), { ...principal, workspaceId: workspace.id, projectId: null });
    }
    return null;
  },
  listProjectMembers: (context) => {
    const projectId = context.params.project_id?.toLowerCase() ?? '';
    return membersWhere(context, workspaceOf(context), (row) => row.projectId === projectId);
  },
};
