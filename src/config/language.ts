import { type Static, type TSchema, Type } from 'typebox';
import { text } from '../core/field.ts';
import { acceptable, type GuardName } from '../core/guards/refusal.ts';
import { member } from '../kinds/member.ts';
import { organization } from '../kinds/organization.ts';
import { predefinedRoles } from '../kinds/parts/predefined-roles.ts';
import { project } from '../kinds/project.ts';
import { role } from '../kinds/role.ts';
import { serviceAccount } from '../kinds/service-account.ts';
import { team } from '../kinds/team.ts';
import { workspace } from '../kinds/workspace.ts';

/** A mapping from names to things: `names` is the schema of the keys. */
const mapOf = <S extends TSchema>(names: TSchema, schema: S, options: Record<string, unknown>) =>
  Type.Unsafe<{ readonly [name: string]: Static<S> }>({
    type: 'object',
    propertyNames: names,
    additionalProperties: schema,
    ...options,
  });

const closed = { additionalProperties: false };
const person = text({
  max: 254,
  pattern: '^[^\\s@/]+@[^\\s@/]+\\.[^\\s@/]+$|^[a-zA-Z0-9_.-]{1,50}$',
  description: 'An e-mail address, compared without regard to case; a user name where a self-hosted account has no e-mail.',
  'x-ref': 'member',
  'x-word': 'e-mail address',
});
const teamName = text({ max: 50, description: 'The name of a team.', 'x-ref': 'team' });
const accountName = text({
  max: 50,
  pattern: '^[a-zA-Z0-9_\\-@.]+$',
  description: 'The name of a service account.',
  'x-ref': 'service_account',
  'x-word': 'service account name',
});
const roleName = (level: 'organization' | 'workspace' | 'project') =>
  text({
    max: 50,
    description: `A role of ${level} level: predefined, or a custom one of the organization.`,
    examples: [...predefinedRoles[level]],
  });
const roleNames = (level: 'organization' | 'workspace' | 'project') =>
  Type.Unsafe<string>({ anyOf: [{ enum: [...predefinedRoles[level]] }, roleName(level)], 'x-word': 'role name' });

const expires = Type.String({
  format: 'date',
  description: 'The last day on which this entry counts (UTC), as YYYY-MM-DD.',
  examples: ['2027-01-31'],
});
const entry = <S extends TSchema>(name: S, key: 'email' | 'name') =>
  Type.Unsafe<string | { readonly email?: string; readonly name?: string; readonly expires?: string }>({
    anyOf: [name, { type: 'object', properties: { [key]: name, expires }, required: [key], additionalProperties: false }],
    'x-word': key === 'email' ? 'e-mail address' : 'name',
  });
const listOf = (what: string, item: ReturnType<typeof entry>) =>
  Type.Array(item, { description: `${what}. The list is complete: who is not written is removed.` });

const holders = Type.Object(
  {
    members: Type.Optional(listOf('People who hold the role', entry(person, 'email'))),
    teams: Type.Optional(listOf('Teams that hold the role', entry(teamName, 'name'))),
    service_accounts: Type.Optional(listOf('Service accounts that hold the role', entry(accountName, 'name'))),
  },
  { ...closed, title: 'Holders', description: 'Who holds this role here, directly.' },
);
const access = (level: 'organization' | 'workspace' | 'project') =>
  mapOf(roleNames(level), holders, {
    title: 'Access',
    description: `Who holds which ${level} role here. One complete list: a direct grant that is not written is revoked. Inherited rights are never touched.`,
  });
const accessMode = Type.Unsafe<'complete' | 'roles' | 'add'>({
  enum: ['complete', 'roles', 'add'],
  default: 'complete',
  description: 'How complete `access` is: all roles, only the roles written, or only additions.',
});
const previously = Type.Array(Type.String({ minLength: 1 }), {
  description: 'Earlier names: the live thing is renamed in place instead of being created anew.',
});
const isProtected = Type.Boolean({
  default: false,
  description: 'Never delete this, whatever else is said, also when this block is gone.',
});
const isAbsent = Type.Literal(true, { description: 'Remove it, with everything it holds.' });
const destroyed = Type.Unsafe<true | { readonly destroy: string }>({
  anyOf: [
    { const: true },
    {
      type: 'object',
      properties: { destroy: { type: 'string', description: 'The name again: the second word for deleting data.' } },
      required: ['destroy'],
      additionalProperties: false,
    },
  ],
  description: 'Remove it. What holds data or keys also needs its name: `absent: { destroy: <name> }`.',
  'x-word': '`true` or `{ destroy: <name> }`',
});
const ownRoles = (whose: string, options: Record<string, unknown> = {}) =>
  Type.Array(roleNames('organization'), {
    uniqueItems: true,
    description: `The organization roles that ${whose} holds directly. Complete for ${whose}.`,
    ...options,
  });
