import { makeServerUser } from '../make.ts';
import { refuse } from '../refusal.ts';
import { nextMicros, type ServerUser } from '../state.ts';
import { type Call, type CallHandlers, envelope, microTime } from './context.ts';

/** Read model of an account on a workspace server. */
export function userRead(user: ServerUser, hydrate: boolean, isSelf = false): unknown {
  return {
    body: {
      created: microTime(user.created),
      updated: microTime(user.updated),
      active: user.active,
      activation_token: null,
      full_name: user.fullName,
      // Recorded: a person of the control plane counts as having agreed, an account of one's own as not asked.
      email_opted_in: user.externalId === null ? null : !user.isServiceAccount,
      is_service_account: user.isServiceAccount,
      is_admin: user.isAdmin,
      default_project_id: user.defaultProjectId,
      avatar_url: null,
    },
    metadata: hydrate
      ? {
          // Recorded: only the answer of current-user shows it.
          password_changed_at: isSelf && user.passwordChanged !== null ? microTime(user.passwordChanged) : null,
          email: user.email,
          external_user_id: user.externalId,
          user_metadata: user.userMetadata,
          oidc_claims: {},
        }
      : null,
    resources: null,
    id: user.id,
    permission_denied: false,
    name: user.name,
  };
}

function people(call: Call): ServerUser[] {
  return [...call.server.users.values()].filter((user) => !user.isServiceAccount);
}

function userOf(call: Call): ServerUser {
  const key = call.params.user_name_or_id ?? '';
  const user = people(call).find((candidate) => candidate.name === key || candidate.id === key.toLowerCase());
  if (!user) throw refuse(404, `No user with the '${key}' name or ID was found`);
  return user;
}

function change(call: Call, user: ServerUser): unknown {
  const { core, server, body } = call;
  const projectId = body.default_project_id?.toLowerCase();
  if (projectId !== undefined && !server.projects.has(projectId)) throw refuse(500, 'FOREIGN KEY constraint failed');
  user.defaultProjectId = projectId ?? user.defaultProjectId;
  if (server.mode !== 'pro') {
    user.fullName = body.full_name ?? user.fullName;
    user.email = body.email ?? user.email;
    user.userMetadata = body.user_metadata ?? user.userMetadata;
  }
  user.updated = nextMicros(core.state, core.now());
  return userRead(user, true);
}

/** Refuses what only an administrator of an open-source server may do. */
export function mustBeAdmin(call: Call, what: string): void {
  if (!call.user.isAdmin) throw refuse(403, `Only admin users can perform \`${what}\` without RBAC enabled.`);
}

/** Accounts of people on a workspace server. */
export const userHandlers: CallHandlers = {
  getCurrentUser: (call) => userRead(call.user, call.query.hydrate, true),
  updateCurrentUser: (call) => change(call, call.user),
  listUsers: (call) => envelope(call, people(call), (user) => userRead(user, call.query.hydrate)),
  getUser: (call) => userRead(userOf(call), call.query.hydrate),
  updateUser: (call) => {
    const user = userOf(call);
    if (user !== call.user && call.server.mode !== 'pro') mustBeAdmin(call, 'update user');
    return change(call, user);
  },
  createUser: (call) => {
    const { core, server, workspace, body } = call;
    mustBeAdmin(call, 'create user');
    if ([...server.users.values()].some((user) => user.name === body.name)) {
      throw refuse(409, `Unable to create user with name '${body.name}': Found an existing user account with this name.`);
    }
    const changed = nextMicros(core.state, core.now());
    const secret = { password: body.password ?? '', passwordChanged: changed };
    const more = { ...secret, isAdmin: body.is_admin ?? false, active: body.active ?? true };
    return userRead(makeServerUser(core.state, core.now(), workspace.id, server, body.name, more), true);
  },
  deleteUser: (call) => {
    mustBeAdmin(call, 'delete user');
    call.server.users.delete(userOf(call).id);
    return null;
  },
};
