import { type Core, switchOf } from './core.ts';
import { refuse } from './refusal.ts';
import type { Account, Assignment, Role, State, Workspace } from './state.ts';

/** A role that an account holds itself or through a team. */
export interface Held {
  readonly role: Role;
  readonly row: Assignment;
  readonly viaTeam: boolean;
}

/** What an account may do: its roles and whether it bypasses them. */
export interface Rights {
  readonly account: Account;
  readonly isSuper: boolean;
  readonly held: readonly Held[];
}

/** The roles of an account, its own and those of its teams. */
export function heldBy(state: State, accountId: string): Held[] {
  const teams = new Set<string>();
  for (const team of state.teams.values()) {
    if (team.members.some((member) => member.kind === 'user' && member.id === accountId)) teams.add(team.id);
  }
  const held: Held[] = [];
  for (const row of state.assignments) {
    const viaTeam = row.kind === 'team' && teams.has(row.principalId);
    if (!viaTeam && !(row.kind === 'user' && row.principalId === accountId)) continue;
    const role = state.roles.get(row.roleId);
    if (role) held.push({ role, row, viaTeam });
  }
  return held;
}

/** The rights of an account now. */
export function rightsOf(core: Core, account: Account): Rights {
  const delay = Number(switchOf(core, 'rbac-delay')) * 1000;
  const held = heldBy(core.state, account.id).filter(({ row }) => delay === 0 || row.created + delay <= core.now());
  return { account, isSuper: account.isSuperuser, held };
}

/** Whether an account is a member of an organization: an organization role, or a service account of its own. */
export function isMember(core: Core, organizationId: string, accountId: string): boolean {
  const account = core.state.accounts.get(accountId);
  if (account?.organizationId === organizationId && switchOf(core, 'sa-is-member') === 'yes') return true;
  const throughTeam = switchOf(core, 'team-only-membership') === 'yes';
  return heldBy(core.state, accountId).some(
    ({ role, row, viaTeam }) =>
      row.organizationId === organizationId && role.level === 'organization' && (!viaTeam || throughTeam),
  );
}

/** Whether the caller holds one of the named organization roles. */
export function hasOrganizationRole(rights: Rights, organizationId: string, ...names: readonly string[]): boolean {
  if (rights.isSuper) return true;
  return rights.held.some(
    ({ role, row }) => row.organizationId === organizationId && role.level === 'organization' && names.includes(role.name ?? ''),
  );
}

/** Whether the caller knows an organization at all. */
export function seesOrganization(core: Core, rights: Rights, organizationId: string): boolean {
  if (rights.isSuper || rights.account.organizationId === organizationId) return true;
  return (
    rights.held.some(({ row }) => row.organizationId === organizationId) || isMember(core, organizationId, rights.account.id)
  );
}

/** Whether the caller may list the people, teams and accounts of an organization. */
export function readsPeople(rights: Rights, organizationId: string): boolean {
  if (hasOrganizationRole(rights, organizationId, 'Organization Admin', 'Organization Manager', 'Organization Viewer'))
    return true;
  return rights.held.some(
    ({ role, row }) =>
      row.organizationId === organizationId && (role.name === 'Workspace Admin' || role.name === 'Project Admin'),
  );
}

/** Whether the caller may change teams, accounts and invitations of an organization. */
export function managesOrganization(rights: Rights, organizationId: string): boolean {
  return hasOrganizationRole(rights, organizationId, 'Organization Admin', 'Organization Manager');
}

function heldIn(rights: Rights, workspace: Workspace): readonly Held[] {
  return rights.held.filter(({ row }) => row.workspaceId === workspace.id);
}

/** Whether the caller may connect to a workspace. */
export function connects(rights: Rights, workspace: Workspace): boolean {
  if (hasOrganizationRole(rights, workspace.organizationId, 'Organization Admin', 'Organization Viewer')) return true;
  return heldIn(rights, workspace).length > 0;
}

/** Whether the caller sees that a workspace exists. */
export function seesWorkspace(rights: Rights, workspace: Workspace): boolean {
  return connects(rights, workspace) || hasOrganizationRole(rights, workspace.organizationId, 'Organization Manager');
}

/** Whether the caller may change a workspace and the roles on it. */
export function managesWorkspace(rights: Rights, workspace: Workspace): boolean {
  if (hasOrganizationRole(rights, workspace.organizationId, 'Organization Admin')) return true;
  return heldIn(rights, workspace).some(({ role }) => role.name === 'Workspace Admin');
}

