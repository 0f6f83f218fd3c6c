import { type TProperties, type TSchema, Type } from 'typebox';
import { codes } from '../core/diagnostic.ts';

// Keys may be added to all of these; readers ignore those that they do not know.
const object = (properties: TProperties, description?: string) => Type.Object(properties, description ? { description } : {});
const optional = <S extends TSchema>(schema: S) => Type.Optional(schema);
const words = (...values: string[]) => Type.Unsafe<string>({ type: 'string', enum: values });
const text = (description: string) => Type.String({ description });
const count = Type.Integer({ minimum: 0 });
const draft = { $schema: 'https://json-schema.org/draft/2020-12/schema' };

const address = text('The identity of a resource, such as `workspace/prod/project/fraud`.');
const kind = words(
  'organization',
  'member',
  'service_account',
  'service_account_key',
  'role',
  'team',
  'team_member',
  'workspace',
  'project',
  'grant',
);
const place = object(
  { file: Type.String(), line: Type.Integer({ minimum: 1 }), column: Type.Integer({ minimum: 1 }) },
  'From 1.',
);
const exitCode = Type.Integer({ minimum: 0, maximum: 255, description: 'What the command ends with.' });

const diagnostic = object({
  code: words(...Object.keys(codes), 'internal'),
  severity: words('error', 'warning', 'note'),
  summary: text('What is wrong, in one line.'),
  hint: optional(text('What to do about it.')),
  address: optional(address),
  place: optional(place),
  related: optional(Type.Array(place, { description: 'Other places that belong to it.' })),
});
const diagnostics = Type.Array(diagnostic);

const moved = words('live', 'files', 'both');
const change = object({
  address,
  kind,
  action: words('create', 'update', 'delete'),
  fields: Type.Array(
    object({
      path: text('JSON Pointer to the field.'),
      before: Type.Unknown({ description: 'null when it is not there.' }),
      after: Type.Unknown({ description: 'null when it is not there.' }),
      base: optional(Type.Unknown({ description: 'drift --base: what the base declared.' })),
      changed: optional(moved),
    }),
  ),
  place: optional(place),
  changed: optional({ ...moved, description: 'drift --base: who moved; `files` is not applied yet.' }),
  from: optional(text('The address before a rename.')),
  because: optional(text('Why it is deleted: absent, expired, prune, base, list, or the address of what takes it along.')),
  effects: optional(Type.Array(Type.String(), { description: 'What cannot be undone, or what else the server does.' })),
});
const query = Type.Record(Type.String(), Type.String());
const step = object({
  id: Type.String(),
  change: address,
  server: text('`control-plane`, or the address of the workspace whose own server is meant.'),
  method: words('POST', 'PUT', 'PATCH', 'DELETE'),
  path: text('With symbols such as `${team/x.id}` for ids that are not known yet.'),
  query: optional(query),
  body: optional(Type.Unknown()),
  needs: Type.Array(Type.String(), { description: 'The steps that have to be done before.' }),
});
const access = object({
  principal: text('The address of a person or a service account.'),
  person: optional(text('The e-mail address of a person.')),
  scope: text('The address of the organization, a workspace or a project.'),
  before: Type.Array(Type.String(), {
    description: 'The roles held there, directly or by a team; what wider roles imply is not counted.',
  }),
  after: Type.Array(Type.String()),
  effect: words('widen', 'narrow', 'both'),
  via: Type.Array(address, { description: 'The teams by which roles come or go.' }),
  by: Type.Record(Type.String(), Type.Array(address), {
    description: 'For each role that comes or goes: by whose role assignments, their own or those of a team.',
  }),
});
const organization = object({ id: text('Empty when it is to be created.'), name: Type.String() });
const day = Type.String({ pattern: '^\\d{4}-\\d{2}-\\d{2}$', description: 'The day that `expires` was measured against.' });
const summary = object({ create: count, update: count, delete: count, unchanged: count, unmanaged: count });
const notChecked = Type.Array(
  object({
    address: text('An address, or the start of some.'),
    reason: Type.String(),
    deferred: optional(Type.Boolean()),
    hint: optional(Type.String()),
  }),
);

/** JSON Schema of `zenform.plan/1`. */
export const planSchema = Type.Object(
  {
    format: Type.Literal('zenform.plan/1'),
    organization,
    api: text('Base URL of the control plane.'),
    now: day,
    summary,
    changes: Type.Array(change, { description: 'Sorted by address.' }),
    ignored: optional({ ...count, description: 'drift: how many differences were ignored.' }),
    steps: Type.Array(step, { description: 'The calls that carry the changes out, in an order that works.' }),
    access: optional(Type.Array(access, { description: 'What the plan does to the roles of people and service accounts.' })),
    unmanaged: Type.Record(Type.String(), count, { description: 'Live things that the files do not manage, by kind.' }),
    notChecked,
    diagnostics,
    exitCode,
  },
  { ...draft, title: 'zenform.plan/1', description: 'What `plan` and `drift` print with `-o json`.' },
);

