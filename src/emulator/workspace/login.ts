import { connects, rightsOf } from '../access.ts';
import { type Core, switchOf } from '../core.ts';
import { makeServerUser } from '../make.ts';
import { frameworkRefusal, refuse } from '../refusal.ts';
import { accountOfKey, badCredentials, bearerOf, controlPlaneCaller, keyProblem, openSession, sessionOf } from '../sessions.ts';
import type { Account, ServerUser, Session, Workspace } from '../state.ts';
import { type Call, unexpected } from './context.ts';

/** The caller of a request with login. */
export interface Caller {
  readonly user: ServerUser;
  readonly session: Session | null;
}

/** The account of a workspace server that belongs to a control-plane account; made at the first login. */
function serverUserOf(core: Core, workspace: Workspace, account: Account): ServerUser {
  const { server } = workspace;
  const users = [...server.users.values()];
  const known =
    users.find((user) => user.externalId === account.id) ??
    users.find((user) => user.externalId === null && user.name === account.username);
  const user =
    known ??
    makeServerUser(core.state, core.now(), workspace.id, server, account.username, {
      isServiceAccount: account.organizationId !== null,
      isAdmin: account.isSuperuser,
    });
  const onlyAdmin = user.isAdmin && users.filter((other) => other.isAdmin).length === 1;
  if (onlyAdmin && !account.isSuperuser) throw refuse(403, 'The only admin account of the server cannot lose its rights.');
  user.externalId = account.id;
  user.isAdmin = account.isSuperuser;
  user.email = account.email;
  user.fullName = account.name ?? '';
  return user;
}

/** Asks the control plane who somebody is; whatever it answers but yes is a 401. */
function authorize(core: Core, workspace: Workspace, find: () => Account | null): ServerUser {
  const status = core.internalCall('GET', '/users/authorize_server')?.status ?? null;
  let account: Account | null = null;
  try {
    account = status === null || status < 300 ? find() : null;
  } catch {
    // every refusal of the control plane looks the same from here
  }
  if (!account || !connects(rightsOf(core, account), workspace))
    throw badCredentials('the control plane did not authorize the user');
  return serverUserOf(core, workspace, account);
}

function legacyKey(core: Core, workspace: Workspace, value: string): { user: ServerUser; keyId: string } {
  for (const user of workspace.server.users.values()) {
    for (const key of user.keys) {
      if (key.value !== value && key.previous?.value !== value) continue;
      const problem = keyProblem(key, value, core.now());
      if (problem) throw badCredentials(problem);
      if (!user.active) throw badCredentials('the service account is not active');
      key.lastLogin = core.now();
      key.updated = Math.max(key.updated, core.now());
      return { user, keyId: key.id };
    }
  }
  throw badCredentials('error decoding API key');
}

/** The caller behind the bearer of a request; refuses what is not valid. */
export function workspaceCaller(core: Core, workspace: Workspace, headers: Readonly<Record<string, string>>): Caller {
  const bearer = bearerOf(headers);
  if (bearer === null) throw frameworkRefusal(401, 'Not authenticated');
  if (bearer.startsWith('ZENPROKEY_')) {
    if (workspace.server.mode !== 'pro') throw unexpected();
    return { user: authorize(core, workspace, () => accountOfKey(core, bearer).account), session: null };
  }
  if (bearer.startsWith('ZENKEY_')) return { user: legacyKey(core, workspace, bearer).user, session: null };
  const session = sessionOf(core, bearer, workspace.id);
  const user = workspace.server.users.get(session.serverUserId ?? '');
  if (!user?.active) throw badCredentials(`error retrieving token account ${session.serverUserId}`);
  if (session.keyId !== null) {
    const key = user.keys.find((candidate) => candidate.id === session.keyId);
    const problem = key ? keyProblem(key, session.keyValue ?? '', core.now()) : 'the API key of the token is gone';
    if (problem) throw badCredentials(problem);
  }
  return { user, session };
}

