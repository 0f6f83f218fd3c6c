// A stack as Terraform's JSON, with nothing but what comes with zenform. A test holds it to the bytes that both construct libraries write.
import { compare, type Diagnostic } from '../core/diagnostic.ts';
import type { Json } from '../core/resource.ts';
import type { ProviderSchema } from './classes.ts';
import { nullProvider, type StackPlan, type StackResource, zenmlproProvider } from './stack.ts';

/** A file below the output folder. */
export interface StackFile {
  readonly name: string;
  readonly text: string;
}

/** The files of a stack, laid out as `cdktf synth` does; `version` is what they say made them. */
export function stackFiles(stack: StackPlan, diagnostics: readonly Diagnostic[], version: string): StackFile[] {
  const folder = `stacks/${stack.name}`;
  const manifest = {
    version,
    stacks: {
      [stack.name]: {
        annotations: linesOf(diagnostics, 'warning').map((message) => ({
          constructPath: stack.name,
          level: warningLevel,
          message,
        })),
        constructPath: stack.name,
        dependencies: [],
        name: stack.name,
        stackMetadataPath: `${folder}/metadata.json`,
        synthesizedStackPath: `${folder}/cdk.tf.json`,
        workingDirectory: folder,
      },
    },
  };
  return [
    { name: `${folder}/cdk.tf.json`, text: terraformText(stack, version) },
    { name: 'manifest.json', text: stableText(manifest) },
  ];
}

/** The stack as one document of Terraform's JSON. */
export function terraformText(stack: StackPlan, version: string): string {
  const resource: Record<string, Record<string, Json>> = {};
  for (const one of stack.resources) resource[one.type] = { ...resource[one.type], [one.name]: resourceBlock(one, stack.name) };
  return stableText({
    '//': { metadata: { backend: 'local', stackName: stack.name, version }, outputs: {} },
    ...(stack.moves.length === 0 ? {} : { moved: stack.moves.map(({ from, to }) => ({ from, to })) }),
    provider: Object.fromEntries(providersOf(stack).map(({ schema, settings }) => [schema.name, [settings]])),
    ...(stack.resources.length === 0 ? {} : { resource }),
    terraform: {
      backend: { local: { path: statePath(stack) } },
      required_providers: Object.fromEntries(providersOf(stack).map(({ schema }) => [schema.name, requiredBy(schema)])),
    },
  });
}

/** The providers of a stack, and what they are set to. */
export function providersOf({ provider, resources }: StackPlan) {
  const gated = resources.some(({ type }) => type === 'null_resource');
  return [{ schema: zenmlproProvider, settings: provider }, ...(gated ? [{ schema: nullProvider, settings: {} }] : [])];
}

const requiredBy = ({ source, version }: ProviderSchema): Json => ({ source, ...(version === undefined ? {} : { version }) });

/** Where the state is, seen from the folder of the stack: beside the output folder, so that clearing that one loses nothing. */
export function statePath({ name }: Pick<StackPlan, 'name'>): string {
  return `../../../terraform.${name}.tfstate`;
}

/** The identity of a resource's construct in its stack. */
export function constructId({ type, name }: Pick<StackResource, 'type' | 'name'>): string {
  return `${type}.${name}`;
}

function resourceBlock(one: StackResource, stack: string): Json {
  return {
    '//': { ...commentOf(one), metadata: { path: `${stack}/${constructId(one)}`, uniqueId: one.name } },
    ...one.values,
    ...(one.waitsFor === undefined ? {} : { depends_on: [one.waitsFor] }),
    ...(one.lifecycle === undefined ? {} : { lifecycle: one.lifecycle }),
  };
}

/** What a block says of itself to a person who reads it. */
export function commentOf({ source }: StackResource): Readonly<Record<string, string>> {
  if (!source) return {};
  return { address: source.address, ...(source.file === undefined ? {} : { file: source.file }) };
}

/** How the libraries mark a warning. */
export const warningLevel = '@cdktf/warn';

/** Diagnostics of one severity as one line each, as the command lines of the libraries show them. */
export function linesOf(diagnostics: readonly Diagnostic[], severity: Diagnostic['severity']): string[] {
  return diagnostics
    .filter((one) => one.severity === severity)
    .map(({ place, summary, hint }) => {
      const where = place ? `${place.file}:${place.line}:${place.column}: ` : '';
      return `${where}${summary}${hint ? ` (${hint})` : ''}`;
    });
}

/** JSON with sorted keys, as the libraries write it. */
function stableText(value: Json): string {
  return `${JSON.stringify(sorted(value), null, 2)}\n`;
}

function sorted(value: Json): Json {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value as { [key: string]: Json });
  return Object.fromEntries(entries.sort(([a], [b]) => compare(a, b)).map(([key, item]) => [key, sorted(item)]));
}