const sink = Type.Unsafe<{ readonly file?: string; readonly exec?: readonly string[] }>({
  anyOf: [
    { type: 'object', properties: { file: { type: 'string', minLength: 1 } }, required: ['file'], additionalProperties: false },
    {
      type: 'object',
      properties: { exec: { type: 'array', items: { type: 'string' }, minItems: 1 } },
      required: ['exec'],
      additionalProperties: false,
    },
  ],
  description: 'Where the value goes, once: a file below the working folder, or the standard input of a command.',
  'x-word': '`{ file: … }` or `{ exec: […] }`',
});
const duration = Type.String({
  pattern: '^[1-9][0-9]*(m|h|d|w)$',
  description: 'A duration such as 90d or 12h.',
  examples: ['90d'],
});
const key = Type.Object(
  {
    to: Type.Optional(sink),
    expires_in: Type.Optional({
      ...duration,
      description: 'How long a new key works; the end of an existing one stays where it is.',
    }),
    rotate_after: Type.Optional({
      ...duration,
      description: 'How old a value may be at the start of the day; after a rotation, the old one works for one day more.',
    }),
    protected: Type.Optional(isProtected),
    absent: Type.Optional(destroyed),
  },
  { ...closed, title: 'API key', description: 'An API key of a service account. Its value goes to `to`, once.' },
);

const projectBlock = Type.Object(
  {
    ...Type.Partial(project.spec).properties,
    previously: Type.Optional(previously),
    protected: Type.Optional(isProtected),
    absent: Type.Optional(destroyed),
    access: Type.Optional(access('project')),
    access_mode: Type.Optional(accessMode),
  },
  { ...closed, title: 'Project', description: project.summary },
);

const workspaceBlock = Type.Object(
  {
    name: Type.Optional(
      text({
        max: 50,
        pattern: '^[a-z0-9-]+$',
        description:
          'The name of the workspace, where it is not the key. Names are unique over all organizations, so overlays need other ones.',
        examples: ['acme-staging'],
      }),
    ),
    ...Type.Partial(workspace.spec).properties,
    enrollment_key: Type.Optional(
      Type.Object({ to: sink }, { ...closed, description: 'Where the enrollment key of a new enrolled workspace goes.' }),
    ),
    protected: Type.Optional(isProtected),
    absent: Type.Optional(destroyed),
    access: Type.Optional(access('workspace')),
    access_mode: Type.Optional(accessMode),
    projects: Type.Optional(
      mapOf(text({ max: 50, pattern: '^[a-z0-9_-]+$', 'x-word': 'project name' }), projectBlock, {
        title: 'Projects',
        description: 'Projects by name.',
      }),
    ),
  },
  { ...closed, title: 'Workspace', description: workspace.summary },
);

const teamBlock = Type.Object(
  {
    ...Type.Partial(team.spec).properties,
    members: Type.Optional(listOf('People in the team', entry(person, 'email'))),
    service_accounts: Type.Optional(listOf('Service accounts in the team', entry(accountName, 'name'))),
    roles: Type.Optional(ownRoles('the team')),
    previously: Type.Optional(previously),
    protected: Type.Optional(isProtected),
    absent: Type.Optional(isAbsent),
  },
  { ...closed, title: 'Team', description: team.summary },
);

const memberBlock = Type.Object(
  {
    roles: Type.Optional(ownRoles('the person', { minItems: 1 })),
    protected: Type.Optional(isProtected),
    absent: Type.Optional(isAbsent),
  },
  { ...closed, title: 'Person', description: member.summary },
);

const serviceAccountBlock = Type.Object(
  {
    ...Type.Partial(serviceAccount.spec).properties,
    roles: Type.Optional(ownRoles('the service account')),
    keys: Type.Optional(mapOf(text({ max: 50, 'x-word': 'key name' }), key, { description: 'API keys by name.' })),
    previously: Type.Optional(previously),
    protected: Type.Optional(isProtected),
    absent: Type.Optional(destroyed),
  },
  { ...closed, title: 'Service account', description: serviceAccount.summary },
);

const roleBlock = Type.Object(
  { ...Type.Partial(role.spec).properties, previously: Type.Optional(previously), absent: Type.Optional(isAbsent) },
  {
    ...closed,
    title: 'Custom role',
    description: `${role.summary} Experimental: refused unless the target is known to support it.`,
  },
);

