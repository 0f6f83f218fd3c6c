import { guardLastAdmin, isMember, must, type Rights } from '../access.ts';
import { type Context, type Core, emailMatches, type Handlers, switchOf } from '../core.ts';
import { makeAccount, makeKey } from '../make.ts';
import { refuse } from '../refusal.ts';
import type { Account } from '../state.ts';
import { keyRead, userRead } from '../views.ts';
import { forgetPrincipal, ordered, page, patched } from './lookups.ts';

function isVisible(core: Core, rights: Rights, account: Account): boolean {
  const mode = switchOf(core, 'user-visibility');
  if (rights.isSuper || account.id === rights.account.id || mode === 'all') return true;
  if (mode === 'none') return false;
  const domain = (account.email ?? '').split('@')[1]?.toLowerCase() ?? '';
  return [...core.state.organizations.values()].some((organization) => {
    if (!isMember(core, organization.id, rights.account.id)) return false;
    const trusted = organization.trustedDomains.some((name) => name.toLowerCase() === domain);
    return trusted || isMember(core, organization.id, account.id);
  });
}

function list(context: Context): unknown {
  const { core, query, rights } = context;
  const rows = [...core.state.accounts.values()].filter(
    (account) =>
      account.organizationId === null &&
      (query.email === undefined || emailMatches(core, account.email, query.email)) &&
      isVisible(core, rights, account),
  );
  return page(context, ordered(core, rows), true).map(userRead);
}

function byIdOrEmail(context: Context): Account {
  const { core } = context;
  const key = (context.params.user_id ?? '').toLowerCase();
  const account =
    core.state.accounts.get(key) ?? [...core.state.accounts.values()].find((other) => other.email?.toLowerCase() === key);
  if (!account || !isVisible(core, context.rights, account)) throw refuse(404, 'User not found');
  return account;
}

function create(context: Context): unknown {
  const { core, query } = context;
  must(context.rights.isSuper, 'create accounts');
  const username = query.username ?? query.email;
  if (username === undefined) throw refuse(422, 'username: Field required');
  if (username.toLowerCase() === 'admin') throw refuse(403, 'The account admin is reserved.');
  const taken = [...core.state.accounts.values()].some(
    (other) => other.organizationId === null && other.username.toLowerCase() === username.toLowerCase(),
  );
  if (taken) throw refuse(409, 'An account with this name already exists.');
  const email = username.includes('@') ? username : null;
  const more = { email, password: query.password, isSuperuser: query.is_superuser };
  return userRead(makeAccount(core.state, core.now(), username, more));
}

function change(context: Context, account: Account): unknown {
  const { core, body } = context;
  const privileged = body.is_active !== undefined || body.is_superuser !== undefined;
  must(context.rights.isSuper || (!privileged && account === context.account), 'change this account');
  account.name = patched(core, body.name, account.name);
  account.username = body.username ?? account.username;
  account.password = patched(core, body.password, account.password);
  account.avatarUrl = patched(core, body.avatar_url, account.avatarUrl);
  account.company = patched(core, body.company, account.company);
  account.jobTitle = patched(core, body.job_title, account.jobTitle);
  account.metadata = patched(core, body.metadata, account.metadata);
  account.isActive = body.is_active ?? account.isActive;
  account.isSuperuser = body.is_superuser ?? account.isSuperuser;
  account.updated = core.now();
  return userRead(account);
}

function remove(context: Context): null {
  const { core } = context;
  must(context.rights.isSuper, 'delete accounts');
  const account = byIdOrEmail(context);
  for (const id of core.state.organizations.keys()) guardLastAdmin(core, id, { accountId: account.id });
  forgetPrincipal(core, account.id);
  core.state.accounts.delete(account.id);
  return null;
}

/** People. */
export const userHandlers: Handlers = {
  listUsers: list,
  createLocalUser: create,
  getCurrentUser: (context) => userRead(context.account),
  updateCurrentUser: (context) => change(context, context.account),
  getUser: (context) => userRead(byIdOrEmail(context)),
  updateUser: (context) => change(context, byIdOrEmail(context)),
  deleteUser: remove,
  listPersonalAccessTokens: (context) => page(context, context.account.keys, true).map((key) => keyRead(key, false)),
  createPersonalAccessToken: (context) => {
    const { core, body, account } = context;
    must(account.organizationId === null, 'make a personal access token for a service account');
    if (account.keys.some((key) => key.name === body.name)) throw refuse(409, 'A key with this name already exists.');
    const minutes = body.expires_in_minutes ?? null;
    const expires = minutes === null ? null : new Date(core.now() + minutes * 60_000).toISOString();
    const key = makeKey(core.state, core.now(), account.username, { name: body.name, expires_at: expires });
    key.description = body.description ?? null;
    account.keys.push(key);
    return keyRead(key, true);
  },
};
