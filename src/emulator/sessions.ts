import { type Core, switchOf } from './core.ts';
import { frameworkRefusal, type Refusal, refuse } from './refusal.ts';
import { type Account, digest, type Key, occurrence, type Session } from './state.ts';

/** The bearer of a request, if it has one. */
export function bearerOf(headers: Readonly<Record<string, string>>): string | null {
  const header = headers.authorization ?? '';
  return /^bearer( |$)/i.test(header) ? header.slice(7).trim() : null;
}

/** The refusal of credentials that are not valid. */
export function badCredentials(why: string): Refusal {
  return refuse(401, `Authentication error: ${why}`, 'CredentialsNotValid');
}

/** Why a key cannot be used now, or null when it can. */
export function keyProblem(key: Key, value: string, now: number): string | null {
  if (!key.active) return `API key ${key.name} is not active`;
  if (key.expires !== null && key.expires <= now) return `API key ${key.name} has expired`;
  if (key.value === value) return null;
  if (key.previous?.value === value && key.previous.until > now) return null;
  return `could not verify key value for API key ${key.name}`;
}

/** The account and key that a key value belongs to; refuses what cannot be used. */
export function accountOfKey(core: Core, value: string): { readonly account: Account; readonly key: Key } {
  for (const account of core.state.accounts.values()) {
    for (const key of account.keys) {
      if (key.value !== value && key.previous?.value !== value) continue;
      const problem = keyProblem(key, value, core.now());
      if (problem) throw badCredentials(problem);
      if (!account.isActive) throw badCredentials('the account is not active');
      key.lastLogin = core.now();
      return { account, key };
    }
  }
  throw badCredentials('error decoding API key');
}

/** Makes and remembers a token. */
export function openSession(
  core: Core,
  session: Partial<Session> & { readonly audience: string },
  ttlSeconds?: number | null,
): Session {
  const count = occurrence(core.state, 'token');
  const ttl = ttlSeconds === undefined ? Number(switchOf(core, 'token-ttl')) : ttlSeconds;
  const opened: Session = {
    token: `emu.${digest('token', String(count), session.accountId ?? session.workspaceId ?? session.serverUserId ?? '')}.${count}`,
    accountId: null,
    workspaceId: null,
    serverUserId: null,
    keyId: null,
    keyValue: null,
    expires: ttl === null ? null : core.now() + ttl * 1000,
    ...session,
  };
  core.state.sessions.set(opened.token, opened);
  return opened;
}

/** The session of a token; refuses one that is unknown, expired or made for another server. */
export function sessionOf(core: Core, token: string, audience: string): Session {
  const session = core.state.sessions.get(token);
  if (!session || session.audience !== audience) throw badCredentials('error decoding access token: Invalid JWT token.');
  if (session.expires !== null && session.expires <= core.now()) {
    core.state.sessions.delete(token);
    throw badCredentials('error decoding access token: the token has expired');
  }
  return session;
}

/** The caller of a control-plane request: an account, or a workspace server. */
export function controlPlaneCaller(core: Core, headers: Readonly<Record<string, string>>) {
  const bearer = bearerOf(headers);
  if (bearer === null) throw frameworkRefusal(401, 'Not authenticated');
  if (bearer.startsWith('ZENPROKEY_')) return { account: accountOfKey(core, bearer).account, workspace: null };
  const session = sessionOf(core, bearer, 'control-plane');
  if (session.workspaceId !== null) {
    const workspace = core.state.workspaces.get(session.workspaceId);
    if (!workspace) throw badCredentials('the workspace of this token is gone');
    return { account: null, workspace };
  }
  const account = core.state.accounts.get(session.accountId ?? '');
  if (!account?.isActive) throw badCredentials('the account of this token is gone or not active');
  if (session.keyId !== null) {
    const key = account.keys.find((candidate) => candidate.id === session.keyId);
    const problem = key ? keyProblem(key, session.keyValue ?? '', core.now()) : 'the API key of this token is gone';
    if (problem) throw badCredentials(problem);
  }
  return { account, workspace: null };
}

/** The body of a successful login. */
export function tokenAnswer(core: Core, session: Session): Record<string, unknown> {
  const left = session.expires === null ? null : Math.round((session.expires - core.now()) / 1000);
  return { access_token: session.token, token_type: 'bearer', expires_in: left, device_id: null, device_metadata: null };
}
