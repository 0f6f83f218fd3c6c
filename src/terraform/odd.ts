// What a kind cannot know, because it is a habit of Terraform and no fact of ZenML Pro. A kind that is not here, or has an empty entry,
// gets everything by rule.
import type { KindName } from '../core/address.ts';
import type { Attribute, ResourceSchema } from './schema.ts';

/** Where a kind departs from the rule. */
interface Oddity {
  /** The type after `zenmlpro_`, where it is not the kind's name. */
  readonly type?: string;
  readonly description?: string;
  /** False: no such resource, or no such data source. */
  readonly resource?: false;
  readonly data?: false;
  readonly nameAttribute?: string;
  /** What of the attribute for the name is different. */
  readonly name?: Partial<Attribute>;
  /** The server has no id that lasts as long as the thing: its address stands in for it. */
  readonly withoutId?: boolean;
  /** The attributes that make up the address; one with the name by default. */
  readonly place?: readonly Attribute[];
  readonly oneOf?: NonNullable<ResourceSchema['oneOf']>;
  /** Other properties of a field's attribute, or false where it has none. */
  readonly fields?: Readonly<Record<string, Partial<Attribute> | false>>;
  readonly own?: readonly Attribute[];
  /** What a data source tells besides. */
  readonly facts?: readonly Attribute[];
  /** Destroying it destroys pipelines, runs and models: never by a replacement, and only with a second word. */
  readonly guarded?: boolean;
}

/** A reference with its literals; they are taken from the arguments alone, so that the place where it is used widens none of them. */
interface Reference<K, M> {
  readonly name: K;
  readonly type: 'string';
  readonly mode: M;
  readonly source: 'reference';
  readonly refersTo: { readonly kind: K; readonly attribute: string };
  readonly description: string;
  readonly immutable: 'replace';
  readonly schema: Readonly<Record<string, unknown>>;
}
const reference = <K extends KindName, M extends Attribute['mode']>(
  kind: K,
  mode: M,
  description: string,
): Reference<NoInfer<K>, NoInfer<M>> => ({
  name: kind,
  type: 'string',
  mode,
  source: 'reference',
  refersTo: { kind, attribute: kind === 'member' ? 'email' : 'id' },
  description: `${description}: ${kind === 'member' ? 'the e-mail address' : 'the id, or the name'}.`,
  immutable: 'replace',
  schema: { minLength: 1, maxLength: 255 },
});

const plainName = {
  name: 'name',
  type: 'string',
  mode: 'required',
  source: 'name',
  description: 'Its name.',
  schema: { minLength: 1, maxLength: 255 },
} as const satisfies Attribute;

const duration = { pattern: '^[1-9][0-9]*(m|h|d|w)$' };

