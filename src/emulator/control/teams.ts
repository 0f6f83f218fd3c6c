import { guardLastAdmin, isMember, managesOrganization, must, readsPeople } from '../access.ts';
import { type Context, type Handlers, switchOf } from '../core.ts';
import { refuse } from '../refusal.ts';
import { newId, type Team } from '../state.ts';
import { memberRead, principalRead, rolesHeld, teamRead } from '../views.ts';
import { principalOf } from './grants.ts';
import { invitationById, ordered, organizationById, organizationOf, page, patched, readable, teamOf } from './lookups.ts';

function checkName(context: Context, organizationId: string, name: string | undefined, self?: Team): void {
  if (switchOf(context.core, 'team-name-unique') === 'off' || name === undefined) return;
  for (const other of context.core.state.teams.values()) {
    if (other.organizationId === organizationId && other.name === name && other !== self) {
      throw refuse(409, 'A team with this name already exists.');
    }
  }
}

function create(context: Context): unknown {
  const { core, body } = context;
  const organization = organizationById(context, body.organization_id);
  must(managesOrganization(context.rights, organization.id), 'create teams');
  checkName(context, organization.id, body.name);
  const id = newId(core.state, 'team', organization.id, body.name);
  const now = core.now();
  const base = { id, organizationId: organization.id, name: body.name, members: [], created: now, updated: now };
  const team: Team = { ...base, description: body.description ?? null };
  core.state.teams.set(id, team);
  return teamRead(core, team);
}

function update(context: Context): unknown {
  const { core, body } = context;
  const team = teamOf(context);
  must(managesOrganization(context.rights, team.organizationId), 'change teams');
  checkName(context, team.organizationId, body.name, team);
  team.name = body.name ?? team.name;
  team.description = patched(core, body.description, team.description);
  team.updated = core.now();
  return teamRead(core, team);
}

function remove(context: Context): null {
  const { core } = context;
  const team = teamOf(context);
  must(managesOrganization(context.rights, team.organizationId), 'delete teams');
  const holds = (row: { principalId: string }) => row.principalId === team.id;
  const mode = switchOf(core, 'delete-cascade');
  if (mode === 'refuse-in-use' && core.state.assignments.some(holds)) throw refuse(409, 'The team holds roles.');
  guardLastAdmin(core, team.organizationId, { row: holds });
  if (mode === 'on') core.state.assignments = core.state.assignments.filter((row) => !holds(row));
  core.state.teams.delete(team.id);
  return null;
}

function members(context: Context): unknown {
  const { core } = context;
  const team = teamOf(context);
  const wrapped = switchOf(core, 'team-member-shape') === 'wrapped';
  return ordered(core, team.members).flatMap(({ kind, id }) => {
    if (kind === 'invitation' && core.state.invitations.get(id)?.status !== 'pending') return [];
    if (!wrapped) return principalRead(core, kind, id) ?? [];
    const roles = rolesHeld(core, kind, id, (row) => row.organizationId === team.organizationId);
    return memberRead(core, kind, id, roles) ?? [];
  });
}

function add(context: Context): unknown {
  const { core } = context;
  const team = teamOf(context);
  must(managesOrganization(context.rights, team.organizationId), 'change team members');
  const { kind, principalId } = principalOf(context, ['user', 'invitation']);
  const outside = 'The user is not part of the organization of the team.';
  if (kind === 'invitation') {
    if (invitationById(core, principalId).organizationId !== team.organizationId) throw refuse(403, outside);
  } else {
    if (!core.state.accounts.has(principalId)) throw refuse(404, 'User not found');
    if (!isMember(core, team.organizationId, principalId)) throw refuse(403, outside);
  }
  if (team.members.some((member) => member.id === principalId)) {
    if (switchOf(core, 'duplicate-grant') === '409') throw refuse(409, 'Already a member of the team.');
  } else {
    team.members.push({ kind: kind === 'invitation' ? 'invitation' : 'user', id: principalId });
  }
  return principalRead(core, kind, principalId);
}

function drop(context: Context): null {
  const { core } = context;
  const team = teamOf(context);
  must(managesOrganization(context.rights, team.organizationId), 'change team members');
  const { principalId } = principalOf(context, ['user', 'invitation']);
  if (!team.members.some((member) => member.id === principalId)) {
    if (switchOf(core, 'missing-revoke') === '404') throw refuse(404, 'Not a member of the team.');
    return null;
  }
  guardLastAdmin(core, team.organizationId, { membership: { teamId: team.id, principalId } });
  team.members = team.members.filter((member) => member.id !== principalId);
  return null;
}

/** Teams and their members. */
export const teamHandlers: Handlers = {
  listOrganizationTeams: (context) => {
    const { core } = context;
    const organization = organizationOf(context);
    const all = [...core.state.teams.values()].filter((team) => team.organizationId === organization.id);
    const rows = readable(context, readsPeople(context.rights, organization.id), ordered(core, all), (team) =>
      team.members.some((member) => member.id === context.account.id),
    );
    return page(context, rows, true).map((team) => teamRead(core, team));
  },
  createTeam: create,
  getTeam: (context) => teamRead(context.core, teamOf(context)),
  updateTeam: update,
  deleteTeam: remove,
  listTeamMembers: members,
  addTeamMember: add,
  removeTeamMember: drop,
};
