import { type Address, organization, project as projectAddress, role as roleAddress } from '../../core/address.ts';
import type { ReadContext } from '../../core/kind.ts';
import type { LiveRole, Unread } from '../../core/resource.ts';
import { asRow, type Principal, principalOf, textOf } from './decode.ts';
import { path as pathOf } from './path.ts';

/** One row of a role's assignments: who holds which role where. */
export interface Assignment {
  readonly role: LiveRole;
  readonly principal: Principal;
  /** The scope, or undefined when the workspace or project is not among what was read. */
  readonly scope: Address | undefined;
  readonly workspaceId: string | undefined;
  readonly projectId: string | undefined;
}

interface Scope {
  readonly address: Address;
  readonly workspaceId: string;
  readonly projectId?: string;
}

/** A row whose holder no longer exists. */
export interface Vanished {
  readonly role: LiveRole;
  readonly id: string;
}

export interface Assignments {
  readonly rows: readonly Assignment[];
  readonly vanished: readonly Vanished[];
  readonly unread: readonly Unread[];
}

/**
 * The assignments of all roles of the organization level. Needs one list per role: the scope of such a role is the organization.
 */
export function organizationAssignments(read: ReadContext): Promise<Assignments> {
  return read.once('assignments/organization', async () => {
    const { roles = [], unread: rolesUnread } = await read.of('role');
    // Without the roles nobody can be asked for their holders, which is not the same as there being none.
    if (rolesUnread.some(({ prefix }) => prefix === 'role/')) return { rows: [], vanished: [], unread: rolesUnread };
    const lists = await Promise.all(roles.filter((role) => role.level === 'organization').map((role) => listOf(read, role)));
    return {
      rows: lists.flatMap((list) => list.rows).map((row) => ({ ...row, scope: organization })),
      vanished: lists.flatMap((list) => list.vanished),
      unread: lists.flatMap((list) => list.unread),
    };
  });
}

/**
 * The assignments of all roles of one lower level. What a list without a scope holds is not documented: a row with a scope in one
 * proves that such lists hold all scopes; without that proof every scope is asked.
 */
export async function scopedAssignments(read: ReadContext, level: 'workspace' | 'project'): Promise<Assignments> {
  const roles = ((await read.of('role')).roles ?? []).filter((role) => role.level === level);
  const scopes = await scopesOf(read, level);
  const lists = await Promise.all(roles.map((role) => listOf(read, role)));
  const unscoped = lists.flatMap((list) => list.rows);
  const proven = unscoped.some((row) => (level === 'workspace' ? row.workspaceId && !row.projectId : row.projectId));
  const unread = lists.flatMap((list) => list.unread);
  const refused = new Set(roles.filter((_, index) => (lists[index]?.unread.length ?? 0) > 0));
  const asked = proven
    ? []
    : await Promise.all(
        roles
          .filter((role) => !refused.has(role))
          .flatMap((role) =>
            scopes.map((scope) =>
              listOf(read, role, {
                workspace_id: scope.workspaceId,
                ...(scope.projectId ? { project_id: scope.projectId } : {}),
              }),
            ),
          ),
      );
  const rows = [...unscoped, ...asked.flatMap((list) => list.rows)]
    .filter((row) => (level === 'workspace' ? row.workspaceId && !row.projectId : row.projectId))
    .map((row) => ({
      ...row,
      scope: scopes.find((scope) =>
        level === 'workspace' ? scope.workspaceId === row.workspaceId : scope.projectId === row.projectId,
      )?.address,
    }));
  return {
    rows,
    vanished: [...lists, ...asked].flatMap((list) => list.vanished),
    unread: [...unread, ...asked.flatMap((list) => list.unread)],
  };
}

async function scopesOf(read: ReadContext, level: 'workspace' | 'project'): Promise<Scope[]> {
  const workspaces = (await read.of('workspace')).live;
  if (level === 'workspace') return workspaces.map((live) => ({ address: live.address, workspaceId: live.ids.id ?? '' }));
  const projects = (await read.of('project')).live;
  return projects.map((live) => {
    const workspace = workspaces.find((one) => live.address.startsWith(projectAddress(one.address, '')));
    return { address: live.address, workspaceId: workspace?.ids.id ?? '', projectId: live.ids.id ?? '' };
  });
}

/** A role's name as it stands in addresses. */
const encoded = (name: string) => roleAddress(name).slice('role/'.length);

async function listOf(read: ReadContext, role: LiveRole, filter: Record<string, string> = {}): Promise<Assignments> {
  try {
    const items = await read.list('control-plane', pathOf('/roles/{role_id}/assignments', role.id), filter, { paged: false });
    const rows = items.flatMap((item): Assignment[] => {
      const row = asRow(item);
      const principal = principalOf({ user: row?.user, team: row?.team, invitation: row?.invitation });
      if (!row || !principal) return [];
      return [
        { role, principal, scope: undefined, workspaceId: textOf(row, 'workspace_id'), projectId: textOf(row, 'project_id') },
      ];
    });
    const vanished = items.flatMap((item, index): Vanished[] => {
      const row = asRow(item);
      if (!row || principalOf({ user: row.user, team: row.team, invitation: row.invitation })) return [];
      return [{ role, id: textOf(row, 'id') ?? String(index) }];
    });
    return { rows, vanished, unread: [] };
  } catch (error) {
    const reason = read.unreadable(error);
    return {
      rows: [],
      vanished: [],
      unread: [{ prefix: `*/grant/${encoded(role.name)}/`, reason: `the holders of ${role.name} cannot be read: ${reason}` }],
    };
  }
}
