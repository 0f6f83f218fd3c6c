/**
 * What is used of `cdktf` or `cdktn`, whichever a program passes in: nothing here imports either, so that neither has to be installed.
 * Their own types come in with the module that is passed.
 */
export interface Library {
  readonly TerraformResource: Class;
  readonly TerraformDataSource: Class;
  readonly TerraformProvider: Class;
  readonly TerraformElement: Class;
  readonly TerraformStack: Class;
  readonly LocalBackend: Class;
  readonly Fn: { tolist(value: never): unknown };
}

/** A class with any parameters. */
type Class = abstract new (...parameters: never) => object;

/** The scope of a construct, as the library has it. */
export type Scope<L extends Library> = ConstructorParameters<L['TerraformStack']>[0];
/** A stack of the library. */
export type Stack<L extends Library> = InstanceType<L['TerraformStack']>;
/** What every resource takes besides its attributes, such as `dependsOn` and `lifecycle`. */
export type Meta<C extends Class> = Omit<ConstructorParameters<C>[2], 'terraformResourceType' | 'terraformGeneratorMetadata'>;

/** The part of an element that is called here; the same in both libraries. */
export interface Element {
  readonly node: { addMetadata(type: string, data: string): void };
  readonly fqn: string;
  overrideLogicalId(name: string): void;
  addOverride(path: string, value: unknown): void;
}

/** An element that others refer to. */
export interface Addressed extends Element {
  getStringAttribute(name: string): string;
  getNumberAttribute(name: string): number;
  getBooleanAttribute(name: string): unknown;
  getListAttribute(name: string): string[];
  getAnyMapAttribute(name: string): object;
}

/** A class of the library, as seen from here: what it does with a scope and a configuration is its own business. */
export type Base<I> = new (scope: object, id: string, config?: object) => I;