const all = {
  organization: {
    description: 'The organization that the provider works on. It is adopted, updated, and never created or destroyed.',
    name: {
      mode: 'optional-computed',
      description: 'Its name. Another one renames it, where the provider names the organization by its id.',
      example: 'acme',
    },
  },
  workspace: {
    guarded: true,
    name: { schema: { minLength: 1, maxLength: 50, pattern: '^[a-z0-9-]+$' }, example: 'production' },
    own: [
      {
        name: 'enrollment_key',
        type: 'string',
        mode: 'computed',
        source: 'own',
        sensitive: true,
        description:
          'The key with which an own server enrolls. The server shows it once, so that an imported workspace has none.',
      },
    ],
    facts: [
      { name: 'status', type: 'string', mode: 'computed', source: 'own', description: 'What it is doing, such as `available`.' },
      { name: 'server_url', type: 'string', mode: 'computed', source: 'own', description: 'Where its server answers.' },
    ],
  },
  project: {
    guarded: true,
    place: [
      reference('workspace', 'required', 'The workspace that it is in'),
      { ...plainName, description: 'Its name. Another one renames it in place.', example: 'churn' },
    ],
  },
  member: {
    withoutId: true,
    nameAttribute: 'email',
    name: {
      description: 'The e-mail address, compared without regard to case; a user name where an account has no e-mail.',
      schema: {
        minLength: 1,
        maxLength: 254,
        pattern: '^[^\\s@/]+@[^\\s@/]+\\.[^\\s@/]+$|^[a-zA-Z0-9_.-]{1,50}$',
      },
      example: 'alan@acme.io',
    },
    fields: {
      role: {
        mode: 'required',
        createOnly: false,
        description:
          'The organization role that makes the person a member. Another one is granted before this one is revoked. Further roles are role assignments.',
        example: 'Organization Member',
      },
    },
    facts: [
      {
        name: 'invited',
        type: 'bool',
        mode: 'computed',
        source: 'own',
        description: 'Whether the person has an invitation and no account yet.',
      },
    ],
  },
  service_account: {
    nameAttribute: 'username',
    name: { schema: { minLength: 1, maxLength: 50, pattern: '^[a-zA-Z0-9_\\-@.]+$' }, example: 'ci-deployer' },
  },
  service_account_key: {
    data: false,
    place: [
      reference('service_account', 'required', 'The service account that it belongs to'),
      { ...plainName, immutable: 'replace', example: 'main' },
    ],
    fields: {
      delivered: false,
      rotated: { mode: 'computed', description: 'When it got its value.' },
      expires_in: { schema: { type: 'string', ...duration } },
    },
    own: [
      {
        name: 'rotate_after',
        type: 'string',
        mode: 'optional',
        source: 'own',
        description:
          'How old its value may be when a plan is made; then it gets a new one, and the old one works for one day more.',
        schema: { type: 'string', ...duration },
        example: '90d',
      },
      {
        name: 'rotate_when',
        type: 'string',
        mode: 'optional',
        source: 'own',
        description: 'Any text: when it changes, the key gets a new value.',
      },
      {
        name: 'key',
        type: 'string',
        mode: 'computed',
        source: 'own',
        sensitive: true,
        description: 'Its value. The server shows it once, so that an imported key has none until it is rotated.',
      },
      { name: 'expires_at', type: 'string', mode: 'computed', source: 'own', description: 'When it stops working, if ever.' },
    ],
  },
  team_member: {
    withoutId: true,
    data: false,
    place: [
      reference('team', 'required', 'The team'),
      reference('member', 'optional', 'The person'),
      reference('service_account', 'optional', 'The service account'),
    ],
    oneOf: { names: ['member', 'service_account'], required: true },
  },
  role: {
    // Their definition is a guess at an API that nobody has documented.
    resource: false,
    description: 'A role that can be granted: predefined, or a custom one of the organization.',
    fields: { level: { mode: 'computed' } },
    facts: [
      { name: 'predefined', type: 'bool', mode: 'computed', source: 'own', description: 'Whether every organization has it.' },
    ],
  },
  grant: {
    type: 'role_assignment',
    withoutId: true,
    data: false,
    place: [
      {
        name: 'role',
        type: 'string',
        mode: 'required',
        source: 'name',
        description: 'The name of the role: predefined, or a custom one of the organization.',
        immutable: 'replace',
        schema: { minLength: 1, maxLength: 50 },
        example: 'Project Developer',
      },
      reference('workspace', 'optional', 'The workspace that it is granted on, or that the project is in'),
      reference('project', 'optional', 'The project that it is granted on; by name only together with the workspace'),
      reference('member', 'optional', 'The person who holds it'),
      reference('team', 'optional', 'The team that holds it'),
      reference('service_account', 'optional', 'The service account that holds it'),
    ],
    oneOf: { names: ['member', 'team', 'service_account'], required: true },
  },
} as const satisfies Readonly<Partial<Record<KindName, Oddity>>>;

/** Where kinds depart from the rule. */
export const oddities: Readonly<Partial<Record<KindName, Oddity>>> = all;
/** The same, with every literal in its type: what types are read off. */
export type Oddities = typeof all;
