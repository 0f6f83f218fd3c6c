import { hasOrganizationRole, must } from '../access.ts';
import { type Context, type Handlers, switchOf } from '../core.ts';
import { refuse } from '../refusal.ts';
import { newId, type Role, uuidOf } from '../state.ts';
import { roleRead } from '../views.ts';
import { ordered, organizationById, organizationOf, page, patched, roleOf } from './lookups.ts';

function list(context: Context): unknown {
  const { core, query } = context;
  const organization = organizationOf(context);
  const roles = [...core.state.roles.values()].filter((role) => role.organizationId === organization.id);
  const extra = switchOf(core, 'extra-roles');
  if (extra !== 'none') {
    const odd = extra === 'unnamed' ? { name: null, level: 'workspace' } : { name: 'Team Member', level: 'team' };
    const id = uuidOf('extra role', organization.id, extra);
    roles.push({ id, organizationId: organization.id, description: null, systemManaged: true, permissions: [], ...odd });
  }
  const rows = ordered(core, roles)
    .map((role) => roleRead(core, role))
    .filter((role) => role !== null)
    .filter((role) => query.level === undefined || role.level === query.level)
    .filter((role) => query.name === undefined || role.name === query.name);
  return page(context, rows, true);
}

function checkName(context: Context, organizationId: string, level: string, name: string | undefined, self?: Role): void {
  if (switchOf(context.core, 'team-name-unique') === 'off' || name === undefined) return;
  for (const other of context.core.state.roles.values()) {
    if (other.organizationId !== organizationId || other.level !== level || other === self) continue;
    if (other.name === name) throw refuse(409, 'A role with this name already exists.');
  }
}

function mustWrite(context: Context, organizationId: string, level: string): void {
  must(hasOrganizationRole(context.rights, organizationId, 'Organization Admin'), 'write custom roles');
  must(switchOf(context.core, 'custom-roles') === 'guess' && level !== 'organization', `write custom roles of level ${level}`);
}

function create(context: Context): unknown {
  const { core, body } = context;
  const organization = organizationById(context, body.organization_id);
  mustWrite(context, organization.id, body.level);
  if (body.level !== 'workspace' && body.level !== 'project') throw refuse(422, `Unknown level ${body.level}`);
  checkName(context, organization.id, body.level, body.name);
  const id = newId(core.state, 'role', organization.id, body.level, body.name);
  const role: Role = {
    id,
    organizationId: organization.id,
    name: body.name,
    level: body.level,
    description: body.description ?? null,
    systemManaged: false,
    permissions: body.permissions,
  };
  core.state.roles.set(id, role);
  return roleRead(core, role, true);
}

function update(context: Context): unknown {
  const { core, body } = context;
  const role = roleOf(context);
  mustWrite(context, role.organizationId, role.level);
  must(!role.systemManaged, 'change a predefined role');
  checkName(context, role.organizationId, role.level, body.name, role);
  role.name = body.name ?? role.name;
  role.description = patched(core, body.description, role.description);
  role.permissions = body.permissions ?? role.permissions;
  return roleRead(core, role, true);
}

function remove(context: Context): null {
  const { core } = context;
  const role = roleOf(context);
  mustWrite(context, role.organizationId, role.level);
  must(!role.systemManaged, 'delete a predefined role');
  const mode = switchOf(core, 'delete-cascade');
  const used = core.state.assignments.some((row) => row.roleId === role.id);
  if (used && mode === 'refuse-in-use') throw refuse(409, 'The role is in use.');
  if (mode === 'on') core.state.assignments = core.state.assignments.filter((row) => row.roleId !== role.id);
  core.state.roles.delete(role.id);
  return null;
}

/** Roles. */
export const roleHandlers: Handlers = {
  listOrganizationRoles: list,
  createRole: create,
  getRole: (context) => roleRead(context.core, roleOf(context), true),
  updateRole: update,
  deleteRole: remove,
  listPermissions: (context) => {
    if (switchOf(context.core, 'permissions-list') === '404') throw refuse(404, 'Not Found');
    return [{ resource: 'project', action: 'read' }];
  },
};
