import { hasOrganizationRole, isMember, managesOrganization, must, readsPeople, seesOrganization } from '../access.ts';
import { type Context, type Core, emailMatches, type Handlers, switchOf } from '../core.ts';
import { makeAccount } from '../make.ts';
import { refuse } from '../refusal.ts';
import { type Account, type Invitation, newId } from '../state.ts';
import { invitationRead, invitationStatus } from '../views.ts';
import { grant } from './grants.ts';
import { forgetPrincipal, ordered, organizationOf, page, readable, roleById } from './lookups.ts';

function same(left: string | null, right: string): boolean {
  return left !== null && left.toLowerCase() === right.toLowerCase();
}

function accountWith(core: Core, email: string): Account | undefined {
  return [...core.state.accounts.values()].find((account) => account.organizationId === null && same(account.email, email));
}

/** Turns an invitation into the account of its address, with every role and team it carries. */
export function accept(core: Core, invitation: Invitation): Account {
  const { state } = core;
  const account =
    accountWith(core, invitation.email) ??
    makeAccount(state, core.now(), invitation.email.toLowerCase(), { email: invitation.email.toLowerCase() });
  const carried = state.assignments.filter((row) => row.kind === 'invitation' && row.principalId === invitation.id);
  for (const row of carried) {
    const role = state.roles.get(row.roleId);
    const { workspaceId, projectId } = row;
    if (role) grant(core, role, { kind: 'user', principalId: account.id, workspaceId, projectId });
  }
  for (const team of state.teams.values()) {
    if (!team.members.some((member) => member.id === invitation.id)) continue;
    const there = team.members.some((member) => member.id === account.id);
    const others = team.members.filter((member) => member.id !== invitation.id);
    team.members = there ? others : [...others, { kind: 'user', id: account.id }];
  }
  forgetPrincipal(core, invitation.id);
  invitation.status = 'accepted';
  invitation.updated = core.now();
  return account;
}

function checkSeats(core: Core, organizationId: string): void {
  const limit = switchOf(core, 'entitlement.seat');
  if (limit === 'unlimited') return;
  const people = [...core.state.accounts.values()].filter(
    (account) => account.organizationId === null && isMember(core, organizationId, account.id),
  );
  const pending = [...core.state.invitations.values()].filter(
    (invitation) => invitation.organizationId === organizationId && invitation.status === 'pending',
  );
  if (people.length + pending.length >= Number(limit)) throw refuse(402, 'The subscription has no free seat.');
}

function create(context: Context): unknown {
  const { core, body, rights } = context;
  const { state } = core;
  const organization = organizationOf(context);
  must(managesOrganization(rights, organization.id), 'invite people');
  const email = String(body.email);
  if (!/^[^@\s]+@[^@\s]+$/.test(email)) throw refuse(422, 'value is not a valid email address');
  const role = roleById(context, body.role_id);
  if (role.organizationId !== organization.id) throw refuse(404, 'Role not found');
  if (role.level !== 'organization') {
    throw refuse(Number(switchOf(core, 'bad-scope')), 'An invitation needs an organization-level role.');
  }
  const reserved = role.name === 'Organization Admin' || role.name === 'Billing Admin';
  must(!reserved || hasOrganizationRole(rights, organization.id, 'Organization Admin'), 'invite with this role');
  const account = accountWith(core, email);
  if (account && isMember(core, organization.id, account.id)) throw refuse(409, 'The user is already a member.');
  const old = [...state.invitations.values()].find(
    (other) =>
      other.organizationId === organization.id && same(other.email, email) && invitationStatus(core, other) === 'pending',
  );
  const mode = switchOf(core, 'duplicate-invite');
  if (old && mode === '409') throw refuse(409, 'The address is already invited.');
  if (old && mode === 'reuse') return invitationRead(core, old);
  checkSeats(core, organization.id);
  const now = core.now();
  const id = newId(state, 'invitation', organization.id, email.toLowerCase());
  const invitation: Invitation = { id, organizationId: organization.id, email, status: 'pending', created: now, updated: now };
  state.invitations.set(id, invitation);
  grant(core, role, { kind: 'invitation', principalId: id, workspaceId: null, projectId: null });
  const answer = invitationRead(core, invitation);
  if (account && switchOf(core, 'invite-existing') === 'direct-add') {
    accept(core, invitation);
    state.invitations.delete(id);
    return switchOf(core, 'invite-existing-answer') === 'null' ? null : { ...answer, status: 'accepted' };
  }
  return answer;
}

function list(context: Context): unknown {
  const { core, query } = context;
  const organization = organizationOf(context);
  const onlyPending = query.only_pending ?? switchOf(core, 'only-pending-default') === 'true';
  const all = [...core.state.invitations.values()].filter(
    (invitation) =>
      invitation.organizationId === organization.id &&
      (!onlyPending || invitationStatus(core, invitation) === 'pending') &&
      (query.email === undefined || emailMatches(core, invitation.email, query.email)),
  );
  const rows = readable(context, readsPeople(context.rights, organization.id), ordered(core, all), (invitation) =>
    same(context.account.email, invitation.email),
  );
  return page(context, rows, true).map((invitation) => invitationRead(core, invitation));
}

function remove(context: Context): null {
  const { core } = context;
  const organization = organizationOf(context);
  must(managesOrganization(context.rights, organization.id), 'withdraw invitations');
  const id = (context.params.invitation_id ?? '').toLowerCase();
  const invitation = core.state.invitations.get(id);
  if (invitation?.organizationId !== organization.id || invitation.status === 'accepted') {
    throw refuse(404, 'Invitation not found');
  }
  forgetPrincipal(core, id);
  core.state.invitations.delete(id);
  return null;
}

function one(context: Context): Invitation {
  const invitation = context.core.state.invitations.get((context.params.invitation_id ?? '').toLowerCase());
  if (!invitation) throw refuse(404, 'Invitation not found');
  const addressee = same(context.account.email, invitation.email);
  if (!addressee && !seesOrganization(context.core, context.rights, invitation.organizationId)) {
    throw refuse(404, 'Invitation not found');
  }
  must(addressee || readsPeople(context.rights, invitation.organizationId), 'read this invitation');
  return invitation;
}

/** Invitations. */
export const invitationHandlers: Handlers = {
  listOrganizationInvitations: list,
  createInvitation: create,
  deleteInvitation: remove,
  listMyInvitations: (context) => {
    const { core, account } = context;
    const mine = [...core.state.invitations.values()].filter(
      (invitation) => same(account.email, invitation.email) && invitationStatus(core, invitation) === 'pending',
    );
    return page(context, ordered(core, mine), true).map((invitation) => invitationRead(core, invitation));
  },
  getInvitation: (context) => invitationRead(context.core, one(context)),
  acceptInvitation: (context) => {
    const { core } = context;
    const invitation = one(context);
    must(same(context.account.email, invitation.email), 'accept the invitation of somebody else');
    if (invitationStatus(core, invitation) !== 'pending') throw refuse(404, 'The invitation is not pending.');
    accept(core, invitation);
    return invitationRead(core, invitation);
  },
};
