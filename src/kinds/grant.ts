import { Type } from 'typebox';
import { type Address, grant as address, parse } from '../core/address.ts';
import type { Kind, PlanContext } from '../core/kind.ts';
import type { Live, Oddity } from '../core/resource.ts';
import { type Assignment, organizationAssignments, scopedAssignments, type Vanished } from './parts/assignments.ts';
import { path as pathOf } from './parts/path.ts';
import { holders, joined } from './team-member.ts';

const spec = Type.Object({});

/** A role that a person, team or service account holds on the organization, a workspace or a project. */
export const grant: Kind<typeof spec> = {
  name: 'grant',
  summary: 'A role that somebody holds on the organization, a workspace or a project.',
  plural: 'grants',
  spec,
  examples: [{}],
  reads: ['role', 'workspace', 'project'],

  async list(read) {
    const [organization, workspaces, projects, readProjects] = await Promise.all([
      organizationAssignments(read),
      scopedAssignments(read, 'workspace'),
      scopedAssignments(read, 'project'),
      read.of('project'),
    ]);
    const all = [organization, workspaces, projects];
    const rows = all.flatMap((one) => one.rows);
    // A project that could not be listed is not gone: only where everything was read is a missing scope an orphan.
    const complete = readProjects.unread.length === 0;
    return {
      live: joined(rows.flatMap(toLive)),
      unread: all.flatMap((one) => one.unread),
      oddities: [
        ...(complete ? rows.filter((row) => !row.scope).map(orphan) : []),
        ...ofNobody(all.flatMap((one) => one.vanished)),
      ],
      principals: new Map(rows.map((row) => [row.principal.address, row.principal.ids])),
    };
  },

  create(resource, plan) {
    const { path, query } = target(resource.address, plan);
    const { query: who, alternatives } = plan.principal(parsed(resource.address).principal);
    return [
      {
        server: 'control-plane',
        method: 'POST',
        path,
        query: { ...who, ...query },
        ...(alternatives.length > 0 ? { alternatives: alternatives.map((other) => ({ query: { ...other, ...query } })) } : {}),
      },
    ];
  },

  delete(live, plan, deleted) {
    const { level, principal } = parsed(live.address);
    // Removing a person removes what they hold on the organization itself.
    if (level === 'organization' && principal.startsWith('member/') && deleted(principal)) return [];
    const { path, query } = target(live.address, plan);
    return holders(live).map((who) => ({ server: 'control-plane', method: 'DELETE', path, query: { ...who, ...query } }));
  },

  coveredBy(resource, creating) {
    const { level, principal, role } = parsed(resource.address);
    return level === 'organization' && creating(principal)?.spec.role === role ? principal : undefined;
  },
};

function target(grantAddress: Address, plan: PlanContext): { path: string; query: Record<string, string> } {
  const { scope, level, role } = parsed(grantAddress);
  const place = parse(scope);
  const query: Record<string, string> =
    place.kind === 'project'
      ? { workspace_id: plan.ref(place.workspace), project_id: plan.ref(scope) }
      : place.kind === 'workspace'
        ? { workspace_id: plan.ref(scope) }
        : {};
  return { path: pathOf('/roles/{role_id}/assignments', plan.roleId(role, level)), query };
}

function toLive(row: Assignment): Live[] {
  if (!row.scope) return [];
  return [{ address: address(row.scope, row.role.name, row.principal.address), spec: {}, ids: row.principal.ids }];
}

function orphan(row: Assignment): Oddity {
  const where = row.projectId ? `project ${row.projectId}` : `workspace ${row.workspaceId}`;
  return { code: 'orphan-grant', summary: `${row.principal.address} holds ${row.role.name} on ${where}, which no longer exists` };
}

/** Grants whose holder is gone have no address; a server that shows several lists shows each of them once. */
function ofNobody(vanished: readonly Vanished[]): Oddity[] {
  const counts = new Map<string, Set<string>>();
  for (const { role, id } of vanished) counts.set(role.name, (counts.get(role.name) ?? new Set()).add(id));
  return [...counts].map(([role, ids]) => ({
    code: 'orphan-grant',
    summary: `${role} is held ${ids.size === 1 ? 'once' : `${ids.size} times`} by somebody who no longer exists`,
  }));
}

function parsed(grantAddress: Address) {
  const result = parse(grantAddress);
  if (result.kind !== 'grant') throw new Error(`not a grant: ${grantAddress}`);
  return result;
}
