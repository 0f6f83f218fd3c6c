// A configuration as a stack of Terraform, before anything is written or constructed: both begin here, so that they say the same.
import { type Address, organization } from '../core/address.ts';
import type { Desired } from '../core/desired.ts';
import type { Json } from '../core/resource.ts';
import { matcher, selection } from '../core/select.ts';
import { type Block, type BlockValue, blocksOf, isReference } from '../terraform/blocks.ts';
import { providerAttributes } from '../terraform/provider-attributes.ts';
import { providerName, providerSource } from '../terraform/schema.ts';
import type { ProviderSchema } from './classes.ts';
import type { Gates } from './gate-kinds.ts';
import { gatesOf } from './gates.ts';
import { type Move, movesOf } from './moves.ts';
import { escaped, referenceTo } from './text.ts';

/** One resource of a stack: everything as Terraform's JSON has it. */
export interface StackResource {
  readonly type: string;
  readonly name: string;
  readonly values: Readonly<Record<string, Json>>;
  readonly lifecycle?: { readonly create_before_destroy: true } | { readonly prevent_destroy: true };
  /** The gate that it waits for, such as `null_resource.workspaces_ready`. */
  readonly waitsFor?: string;
  /** What it is for, and in which file that is written. */
  readonly source?: { readonly address: Address; readonly file?: string };
}

/** A stack. */
export interface StackPlan {
  readonly name: string;
  /** The settings of the provider. */
  readonly provider: Readonly<Record<string, Json>>;
  readonly gates: Gates;
  /** Gates first, so that what waits for them comes after. */
  readonly resources: readonly StackResource[];
  readonly moves: readonly Move[];
}

/** How a stack is made. */
export interface StackOptions {
  /** What gates between levels are made of; `null_resource` unless said. */
  readonly gates?: Gates;
  /** Only these addresses, and not those (globs); what is left out is referred to by its name. */
  readonly only?: readonly string[];
  readonly skip?: readonly string[];
  /** The workspaces and projects that Terraform may destroy (globs). */
  readonly allowDestroy?: readonly string[];
  /** Whether Terraform takes over what is live already under a name that it is to create. */
  readonly adoptExisting?: boolean;
  /** The name of the stack; that of the organization unless said. */
  readonly stackName?: string;
}

/** The stack of what files want. */
export function planStack(desired: Desired, options: StackOptions = {}): StackPlan {
  const { gates: kind = 'null_resource', only = [], skip = [], allowDestroy = [] } = options;
  const { name } = desired.organization;
  const blocks = blocksOf([...desired.resources.values()], {
    wanted: selection(only, skip),
    ...(name === undefined ? {} : { organizationName: name }),
  });
  const { gates, waiting } = gatesOf(blocks, kind);
  const mayGo = matcher(allowDestroy);
  const byAddress = new Map(blocks.map((block) => [block.address, block]));
  return {
    name: options.stackName ?? stackName(name),
    provider: providerSettings(desired, options),
    gates: kind,
    resources: [...gates, ...blocks.map((block) => resourceOf(block))],
    moves: movesOf(blocks, desired.resources),
  };

  function resourceOf(block: Block): StackResource {
    const { address, schema, name } = block;
    const resource = desired.resources.get(address);
    const waitsFor = waiting.get(block);
    const file = resource?.place?.file;
    return {
      type: schema.type,
      name,
      values: {
        ...Object.fromEntries(Object.entries(block.attributes).map(([key, value]) => [key, written(value)])),
        ...(schema.guarded && mayGo(address) ? { allow_destroy: true } : {}),
      },
      ...(resource?.protected ? { lifecycle: { prevent_destroy: true } } : {}),
      ...(waitsFor === undefined ? {} : { waitsFor }),
      source: { address, ...(file === undefined ? {} : { file }) },
    };
  }

  function written(value: BlockValue): Json {
    if (isReference(value)) {
      const block = byAddress.get(value.refersTo);
      if (!block) throw new Error(`a block refers to ${value.refersTo}, which has none`);
      return referenceTo(block, value.attribute);
    }
    if (Array.isArray(value)) return value.map((item: Json) => written(item));
    return typeof value === 'string' ? escaped(value) : value;
  }
}

/** The settings of the provider that the files know. Who asks is none of their business. */
function providerSettings({ organization: { id, name, api } }: Desired, { adoptExisting }: StackOptions): Record<string, Json> {
  const which = id ?? name;
  return {
    ...(which === undefined ? {} : { organization: escaped(which) }),
    ...(api === undefined ? {} : { api_url: escaped(api) }),
    ...(adoptExisting ? { adopt_existing: true } : {}),
  };
}

/** A name that both libraries, file systems and Terraform take. */
function stackName(name: string | undefined): string {
  return name?.replaceAll(/[^A-Za-z0-9_-]+/g, '-').replace(/^-+|-+$/g, '') || organization;
}

/**
 * The provider of this program, from the first release on that has what stacks are made of; a lock file says which. The command line of
 * CDKTF wants to have a version.
 */
export const zenmlproProvider: ProviderSchema = {
  name: providerName,
  version: '>= 0.1.0',
  source: providerSource.replace(/^[^/]+\//, ''),
  attributes: providerAttributes,
};

/** The provider of `null_resource`, as `@cdktf/provider-null` asks for it. */
export const nullProvider: ProviderSchema = { name: 'null', source: 'null', version: '3.2.4', attributes: [] };
