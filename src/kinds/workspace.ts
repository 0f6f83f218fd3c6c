import { Type } from 'typebox';
import { workspace as address, kindOf, nameOf, organization } from '../core/address.ts';
import type { Diagnostic } from '../core/diagnostic.ts';
import { text } from '../core/field.ts';
import type { Call, Kind } from '../core/kind.ts';
import type { Json, Live, Resource } from '../core/resource.ts';
import { asRow, defined, jsonOf, textOf } from './parts/decode.ts';
import { path as pathOf } from './parts/path.ts';
import { probe } from './parts/probe.ts';
import { unique } from './parts/unique.ts';

const spec = Type.Object({
  display_name: text({ max: 50, description: 'The name to show.', examples: ['Production'] }),
  description: text({ max: 256, nullable: true, description: 'What the workspace is for; null clears it.' }),
  logo_url: text({ max: 2048, nullable: true, description: 'Where its logo is; null clears it.' }),
  version: text({
    max: 50,
    pattern: '^[0-9]+\\.[0-9]+\\.[0-9]+[0-9A-Za-z.+-]*$',
    description: 'The ZenML release of its server. Moving to an older one is refused.',
    examples: ['0.98.0'],
  }),
  active: Type.Boolean({ default: true, description: 'Whether its server runs. A deactivated workspace keeps its data.' }),
  enroll: Type.Boolean({
    default: false,
    writeOnly: true,
    description: 'Enroll an own server instead of having one managed. Counts only when it is created.',
  }),
});

/** A ZenML server of the organization. */
export const workspace: Kind<typeof spec> = {
  name: 'workspace',
  summary: 'A ZenML server of the organization.',
  plural: 'workspaces',
  spec,
  examples: [{ display_name: 'Production', version: '0.98.0' }],
  reads: [],
  holdsData: true,
  irreversible: (action) => (action === 'delete' ? 'all projects, pipelines, runs and models in it are destroyed' : undefined),

  async list(read) {
    const rows = await read.list('control-plane', pathOf('/workspaces'), { organization_id: read.organizationId });
    const decoded = (row: unknown) => decode(row, read.organizationId);
    const listed = unique(rows.map(decoded), 'workspaces');
    const known = new Set(listed.live.map((live) => live.address));
    const missing = [...read.wanted]
      .filter((one) => kindOf(one) === 'workspace' && !known.has(one))
      .map((one) => ({
        address: one,
        server: 'control-plane' as const,
        path: pathOf('/workspaces/{workspace_id}', encodeURIComponent(nameOf(one))),
      }));
    const probed = await probe(read, missing, decoded);
    return { ...listed, live: [...listed.live, ...probed.live], unread: [...listed.unread, ...probed.unread] };
  },

  create(resource, plan) {
    const { display_name, description, logo_url, version, active, enroll } = resource.spec;
    const body = defined({
      name: nameOf(resource.address),
      organization_id: plan.ref(organization),
      display_name,
      description: description ?? undefined,
      logo_url: logo_url ?? undefined,
      zenml_service: version === undefined ? undefined : service(version),
    });
    const create: Call = {
      server: 'control-plane',
      method: 'POST',
      path: pathOf('/workspaces'),
      body,
      // An enrolled workspace becomes available when somebody starts its server: nothing to wait for here.
      ...(enroll === true ? { query: { enroll: 'true' } } : { until: { workspace: resource.address, status: 'available' } }),
      ...(resource.sink ? { secret: { field: 'enrollment_key', to: resource.sink } } : {}),
    };
    if (active !== false) return [create];
    return [create, { ...patch(plan.ref(resource.address), { desired_state: 'deactivated' }), fields: ['/active'] }];
  },

  update(resource, live, changes, plan) {
    const body: Record<string, Json> = {};
    for (const { path, after = null } of changes) {
      if (path === '/version') body.zenml_service = service(after);
      else if (path === '/active') body.desired_state = after === false ? 'deactivated' : 'available';
      else body[path.slice(1)] = after;
    }
    const waits = 'desired_state' in body || 'zenml_service' in body;
    const status = (resource.spec.active ?? live.spec.active) === false ? 'deactivated' : 'available';
    return [
      {
        ...patch(plan.ref(resource.address), body),
        ...(waits ? { until: { workspace: resource.address, status } } : {}),
      },
    ];
  },

  delete: (live, plan) => [
    { server: 'control-plane', method: 'DELETE', path: pathOf('/workspaces/{workspace_id}', plan.ref(live.address)) },
  ],

  check(resource, plan) {
    const live = plan.live(resource.address);
    if (!live && resource.spec.enroll === true && !resource.sink) return [keyWithoutSink(resource)];
    const [wanted, running] = [resource.spec.version, live?.spec.version];
    if (typeof wanted !== 'string' || typeof running !== 'string' || !older(wanted, running)) return [];
    const place = resource.fieldPlaces?.version ?? resource.place;
    return [
      {
        code: 'immutable-field',
        severity: 'error',
        summary: `\`version\` ${wanted} is older than the ${running} that runs; the server refuses to go back`,
        hint: `write ${running} or a later release`,
        address: resource.address,
        ...(place ? { place } : {}),
      },
    ];
  },

  defers(resource, live) {
    const prefix = `${resource.address}/project/`;
    if (!live && resource.spec.enroll === true)
      return { prefix, reason: 'the workspace waits for its own server to be enrolled', deferred: true };
    if (live?.spec.active === false && resource.spec.active === true)
      return { prefix, reason: 'the workspace is activated by this plan', deferred: true };
    return undefined;
  },

  cleared: (field) => (field === 'description' || field === 'logo_url' ? null : undefined),
};

