import { must, readsPeople, refuseForeign, seesOrganization, seesWorkspace } from '../access.ts';
import { type Context, type Core, switchOf } from '../core.ts';
import { refuse } from '../refusal.ts';
import { type Account, digest, type Invitation, type Organization, type Role, type Team, type Workspace } from '../state.ts';

/** Puts rows in the order of the list-order switch. */
export function ordered<T extends { readonly id: string }>(core: Core, rows: readonly T[]): readonly T[] {
  if (switchOf(core, 'list-order') === 'created') return rows;
  return [...rows].sort((left, right) => (digest('order', left.id) < digest('order', right.id) ? -1 : 1));
}

/** The page of a list that the query asks for; lists below an object may ignore paging. */
export function page<T>(context: Context, rows: readonly T[], sublist: boolean): readonly T[] {
  const { core, query } = context;
  if (sublist && switchOf(core, 'sublist-paging') === 'ignored') return rows;
  const asked = Number(query.offset ?? 0);
  // What has come in at the front since the first page moves everything else by one.
  const offset = asked > 0 && switchOf(core, 'page-insert') === 'on' ? asked - 1 : asked;
  const limit = Math.min(Number(query.limit ?? 100), Number(switchOf(core, 'page-cap')));
  return rows.slice(offset, offset + limit);
}

/** Rows that the caller may read: all of them with the right, otherwise its own, or a refusal when lists do not hide. */
export function readable<T>(context: Context, allowed: boolean, rows: readonly T[], own: (row: T) => boolean): readonly T[] {
  if (allowed) return rows;
  must(switchOf(context.core, 'hide-unreadable') === 'on', 'list these objects');
  return rows.filter(own);
}

/** An organization by id that the caller can see. */
export function organizationById(context: Context, id: string): Organization {
  const organization = context.core.state.organizations.get(id.toLowerCase());
  if (!organization) throw refuse(404, 'Organization not found');
  if (!seesOrganization(context.core, context.rights, organization.id)) refuseForeign(context.core, 'Organization');
  return organization;
}

/** The organization of the path; `named` also takes its name. */
export function organizationOf(context: Context, named = false): Organization {
  const key = context.params.organization_id ?? '';
  if (named && !context.core.state.organizations.has(key.toLowerCase())) {
    for (const organization of context.core.state.organizations.values()) {
      if (organization.name === key) return organizationById(context, organization.id);
    }
  }
  return organizationById(context, key);
}

/** The workspace of the path, with its deleted row when such rows are shown; `named` also takes its name. */
export function workspaceOf(context: Context, named = false): Workspace {
  const { state } = context.core;
  const key = (context.params.workspace_id ?? '').toLowerCase();
  let workspace = state.workspaces.get(key);
  if (!workspace && named) {
    const called = [...state.workspaces.values()].filter((candidate) => candidate.name === context.params.workspace_id);
    workspace = called.find((candidate) => candidate.status !== 'deleted') ?? called[0];
  }
  if (!workspace) throw refuse(404, 'Workspace not found');
  if (!seesOrganization(context.core, context.rights, workspace.organizationId)) refuseForeign(context.core, 'Workspace');
  must(seesWorkspace(context.rights, workspace), 'read this workspace');
  if (workspace.status === 'deleted' && (!named || switchOf(context.core, 'list-deleted') === 'no')) {
    throw refuse(404, 'Workspace not found');
  }
  return workspace;
}

/** The team of the path. */
export function teamOf(context: Context): Team {
  const team = context.core.state.teams.get((context.params.team_id ?? '').toLowerCase());
  if (!team) throw refuse(404, 'Team not found');
  if (!seesOrganization(context.core, context.rights, team.organizationId)) refuseForeign(context.core, 'Team');
  const own = team.members.some((member) => member.id === context.account.id);
  must(own || readsPeople(context.rights, team.organizationId), 'read this team');
  return team;
}

/** The role of the path. */
export function roleOf(context: Context): Role {
  return roleById(context, context.params.role_id ?? '');
}

/** A role by id in an organization that the caller can see. */
export function roleById(context: Context, id: string): Role {
  const role = context.core.state.roles.get(id.toLowerCase());
  if (!role) throw refuse(404, 'Role not found');
  if (!seesOrganization(context.core, context.rights, role.organizationId)) refuseForeign(context.core, 'Role');
  return role;
}

/** The service account of the path, by name or id. */
export function serviceAccountOf(context: Context): Account {
  const organization = organizationOf(context);
  const key = (context.params.service_account_name_or_id ?? '').toLowerCase();
  for (const account of context.core.state.accounts.values()) {
    if (account.organizationId !== organization.id) continue;
    if (account.id === key || account.username.toLowerCase() === key) {
      must(account.id === context.account.id || readsPeople(context.rights, organization.id), 'read this service account');
      return account;
    }
  }
  throw refuse(404, 'Service account not found');
}

/** A pending invitation by id in an organization. */
export function invitationById(core: Core, id: string): Invitation {
  const invitation = core.state.invitations.get(id.toLowerCase());
  if (invitation?.status !== 'pending') throw refuse(404, 'Invitation not found');
  return invitation;
}

/** The new value of a nullable field of a PATCH. */
export function patched<T>(core: Core, given: T | null | undefined, current: T | null): T | null {
  if (given === undefined) return current;
  if (given === null && switchOf(core, 'patch-null') === 'ignore') return current;
  return given;
}

/** Forgets what a principal held: assignments and team memberships. */
export function forgetPrincipal(core: Core, id: string): void {
  core.state.assignments = core.state.assignments.filter((row) => row.principalId !== id);
  for (const team of core.state.teams.values()) team.members = team.members.filter((member) => member.id !== id);
}
