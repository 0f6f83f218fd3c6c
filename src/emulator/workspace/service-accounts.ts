import { makeKey, makeServerUser } from '../make.ts';
import { refuse } from '../refusal.ts';
import { digest, type Key, nextMicros, occurrence, type ServerUser } from '../state.ts';
import { type Call, type CallHandlers, envelope, microTime } from './context.ts';
import { mustBeAdmin } from './users.ts';

function read(user: ServerUser, hydrate: boolean): unknown {
  return {
    body: {
      created: microTime(user.created),
      updated: microTime(user.updated),
      full_name: user.fullName,
      active: user.active,
      avatar_url: null,
    },
    metadata: hydrate ? { description: user.description, external_user_id: user.externalId } : null,
    resources: null,
    id: user.id,
    permission_denied: false,
    name: user.name,
  };
}

function timeOrNull(value: number | null): string | null {
  return value === null ? null : microTime(value * 1000);
}

function keyRead(user: ServerUser, key: Key, hydrate: boolean, showValue: boolean): unknown {
  return {
    body: {
      created: microTime(key.created * 1000),
      updated: microTime(key.updated * 1000),
      key: showValue ? key.value : null,
      active: key.active,
      service_account: read(user, false),
    },
    metadata: hydrate
      ? {
          description: key.description ?? '',
          retain_period_minutes: key.retain,
          last_login: timeOrNull(key.lastLogin),
          last_rotated: timeOrNull(key.lastRotated),
        }
      : null,
    resources: null,
    id: key.id,
    permission_denied: false,
    name: key.name,
  };
}

function accounts(call: Call): ServerUser[] {
  return [...call.server.users.values()].filter((user) => user.isServiceAccount);
}

function accountOf(call: Call): ServerUser {
  const key = call.params.service_account_name_or_id ?? call.params.service_account_id ?? '';
  const account = accounts(call).find((candidate) => candidate.name === key || candidate.id === key.toLowerCase());
  if (!account) throw refuse(404, `No service account with the '${key}' name or ID was found`);
  return account;
}

function keyOf(call: Call, account: ServerUser): Key {
  const wanted = call.params.api_key_name_or_id ?? '';
  const key = account.keys.find((candidate) => candidate.name === wanted || candidate.id === wanted.toLowerCase());
  if (!key) {
    throw refuse(404, `An API key with ID or name '${wanted}' is not configured for service account with ID '${account.id}'.`);
  }
  return key;
}

/** Refuses on Pro what no longer works there, and elsewhere what needs an administrator. */
function mustWrite(call: Call, what: string): void {
  if (call.server.mode === 'pro') throw refuse(403, 'Service accounts of a workspace are managed in the organization.');
  mustBeAdmin(call, what);
}

function mustBeLocal(account: ServerUser): void {
  if (account.externalId !== null) throw refuse(403, 'The service account is managed in the organization.');
}

/** On Pro only `active` of an account or key that is not the organization's can be changed. */
function mustChange(call: Call, account: ServerUser): void {
  mustBeLocal(account);
  const other = Object.keys(call.body).some((field) => field !== 'active');
  if (call.server.mode === 'pro' && !other) return;
  mustWrite(call, 'update service account');
}

function create(call: Call): unknown {
  const { core, server, workspace, body } = call;
  mustWrite(call, 'create service account');
  if (accounts(call).some((account) => account.name === body.name)) {
    throw refuse(
      409,
      `Unable to create service account with name '${body.name}': Found existing service account with this name.`,
    );
  }
  const account = makeServerUser(core.state, core.now(), workspace.id, server, body.name, {
    isServiceAccount: true,
    active: body.active,
    fullName: body.full_name ?? '',
    description: body.description ?? '',
  });
  return read(account, true);
}

function update(call: Call): unknown {
  const { core, body } = call;
  const account = accountOf(call);
  mustChange(call, account);
  if (accounts(call).some((other) => other.name === body.name && other !== account)) {
    throw refuse(409, `Found existing service account with the name '${body.name}'.`);
  }
  account.name = body.name ?? account.name;
  account.active = body.active ?? account.active;
  account.fullName = body.full_name ?? account.fullName;
  account.description = body.description ?? account.description;
  account.updated = nextMicros(core.state, core.now());
  return read(account, true);
}

function createKey(call: Call): unknown {
  const { core, workspace, body } = call;
  const account = accountOf(call);
  mustWrite(call, 'create API key');
  if (account.keys.some((key) => key.name === body.name)) {
    throw refuse(409, `Unable to register API key with name '${body.name}': Found an existing API key with the same name.`);
  }
  const given = { name: body.name, description: body.description ?? '' };
  const key = makeKey(core.state, core.now(), `${workspace.id}/${account.name}`, given, 'ZENKEY_');
  account.keys.push(key);
  return keyRead(account, key, true, true);
}

function updateKey(call: Call): unknown {
  const { core, body } = call;
  const account = accountOf(call);
  const key = keyOf(call, account);
  mustChange(call, account);
  if (account.keys.some((other) => other.name === body.name && other !== key)) throw refuse(409, 'Found an existing API key.');
  key.name = body.name ?? key.name;
  key.description = body.description ?? key.description;
  key.active = body.active ?? key.active;
  key.updated = core.now();
  return keyRead(account, key, true, false);
}

function rotateKey(call: Call): unknown {
  const { core, body } = call;
  const account = accountOf(call);
  const key = keyOf(call, account);
  mustWrite(call, 'rotate API key');
  const minutes = Number(body.retain_period_minutes ?? 0);
  key.previous = minutes > 0 ? { value: key.value, until: core.now() + minutes * 60_000 } : null;
  key.value = `ZENKEY_${digest('rotated key', key.id, String(occurrence(core.state, 'rotation', key.id)))}`;
  key.retain = minutes;
  key.lastRotated = core.now();
  key.updated = core.now();
  return keyRead(account, key, false, true);
}

/** Workspace-level service accounts, which Pro keeps only for old keys. */
export const serviceAccountHandlers: CallHandlers = {
  listServiceAccounts: (call) => envelope(call, accounts(call), (account) => read(account, call.query.hydrate)),
  createServiceAccount: create,
  getServiceAccount: (call) => read(accountOf(call), true),
  updateServiceAccount: update,
  deleteServiceAccount: (call) => {
    const account = accountOf(call);
    mustBeLocal(account);
    if (call.server.mode !== 'pro') mustBeAdmin(call, 'delete service account');
    call.server.users.delete(account.id);
    return null;
  },
  listApiKeys: (call) => {
    const account = accountOf(call);
    return envelope(call, account.keys, (key) => keyRead(account, key, call.query.hydrate, false));
  },
  createApiKey: createKey,
  getApiKey: (call) => {
    const account = accountOf(call);
    return keyRead(account, keyOf(call, account), true, false);
  },
  updateApiKey: updateKey,
  deleteApiKey: (call) => {
    const account = accountOf(call);
    const key = keyOf(call, account);
    if (call.server.mode !== 'pro') mustBeAdmin(call, 'delete API key');
    account.keys = account.keys.filter((other) => other !== key);
    return null;
  },
  rotateApiKey: rotateKey,
};
