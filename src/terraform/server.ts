// The calls of Terraform, as functions from request to answer: nothing here knows how they travel.
import { applyResource } from './apply.ts';
import { checkConfig } from './check.ts';
import { settingsOf, type World } from './configuration.ts';
import { conform, decodeObject, encodeObject, type ObjectType, ValueError, type Values } from './cty.ts';
import { readData } from './data.ts';
import { diagnosticMessage, Failed, type Problem, problemOf } from './diagnostics.ts';
import { Organization } from './organization.ts';
import { planResource } from './plan.ts';
import type { Message } from './plugin/protobuf.ts';
import type { Calls } from './plugin/service.ts';
import { providerAttributes } from './provider-attributes.ts';
import { importResource, readResource } from './read.ts';
import { type Attribute, dataSchemas, type ResourceSchema, resourceSchemas } from './schema.ts';

/** The provider: its calls, and the way to end what it waits for. */
export function provider(world: World): Calls {
  let stopping = new AbortController();
  let org: Organization | undefined;
  const redactor = async () => org && (await org.open().catch(() => undefined))?.client.redactor;

  /** Answers with what the work gives, or with what went wrong; a problem that is none of the world's is told all the same. */
  const answer = async (
    work: (problems: Problem[]) => Promise<Message>,
    attributes: readonly string[] = [],
    otherwise: Message = {},
  ): Promise<Message> => {
    const problems: Problem[] = [];
    let message: Message;
    try {
      message = await work(problems);
    } catch (error) {
      problems.push(problemOf(error, attributes));
      message = otherwise;
    }
    if (problems.length === 0) return message;
    const known = await redactor();
    return { ...message, diagnostics: problems.map((problem) => diagnosticMessage(problem, known)) };
  };
  const opened = () => {
    if (!org) throw new Failed('the provider is not configured: something in its block is not known yet');
    return org;
  };

  return {
    GetMetadata: async () => ({
      serverCapabilities: capabilities,
      resources: [...resourceSchemas.keys()].map((typeName) => ({ typeName })),
      dataSources: [...dataSchemas.keys()].map((typeName) => ({ typeName })),
    }),
    GetProviderSchema: async () => ({
      provider: {
        version: 0,
        block: { attributes: providerAttributes.map((one) => attributeMessage({ ...one, mode: 'optional' })) },
      },
      resourceSchemas: messagesOf(resourceSchemas),
      dataSourceSchemas: messagesOf(dataSchemas),
      serverCapabilities: capabilities,
    }),
    ValidateProviderConfig: (request) =>
      answer(async () => {
        objectIn(request.config, providerType);
        return {};
      }),
    ConfigureProvider: (request) =>
      answer(async () => {
        org = undefined;
        // A provider that outlives a run, as while it is debugged, starts the next one anew.
        stopping = new AbortController();
        const settings = await settingsOf(objectIn(request.config, providerType) ?? {}, world, stopping.signal);
        if (settings) org = new Organization(settings);
        return {};
      }),
    ValidateResourceConfig: (request) => validate(resourceSchemas, request),
    ValidateDataResourceConfig: (request) => validate(dataSchemas, request),
    UpgradeResourceState: (request) =>
      answer(async () => {
        const schema = named(resourceSchemas, request.typeName);
        const type = typeOf(schema);
        return { upgradedState: dynamic(upgraded(schema, request, type), type) };
      }),
    ReadResource: (request) =>
      answer(
        async (problems) => {
          const schema = named(resourceSchemas, request.typeName);
          const type = typeOf(schema);
          const state = objectIn(request.currentState, type);
          // While the provider is not configured, nothing can be asked, and so nothing has changed.
          if (!state || !org) return { newState: dynamic(state, type) };
          const looked = await readResource(schema, state, org);
          problems.push(...looked.problems);
          return { newState: dynamic(looked.state, type) };
        },
        [],
        { newState: request.currentState },
      ),
    PlanResourceChange: (request) =>
      answer(async (problems) => {
        const schema = named(resourceSchemas, request.typeName);
        const type = typeOf(schema);
        const [prior, config] = [objectIn(request.priorState, type), objectIn(request.config, type)];
        const proposed = objectIn(request.proposedNewState, type);
        const planned = await planResource({ schema, prior, config: proposed && config, org, now: world.now() });
        problems.push(...planned.problems);
        return {
          plannedState: dynamic(planned.state, type),
          requiresReplace: planned.replaces.map((attributeName) => ({ steps: [{ attributeName }] })),
        };
      }),
    ApplyResourceChange: (request) => {
      const schema = resourceSchemas.get(String(request.typeName));
      return answer(
        async (problems) => {
          const type = typeOf(named(resourceSchemas, request.typeName));
          const [prior, planned] = [objectIn(request.priorState, type), objectIn(request.plannedState, type)];
          if (!schema) throw new Error('a type without a schema');
          const done = await applyResource({ schema, prior, planned, org: opened() });
          problems.push(...done.problems);
          return { newState: dynamic(done.state, type) };
        },
        schema?.attributes.map(({ name }) => name),
        { newState: request.priorState },
      );
    },
    ImportResourceState: (request) =>
      answer(async () => {
        const schema = named(resourceSchemas, request.typeName);
        const state = await importResource(schema, String(request.id ?? ''), opened());
        return { importedResources: [{ typeName: schema.type, state: dynamic(state, typeOf(schema)) }] };
      }),
    ReadDataSource: (request) =>
      answer(async () => {
        const schema = named(dataSchemas, request.typeName);
        const type = typeOf(schema);
        const config = objectIn(request.config, type);
        return { state: dynamic(config && (await readData(schema, config, opened())), type) };
      }),
    StopProvider: async () => {
      stopping.abort();
      return {};
    },
  };

  function validate(schemas: ReadonlyMap<string, ResourceSchema>, request: Message): Promise<Message> {
    return answer(async (problems) => {
      const schema = named(schemas, request.typeName);
      const config = objectIn(request.config, typeOf(schema));
      if (config) problems.push(...(await checkConfig(schema, config)));
      return {};
    });
  }
}

