import type { Key, State, Workspace } from './state.ts';
import { defaultSwitches, type Switches } from './switches.ts';
import type { World, WorldGrant, WorldKey, WorldOrganization, WorldWorkspace } from './world.ts';

type Loose = Record<string, unknown>;

/** Drops what a seed need not say, so that a dump reads like a seed. */
function lean<T>(value: Loose): T {
  const kept = Object.entries(value).filter(
    ([, part]) => part !== undefined && part !== null && !(Array.isArray(part) && part.length === 0),
  );
  return Object.fromEntries(kept) as T;
}

const by = (key: (value: Loose) => string) => (left: unknown, right: unknown) => {
  const [a, b] = [key(left as Loose), key(right as Loose)];
  return a < b ? -1 : a > b ? 1 : 0;
};
const byName = by((value) => `${value.name} ${value.id}`);
const byText = by((value) => `${value.role ?? value.email ?? ''} ${JSON.stringify(Object.entries(value).sort())}`);

function dumpKey(key: Key): WorldKey {
  return lean({
    name: key.name,
    id: key.id,
    value: key.value,
    description: key.description,
    active: key.active ? undefined : false,
    expires_at: key.expires === null ? undefined : new Date(key.expires).toISOString(),
    created: new Date(key.created).toISOString(),
    last_rotated: key.lastRotated === null ? undefined : new Date(key.lastRotated).toISOString(),
  });
}

function dumpWorkspace(workspace: Workspace): WorldWorkspace {
  const { server } = workspace;
  const projects = [...server.projects.values()].map((project) =>
    lean<Loose>({
      name: project.name,
      id: project.id,
      display_name: project.displayName === project.name ? undefined : project.displayName,
      description: project.description === '' ? undefined : project.description,
      project_metadata: Object.keys(project.metadata).length === 0 ? undefined : project.metadata,
      statistics:
        project.pipelineCount + project.runs === 0 ? undefined : { pipelines: project.pipelineCount, runs: project.runs },
    }),
  );
  const legacy = [...server.users.values()]
    .filter((user) => user.isServiceAccount && user.externalId === null)
    .map((user) =>
      lean<Loose>({
        name: user.name,
        id: user.id,
        description: user.description === '' ? undefined : user.description,
        active: user.active ? undefined : false,
        keys: user.keys.map(dumpKey),
      }),
    );
  const usual = { pending: 'available', failed: 'available' }[workspace.status] ?? workspace.status;
  return lean({
    name: workspace.name,
    id: workspace.id,
    display_name: workspace.displayName === workspace.name ? undefined : workspace.displayName,
    description: workspace.description,
    status: workspace.status,
    desired_state: workspace.desiredState === usual ? undefined : workspace.desiredState,
    state_reason: workspace.stateReason === '' ? undefined : workspace.stateReason,
    version: workspace.version,
    managed: workspace.managed ? undefined : false,
    logo_url: workspace.logoUrl,
    server_url: workspace.serverUrl,
    enrollment_key: workspace.enrollmentKey,
    mode: server.mode === 'pro' ? undefined : server.mode,
    quirk: workspace.quirk,
    projects: projects.sort(byName),
    legacy_service_accounts: legacy.sort(byName),
  });
}

function namesOf(state: State, kind: string, id: string): Loose | undefined {
  if (kind === 'team') {
    const team = state.teams.get(id);
    return team && { team: team.name };
  }
  if (kind === 'invitation') {
    const invitation = state.invitations.get(id);
    return invitation?.status === 'pending' ? { invitation: invitation.email } : undefined;
  }
  const account = state.accounts.get(id);
  return (
    account && (account.organizationId ? { service_account: account.username } : { account: account.email ?? account.username })
  );
}

function dumpGrants(state: State, organizationId: string): { grants: WorldGrant[]; first: Map<string, string> } {
  const first = new Map<string, string>();
  const grants: WorldGrant[] = [];
  for (const row of state.assignments) {
    const role = state.roles.get(row.roleId);
    const names = namesOf(state, row.kind, row.principalId);
    if (row.organizationId !== organizationId || !role?.name || !names) continue;
    if (row.kind === 'invitation' && role.level === 'organization' && !first.has(row.principalId)) {
      first.set(row.principalId, role.name);
      continue;
    }
    const workspace = row.workspaceId === null ? undefined : state.workspaces.get(row.workspaceId);
    if (row.workspaceId !== null && !workspace) continue;
    const project = row.projectId === null ? undefined : workspace?.server.projects.get(row.projectId);
    const deleted = workspace?.status === 'deleted' ? workspace.id : workspace?.name;
    const scope = { workspace: deleted, project: project?.name ?? row.projectId };
    const usual = row.projectId ? 'project' : row.workspaceId ? 'workspace' : 'organization';
    grants.push(lean({ role: role.name, level: role.level === usual ? undefined : role.level, ...names, ...scope }));
  }
  return { grants: grants.sort(byText), first };
}

function dumpOrganization(state: State, id: string): WorldOrganization {
  const organization = state.organizations.get(id);
  const own = <T extends { organizationId: string | null }>(values: Iterable<T>): T[] =>
    [...values].filter((value) => value.organizationId === id);
  const { grants, first } = dumpGrants(state, id);
  return lean({
    name: organization?.name,
    id,
    description: organization?.description,
    logo_url: organization?.logoUrl,
    trusted_domains: organization?.trustedDomains,
    roles: own(state.roles.values())
      .filter((role) => !role.systemManaged)
      .map((role) =>
        lean<Loose>({
          name: role.name,
          level: role.level,
          id: role.id,
          description: role.description,
          permissions: role.permissions,
        }),
      )
      .sort(byText),
    service_accounts: own(state.accounts.values())
      .map((account) =>
        lean<Loose>({
          name: account.username,
          id: account.id,
          display_name: account.name,
          description: account.description,
          active: account.isActive ? undefined : false,
          keys: account.keys.map(dumpKey).sort(byName),
        }),
      )
      .sort(byName),
    invitations: own(state.invitations.values())
      .map((invitation) =>
        lean<Loose>({
          email: invitation.email,
          id: invitation.id,
          role: first.get(invitation.id),
          status: invitation.status === 'pending' ? undefined : invitation.status,
        }),
      )
      .sort(byText),
    teams: own(state.teams.values())
      .map((team) =>
        lean<Loose>({
          name: team.name,
          id: team.id,
          description: team.description,
          members: team.members.flatMap((member) => namesOf(state, member.kind, member.id) ?? []).sort(byText),
        }),
      )
      .sort(byName),
    workspaces: own(state.workspaces.values()).map(dumpWorkspace).sort(byName),
    grants,
  });
}

/** The world that a state and its switches describe; the same state always gives the same text. */
export function worldOf(state: State, switches: Switches): World {
  const defaults = defaultSwitches();
  const changed = Object.entries(switches).filter(([name, value]) => defaults[name] !== value);
  const accounts = [...state.accounts.values()]
    .filter((account) => account.organizationId === null)
    .map((account) =>
      lean<Loose>({
        email: account.email ?? account.username,
        id: account.id,
        name: account.name,
        username: account.username === account.email ? undefined : account.username,
        super_user: account.isSuperuser || undefined,
        active: account.isActive ? undefined : false,
        password: account.password,
        keys: account.keys.map(dumpKey).sort(byName),
      }),
    );
  return lean({
    accounts: accounts.sort(byText),
    organizations: [...state.organizations.keys()].map((id) => dumpOrganization(state, id)).sort(byName),
    switches: changed.length === 0 ? undefined : Object.fromEntries(changed.sort()),
  });
}
