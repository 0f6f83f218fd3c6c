import {
  guardLastAdmin,
  hasOrganizationRole,
  isMember,
  managesProject,
  managesWorkspace,
  must,
  readsPeople,
  refuseForeign,
} from '../access.ts';
import { type Context, type Core, type Handlers, switchOf } from '../core.ts';
import { refuse } from '../refusal.ts';
import type { Assignment, PrincipalKind, Role, Workspace } from '../state.ts';
import { assignmentRead } from '../views.ts';
import { invitationById, readable, roleOf } from './lookups.ts';

interface Target {
  readonly kind: PrincipalKind;
  readonly principalId: string;
  readonly workspaceId: string | null;
  readonly projectId: string | null;
}

function badScope(core: Core, message: string) {
  return refuse(Number(switchOf(core, 'bad-scope')), message);
}

/** The one principal that the query names. */
export function principalOf(context: Context, kinds: readonly PrincipalKind[]): { kind: PrincipalKind; principalId: string } {
  const given = kinds.filter((kind) => context.query[`${kind}_id`] !== undefined);
  const [kind] = given;
  if (given.length !== 1 || !kind) {
    throw badScope(context.core, `Exactly one of ${kinds.map((name) => `${name}_id`).join(', ')} must be given.`);
  }
  return { kind, principalId: String(context.query[`${kind}_id`]).toLowerCase() };
}

function scopeOf(context: Context, role: Role): { workspaceId: string | null; projectId: string | null } {
  const { core, query } = context;
  const projectId = query.project_id === undefined ? null : String(query.project_id).toLowerCase();
  let workspaceId = query.workspace_id === undefined ? null : String(query.workspace_id).toLowerCase();
  if (role.level === 'project' && projectId !== null && workspaceId === null) {
    if (switchOf(core, 'project-scope') === 'project-only-ok') {
      const home = [...core.state.workspaces.values()].find((workspace) => workspace.server.projects.has(projectId));
      if (!home) throw refuse(404, 'Project not found');
      workspaceId = home.id;
    }
  }
  const wanted = { organization: [false, false], workspace: [true, false], project: [true, true] }[role.level];
  if (!wanted || wanted[0] !== (workspaceId !== null) || wanted[1] !== (projectId !== null)) {
    throw badScope(core, `The scope does not fit a role of level ${role.level}.`);
  }
  return { workspaceId, projectId };
}

function workspaceIn(context: Context, role: Role, id: string): Workspace {
  const workspace = context.core.state.workspaces.get(id);
  if (!workspace) throw refuse(404, 'Workspace not found');
  if (workspace.organizationId !== role.organizationId) refuseForeign(context.core, 'Workspace');
  return workspace;
}

function mayGrant(context: Context, role: Role, workspace: Workspace | null, projectId: string | null): boolean {
  const { rights } = context;
  if (!workspace) {
    const reserved = role.name === 'Organization Admin' || role.name === 'Billing Admin';
    const names = reserved ? ['Organization Admin'] : ['Organization Admin', 'Organization Manager'];
    return hasOrganizationRole(rights, role.organizationId, ...names);
  }
  return projectId === null ? managesWorkspace(rights, workspace) : managesProject(rights, workspace, projectId);
}

function checkPrincipal(context: Context, role: Role, target: Target): void {
  const { core } = context;
  const outside = 'The principal is not part of the organization of the role.';
  if (target.kind === 'team') {
    const team = core.state.teams.get(target.principalId);
    if (!team) throw refuse(404, 'Team not found');
    if (team.organizationId !== role.organizationId) throw refuse(403, outside);
  } else if (target.kind === 'invitation') {
    const invitation = invitationById(core, target.principalId);
    if (invitation.organizationId !== role.organizationId) throw refuse(403, outside);
  } else {
    const account = core.state.accounts.get(target.principalId);
    if (!account) throw refuse(404, 'User not found');
    if (account.organizationId !== null && account.organizationId !== role.organizationId) throw refuse(403, outside);
    const strict = role.level !== 'organization' && switchOf(core, 'lower-role-needs-member') === '403';
    if (strict && !isMember(core, role.organizationId, account.id)) throw refuse(403, outside);
  }
}

