import { Type } from 'typebox';
import { type Address, project as address, kindOf, nameOf, parse } from '../core/address.ts';
import { text } from '../core/field.ts';
import type { Kind, Reading } from '../core/kind.ts';
import type { Json, Live, Unread } from '../core/resource.ts';
import { asRow, defined, jsonOf, textOf } from './parts/decode.ts';
import { path as pathOf } from './parts/path.ts';
import { probe } from './parts/probe.ts';

const spec = Type.Object({
  display_name: text({ min: 0, max: 255, description: 'The name to show.', examples: ['Churn'] }),
  description: text({ min: 0, max: 255, nullable: true, description: 'What the project is for; null clears it.' }),
  project_metadata: Type.Unsafe<{ readonly [key: string]: Json } | null>({
    type: ['object', 'null'],
    description: 'Any JSON object, kept with the project and replaced as a whole; null clears it. Servers before 0.98 lack it.',
    examples: [{ owner: 'risk' }],
  }),
});

/** The values with which a workspace server clears a field: it fails on null. */
const empty: Readonly<Record<string, Json>> = { display_name: '', description: '', project_metadata: {} };

/** A project in a workspace, served by that workspace's own server. */
export const project: Kind<typeof spec> = {
  name: 'project',
  summary: 'A project in a workspace.',
  plural: 'projects',
  spec,
  examples: [{ display_name: 'Churn', description: 'Who leaves, and why' }],
  nameField: 'name',
  reads: ['workspace'],
  holdsData: true,
  irreversible: (action) => (action === 'delete' ? 'all pipelines, runs and models in it are destroyed' : undefined),

  holds: (live) => ({
    server: workspaceOf(live.address),
    path: pathOf('/api/v1/projects/{project_name_or_id}/statistics', live.ids.id ?? ''),
    words: (answer) => {
      const row = asRow(answer);
      const counts = ['pipelines', 'runs'].map((what) => `${Number(row?.[what] ?? 0)} ${what}`);
      return row && (row.pipelines || row.runs) ? `${counts.join(' and ')} in it are lost` : undefined;
    },
  }),

  async list(read) {
    const workspaces = await read.of('workspace');
    const readings = await Promise.all(
      workspaces.live.map(async (workspace): Promise<Reading> => {
        const closed = notServing(workspace);
        if (closed) return { live: [], unread: [closed] };
        try {
          const items = await read.list(workspace.address, pathOf('/api/v1/projects'), { hydrate: true });
          const live = items.flatMap((item) => decode(item, workspace.address) ?? []);
          const known = new Set(live.map((one) => one.address));
          const missing = [...read.wanted]
            .filter((one) => one.startsWith(`${workspace.address}/project/`) && kindOf(one) === 'project' && !known.has(one))
            .map((one) => ({
              address: one,
              server: workspace.address,
              path: pathOf('/api/v1/projects/{project_name_or_id}', encodeURIComponent(nameOf(one))),
            }));
          const probed = await probe(read, missing, (item) => decode(item, workspace.address));
          return { live: [...live, ...probed.live], unread: probed.unread };
        } catch (error) {
          return {
            live: [],
            unread: [
              { prefix: `${workspace.address}/project/`, reason: `its projects cannot be read: ${read.unreadable(error)}` },
            ],
          };
        }
      }),
    );
    return { live: readings.flatMap((reading) => reading.live), unread: readings.flatMap((reading) => reading.unread) };
  },

  create(resource) {
    const body = { name: nameOf(resource.address), ...withoutNull(resource.spec) };
    return [{ server: workspaceOf(resource.address), method: 'POST', path: pathOf('/api/v1/projects'), body }];
  },

  update(resource, _live, changes, plan) {
    const body = Object.fromEntries(changes.map(({ path, after }) => [path.slice(1), after ?? empty[path.slice(1)] ?? null]));
    return [
      {
        server: workspaceOf(resource.address),
        method: 'PUT',
        path: pathOf('/api/v1/projects/{project_name_or_id}', plan.ref(resource.address)),
        body,
      },
    ];
  },

  delete(live, plan, deleted) {
    const workspace = workspaceOf(live.address);
    if (deleted(workspace)) return [];
    return [
      { server: workspace, method: 'DELETE', path: pathOf('/api/v1/projects/{project_name_or_id}', plan.ref(live.address)) },
    ];
  },

  same(field, desired, live, project) {
    const blank = (value: Json | undefined) =>
      value === null || value === undefined || value === '' || value === nameOf(project.address);
    if (field === 'display_name')
      return desired === live || (blank(desired) && blank(live) && desired !== nameOf(project.address));
    if (field === 'description') return (desired ?? '') === (live ?? '');
    return desired === null && JSON.stringify(live ?? {}) === '{}';
  },

  cleared: (field) => empty[field],

  unsupported: (field, live) =>
    field === 'project_metadata' && live.facts?.hydrated === true && live.spec.project_metadata === undefined,
};

/** Why the projects of a workspace cannot be read now, or undefined when its server should answer. */
function notServing(workspace: Live): Unread | undefined {
  const status = String(workspace.facts?.status);
  if (status === 'available' && workspace.facts?.server_url) return undefined;
  const reason = workspace.facts?.reason ? `${status}: ${workspace.facts.reason}` : status;
  const starting = status === 'pending' || status === 'available';
  return {
    prefix: `${workspace.address}/project/`,
    reason: starting ? `the workspace is ${reason}` : reason,
    ...(starting ? { deferred: true } : {}),
    ...(status === 'deactivated' ? { hint: 'to wake it, write `active: true` in its block, or do it in the dashboard' } : {}),
    ...(status === 'failed' ? { hint: 'look at it in the dashboard' } : {}),
  };
}

function decode(item: unknown, workspace: Address): Live | undefined {
  const row = asRow(item);
  const [id, name] = [textOf(row, 'id'), textOf(row, 'name')];
  if (!row || !id || !name) return undefined;
  const metadata = asRow(row.metadata);
  return {
    address: address(workspace, name),
    ids: { id },
    facts: { hydrated: metadata !== undefined },
    spec: defined({
      display_name: jsonOf(asRow(row.body), 'display_name'),
      description: jsonOf(metadata, 'description'),
      project_metadata: jsonOf(metadata, 'project_metadata'),
    }),
  };
}

const withoutNull = (fields: Readonly<Record<string, Json>>): Record<string, Json> =>
  Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== null));

function workspaceOf(projectAddress: Address): Address {
  const parsed = parse(projectAddress);
  if (parsed.kind !== 'project') throw new Error(`not a project: ${projectAddress}`);
  return parsed.workspace;
}
