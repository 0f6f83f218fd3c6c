import { heldBy } from './access.ts';
import { type Core, switchOf } from './core.ts';
import { legacyRoleNames } from './roles.ts';
import type { Account, Assignment, Invitation, Key, Organization, PrincipalKind, Role, Team, Workspace } from './state.ts';

type Json = Record<string, unknown>;
const time = (value: number): string => new Date(value).toISOString();
const timeOrNull = (value: number | null): string | null => (value === null ? null : time(value));

/** Read model of a person or service account. */
export function userRead(account: Account): Json {
  return {
    id: account.id,
    username: account.username,
    email: account.email,
    name: account.name,
    avatar_url: account.avatarUrl,
    company: account.company,
    job_title: account.jobTitle,
    metadata: account.metadata,
    password: null,
    password_expired: null,
    oauth_provider: null,
    oauth_id: null,
    is_active: account.isActive,
    is_superuser: account.isSuperuser,
    is_service_account: account.organizationId !== null,
    organization_id: account.organizationId,
    is_onboarded: true,
  };
}

/** Read model of a service account. */
export function serviceAccountRead(account: Account): Json {
  const logins = account.keys.flatMap((key) => key.lastLogin ?? []);
  return {
    ...userRead(account),
    description: account.description,
    created: time(account.created),
    updated: time(account.updated),
    last_login: logins.length === 0 ? null : time(Math.max(...logins)),
    api_key_count: account.keys.length,
  };
}

/** Read model of a key; its value only when it was just made. */
export function keyRead(key: Key, showValue: boolean): Json {
  return {
    id: key.id,
    name: key.name,
    description: key.description,
    active: key.active,
    key: showValue ? key.value : null,
    expires_at: timeOrNull(key.expires),
    retain_period_minutes: key.retain,
    last_login: timeOrNull(key.lastLogin),
    last_rotated: timeOrNull(key.lastRotated),
    created: time(key.created),
    updated: time(key.updated),
  };
}

/** Read model of an organization. */
export function organizationRead(core: Core, organization: Organization): Json {
  const owner = organization.ownerId === null ? undefined : core.state.accounts.get(organization.ownerId);
  return {
    id: organization.id,
    name: organization.name,
    description: organization.description,
    created: time(organization.created),
    updated: time(organization.updated),
    logo_url: organization.logoUrl,
    owner: owner ? userRead(owner) : null,
    trusted_domains: [...organization.trustedDomains],
    has_active_subscription: true,
    trial_expiry: null,
  };
}

/** Read model of a role, or null when old role names hide it. */
export function roleRead(core: Core, role: Role, single = false): Json | null {
  const legacy = role.systemManaged && switchOf(core, 'role-names') === 'legacy';
  const name = legacy ? legacyRoleNames[role.name ?? ''] : role.name;
  if (name === undefined) return null;
  const where = switchOf(core, 'role-permissions-in');
  return {
    id: role.id,
    name,
    description: role.description,
    organization_id: role.organizationId,
    level: role.level,
    system_managed: role.systemManaged,
    type: role.systemManaged ? 'predefined' : 'custom',
    permissions: where === 'both' || (where === 'detail' && single) ? role.permissions : null,
  };
}

/** Read model of a team. */
export function teamRead(core: Core, team: Team): Json {
  const alive = team.members.filter((member) =>
    member.kind === 'user' ? core.state.accounts.has(member.id) : core.state.invitations.get(member.id)?.status === 'pending',
  );
  return {
    id: team.id,
    name: team.name,
    description: team.description,
    created: time(team.created),
    updated: time(team.updated),
    member_count: alive.length,
  };
}

function ttl(core: Core): number | null {
  const value = switchOf(core, 'invitation-ttl');
  return value === 'off' ? null : Number(value) * 1000;
}

/** Status of an invitation now: it may have expired. */
export function invitationStatus(core: Core, invitation: Invitation): string {
  const limit = ttl(core);
  const late = limit !== null && invitation.created + limit <= core.now();
  return invitation.status === 'pending' && late ? 'expired' : invitation.status;
}

/** The organization role that an invitation carries. */
export function invitationRole(core: Core, invitation: Invitation): Role | undefined {
  const row = core.state.assignments.find(
    (candidate) =>
      candidate.kind === 'invitation' &&
      candidate.principalId === invitation.id &&
      core.state.roles.get(candidate.roleId)?.level === 'organization',
  );
  return row && core.state.roles.get(row.roleId);
}