/** How long tokens of a server live, in seconds; null is for ever. */
export function lifetime(core: Core, workspace: Workspace): number | null {
  return workspace.server.mode === 'oss-inactive' ? null : Number(switchOf(core, 'token-ttl'));
}

function tokenAnswer(core: Core, workspace: Workspace, user: ServerUser, key: { id: string; value: string } | null): unknown {
  const ttl = lifetime(core, workspace);
  const behind = { keyId: key?.id ?? null, keyValue: key?.value ?? null };
  const session = openSession(core, { audience: workspace.id, serverUserId: user.id, ...behind }, ttl);
  return {
    access_token: session.token,
    token_type: 'bearer',
    expires_in: ttl,
    refresh_token: null,
    csrf_token: null,
    scope: null,
    device_id: null,
    device_metadata: null,
  };
}

type Form = Readonly<Record<string, string>>;

function grantOf(form: Form, isPro: boolean): string {
  if (form.grant_type) return form.grant_type;
  if (form.username !== undefined) return 'password';
  if (form.password !== undefined) return 'zenml-api-key';
  if (form.device_code !== undefined) return 'urn:ietf:params:oauth:grant-type:device_code';
  return isPro ? 'zenml-external' : 'password';
}

function passwordLogin(workspace: Workspace, form: Form): ServerUser {
  if (workspace.server.mode === 'pro') throw frameworkRefusal(400, 'Unsupported grant type: password.');
  if (!form.username) throw frameworkRefusal(400, 'Invalid request: username is required.');
  const user = [...workspace.server.users.values()].find(
    (candidate) => candidate.name === form.username && !candidate.isServiceAccount,
  );
  if (!user?.active || user.password !== (form.password ?? '')) throw badCredentials('invalid username or password');
  return user;
}

function loginOnce(call: Call): unknown {
  const { core, workspace, server } = call;
  const isPro = server.mode === 'pro';
  const form: Form = call.body;
  const grant = grantOf(form, isPro);
  if (grant === 'password') return tokenAnswer(core, workspace, passwordLogin(workspace, form), null);
  if (grant === 'zenml-api-key') {
    const value = form.password;
    if (!value) throw frameworkRefusal(400, 'API key is required.');
    if (value.startsWith('ZENPROKEY_')) {
      if (!isPro) throw refuse(500, '');
      return tokenAnswer(
        core,
        workspace,
        authorize(core, workspace, () => accountOfKey(core, value).account),
        null,
      );
    }
    const { user, keyId } = legacyKey(core, workspace, value);
    return tokenAnswer(core, workspace, user, { id: keyId, value });
  }
  if (grant === 'urn:ietf:params:oauth:grant-type:device_code') {
    if (isPro) throw frameworkRefusal(403, 'Device authorization is not supported.');
    if (!form.device_code || !form.client_id)
      throw frameworkRefusal(400, 'Invalid request: device code and client ID are required.');
    throw badCredentials('unknown device');
  }
  if (grant === 'zenml-external' && isPro) {
    if (bearerOf(call.request.headers) === null) return { authorization_url: `${core.baseUrl}/api/auth/login` };
    const user = authorize(core, workspace, () => controlPlaneCaller(core, call.request.headers).account);
    return tokenAnswer(core, workspace, user, null);
  }
  throw frameworkRefusal(400, `Unsupported grant type: ${grant}`);
}

/** Logs in to a workspace server, with the limit on failures where one is set. */
export function login(call: Call): unknown {
  const { core, server } = call;
  if (server.mode !== 'oss-limits') return loginOnce(call);
  const recent = server.failedLogins.filter((time) => time > core.now() - 60_000);
  if (recent.length >= 5) throw frameworkRefusal(429, 'Minute request limit exceeded.');
  server.failedLogins = [...recent, core.now()];
  const answer = loginOnce(call);
  server.failedLogins = [];
  return answer;
}