const outcome = object({
  step: Type.String(),
  address,
  status: words('applied', 'failed', 'skipped'),
  request: text('Method and path.'),
  error: optional(Type.String()),
  code: optional(text('The kind of trouble, as a diagnostic code, where a person can do something about that.')),
});

/** JSON Schema of `zenform.report/1`. */
export const reportSchema = Type.Object(
  {
    format: Type.Literal('zenform.report/1'),
    diagnostics,
    exitCode,
    organization: optional(organization),
    api: optional(Type.String()),
    now: optional(day),
    summary: optional(summary),
    changes: optional(Type.Array(change, { description: 'apply: what was planned.' })),
    outcomes: optional(Type.Array(outcome, { description: 'apply: what became of each step.' })),
    verified: optional(Type.Boolean({ description: 'apply: whether reading again found nothing left to do.' })),
    rest: optional(Type.Array(change, { description: 'apply: what was planned, and reading again found not done.' })),
    base: optional(
      Type.Object({ ref: Type.String(), commit: Type.String() }, { description: 'apply: the ref that was moved, and where to.' }),
    ),
    moved: optional(Type.Array(change, { description: 'apply: what else differs after the run.' })),
    left: optional(
      Type.Array(object({ address }), {
        description:
          'apply PLANFILE --partial: the changes it has left, because they were not reviewed so; adopt: what was not adopted, with the `reason`.',
      }),
    ),
    origins: optional(
      Type.Array(object({ path: text('JSON Pointer into the merged files.'), place, overrides: optional(place) }), {
        description: 'validate --explain: where each value comes from.',
      }),
    ),
    unmanaged: optional(Type.Array(object({ address, kind }), { description: 'unmanaged: what is live and not in the files.' })),
    notChecked: optional(notChecked),
    checks: optional(
      Type.Array(object({ name: Type.String(), status: words('ok', 'warning', 'failed'), detail: Type.String() }), {
        description: 'doctor: what was looked at.',
      }),
    ),
    differences: optional(
      Type.Array(
        object({
          server: text('`control-plane`, or the address of a workspace.'),
          operation: Type.String(),
          what: words('missing', 'parameter', 'limit', 'enum', 'required', 'field'),
          detail: Type.String(),
          consequence: words('adapted', 'feature off', 'refused', 'none'),
        }),
        { description: 'doctor: where the server differs from what zenform was built for, and what zenform does about it.' },
      ),
    ),
    observed: optional(
      Type.Array(object({ row: count, unknown: Type.String(), seen: optional(Type.String()) }), {
        description: 'doctor: what asking has shown of the unknowns of the API; without `seen`, nothing there shows it.',
      }),
    ),
    ready: optional(words('apply', 'plan', 'no')),
    verdict: optional(Type.String()),
    adopted: optional(Type.Array(address, { description: 'adopt: what the files now say as it is live.' })),
    files: optional(
      Type.Array(
        object({
          name: Type.String(),
          text: optional(Type.String()),
          status: optional(words('written', 'unchanged', 'replaced', 'edited')),
          diff: optional(text('adopt: the edit as a unified diff.')),
        }),
        { description: 'export, init, adopt, synth: the files, or what became of them.' },
      ),
    ),
  },
  { ...draft, title: 'zenform.report/1', description: 'What the other commands print with `-o json`, and a plan that failed.' },
);

const request = { server: Type.String(), method: Type.String(), path: Type.String() };
const events = [
  object({ event: Type.Literal('phase'), phase: words('load', 'read', 'plan', 'execute', 'verify') }),
  object({ event: Type.Literal('read'), kind, count }),
  object({
    event: Type.Literal('step'),
    status: words('started', 'applied', 'failed', 'skipped'),
    step: Type.String(),
    address,
    message: optional(Type.String()),
  }),
  object({ event: Type.Literal('wait'), address, status: Type.String(), seconds: count, limit: count }),
  object({ event: Type.Literal('request'), ...request, status: optional(Type.Integer()), ms: Type.Number() }),
  object({ event: Type.Literal('retry'), ...request, attempt: count, waitMs: Type.Number(), reason: Type.String() }),
  object({ event: Type.Literal('done'), applied: count, failed: count, skipped: count, verified: Type.Boolean() }),
];

/** JSON Schema of one line of `--events`. */
export const eventSchema = Type.Unsafe<unknown>({
  ...draft,
  title: 'A line of --events',
  description: 'What the engine does. Times differ from run to run; readers ignore events that they do not know.',
  anyOf: events,
});