/** The key of an enrolled workspace is part of one answer, and never shown by zenform. */
function keyWithoutSink(resource: Resource): Diagnostic {
  return {
    code: 'enrollment-key',
    severity: 'warning',
    summary: `the enrollment key of ${resource.address} is shown once, and the files say nowhere to put it`,
    hint: 'write `enrollment_key: { to: { file: … } }`; without it, the key has to be found in the dashboard',
    address: resource.address,
    ...(resource.place ? { place: resource.place } : {}),
  };
}

const service = (version: Json): Json => ({ configuration: { version } });

const patch = (id: string, body: Json): Call => ({
  server: 'control-plane',
  method: 'PATCH',
  path: pathOf('/workspaces/{workspace_id}', id),
  body,
});

function decode(item: unknown, organizationId: string): Live | undefined {
  const row = asRow(item);
  const [id, name, status] = [textOf(row, 'id'), textOf(row, 'name'), textOf(row, 'status')];
  const owner = textOf(asRow(row?.organization), 'id');
  if (!row || !id || !name || (owner && owner !== organizationId)) return undefined;
  const desiredState = textOf(row, 'desired_state');
  if (status === 'deleted' || desiredState === 'deleted') return undefined;
  const zenml = asRow(row.zenml_service);
  const running = asRow(zenml?.status);
  return {
    address: address(name),
    ids: { id },
    spec: defined({
      display_name: jsonOf(row, 'display_name'),
      description: jsonOf(row, 'description'),
      logo_url: jsonOf(row, 'logo_url'),
      version: textOf(asRow(zenml?.configuration), 'version') ?? textOf(running, 'version'),
      active: desiredState !== 'deactivated' && status !== 'deactivated',
    }),
    facts: defined({
      status: status ?? 'unknown',
      reason: textOf(row, 'state_reason'),
      server_url: textOf(running, 'server_url'),
      managed: row.is_managed !== false,
    }),
  };
}

/** Whether release `a` comes before release `b`, by their numbers. */
function older(a: string, b: string): boolean {
  const numbers = (release: string) => release.split(/[^0-9]+/).map(Number);
  const [x, y] = [numbers(a), numbers(b)];
  for (let index = 0; index < 3; index++) if ((x[index] ?? 0) !== (y[index] ?? 0)) return (x[index] ?? 0) < (y[index] ?? 0);
  return false;
}
