import { mayOnProject } from '../access.ts';
import { checkEntitlement, dropProjectGrants } from '../control/internal.ts';
import { type Core, switchOf } from '../core.ts';
import { makeProject } from '../make.ts';
import { invalid, refuse } from '../refusal.ts';
import { newId, nextMicros, type Project, type Server } from '../state.ts';
import { askControlPlane, type Call, type CallHandlers, envelope, microTime, mustOnProject, rightsIn } from './context.ts';
import { filterProjects, sortProjects } from './filter.ts';
import { userRead } from './users.ts';

function read(core: Core, project: Project, hydrate: boolean): unknown {
  const known = switchOf(core, 'project-metadata') === 'on' ? { project_metadata: project.metadata } : {};
  return {
    body: { created: microTime(project.created), updated: microTime(project.updated), display_name: project.displayName },
    metadata: hydrate ? { description: project.description, ...known } : null,
    resources: null,
    id: project.id,
    permission_denied: false,
    name: project.name,
  };
}

function named(server: Server, name: string): Project | undefined {
  for (const project of server.projects.values()) if (project.name === name) return project;
  return undefined;
}

/** A project by name or by any spelling of its UUID. */
export function projectOf(server: Server, key: string): Project {
  const hex = key.replaceAll('-', '').toLowerCase();
  const isUuid = /^[0-9a-f]{32}$/.test(hex);
  const dashed = `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
  const project = (isUuid ? server.projects.get(dashed) : undefined) ?? named(server, key);
  if (project) return project;
  const why = isUuid ? 'No project with this ID found.' : `'${key}' is not a valid UUID and no project with this name exists.`;
  throw refuse(404, `Unable to get project with name or ID '${key}': ${why}`);
}

function list(call: Call): unknown {
  const { core, server, workspace, query } = call;
  const rights = rightsIn(call);
  if (rights) askControlPlane(call, 'GET', '/rbac/allowed_resource_ids');
  const all = [...server.projects.values()].filter(({ id }) => rights === null || mayOnProject(rights, workspace, id, 'read'));
  const found = filterProjects(all, call.request.query, query.logical_operator);
  return envelope(call, sortProjects(found, query.sort_by), (project) => read(core, project, query.hydrate));
}

function create(call: Call): unknown {
  const { core, server, workspace, body } = call;
  const displayName: string = body.display_name ?? '';
  const name: string =
    body.name ||
    displayName
      .toLowerCase()
      .replaceAll(' ', '-')
      .replace(/[^a-z0-9_-]/g, '');
  if (name === '' || name.length > 50) throw invalid(['body', 'name'], 'String should have 1 to 50 characters');
  mustOnProject(call, null, 'create');
  if (server.mode === 'pro') {
    askControlPlane(call, 'GET', `/organizations/${workspace.organizationId}/entitlement/project`);
    checkEntitlement(core, workspace.organizationId, 'project');
  }
  if (named(server, name)) {
    throw refuse(
      409,
      `Unable to create the requested project with name '${name}': Found another existing project with the same name.`,
    );
  }
  const project = makeProject(core.state, core.now(), workspace, name, {
    displayName: displayName === '' ? name : displayName,
    description: body.description ?? '',
    metadata: switchOf(core, 'project-metadata') === 'on' ? (body.project_metadata ?? {}) : {},
  });
  askControlPlane(call, 'POST', '/usage-event');
  return read(core, project, true);
}

function update(call: Call): unknown {
  const { core, server, body } = call;
  const project = projectOf(server, call.params.project_name_or_id ?? '');
  mustOnProject(call, project.id, 'update');
  for (const field of ['name', 'display_name', 'description']) {
    if (body[field] === null) throw refuse(500, `NOT NULL constraint failed: project.${field}`);
  }
  if (body.name !== undefined && body.name !== project.name) {
    if (server.mode !== 'pro' && project.name === 'default') {
      throw refuse(403, 'The name of the default project cannot be changed.');
    }
    if (named(server, body.name)) {
      throw refuse(
        409,
        `Unable to update the requested project with name '${body.name}': Found another existing project with the same name.`,
      );
    }
  }
  project.name = body.name ?? project.name;
  project.displayName = body.display_name ?? project.displayName;
  project.description = body.description ?? project.description;
  if (switchOf(core, 'project-metadata') === 'on') project.metadata = body.project_metadata ?? project.metadata;
  project.updated = nextMicros(core.state, core.now());
  return read(core, project, true);
}

function remove(call: Call): null {
  const { core, server } = call;
  const project = projectOf(server, call.params.project_name_or_id ?? '');
  mustOnProject(call, project.id, 'delete');
  if (server.mode !== 'pro' && project.name === 'default') throw refuse(403, 'The default project cannot be deleted.');
  server.projects.delete(project.id);
  for (const user of server.users.values()) if (user.defaultProjectId === project.id) user.defaultProjectId = null;
  if (server.mode === 'pro') {
    askControlPlane(call, 'DELETE', '/rbac/resources');
    dropProjectGrants(core, project.id);
    askControlPlane(call, 'POST', '/usage-event');
  }
  return null;
}

function createPipeline(call: Call): unknown {
  const { core, server, body, user } = call;
  const project = projectOf(server, body.project);
  mustOnProject(call, project.id, 'update');
  const pipeline = { id: newId(core.state, 'pipeline', project.id, body.name), name: body.name };
  project.pipelines.push(pipeline);
  const now = microTime(nextMicros(core.state, core.now()));
  const latest = { latest_run_user: null, latest_run_id: null, latest_run_status: null };
  return {
    body: { created: now, updated: now, user_id: user.id, project_id: project.id },
    metadata: { description: null },
    resources: { user: userRead(user, false), ...latest, tags: [], visualizations: [] },
    id: pipeline.id,
    permission_denied: false,
    name: pipeline.name,
  };
}

/** Projects and the little of their content that a sync looks at. */
export const projectHandlers: CallHandlers = {
  listProjects: list,
  createProject: create,
  getProject: (call) => {
    const project = projectOf(call.server, call.params.project_name_or_id ?? '');
    mustOnProject(call, project.id, 'read');
    return read(call.core, project, call.query.hydrate);
  },
  updateProject: update,
  deleteProject: remove,
  getProjectStatistics: (call) => {
    const project = projectOf(call.server, call.params.project_name_or_id ?? '');
    mustOnProject(call, project.id, 'read');
    return { pipelines: project.pipelineCount + project.pipelines.length, runs: project.runs };
  },
  createPipeline,
  getPipeline: (call) => {
    throw refuse(404, `Unable to get pipeline with ID '${call.params.pipeline_id}': No pipeline with this ID found`);
  },
};