/** The test for the assignment of a role to a target. */
export function sameAssignment(role: Role, target: Target): (row: Assignment) => boolean {
  return (row) =>
    row.roleId === role.id &&
    row.principalId === target.principalId &&
    row.workspaceId === target.workspaceId &&
    row.projectId === target.projectId;
}

/** Adds an assignment unless it is there. */
export function grant(core: Core, role: Role, target: Target): void {
  if (core.state.assignments.some(sameAssignment(role, target))) return;
  core.state.assignments.push({ ...target, roleId: role.id, organizationId: role.organizationId, created: core.now() });
}

/** Assigns a role as a caller asks. */
export function assign(context: Context, role: Role, target: Target): unknown {
  const { core } = context;
  const workspace = target.workspaceId === null ? null : workspaceIn(context, role, target.workspaceId);
  must(mayGrant(context, role, workspace, target.projectId), 'assign this role');
  checkPrincipal(context, role, target);
  const same = sameAssignment(role, target);
  const old = core.state.assignments.find(same);
  if (old && switchOf(core, 'duplicate-grant') === '409') throw refuse(409, 'The role is already assigned.');
  if (!old) grant(core, role, target);
  const row = core.state.assignments.find(same);
  return row ? assignmentRead(core, row) : null;
}

/** Revokes a role as a caller asks. */
export function revoke(context: Context, role: Role, target: Target): null {
  const { core } = context;
  const workspace = target.workspaceId === null ? null : (core.state.workspaces.get(target.workspaceId) ?? null);
  if (target.workspaceId !== null && !workspace) {
    must(hasOrganizationRole(context.rights, role.organizationId, 'Organization Admin'), 'revoke this role');
  } else {
    must(mayGrant(context, role, workspace, target.projectId), 'revoke this role');
  }
  const same = sameAssignment(role, target);
  if (!core.state.assignments.some(same)) {
    if (switchOf(core, 'missing-revoke') === '404') throw refuse(404, 'The role is not assigned.');
    return null;
  }
  guardLastAdmin(core, role.organizationId, { row: same });
  core.state.assignments = core.state.assignments.filter((row) => !same(row));
  return null;
}

const kinds: readonly PrincipalKind[] = ['user', 'team', 'invitation'];

/** Role assignments. */
export const grantHandlers: Handlers = {
  listRoleAssignments: (context) => {
    const { core, query } = context;
    const role = roleOf(context);
    const workspaceId = query.workspace_id?.toLowerCase();
    const projectId = query.project_id?.toLowerCase();
    const nested = switchOf(core, 'assignment-list-workspace') === 'include-projects';
    const unscoped = switchOf(core, 'assignment-list-default') === 'unscoped';
    const rows = core.state.assignments.filter((row) => {
      if (row.roleId !== role.id) return false;
      if (projectId !== undefined && row.projectId !== projectId) return false;
      if (workspaceId !== undefined && row.workspaceId !== workspaceId) return false;
      if (projectId === undefined && workspaceId !== undefined && row.projectId !== null) return nested;
      if (projectId === undefined && workspaceId === undefined && unscoped) return row.workspaceId === null;
      return true;
    });
    const teams = [...core.state.teams.values()].filter((team) =>
      team.members.some((member) => member.id === context.account.id),
    );
    const mine = new Set([context.account.id, ...teams.map((team) => team.id)]);
    return readable(context, readsPeople(context.rights, role.organizationId), rows, (row) => mine.has(row.principalId)).map(
      (row) => assignmentRead(core, row),
    );
  },
  assignRole: (context) => {
    const role = roleOf(context);
    return assign(context, role, { ...principalOf(context, kinds), ...scopeOf(context, role) });
  },
  revokeRole: (context) => {
    const role = roleOf(context);
    return revoke(context, role, { ...principalOf(context, kinds), ...scopeOf(context, role) });
  },
};
