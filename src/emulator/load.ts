import { switchOf } from './core.ts';
import { defaultVersion, makeAccount, makeKey, makeOrganization, makeProject, makeServer, makeServerUser } from './make.ts';
import type { Organization, State, Workspace } from './state.ts';
import { emptyState, newId } from './state.ts';
import type { Switches } from './switches.ts';
import type { World, WorldGrant, WorldOrganization, WorldWorkspace } from './world.ts';

interface Load {
  readonly state: State;
  readonly now: number;
  readonly switches: Switches;
  readonly problems: string[];
}

function idFor(load: Load, given: string | undefined, kind: string, ...parts: readonly string[]): string {
  if (given === undefined) return newId(load.state, kind, ...parts);
  const id = given.toLowerCase();
  if (load.state.usedIds.has(id)) load.problems.push(`the id ${id} is given twice`);
  load.state.usedIds.add(id);
  return id;
}

function loadWorkspace(load: Load, organization: Organization, given: WorldWorkspace): void {
  const { state, now, problems } = load;
  const status = given.status ?? 'available';
  const mode = given.mode ?? 'pro';
  const desired = { pending: 'available', failed: 'available' }[status] ?? status;
  const id = idFor(load, given.id, 'workspace', given.name);
  const taken = [...state.workspaces.values()].some((other) => other.name === given.name && other.status !== 'deleted');
  if (taken && status !== 'deleted') problems.push(`workspace "${given.name}" is given twice; names are global`);
  const workspace: Workspace = {
    id,
    organizationId: organization.id,
    name: given.name,
    displayName: given.display_name ?? given.name,
    description: given.description ?? null,
    logoUrl: given.logo_url ?? null,
    status,
    desiredState: given.desired_state ?? desired,
    stateReason: given.state_reason ?? '',
    version: given.version ?? defaultVersion,
    managed: given.managed ?? true,
    serverUrl: given.server_url ?? null,
    enrollmentKey: given.enrollment_key ?? null,
    ownerId: null,
    quirk: given.quirk ?? null,
    pending: null,
    polls: 0,
    isNew: false,
    server: makeServer(mode, now),
    created: now,
    updated: now,
    statusUpdated: now,
  };
  if (status === 'pending' && given.quirk !== 'stuck' && workspace.managed) {
    const goal = workspace.desiredState;
    const to = goal === 'available' ? switchOf(load, 'provision-outcome') : goal;
    workspace.pending = { to, polls: Number(switchOf(load, 'provision-delay')) };
  }
  state.workspaces.set(id, workspace);
  if (mode !== 'pro') {
    const hasDefault = given.projects?.some((project) => project.name === 'default');
    if (!hasDefault) makeProject(state, now, workspace, 'default', {});
    if (mode !== 'oss-inactive') {
      makeServerUser(state, now, id, workspace.server, 'default', { isAdmin: true, password: '' });
    }
  }
  for (const project of given.projects ?? []) {
    if ([...workspace.server.projects.values()].some((other) => other.name === project.name)) {
      problems.push(`project "${project.name}" is given twice in workspace "${given.name}"`);
    }
    makeProject(state, now, workspace, project.name, {
      id: idFor(load, project.id, 'project', id, project.name),
      displayName: project.display_name ?? project.name,
      description: project.description ?? '',
      metadata: { ...project.project_metadata },
      pipelineCount: project.statistics?.pipelines ?? 0,
      runs: project.statistics?.runs ?? 0,
    });
  }
  for (const account of given.legacy_service_accounts ?? []) {
    makeServerUser(state, now, id, workspace.server, account.name, {
      id: idFor(load, account.id, 'server user', id, account.name),
      isServiceAccount: true,
      active: account.active ?? true,
      description: account.description ?? '',
      keys: (account.keys ?? []).map((key) => makeKey(state, now, `${id}/${account.name}`, key, 'ZENKEY_')),
    });
  }
}

function loadGrant(load: Load, organization: Organization, grant: WorldGrant): void {
  const { state, problems } = load;
  const where = `grant of "${grant.role}" in organization "${organization.name}"`;
  const level = grant.level ?? (grant.project ? 'project' : grant.workspace ? 'workspace' : 'organization');
  const roles = [...state.roles.values()].filter((role) => role.organizationId === organization.id && role.level === level);
  const role = roles.find((candidate) => candidate.name === grant.role);
  if (!role) {
    problems.push(`${where}: no such role on level "${level}"; there are: ${roles.map((other) => other.name).join(', ')}`);
    return;
  }
  const called = [...state.workspaces.values()].filter(
    (candidate) =>
      candidate.organizationId === organization.id && (candidate.name === grant.workspace || candidate.id === grant.workspace),
  );
  const workspace = called.find((candidate) => candidate.status !== 'deleted') ?? called[0];
  if (grant.workspace && !workspace) problems.push(`${where}: no workspace "${grant.workspace}"`);
  if (grant.project && !grant.workspace) problems.push(`${where}: a project needs its workspace`);
  const isUuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(grant.project ?? '');
  const project = workspace && [...workspace.server.projects.values()].find((candidate) => candidate.name === grant.project);
  if (grant.project && workspace && !project && !isUuid) {
    problems.push(`${where}: no project "${grant.project}" in workspace "${grant.workspace}"`);
  }
  const principal = principalOf(load, organization, grant, where);
  if (!principal) return;
  state.assignments.push({
    roleId: role.id,
    organizationId: organization.id,
    ...principal,
    workspaceId: workspace?.id ?? null,
    projectId: grant.project ? (project?.id ?? grant.project) : null,
    created: 0,
  });
}