const organizationBlock = Type.Object(
  {
    name: Type.Optional(
      text({ max: 50, description: 'The name of the organization. It is adopted, not created.', examples: ['acme'] }),
    ),
    id: Type.Optional(
      Type.String({ format: 'uuid', description: 'Pins the organization: a target with another id is refused.' }),
    ),
    api: Type.Optional(
      Type.String({
        format: 'uri',
        description: 'Pins the API: another target is refused.',
        examples: ['https://cloudapi.zenml.io'],
      }),
    ),
    create: Type.Optional(
      Type.Boolean({ default: false, description: 'Create the organization when there is none of that name.' }),
    ),
    ...Type.Partial(organization.spec).properties,
    access: Type.Optional(access('organization')),
    access_mode: Type.Optional(accessMode),
    prune: Type.Optional(
      Type.Array(Type.Unsafe<'teams' | 'members' | 'service_accounts'>({ enum: ['teams', 'members', 'service_accounts'] }), {
        uniqueItems: true,
        description: 'Kinds of which everything that is live and not in the files is removed.',
      }),
    ),
    allowed_domains: Type.Optional(
      Type.Array(
        text({
          max: 253,
          pattern: '^[^\\s@/]+\\.[^\\s@/]+$',
          description: 'A domain.',
          examples: ['acme.io'],
          'x-word': 'domain',
        }),
        {
          uniqueItems: true,
          description: 'The only e-mail domains of people who may be invited or given anything.',
        },
      ),
    ),
  },
  { ...closed, title: 'Organization', description: organization.summary },
);

const acceptBlock = Type.Object(
  {
    guard: Type.Unsafe<GuardName>({ type: 'string', enum: [...acceptable], description: 'The guard that would refuse.' }),
    address: Type.String({ minLength: 1, description: 'What it would refuse, as its refusal says.' }),
    reason: Type.String({ minLength: 1, description: 'Why that is all right.' }),
  },
  closed,
);

const ignoreBlock = Type.Object(
  {
    address: Type.String({
      minLength: 1,
      description: 'Where `zenform drift` looks away; a glob such as `workspace/*/project/churn`.',
    }),
    field: Type.Optional(
      Type.String({
        pattern: '^[a-z_]+$',
        description: 'Only this field; without it, everything there.',
        examples: ['description'],
      }),
    ),
    reason: Type.String({ minLength: 1, description: 'Why that is all right.' }),
    until: Type.Optional(
      Type.String({
        format: 'date',
        description: 'The last day on which this counts (UTC), as YYYY-MM-DD.',
        examples: ['2027-01-31'],
      }),
    ),
  },
  closed,
);

/** The configuration language: the schema of one file. Any part may be missing; files are merged. */
export const language = Type.Object(
  {
    $schema: Type.Optional(Type.String({ description: 'For editors.' })),
    zenform: Type.Optional(Type.Literal(1, { description: 'The version of the language.' })),
    organization: Type.Optional(organizationBlock),
    members: Type.Optional(mapOf(person, memberBlock, { title: 'People', description: 'People by e-mail address.' })),
    service_accounts: Type.Optional(
      mapOf(accountName, serviceAccountBlock, { title: 'Service accounts', description: 'Service accounts by name.' }),
    ),
    teams: Type.Optional(
      mapOf(text({ max: 50, 'x-word': 'team name' }), teamBlock, { title: 'Teams', description: 'Teams by name.' }),
    ),
    roles: Type.Optional(
      mapOf(text({ max: 50, 'x-word': 'role name' }), roleBlock, {
        title: 'Custom roles',
        description: 'Custom roles by name (experimental).',
      }),
    ),
    workspaces: Type.Optional(
      mapOf(text({ max: 50, 'x-word': 'workspace key' }), workspaceBlock, {
        title: 'Workspaces',
        description: 'Workspaces by name (or by any key, with `name:` inside).',
      }),
    ),
    accept: Type.Optional(Type.Array(acceptBlock, { description: 'What a guard refuses and a reviewer accepted.' })),
    ignore_drift: Type.Optional(
      Type.Array(ignoreBlock, {
        description: 'Differences that `zenform drift` does not count. Plans and applies are not affected.',
      }),
    ),
  },
  {
    ...closed,
    $id: 'zenform.schema.json',
    title: 'zenform configuration',
    description: 'A ZenML Pro organization: people, teams, service accounts, roles, workspaces, projects, and who may do what.',
  },
);

export type ConfigFile = Static<typeof language>;
