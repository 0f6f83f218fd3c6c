import { whole } from '../core.ts';
import { makeServerUser } from '../make.ts';
import { refuse } from '../refusal.ts';
import { openSession } from '../sessions.ts';
import { uuidOf } from '../state.ts';
import { serverUrl } from '../views.ts';
import { type Call, type CallHandlers, microTime } from './context.ts';
import { login } from './login.ts';
import { userRead } from './users.ts';

function serverId(call: Call): string {
  return call.server.mode === 'pro' ? call.workspace.id : uuidOf('server', call.workspace.id);
}

function info(call: Call): unknown {
  const { core, workspace, server } = call;
  const organization = core.state.organizations.get(workspace.organizationId);
  const isPro = server.mode === 'pro';
  const ids = { organization_id: organization?.id, organization_name: organization?.name };
  const metadata = { account_id: organization?.id, ...ids, workspace_id: workspace.id, workspace_name: workspace.name };
  return {
    id: serverId(call),
    name: server.name,
    version: workspace.version,
    active: server.active,
    debug: false,
    deployment_type: isPro ? 'cloud' : 'other',
    database_type: 'sqlite',
    secrets_store_type: 'sql',
    auth_scheme: isPro ? 'EXTERNAL' : 'OAUTH2_PASSWORD_BEARER',
    server_url: isPro ? serverUrl(core, workspace) : '',
    dashboard_url: isPro ? `${core.baseUrl}/workspaces/${workspace.name}` : '',
    analytics_enabled: server.analytics,
    metadata: isPro ? metadata : {},
    last_user_activity: microTime(server.created * 1000),
    pro_dashboard_url: isPro ? core.baseUrl : null,
    pro_api_url: isPro ? core.baseUrl : null,
    pro_organization_id: isPro ? organization?.id : null,
    pro_organization_name: isPro ? organization?.name : null,
    pro_workspace_id: isPro ? workspace.id : null,
    pro_workspace_name: isPro ? workspace.name : null,
  };
}

function activate(call: Call): unknown {
  const { core, workspace, server, body } = call;
  if (server.active) throw refuse(403, 'The server is already active.');
  server.active = true;
  server.name = body.server_name ?? server.name;
  server.analytics = body.enable_analytics ?? server.analytics;
  if (body.admin_username == null) return null;
  const more = { isAdmin: true, password: body.admin_password ?? '' };
  return userRead(makeServerUser(core.state, core.now(), workspace.id, server, body.admin_username, more), true);
}

function apiToken(call: Call): unknown {
  const { core, query, user, workspace } = call;
  if (query.token_type === 'workload') {
    throw refuse(400, 'Workload API tokens must be scoped to a schedule, pipeline run or deployment.');
  }
  if (query.expires_in > 604_800) throw refuse(400, 'The maximum expiration time for generic API tokens is 604800 seconds.');
  return openSession(core, { audience: workspace.id, serverUserId: user.id }, query.expires_in ?? 3600).token;
}

/** Health, information, activation and tokens. */
export const informationHandlers: CallHandlers = {
  health: () => whole({ status: 200, text: 'ok' }),
  ready: () => whole({ status: 200, text: 'ok' }),
  getServerInfo: info,
  getServerVersion: (call) => call.workspace.version,
  activateServer: activate,
  getServerSettings: (call) => {
    const { server } = call;
    const time = microTime(server.created * 1000);
    return {
      body: {
        server_id: serverId(call),
        server_name: server.name,
        logo_url: null,
        active: server.active,
        enable_analytics: server.analytics,
        display_announcements: true,
        display_updates: true,
        last_user_activity: time,
        updated: time,
      },
      metadata: {},
      resources: {},
    };
  },
  login,
  getApiToken: apiToken,
  logout: () => null,
};