/** Whether the caller may change the roles on a project. */
export function managesProject(rights: Rights, workspace: Workspace, projectId: string): boolean {
  if (managesWorkspace(rights, workspace)) return true;
  return heldIn(rights, workspace).some(({ role, row }) => role.name === 'Project Admin' && row.projectId === projectId);
}

const projectWide: Readonly<Record<string, readonly string[]>> = {
  read: ['Workspace Admin', 'Workspace Developer', 'Workspace Viewer'],
};
const content: Readonly<Record<string, readonly string[]>> = {
  read: ['Project Admin', 'Project Developer', 'Project Contributor', 'Project Viewer'],
  create: ['Project Admin', 'Project Developer', 'Project Contributor'],
  write: ['Project Admin', 'Project Developer'],
};

/** Whether the caller may do something to a project (null: to projects as such). */
export function mayOnProject(rights: Rights, workspace: Workspace, projectId: string | null, action: string): boolean {
  if (managesWorkspace(rights, workspace)) return true;
  const held = heldIn(rights, workspace);
  if (held.some(({ role }) => role.level === 'workspace' && projectWide[action]?.includes(role.name ?? ''))) return true;
  if (projectId === null) return false;
  const inProject = held.filter(({ row }) => row.projectId === projectId);
  if (action === 'read') return inProject.length > 0;
  return inProject.some(({ role }) => role.name === 'Project Admin');
}

/** Whether the caller may do something to what is inside a project, or to stacks and the like outside of projects. */
export function mayOnContent(rights: Rights, workspace: Workspace, projectId: string | null, action: string): boolean {
  if (managesWorkspace(rights, workspace)) return true;
  const held = heldIn(rights, workspace);
  const reads = action === 'read' || action === 'client';
  if (projectId === null) {
    if (reads && connects(rights, workspace)) return true;
    const writers = ['Workspace Developer', 'Workspace Contributor', 'Stack Admin'];
    return held.some(({ role }) => writers.includes(role.name ?? '') && (action === 'create' || role.name === 'Stack Admin'));
  }
  if (mayOnProject(rights, workspace, projectId, 'read') && reads) return true;
  if (action === 'create' && held.some(({ role }) => role.name === 'Workspace Developer')) return true;
  const names = content[action] ?? content.write ?? [];
  return held.some(({ role, row }) => row.projectId === projectId && names.includes(role.name ?? ''));
}

/** Refuses an object of an organization that the caller cannot see, in the way of the foreign-object switch. */
export function refuseForeign(core: Core, what: string): never {
  if (switchOf(core, 'foreign-object') === '403') throw refuse(403, `Insufficient permissions for ${what}`);
  throw refuse(404, `${what} not found`);
}

/** Refuses with 403 unless the condition holds. */
export function must(condition: boolean, what: string): void {
  if (!condition) throw refuse(403, `Insufficient permissions to ${what}.`);
}

/** What would be taken away, for the last-admin rule. */
export interface Removal {
  readonly row?: (row: Assignment) => boolean;
  readonly accountId?: string;
  readonly membership?: { readonly teamId: string; readonly principalId: string };
}

function countAdmins(core: Core, organizationId: string, removal: Removal): number {
  const { state } = core;
  const found = new Set<string>();
  const alive = (id: string) => id !== removal.accountId && state.accounts.get(id)?.isActive === true;
  for (const row of state.assignments) {
    const role = state.roles.get(row.roleId);
    if (row.organizationId !== organizationId || role?.name !== 'Organization Admin' || role.level !== 'organization') continue;
    if (removal.row?.(row)) continue;
    if (row.kind === 'user' && alive(row.principalId)) found.add(row.principalId);
    if (row.kind === 'invitation' && switchOf(core, 'invitation-counts-as-admin') === 'yes') {
      if (state.invitations.get(row.principalId)?.status === 'pending') found.add(row.principalId);
    }
    if (row.kind !== 'team') continue;
    for (const member of state.teams.get(row.principalId)?.members ?? []) {
      const gone = removal.membership?.teamId === row.principalId && removal.membership.principalId === member.id;
      if (member.kind === 'user' && alive(member.id) && !gone) found.add(member.id);
    }
  }
  return found.size;
}

/** Accounts that are Organization Admin and can log in. */
export function adminCount(core: Core, organizationId: string): number {
  return countAdmins(core, organizationId, {});
}

/** Refuses a removal that would leave an organization without an admin. */
export function guardLastAdmin(core: Core, organizationId: string, removal: Removal): void {
  if (switchOf(core, 'last-admin-guard') !== 'on') return;
  if (countAdmins(core, organizationId, {}) > 0 && countAdmins(core, organizationId, removal) === 0) {
    throw refuse(403, 'The last Organization Admin of an organization cannot be removed.');
  }
}
