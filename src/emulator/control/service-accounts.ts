import { guardLastAdmin, managesOrganization, must, readsPeople } from '../access.ts';
import { type Context, type Handlers, switchOf } from '../core.ts';
import { makeAccount, makeKey } from '../make.ts';
import { frameworkRefusal, refuse } from '../refusal.ts';
import { type Account, digest, type Key, occurrence } from '../state.ts';
import { keyRead, serviceAccountRead } from '../views.ts';
import { assign } from './grants.ts';
import { forgetPrincipal, ordered, organizationOf, page, patched, readable, roleById, serviceAccountOf } from './lookups.ts';

function checkName(context: Context, organizationId: string, username: string | undefined, self?: Account): void {
  for (const other of context.core.state.accounts.values()) {
    if (other.organizationId !== organizationId || other === self) continue;
    if (other.username.toLowerCase() === username?.toLowerCase()) {
      throw refuse(409, 'A service account with this name already exists.');
    }
  }
}

/** The only verb that the server knows for a change. */
function checkVerb(context: Context, documented: string): void {
  const wanted = switchOf(context.core, 'sa-update-verb') === 'PUT' ? 'PUT' : documented;
  if (context.method !== wanted) throw frameworkRefusal(405, 'Method Not Allowed');
}

function managed(context: Context): Account {
  const account = serviceAccountOf(context);
  must(managesOrganization(context.rights, account.organizationId ?? ''), 'change service accounts');
  return account;
}

function create(context: Context): unknown {
  const { core, body } = context;
  const organization = organizationOf(context);
  must(managesOrganization(context.rights, organization.id), 'create service accounts');
  checkName(context, organization.id, body.username);
  const role = body.role_id ? roleById(context, body.role_id) : null;
  if (role && (role.organizationId !== organization.id || role.level !== 'organization')) {
    throw refuse(422, 'The initial role must be an organization-level role.');
  }
  const account = makeAccount(core.state, core.now(), body.username, {
    organizationId: organization.id,
    name: body.name ?? null,
    description: body.description ?? null,
    isActive: body.is_active ?? true,
  });
  if (role) assign(context, role, { kind: 'user', principalId: account.id, workspaceId: null, projectId: null });
  return serviceAccountRead(account);
}

function update(context: Context): unknown {
  checkVerb(context, 'PATCH');
  const { core, body } = context;
  const account = managed(context);
  checkName(context, account.organizationId ?? '', body.username, account);
  if (body.is_active === false) guardLastAdmin(core, account.organizationId ?? '', { accountId: account.id });
  account.username = body.username ?? account.username;
  account.name = patched(core, body.name, account.name);
  account.description = patched(core, body.description, account.description);
  account.isActive = body.is_active ?? account.isActive;
  account.updated = core.now();
  return serviceAccountRead(account);
}

function remove(context: Context): null {
  const { core } = context;
  const account = managed(context);
  guardLastAdmin(core, account.organizationId ?? '', { accountId: account.id });
  forgetPrincipal(core, account.id);
  core.state.accounts.delete(account.id);
  return null;
}

function keyOf(context: Context, account: Account): Key {
  const wanted = context.params.api_key_name_or_id ?? '';
  const key = account.keys.find((candidate) => candidate.name === wanted || candidate.id === wanted.toLowerCase());
  if (!key) throw refuse(404, 'API key not found');
  return key;
}

function keyReader(context: Context): Account {
  const account = serviceAccountOf(context);
  const own = account.id === context.account.id;
  must(own || managesOrganization(context.rights, account.organizationId ?? ''), 'read API keys');
  return account;
}

function createKey(context: Context): unknown {
  const { core, body } = context;
  const account = managed(context);
  if (account.keys.some((key) => key.name === body.name)) throw refuse(409, 'A key with this name already exists.');
  const minutes = body.expires_in_minutes ?? null;
  const expires = minutes === null ? null : new Date(core.now() + minutes * 60_000).toISOString();
  const owner = `${account.organizationId}/${account.username}`;
  const given = { name: body.name, description: body.description ?? null, expires_at: expires };
  const key = makeKey(core.state, core.now(), owner, given);
  account.keys.push(key);
  return keyRead(key, true);
}

function updateKey(context: Context): unknown {
  checkVerb(context, 'PATCH');
  const { core, body } = context;
  const account = managed(context);
  const key = keyOf(context, account);
  if (account.keys.some((other) => other.name === body.name && other !== key)) {
    throw refuse(409, 'A key with this name already exists.');
  }
  key.name = body.name ?? key.name;
  key.description = body.description ?? key.description;
  key.active = body.active ?? key.active;
  key.updated = core.now();
  return keyRead(key, false);
}

/** Gives a key a new value; the old one lives on for a while when asked. */
export function rotate(context: Context, key: Key, prefix: string): void {
  const { core } = context;
  const minutes = Number(context.body?.retain_period_minutes ?? 0);
  key.previous = minutes > 0 ? { value: key.value, until: core.now() + minutes * 60_000 } : null;
  key.value = prefix + digest('rotated key', key.id, String(occurrence(core.state, 'rotation', key.id)));
  key.retain = minutes;
  key.lastRotated = core.now();
  key.updated = core.now();
}

/** Service accounts and their keys. */
export const serviceAccountHandlers: Handlers = {
  listServiceAccounts: (context) => {
    const { core } = context;
    const organization = organizationOf(context);
    const all = [...core.state.accounts.values()].filter((account) => account.organizationId === organization.id);
    const allowed = readsPeople(context.rights, organization.id);
    const rows = readable(context, allowed, ordered(core, all), (account) => account.id === context.account.id);
    return page(context, rows, true).map(serviceAccountRead);
  },
  createServiceAccount: create,
  getServiceAccount: (context) => serviceAccountRead(serviceAccountOf(context)),
  updateServiceAccount: update,
  deleteServiceAccount: remove,
  listApiKeys: (context) => page(context, ordered(context.core, keyReader(context).keys), true).map((key) => keyRead(key, false)),
  createApiKey: createKey,
  getApiKey: (context) => keyRead(keyOf(context, keyReader(context)), false),
  updateApiKey: updateKey,
  deleteApiKey: (context) => {
    const account = managed(context);
    const key = keyOf(context, account);
    account.keys = account.keys.filter((other) => other !== key);
    return null;
  },
  rotateApiKey: (context) => {
    checkVerb(context, 'POST');
    const key = keyOf(context, managed(context));
    rotate(context, key, 'ZENPROKEY_');
    return keyRead(key, true);
  },
};
