import { must } from '../access.ts';
import type { Context, Core, Handlers } from '../core.ts';
import { refuse, refuseWith } from '../refusal.ts';
import { accountOfKey, badCredentials, openSession, tokenAnswer } from '../sessions.ts';
import { type Device, digest, newId } from '../state.ts';
import { ordered, page } from './lookups.ts';

function oauthError(error: string, description: string): Error {
  return refuseWith({ status: 400, body: { error, error_description: description } });
}

function isoOf(value: number): string {
  return new Date(value).toISOString();
}

function keyLogin(core: Core, value: string): unknown {
  const { account, key } = accountOfKey(core, value);
  return tokenAnswer(
    core,
    openSession(core, { audience: 'control-plane', accountId: account.id, keyId: key.id, keyValue: value }),
  );
}

function serverLogin(core: Core, id: string, secret: string): unknown {
  const workspace = core.state.workspaces.get(id.toLowerCase());
  if (!workspace?.enrollmentKey || workspace.enrollmentKey !== secret || workspace.status === 'deleted') {
    throw badCredentials('invalid client credentials');
  }
  return tokenAnswer(core, openSession(core, { audience: 'control-plane', workspaceId: workspace.id }));
}

function passwordLogin(core: Core, username: string, password: string): unknown {
  const account = [...core.state.accounts.values()].find(
    (other) => other.organizationId === null && other.username.toLowerCase() === username.toLowerCase(),
  );
  if (account?.password == null || account.password !== password || !account.isActive) {
    throw badCredentials('invalid username or password');
  }
  return tokenAnswer(core, openSession(core, { audience: 'control-plane', accountId: account.id }));
}

function deviceLogin(core: Core, code: string): unknown {
  const device = [...core.state.devices.values()].find((other) => other.deviceCode === code);
  if (!device) throw oauthError('invalid_grant', 'unknown device code');
  if (device.expires <= core.now()) throw oauthError('expired_token', 'the device code has expired');
  if (device.accountId === null) throw oauthError('authorization_pending', 'the device is not approved yet');
  device.status = 'active';
  const hours = device.trusted ? 720 : 24;
  const session = openSession(core, { audience: 'control-plane', accountId: device.accountId }, hours * 3600);
  const metadata = device.workspaceId === null ? null : { tenant_id: device.workspaceId };
  return { ...tokenAnswer(core, session), device_id: device.id, device_metadata: metadata };
}

function login(context: Context): unknown {
  const { core, body } = context;
  const grant =
    body.grant_type ||
    (body.device_code ? 'device' : body.client_secret ? 'client_credentials' : body.username ? 'password' : 'zenml_api_key');
  if (grant === 'client_credentials') return serverLogin(core, body.client_id ?? '', body.client_secret ?? '');
  if (grant === 'password') return passwordLogin(core, body.username ?? '', body.password ?? '');
  if (grant === 'device' || grant === 'urn:ietf:params:oauth:grant-type:device_code')
    return deviceLogin(core, body.device_code ?? '');
  if (grant !== 'zenml_api_key') throw oauthError('unsupported_grant_type', `unsupported grant type ${grant}`);
  if (!body.password) throw oauthError('invalid_request', 'no credentials were given');
  return keyLogin(core, body.password);
}

function deviceRead(device: Device): unknown {
  return {
    id: device.id,
    client_id: device.clientId,
    status: device.status,
    trusted_device: device.trusted,
    expires: isoOf(device.expires),
    os: null,
    hostname: null,
    ip_address: null,
    python_version: null,
    zenml_version: null,
    failed_auth_attempts: 0,
    last_login: null,
    created: isoOf(device.created),
    updated: isoOf(device.updated),
  };
}

function deviceOf(context: Context): Device {
  const key = context.params.device_id ?? '';
  const device = [...context.core.state.devices.values()].find(
    (other) => other.id === key.toLowerCase() || other.userCode === key,
  );
  if (!device || (device.accountId !== null && device.accountId !== context.account.id)) throw refuse(404, 'Device not found');
  return device;
}

/** Logins, tokens and devices. */
export const authHandlers: Handlers = {
  login,
  getApiToken: (context) => openSession(context.core, { audience: 'control-plane', accountId: context.account.id }).token,
  startDeviceAuthorization: (context) => {
    const { core, body } = context;
    const id = newId(core.state, 'device', body.client_id);
    const now = core.now();
    const userCode = digest('user code', id).slice(0, 8).toUpperCase();
    const device: Device = {
      id,
      clientId: body.client_id,
      deviceCode: digest('device code', id),
      userCode,
      accountId: null,
      workspaceId: null,
      status: 'pending',
      trusted: false,
      expires: now + 300_000,
      created: now,
      updated: now,
    };
    core.state.devices.set(id, device);
    const uri = `/devices/verify?device_id=${id}&user_code=${userCode}`;
    return {
      device_code: device.deviceCode,
      user_code: userCode,
      verification_uri: uri,
      verification_uri_complete: uri,
      expires_in: 300,
      interval: 5,
    };
  },
  listDevices: (context) => {
    const { core, account } = context;
    const own = [...core.state.devices.values()].filter((device) => device.accountId === account.id);
    return page(context, ordered(core, own), true).map(deviceRead);
  },
  verifyDevice: (context) => {
    const { core, body, account } = context;
    const device = [...core.state.devices.values()].find((other) => other.userCode === body.user_code);
    if (!device || device.accountId !== null) throw refuse(404, 'Device not found');
    if (body.device_id && body.device_id !== device.id) throw refuse(400, 'The code belongs to another device.');
    must(account.organizationId === null, 'approve a device');
    device.accountId = account.id;
    device.status = 'verified';
    device.trusted = body.trusted_device ?? false;
    device.workspaceId = body.tenant_id ?? null;
    device.updated = core.now();
    return deviceRead(device);
  },
  getDevice: (context) => deviceRead(deviceOf(context)),
  updateDevice: (context) => {
    const device = deviceOf(context);
    if (context.body.locked != null) device.status = context.body.locked ? 'locked' : 'active';
    device.updated = context.core.now();
    return deviceRead(device);
  },
  deleteDevice: (context) => {
    context.core.state.devices.delete(deviceOf(context).id);
    return null;
  },
};
