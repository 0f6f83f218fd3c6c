import {
  guardLastAdmin,
  hasOrganizationRole,
  isMember,
  managesOrganization,
  must,
  readsPeople,
  seesOrganization,
} from '../access.ts';
import { type Context, type Core, type Handlers, switchOf } from '../core.ts';
import { makeOrganization } from '../make.ts';
import { refuse } from '../refusal.ts';
import type { Organization, PrincipalKind } from '../state.ts';
import { memberRead, organizationRead, rolesHeld } from '../views.ts';
import { grant } from './grants.ts';
import { ordered, organizationOf, page, patched, readable } from './lookups.ts';

interface Entry {
  readonly id: string;
  readonly kind: PrincipalKind;
}

function entriesOf(core: Core, organization: Organization): Entry[] {
  const { state } = core;
  const everything = switchOf(core, 'members-include') === 'all';
  const own = <T extends { id: string; organizationId: string | null }>(values: Iterable<T>) =>
    [...values].filter((value) => value.organizationId === organization.id);
  const holders = new Set(
    state.assignments
      .filter((row) => row.organizationId === organization.id && row.kind === 'user')
      .map((row) => row.principalId),
  );
  const people = [...state.accounts.values()].filter((account) => {
    if (account.organizationId !== null) return everything && account.organizationId === organization.id;
    return isMember(core, organization.id, account.id) || (everything && holders.has(account.id));
  });
  const entries: Entry[] = people.map(({ id }) => ({ id, kind: 'user' }));
  if (!everything) return entries;
  entries.push(...own(state.teams.values()).map(({ id }): Entry => ({ id, kind: 'team' })));
  const pending = own(state.invitations.values()).filter((invitation) => invitation.status === 'pending');
  return [...entries, ...pending.map(({ id }): Entry => ({ id, kind: 'invitation' }))];
}

function members(context: Context): unknown {
  const { core, rights } = context;
  const organization = organizationOf(context);
  const everything = switchOf(core, 'members-include') === 'all';
  const all = ordered(core, entriesOf(core, organization));
  const rows = readable(context, readsPeople(rights, organization.id), all, (entry) => entry.id === context.account.id);
  return page(context, rows, true).map(({ kind, id }) =>
    memberRead(
      core,
      kind,
      id,
      rolesHeld(
        core,
        kind,
        id,
        (row, role) => row.organizationId === organization.id && (everything || role.level === 'organization'),
      ),
    ),
  );
}

function removeMember(context: Context): null {
  const { core, rights } = context;
  const { state } = core;
  const organization = organizationOf(context);
  const userId = String(context.query.user_id).toLowerCase();
  must(managesOrganization(rights, organization.id), 'remove members');
  const everything = switchOf(core, 'member-remove-cascade') === 'all';
  const gone = (row: { organizationId: string; kind: string; principalId: string; roleId: string }) =>
    row.organizationId === organization.id &&
    row.kind === 'user' &&
    row.principalId === userId &&
    (everything || state.roles.get(row.roleId)?.level === 'organization');
  const held = state.assignments.filter((row) => gone(row) && state.roles.get(row.roleId)?.level === 'organization');
  if (held.length === 0) {
    if (switchOf(core, 'missing-revoke') === '404') throw refuse(404, 'The user is not a member of the organization.');
    return null;
  }
  const admin = held.some((row) => state.roles.get(row.roleId)?.name === 'Organization Admin');
  must(!admin || hasOrganizationRole(rights, organization.id, 'Organization Admin'), 'remove an Organization Admin');
  guardLastAdmin(core, organization.id, { row: gone });
  state.assignments = state.assignments.filter((row) => !gone(row));
  if (everything) {
    for (const team of state.teams.values()) {
      if (team.organizationId === organization.id) team.members = team.members.filter((member) => member.id !== userId);
    }
  }
  return null;
}

function create(context: Context): unknown {
  const { core, body, account, rights } = context;
  must(rights.isSuper || account.organizationId === null, 'create organizations');
  must(body.trusted_domains === undefined || rights.isSuper, 'set trusted domains');
  if ([...core.state.organizations.values()].some((other) => other.name === body.name)) {
    throw refuse(409, 'An organization with this name already exists.');
  }
  const organization = makeOrganization(core.state, core.now(), body.name, {
    description: body.description ?? null,
    logoUrl: body.logo_url ?? null,
    trustedDomains: [...(body.trusted_domains ?? [])],
    ownerId: account.id,
  });
  const admin = [...core.state.roles.values()].find(
    (role) => role.organizationId === organization.id && role.name === 'Organization Admin',
  );
  if (admin && switchOf(core, 'creator-admin') === 'on') {
    grant(core, admin, { kind: 'user', principalId: account.id, workspaceId: null, projectId: null });
  }
  return organizationRead(core, organization);
}

function update(context: Context): unknown {
  const { core, body, rights } = context;
  const organization = organizationOf(context);
  must(managesOrganization(rights, organization.id), 'change this organization');
  must(body.trusted_domains === undefined || rights.isSuper, 'set trusted domains');
  const taken = [...core.state.organizations.values()].some((other) => other.name === body.name && other !== organization);
  if (taken) throw refuse(409, 'An organization with this name already exists.');
  organization.name = body.name ?? organization.name;
  organization.description = patched(core, body.description, organization.description);
  organization.logoUrl = patched(core, body.logo_url, organization.logoUrl);
  organization.trustedDomains = [...(body.trusted_domains ?? organization.trustedDomains)];
  organization.updated = core.now();
  return organizationRead(core, organization);
}

function remove(context: Context): null {
  const { core, rights } = context;
  const { state } = core;
  const { id } = organizationOf(context);
  must(hasOrganizationRole(rights, id, 'Organization Admin'), 'delete this organization');
  for (const map of [state.accounts, state.roles, state.teams, state.invitations, state.workspaces]) {
    for (const [key, value] of map) if (value.organizationId === id) (map as Map<string, unknown>).delete(key);
  }
  state.assignments = state.assignments.filter((row) => row.organizationId !== id);
  state.organizations.delete(id);
  return null;
}

/** Organizations and their members. */
export const organizationHandlers: Handlers = {
  listOrganizations: (context) => {
    const { core } = context;
    const seen = [...core.state.organizations.values()].filter(({ id }) => seesOrganization(core, context.rights, id));
    return page(context, ordered(core, seen), false).map((organization) => organizationRead(core, organization));
  },
  createOrganization: create,
  getOrganization: (context) => organizationRead(context.core, organizationOf(context, true)),
  updateOrganization: update,
  deleteOrganization: remove,
  validateOrganizationName: (context) =>
    context.account !== undefined &&
    ![...context.core.state.organizations.values()].some((other) => other.name === context.params.organization_name),
  listOrganizationMembers: members,
  removeOrganizationMember: removeMember,
};