/** Read model of an invitation. */
export function invitationRead(core: Core, invitation: Invitation): Json {
  const organization = core.state.organizations.get(invitation.organizationId);
  const role = invitationRole(core, invitation);
  const limit = ttl(core);
  return {
    id: invitation.id,
    email: invitation.email,
    organization: organization ? organizationRead(core, organization) : null,
    organization_id: invitation.organizationId,
    role: role ? roleRead(core, role) : null,
    roles: rolesHeld(core, 'invitation', invitation.id, () => true),
    status: invitationStatus(core, invitation),
    created: time(invitation.created),
    updated: time(invitation.updated),
    expires: limit === null ? null : time(invitation.created + limit),
  };
}

/** The roles of a principal in a membership list, those of its teams marked. */
export function rolesHeld(core: Core, kind: PrincipalKind, id: string, fits: (row: Assignment, role: Role) => boolean): Json[] {
  const held =
    kind === 'user'
      ? heldBy(core.state, id)
      : core.state.assignments.flatMap((row) => {
          const role = core.state.roles.get(row.roleId);
          return row.kind === kind && row.principalId === id && role ? [{ row, role, viaTeam: false }] : [];
        });
  return held
    .filter(({ row, role }) => fits(row, role))
    .map(({ role, viaTeam }) => ({ role_id: role.id, level: role.level, via_team: viaTeam }));
}

/** Read model of a principal, or null when it is gone. */
export function principalRead(core: Core, kind: PrincipalKind, id: string): Json | null {
  if (kind === 'user') {
    const account = core.state.accounts.get(id);
    return account ? userRead(account) : null;
  }
  if (kind === 'team') {
    const team = core.state.teams.get(id);
    return team ? teamRead(core, team) : null;
  }
  const invitation = core.state.invitations.get(id);
  return invitation ? invitationRead(core, invitation) : null;
}

/** Entry of a membership list, in the form of the member-shape switch. */
export function memberRead(core: Core, kind: PrincipalKind, id: string, roles: readonly Json[]): Json | null {
  const principal = principalRead(core, kind, id);
  if (!principal) return null;
  if (switchOf(core, 'member-shape') === 'flat') return { ...principal, roles };
  const entry: Json = { user: null, team: null, invitation: null };
  entry[kind] = principal;
  return { ...entry, roles };
}

/** Read model of an assignment. */
export function assignmentRead(core: Core, row: Assignment): Json {
  const role = core.state.roles.get(row.roleId);
  const entry: Json = { user: null, team: null, invitation: null };
  entry[row.kind] = principalRead(core, row.kind, row.principalId);
  return {
    ...entry,
    role: role ? roleRead(core, role) : null,
    organization_id: row.organizationId,
    workspace_id: row.workspaceId,
    project_id: row.projectId,
  };
}

/** Address of the server of a workspace. */
export function serverUrl(core: Core, workspace: Workspace): string {
  return workspace.serverUrl ?? `${core.baseUrl}/_workspace/${workspace.id}`;
}

/** What is odd about a workspace: of itself, or of all of them. */
export function quirkOf(core: Core, workspace: Workspace): string {
  return workspace.quirk ?? switchOf(core, 'workspace-quirk');
}

/** Read model of a workspace. */
export function workspaceRead(core: Core, workspace: Workspace, showEnrollment = false): Json {
  const organization = core.state.organizations.get(workspace.organizationId);
  const owner = workspace.ownerId === null ? undefined : core.state.accounts.get(workspace.ownerId);
  const odd = workspace.polls % 2 === 1;
  const quirk = workspace.status === 'available' ? quirkOf(core, workspace) : 'none';
  const status = quirk === 'flapping' && odd ? 'pending' : quirk === 'unknown-status' ? 'hibernating' : workspace.status;
  const up = status === 'available' && quirk !== 'no-server-url';
  return {
    id: workspace.id,
    name: workspace.name,
    display_name: workspace.displayName,
    description: workspace.description,
    organization: organization ? organizationRead(core, organization) : null,
    desired_state: workspace.desiredState,
    state_reason: workspace.stateReason,
    status,
    zenml_service: {
      configuration: { version: workspace.version, analytics_enabled: true, admin: null },
      status: up ? { server_url: serverUrl(core, workspace), version: workspace.version, storage_size: null } : null,
    },
    enrollment_key: showEnrollment ? workspace.enrollmentKey : null,
    logo_url: workspace.logoUrl,
    owner: owner ? userRead(owner) : null,
    is_managed: workspace.managed,
    mlflow_service: null,
    usage_counts: { project: workspace.server.projects.size },
    created: time(workspace.created),
    updated: time(workspace.updated),
    status_updated: time(workspace.statusUpdated),
  };
}
