import { type Served, withExtraFields } from '../control-plane.ts';
import type { Core } from '../core.ts';
import { isWhole, switchOf } from '../core.ts';
import { checkBody, checkPath, documentOf, type Operation, readQuery, route } from '../documents.ts';
import { type Answer, frameworkRefusal, invalid, isRefusal, workspaceError } from '../refusal.ts';
import { formOf, jsonOf, type Received } from '../request.ts';
import type { ServerUser, Workspace } from '../state.ts';
import { type Call, type CallHandlers, unexpected } from './context.ts';
import { informationHandlers } from './information.ts';
import { workspaceCaller } from './login.ts';
import { projectHandlers } from './projects.ts';
import { serviceAccountHandlers } from './service-accounts.ts';
import { userHandlers } from './users.ts';

const handlers: CallHandlers = { ...informationHandlers, ...userHandlers, ...projectHandlers, ...serviceAccountHandlers };
const readOnly = new Set(['login', 'getApiToken']);
const projectWrites = new Set(['createProject', 'updateProject']);
/** Operations that a server in Pro mode has no route for, so that nobody is asked to log in; 405 where the path has other methods. */
const notOnPro: Readonly<Record<string, 404 | 405>> = {
  getServerSettings: 404,
  activateServer: 405,
  updateCurrentUser: 405,
  createUser: 405,
  deleteUser: 405,
};
const dashboard: Answer = {
  status: 200,
  text: '<!doctype html>\n<html lang="en"></html>\n',
  contentType: 'text/html; charset=utf-8',
};

function unanswered(answer: Answer): Served {
  return { answer, operation: null, wrote: false };
}

/** Leaves out the nulls that the server reads as absent, or that fail only in its database. */
function checkedPart(operation: string, body: Record<string, unknown>): Record<string, unknown> {
  const dropped = operation === 'updateProject' ? ['name', 'display_name', 'description'] : ['name', 'display_name'];
  return Object.fromEntries(
    Object.entries(body).filter(([key, value]) => {
      if (dropped.includes(key) && value === null) return false;
      return !(operation === 'createProject' && key === 'name' && value === '');
    }),
  );
}

function bodyOf(operation: Operation, request: Received): unknown {
  if (operation.bodyType === null) return null;
  if (operation.bodyType === 'form') return formOf(request);
  if (request.body === '') {
    if (operation.bodyRequired) throw invalid(['body'], 'Field required');
    return null;
  }
  const isProject = projectWrites.has(operation.id);
  if (!/^application\/([a-z.-]+\+)?json/.test(request.headers['content-type'] ?? '')) {
    if (isProject) throw unexpected();
    throw invalid(['body'], 'Input should be a valid dictionary');
  }
  const body = jsonOf(request.body);
  const isObject = typeof body === 'object' && body !== null && !Array.isArray(body);
  if (isProject && !isObject) throw unexpected();
  checkBody(operation, isProject ? checkedPart(operation.id, body as Record<string, unknown>) : body);
  return body;
}

function queryOf(core: Core, operation: Operation, workspace: Workspace, request: Received): Record<string, unknown> {
  const query = readQuery(documentOf('workspace'), operation, request.query);
  const most = workspace.server.mode === 'oss-limits' ? 3 : Number(switchOf(core, 'project-page'));
  if (query.size === undefined || Number(query.size) <= most) return query;
  if (!request.query.has('size')) return { ...query, size: most };
  throw invalid(['query', 'size'], `Input should be less than or equal to ${most}`);
}

function run(core: Core, workspace: Workspace, request: Received): Served {
  const { server } = workspace;
  const key = request.headers['idempotency-key'];
  if (key !== undefined && !/^[0-9a-f]{8}-?([0-9a-f]{4}-?){3}[0-9a-f]{12}$/i.test(key)) {
    return unanswered({ status: 500, text: 'Internal Server Error' });
  }
  if (server.mode === 'oss-limits' && request.body.length > 1000) return unanswered({ status: 413, text: '', contentType: '' });
  const document = documentOf('workspace');
  const path = request.path.replace(/^\/api\/v1\/workspaces(?=\/|$)/, '/api/v1/projects');
  const isPage = request.method === 'GET' && !path.startsWith('/api/') && !document.literal.has(path.slice(1));
  if (isPage) return unanswered(dashboard);
  const { operation, params } = route(document, request.method, path);
  if (operation.id === 'getDocument') {
    if (switchOf(core, 'openapi') === 'none') throw frameworkRefusal(404, 'Not Found');
    return unanswered({ status: 200, body: document.text });
  }
  const missing = server.mode === 'pro' ? notOnPro[operation.id] : undefined;
  if (missing === 404) throw frameworkRefusal(404, 'Not Found');
  if (missing === 405) throw frameworkRefusal(405, 'Method Not Allowed');
  const caller = operation.open ? null : workspaceCaller(core, workspace, request.headers);
  const replayable = request.method === 'POST' && key !== undefined && !operation.open;
  const replayKey = `${path} ${key?.toLowerCase()} ${caller?.user.id}`;
  const kept = replayable ? server.replays.get(replayKey) : undefined;
  if (kept && kept.until > core.now()) {
    return {
      answer: { status: kept.status, text: kept.body, contentType: kept.contentType },
      operation: operation.id,
      wrote: false,
    };
  }
  checkPath(document, operation, params);
  const query = queryOf(core, operation, workspace, request);
  const body = bodyOf(operation, request);
  // Operations without login never look at the caller.
  const user = caller?.user as ServerUser;
  const call: Call = { core, workspace, server, request, params, query, body, user, session: caller?.session ?? null };
  const handler = handlers[operation.id];
  if (!handler) throw frameworkRefusal(404, 'Not Found');
  const value = handler(call);
  const answer: Answer = isWhole(value) ? value : { status: 200, body: withExtraFields(core, value) };
  if (replayable) {
    const text = JSON.stringify(answer.body ?? null);
    server.replays.set(replayKey, { until: core.now() + 300_000, status: 200, body: text, contentType: 'application/json' });
  }
  const wrote = request.method !== 'GET' && !readOnly.has(operation.id);
  return { answer, operation: operation.id, wrote };
}

/** Serves one request to the server of a workspace. */
export function serveWorkspace(core: Core, workspaceId: string, request: Received): Served {
  const workspace = core.state.workspaces.get(workspaceId);
  const isElsewhere = workspace?.serverUrl != null && !workspace.serverUrl.includes('/_workspace/');
  if (!workspace || workspace.status === 'deleted' || isElsewhere)
    return unanswered({ status: 404, body: { detail: 'Not Found' } });
  if (workspace.status !== 'available') return unanswered({ status: 503, text: 'Service Unavailable' });
  try {
    return run(core, workspace, request);
  } catch (error) {
    if (!isRefusal(error)) throw error;
    const answer = workspaceError(error);
    return unanswered(request.method === 'HEAD' ? { status: answer.status, text: '' } : answer);
  }
}