const capabilities = { planDestroy: true, getProviderSchemaOptional: true };
const providerType: ObjectType = Object.fromEntries(providerAttributes.map(({ name, type }) => [name, type]));

function named(schemas: ReadonlyMap<string, ResourceSchema>, type: unknown): ResourceSchema {
  const schema = schemas.get(String(type));
  if (!schema) throw new ValueError(`there is no \`${String(type).slice(0, 100)}\``);
  return schema;
}

const types = new WeakMap<ResourceSchema, ObjectType>();

function typeOf(schema: ResourceSchema): ObjectType {
  const known = types.get(schema) ?? Object.fromEntries(schema.attributes.map(({ name, type }) => [name, type]));
  types.set(schema, known);
  return known;
}

/** The object in a value of the protocol; it is msgpack, but for states that come as JSON. */
function objectIn(value: unknown, type: ObjectType): Values | null {
  const { msgpack, json } = (value ?? {}) as { readonly msgpack?: Uint8Array; readonly json?: Uint8Array };
  if (msgpack && msgpack.length > 0) return decodeObject(msgpack, type);
  if (json && json.length > 0) return conform(jsonOf(json), ['object', type], 'the value') as Values | null;
  return null;
}

function jsonOf(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(Buffer.from(bytes).toString('utf8'));
  } catch (error) {
    throw new ValueError('the value is not JSON', { cause: error });
  }
}

const dynamic = (values: Values | null, type: ObjectType) => ({ msgpack: encodeObject(values, type) });

/** A state of any earlier version: attributes that are no more are left out, new ones are null until they are read. */
function upgraded(schema: ResourceSchema, request: Message, type: ObjectType): Values {
  const version = Number(request.version ?? 0);
  if (version > schema.version)
    throw new ValueError(
      `the state was written by a later release of the provider (version ${version}, this one knows ${schema.version})`,
    );
  const raw = jsonOf(((request.rawState ?? {}) as { readonly json?: Uint8Array }).json ?? new Uint8Array());
  if (typeof raw !== 'object' || raw === null || Array.isArray(raw)) throw new ValueError('the state is no object');
  const known = Object.fromEntries(Object.entries(raw).filter(([name]) => Object.hasOwn(type, name)));
  return conform(known, ['object', type], 'the state') as Values;
}

type Shown = Pick<Attribute, 'name' | 'type' | 'mode' | 'description'> & Pick<Partial<Attribute>, 'sensitive'>;

function attributeMessage({ name, type, mode, description, sensitive }: Shown): Message {
  return {
    name,
    type: Buffer.from(JSON.stringify(type), 'utf8'),
    description,
    descriptionKind: 1,
    required: mode === 'required',
    optional: mode === 'optional' || mode === 'optional-computed',
    computed: mode.endsWith('computed'),
    ...(sensitive ? { sensitive } : {}),
  };
}

function messagesOf(schemas: ReadonlyMap<string, ResourceSchema>): Message {
  return Object.fromEntries(
    [...schemas].map(([type, { version, description, attributes }]) => [
      type,
      { version, block: { version, description, descriptionKind: 1, attributes: attributes.map(attributeMessage) } },
    ]),
  );
}
