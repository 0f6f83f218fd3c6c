// ZenML Pro in a program of CDKTF or CDK Terrain: typed classes for what the provider has, and whole stacks from files.
import type { Address } from '../core/address.ts';
import type { Diagnostic } from '../core/diagnostic.ts';
import { type BuildOptions, buildStack } from './build.ts';
import { classesOf, providerClass } from './classes.ts';
import { type FilesOptions, stackOf } from './from-yaml.ts';
import type { Library, Scope, Stack } from './library.ts';
import { zenmlproProvider } from './stack.ts';
import type { Classes, ProviderClass } from './types.ts';

export { ConfigurationError, type FilesOptions } from './from-yaml.ts';
export type { Gates } from './gate-kinds.ts';
export type { Library } from './library.ts';

/** A stack from files. */
export interface FromYaml<L extends Library> {
  readonly stack: Stack<L>;
  /** The resources by address, such as `team/ml-platform`, to refer to and to add to. */
  readonly resources: ReadonlyMap<Address, InstanceType<L['TerraformResource']>>;
  /** What has to be said about it; the warnings are on the stack as well, where the command line of the library shows them. */
  readonly diagnostics: readonly Diagnostic[];
}

/** Everything there is for one library. */
export type Constructs<L extends Library> = Classes<L> & {
  /** The settings of the provider; the key comes from the environment of Terraform. */
  readonly Provider: ProviderClass<L>;
  /**
   * Reads files and folders as the program does, and adds a stack with all that they declare. Throws a `ConfigurationError` when they are
   * wrong: a stack of half of them would destroy the other half.
   */
  fromYaml(scope: Scope<L>, files: string | readonly string[], options?: FilesOptions & BuildOptions): Promise<FromYaml<L>>;
};

/** Classes and stacks for the library that is passed in: `constructs(await import('cdktn'))`. */
export function constructs<L extends Library>(lib: L): Constructs<L> {
  const made = {
    ...classesOf(lib),
    Provider: providerClass(lib, zenmlproProvider),
    async fromYaml(scope: object, files: string | readonly string[], options: FilesOptions & BuildOptions = {}) {
      const { stack, diagnostics } = await stackOf(files, options);
      return { ...buildStack(lib, scope, stack, diagnostics, options), diagnostics };
    },
  };
  // The library's own types are the only ones that name what its classes make.
  return made as unknown as Constructs<L>;
}
