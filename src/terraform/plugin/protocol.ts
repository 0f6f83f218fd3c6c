// Terraform's plugin protocol 6: the messages that this provider takes and gives, by field name and number.
import type { Description } from './protobuf.ts';

const dynamic = { msgpack: [1, 'bytes'], json: [2, 'bytes'] } satisfies Description;
const step = {
  attributeName: [1, 'string'],
  elementKeyString: [2, 'string'],
  elementKeyInt: [3, 'int'],
} satisfies Description;
const path = { steps: [1, () => step, 'repeated'] } satisfies Description;
const diagnostic = {
  severity: [1, 'int'],
  summary: [2, 'string'],
  detail: [3, 'string'],
  attribute: [4, () => path],
} satisfies Description;
const attribute = {
  name: [1, 'string'],
  type: [2, 'bytes'],
  description: [3, 'string'],
  required: [4, 'bool'],
  optional: [5, 'bool'],
  computed: [6, 'bool'],
  sensitive: [7, 'bool'],
  descriptionKind: [8, 'int'],
} satisfies Description;
const block = {
  version: [1, 'int'],
  attributes: [2, () => attribute, 'repeated'],
  description: [4, 'string'],
  descriptionKind: [5, 'int'],
} satisfies Description;
const schema = { version: [1, 'int'], block: [2, () => block] } satisfies Description;
const capabilities = {
  planDestroy: [1, 'bool'],
  getProviderSchemaOptional: [2, 'bool'],
  moveResourceState: [3, 'bool'],
} satisfies Description;
const named = { typeName: [1, 'string'] } satisfies Description;
const imported = { typeName: [1, 'string'], state: [2, () => dynamic], private: [3, 'bytes'] } satisfies Description;
const rawState = { json: [1, 'bytes'] } satisfies Description;
const nothing = {} satisfies Description;
const diagnosticsAs = (number: number) => [number, () => diagnostic, 'repeated'] as const;

/** The calls of `tfplugin6.Provider` that are served: request and answer. Every other one is answered with "not implemented". */
export const calls = {
  GetMetadata: [
    nothing,
    {
      serverCapabilities: [1, () => capabilities],
      diagnostics: diagnosticsAs(2),
      dataSources: [3, () => named, 'repeated'],
      resources: [4, () => named, 'repeated'],
    },
  ],
  GetProviderSchema: [
    nothing,
    {
      provider: [1, () => schema],
      resourceSchemas: [2, () => schema, 'map'],
      dataSourceSchemas: [3, () => schema, 'map'],
      diagnostics: diagnosticsAs(4),
      serverCapabilities: [6, () => capabilities],
    },
  ],
  ValidateProviderConfig: [{ config: [1, () => dynamic] }, { diagnostics: diagnosticsAs(2) }],
  ValidateResourceConfig: [{ typeName: [1, 'string'], config: [2, () => dynamic] }, { diagnostics: diagnosticsAs(1) }],
  ValidateDataResourceConfig: [{ typeName: [1, 'string'], config: [2, () => dynamic] }, { diagnostics: diagnosticsAs(1) }],
  UpgradeResourceState: [
    { typeName: [1, 'string'], version: [2, 'int'], rawState: [3, () => rawState] },
    { upgradedState: [1, () => dynamic], diagnostics: diagnosticsAs(2) },
  ],
  ConfigureProvider: [{ terraformVersion: [1, 'string'], config: [2, () => dynamic] }, { diagnostics: diagnosticsAs(1) }],
  ReadResource: [
    { typeName: [1, 'string'], currentState: [2, () => dynamic], private: [3, 'bytes'] },
    { newState: [1, () => dynamic], diagnostics: diagnosticsAs(2), private: [3, 'bytes'] },
  ],
  PlanResourceChange: [
    {
      typeName: [1, 'string'],
      priorState: [2, () => dynamic],
      proposedNewState: [3, () => dynamic],
      config: [4, () => dynamic],
      priorPrivate: [5, 'bytes'],
    },
    {
      plannedState: [1, () => dynamic],
      requiresReplace: [2, () => path, 'repeated'],
      plannedPrivate: [3, 'bytes'],
      diagnostics: diagnosticsAs(4),
    },
  ],
  ApplyResourceChange: [
    {
      typeName: [1, 'string'],
      priorState: [2, () => dynamic],
      plannedState: [3, () => dynamic],
      config: [4, () => dynamic],
      plannedPrivate: [5, 'bytes'],
    },
    { newState: [1, () => dynamic], private: [2, 'bytes'], diagnostics: diagnosticsAs(3) },
  ],
  ImportResourceState: [
    { typeName: [1, 'string'], id: [2, 'string'] },
    { importedResources: [1, () => imported, 'repeated'], diagnostics: diagnosticsAs(2) },
  ],
  ReadDataSource: [
    { typeName: [1, 'string'], config: [2, () => dynamic] },
    { state: [1, () => dynamic], diagnostics: diagnosticsAs(2) },
  ],
  StopProvider: [nothing, { error: [1, 'string'] }],
} satisfies Readonly<Record<string, readonly [request: Description, response: Description]>>;

/** The answer of `grpc.health.v1.Health/Check`. */
export const health = { status: [1, 'int'] } satisfies Description;

export type CallName = keyof typeof calls;
