// A stand-in for `hashicorp/null` 3.2.4: one resource with triggers, which Terraform replaces when they change.
import { randomBytes } from 'node:crypto';
import { decodeObject, encodeObject, type ObjectType, unknown, type Values } from '../../src/terraform/cty.ts';
import type { Message } from '../../src/terraform/plugin/protobuf.ts';
import type { Calls } from '../../src/terraform/plugin/service.ts';

export const nullSource = 'registry.terraform.io/hashicorp/null';

const type: ObjectType = { id: 'string', triggers: ['map', 'string'] };
const attributes = [
  { name: 'id', computed: true },
  { name: 'triggers', optional: true },
].map((one) => ({ ...one, type: Buffer.from(JSON.stringify(type[one.name]), 'utf8') }));
const capabilities = { getProviderSchemaOptional: true };

const values = (value: unknown): Values | null => {
  const { msgpack } = value as { readonly msgpack?: Uint8Array };
  return msgpack && msgpack.length > 0 ? decodeObject(msgpack, type) : null;
};
const dynamic = (value: Values | null) => ({ msgpack: encodeObject(value, type) });

/** The calls of the provider; ids are as random as the real one's. */
export function nullProvider(): Calls {
  const nothing = async (): Promise<Message> => ({});
  return {
    GetMetadata: async () => ({ serverCapabilities: capabilities, resources: [{ typeName: 'null_resource' }], dataSources: [] }),
    GetProviderSchema: async () => ({
      provider: { version: 0, block: { attributes: [] } },
      resourceSchemas: { null_resource: { version: 0, block: { version: 0, attributes } } },
      serverCapabilities: capabilities,
    }),
    ValidateProviderConfig: nothing,
    ConfigureProvider: nothing,
    ValidateResourceConfig: nothing,
    ValidateDataResourceConfig: nothing,
    UpgradeResourceState: async ({ rawState }) => {
      const { json = new Uint8Array() } = rawState as { readonly json?: Uint8Array };
      return { upgradedState: dynamic(JSON.parse(Buffer.from(json).toString('utf8'))) };
    },
    ReadResource: async ({ currentState }) => ({ newState: currentState }),
    PlanResourceChange: async ({ priorState, proposedNewState }) => {
      const [prior, proposed] = [values(priorState), values(proposedNewState)];
      if (!proposed || !prior) return { plannedState: dynamic(proposed && { ...proposed, id: unknown }) };
      const replaced = JSON.stringify(prior.triggers) !== JSON.stringify(proposed.triggers);
      return { plannedState: dynamic(proposed), requiresReplace: replaced ? [{ steps: [{ attributeName: 'triggers' }] }] : [] };
    },
    ApplyResourceChange: async ({ plannedState }) => {
      const planned = values(plannedState);
      const id = planned?.id === unknown ? BigInt(`0x${randomBytes(7).toString('hex')}`).toString() : (planned?.id ?? null);
      return { newState: dynamic(planned && { ...planned, id }) };
    },
    ImportResourceState: nothing,
    ReadDataSource: nothing,
    StopProvider: nothing,
  };
}