type Named = Pick<WorldGrant, 'account' | 'service_account' | 'team' | 'invitation'>;

function principalOf(load: Load, organization: Organization, named: Named, where: string) {
  const { state, problems } = load;
  const given = [named.account, named.service_account, named.team, named.invitation].filter((name) => name !== undefined);
  if (given.length !== 1) {
    problems.push(`${where}: needs exactly one of account, service_account, team, invitation`);
    return undefined;
  }
  const name = (given[0] ?? '').toLowerCase();
  if (named.team !== undefined) {
    const team = [...state.teams.values()].find((other) => other.organizationId === organization.id && other.name === named.team);
    if (team) return { kind: 'team' as const, principalId: team.id };
    problems.push(`${where}: no team "${named.team}"`);
  } else if (named.invitation !== undefined) {
    const invitation = [...state.invitations.values()].find(
      (other) => other.organizationId === organization.id && other.email.toLowerCase() === name && other.status === 'pending',
    );
    if (invitation) return { kind: 'invitation' as const, principalId: invitation.id };
    problems.push(`${where}: no invitation for "${named.invitation}"`);
  } else {
    const home = named.service_account === undefined ? null : organization.id;
    const account = [...state.accounts.values()].find(
      (other) => other.organizationId === home && (home ? other.username : (other.email ?? '')).toLowerCase() === name,
    );
    if (account) return { kind: 'user' as const, principalId: account.id };
    problems.push(`${where}: no ${home ? 'service account' : 'account'} "${given[0]}"`);
  }
  return undefined;
}

function loadOrganization(load: Load, given: WorldOrganization): void {
  const { state, now, problems } = load;
  if ([...state.organizations.values()].some((other) => other.name === given.name)) {
    problems.push(`organization "${given.name}" is given twice`);
  }
  const organization = makeOrganization(state, now, given.name, {
    id: idFor(load, given.id, 'organization', given.name),
    description: given.description ?? null,
    logoUrl: given.logo_url ?? null,
    trustedDomains: [...(given.trusted_domains ?? [])],
  });
  for (const role of given.roles ?? []) {
    const old = [...state.roles.values()].find(
      (other) => other.organizationId === organization.id && other.level === role.level && other.name === role.name,
    );
    if (old?.systemManaged) state.roles.delete(old.id);
    const id = old?.systemManaged && !role.id ? old.id : idFor(load, role.id, 'role', organization.id, role.level, role.name);
    state.roles.set(id, {
      id,
      organizationId: organization.id,
      name: role.name,
      level: role.level,
      description: role.description ?? null,
      systemManaged: old?.systemManaged ?? false,
      permissions: [...(role.permissions ?? [])],
    });
  }
  for (const account of given.service_accounts ?? []) {
    makeAccount(state, now, account.name, {
      id: idFor(load, account.id, 'account', organization.id, account.name.toLowerCase()),
      organizationId: organization.id,
      name: account.display_name ?? null,
      description: account.description ?? null,
      isActive: account.active ?? true,
      keys: (account.keys ?? []).map((key) => makeKey(state, now, `${organization.name}/${account.name}`, key)),
    });
  }
  for (const invitation of given.invitations ?? []) {
    const id = idFor(load, invitation.id, 'invitation', organization.id, invitation.email.toLowerCase());
    const status = invitation.status ?? 'pending';
    state.invitations.set(id, {
      id,
      organizationId: organization.id,
      email: invitation.email,
      status,
      created: now,
      updated: now,
    });
    if (invitation.role && status === 'pending') {
      loadGrant(load, organization, { role: invitation.role, level: 'organization', invitation: invitation.email });
    }
  }
  for (const team of given.teams ?? []) {
    const id = idFor(load, team.id, 'team', organization.id, team.name);
    const members = (team.members ?? []).flatMap((member) => {
      const found = principalOf(load, organization, member, `member of team "${team.name}"`);
      return found && found.kind !== 'team' ? [{ kind: found.kind, id: found.principalId }] : [];
    });
    state.teams.set(id, {
      id,
      organizationId: organization.id,
      name: team.name,
      description: team.description ?? null,
      members,
      created: now,
      updated: now,
    });
  }
  for (const workspace of given.workspaces ?? []) loadWorkspace(load, organization, workspace);
  for (const grant of given.grants ?? []) loadGrant(load, organization, grant);
}

/** Builds the state that a world describes, with every reference that cannot be resolved as a problem. */
export function stateOf(
  world: World,
  options: { readonly switches: Switches; readonly now: number },
): { readonly state: State; readonly problems: readonly string[] } {
  const load: Load = { state: emptyState(), problems: [], ...options };
  for (const given of world.accounts ?? []) {
    const email = given.email.toLowerCase();
    if ([...load.state.accounts.values()].some((other) => other.email?.toLowerCase() === email)) {
      load.problems.push(`account "${given.email}" is given twice`);
    }
    makeAccount(load.state, load.now, given.username ?? given.email, {
      id: idFor(load, given.id, 'account', '', email),
      email: given.email,
      name: given.name ?? null,
      isActive: given.active ?? true,
      isSuperuser: given.super_user ?? false,
      password: given.password ?? null,
      keys: (given.keys ?? []).map((key) => makeKey(load.state, load.now, given.email, key)),
    });
  }
  for (const organization of world.organizations ?? []) loadOrganization(load, organization);
  return { state: load.state, problems: load.problems };
}
