import { type Rights, rightsOf } from './access.ts';
import { authHandlers } from './control/auth.ts';
import { grantHandlers } from './control/grants.ts';
import { internalHandlers } from './control/internal.ts';
import { invitationHandlers } from './control/invitations.ts';
import { organizationHandlers } from './control/organizations.ts';
import { roleHandlers } from './control/roles.ts';
import { serviceAccountHandlers } from './control/service-accounts.ts';
import { teamHandlers } from './control/teams.ts';
import { userHandlers } from './control/users.ts';
import { workspaceHandlers } from './control/workspaces.ts';
import { type Context, type Core, type Handlers, switchOf } from './core.ts';
import { checkBody, checkPath, documentOf, type Operation, readQuery, route } from './documents.ts';
import { type Answer, controlPlaneError, frameworkRefusal, invalid, isRefusal, refuse } from './refusal.ts';
import type { Received } from './request.ts';
import { formOf, jsonOf } from './request.ts';
import { controlPlaneCaller } from './sessions.ts';

const handlers: Handlers = {
  ...authHandlers,
  ...organizationHandlers,
  ...roleHandlers,
  ...grantHandlers,
  ...teamHandlers,
  ...userHandlers,
  ...invitationHandlers,
  ...serviceAccountHandlers,
  ...workspaceHandlers,
  ...internalHandlers,
};

/** Operations whose arguments are documented as query arguments of a write. */
const carried = new Set([
  'assignRole',
  'revokeRole',
  'addTeamMember',
  'removeTeamMember',
  'removeOrganizationMember',
  'createLocalUser',
]);
const readOnly = new Set(['login', 'getApiToken', 'startDeviceAuthorization', 'checkPermissions', 'reportUsageEvent']);

/** Answers of both servers, with the operation that gave them. */
export interface Served {
  readonly answer: Answer;
  readonly operation: string | null;
  /** The call succeeded and may have changed the state. */
  readonly wrote: boolean;
}

function extended(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(extended);
  if (typeof value !== 'object' || value === null) return value;
  const items = (value as { items?: unknown }).items;
  return {
    ...value,
    ...(Array.isArray(items) ? { items: items.map(extended) } : {}),
    x_new_field: { kind: 'unknown to every client' },
  };
}

/** Adds a field nobody knows to the objects of an answer, when the switch asks for it. */
export function withExtraFields(core: Core, value: unknown): unknown {
  return switchOf(core, 'extra-fields') === 'on' ? extended(value) : value;
}

function queryOf(core: Core, operation: Operation, request: Received): Received['query'] {
  let { query } = request;
  if (carried.has(operation.id)) {
    if (switchOf(core, 'carrier') === 'body') {
      const body = request.body === '' ? null : jsonOf(request.body);
      if (typeof body !== 'object' || body === null) throw invalid(['body'], 'Field required');
      query = new Map(Object.entries(body).map(([key, value]) => [key, [String(value)]]));
    } else if (request.body !== '' && query.size === 0) {
      const first = operation.parameters.find((parameter) => parameter.in === 'query');
      throw invalid(['query', first?.name ?? ''], 'Field required');
    }
  }
  const limit = query.get('limit')?.at(-1);
  if (limit !== undefined && Number(limit) > 100 && switchOf(core, 'limit-over-max') === 'clamp') {
    query = new Map([...query, ['limit', ['100']]]);
  }
  return query;
}

function bodyOf(operation: Operation, request: Received): unknown {
  if (operation.bodyType === null) return null;
  if (operation.bodyType === 'form') {
    const form = formOf(request);
    checkBody(operation, form);
    return form;
  }
  if (request.body === '') {
    if (operation.bodyRequired) throw invalid(['body'], 'Field required');
    return null;
  }
  if (!/^application\/([a-z.-]+\+)?json/.test(request.headers['content-type'] ?? '')) {
    throw invalid(['body'], 'Input should be a valid dictionary');
  }
  const body = jsonOf(request.body);
  checkBody(operation, body);
  return body;
}

function canonical(core: Core, path: string): string {
  if (switchOf(core, 'aliases') !== 'on' || !path.includes('tenant')) return path;
  return path
    .replace(/^\/tenants(?=\/|$)/, '/workspaces')
    .replace(/^(\/organizations\/[^/]+)\/tenants$/, '$1/workspaces')
    .replace(/^\/tenant_status$/, '/workspace_status');
}

/** The document as this server would have it: where custom roles cannot be written, it does not list those operations. */
function served(core: Core, text: unknown): unknown {
  if (switchOf(core, 'custom-roles') !== 'off') return text;
  const document = text as { readonly paths: Readonly<Record<string, { readonly get?: unknown }>> };
  const { '/roles': _writable, '/roles/{role_id}': role, ...paths } = document.paths;
  return { ...document, paths: { ...paths, '/roles/{role_id}': { get: role?.get } } };
}

function run(core: Core, request: Received): Served {
  const document = documentOf('control-plane');
  const { operation, params } = route(document, request.method, canonical(core, request.path));
  if (operation.id === 'getDocument') {
    if (switchOf(core, 'openapi') === 'none') throw frameworkRefusal(404, 'Not Found');
    return { answer: { status: 200, body: served(core, document.text) }, operation: operation.id, wrote: false };
  }
  const caller = operation.open ? null : controlPlaneCaller(core, request.headers);
  checkPath(document, operation, params);
  const query = readQuery(document, operation, queryOf(core, operation, request));
  const body = bodyOf(operation, request);
  let rights: Rights | undefined;
  const context: Context = {
    core,
    operation: operation.id,
    method: request.method,
    params,
    query,
    rawQuery: request.query,
    body,
    headers: request.headers,
    get account() {
      if (!caller?.account) throw refuse(403, 'This call is for accounts.');
      return caller.account;
    },
    get rights() {
      rights ??= rightsOf(core, context.account);
      return rights;
    },
    get server() {
      if (!caller?.workspace) throw refuse(403, 'This call is for workspace servers.');
      return caller.workspace;
    },
  };
  const handler = handlers[operation.id];
  if (!handler) throw frameworkRefusal(404, 'Not Found');
  const value = handler(context);
  const wrote = request.method !== 'GET' && !readOnly.has(operation.id);
  return { answer: answerOf(core, operation, value), operation: operation.id, wrote };
}

function answerOf(core: Core, operation: Operation, value: unknown): Answer {
  if (!operation.anyResult) return { status: 200, body: withExtraFields(core, value) };
  const form = switchOf(core, 'empty-answers');
  if (form === 'empty') return { status: 200, text: '' };
  return { status: 200, body: form === 'null' ? null : withExtraFields(core, value ?? {}) };
}

/** Serves one request to the control plane. */
export function serveControlPlane(core: Core, request: Received): Served {
  try {
    return run(core, request);
  } catch (error) {
    if (!isRefusal(error)) throw error;
    return { answer: controlPlaneError(error, switchOf(core, 'error-shape')), operation: null, wrote: false };
  }
}
