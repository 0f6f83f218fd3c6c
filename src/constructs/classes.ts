// Classes made from schemas while the program runs, on the base classes of the library that is passed in.
import {
  type Attribute,
  type AttributeType,
  dataSchemas,
  providerName,
  type ResourceSchema,
  resourceSchemas,
} from '../terraform/schema.ts';
import type { Addressed, Base, Element, Library } from './library.ts';
import type { Classes } from './types.ts';

/** What a class has to know of what it stands for. */
export interface ClassSchema {
  readonly type: string;
  /** The provider that serves it; none for what is built into Terraform. */
  readonly provider?: string;
  readonly attributes: readonly Pick<Attribute, 'name' | 'type'>[];
}

/** What a class has to know of a provider. */
export interface ProviderSchema {
  readonly name: string;
  readonly source: string;
  readonly version?: string;
  readonly attributes: readonly Pick<Attribute, 'name' | 'type'>[];
}

/** A class for everything that the provider has. */
export function classesOf<L extends Library>(lib: L): Classes<L> {
  const resources = [...resourceSchemas.values()].map((schema) => [className(schema), resourceClass(lib, ofProvider(schema))]);
  const data = [...dataSchemas.values()].map((schema) => [`Data${className(schema)}`, dataClass(lib, ofProvider(schema))]);
  // The types are read off the same values that these classes are made from; a test makes one of each.
  return Object.fromEntries([...resources, ...data]) as Classes<L>;
}

const ofProvider = ({ type, attributes }: ResourceSchema): ClassSchema => ({ type, attributes, provider: providerName });

/** Such as `TeamMember` for `zenmlpro_team_member`. */
export function className({ type }: Pick<ResourceSchema, 'type'>): string {
  return camel(type.slice(providerName.length + 1)).replace(/^./, (first) => first.toUpperCase());
}

/** `display_name` as TypeScript writes it. */
export function camel(name: string): string {
  return name.replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase());
}

/** The class of a resource. */
export function resourceClass(lib: Library, { type, provider, attributes }: ClassSchema): Base<Addressed> {
  return addressedClass(lib, lib.TerraformResource as Base<Addressed>, attributes, {
    terraformResourceType: type,
    ...madeFor(provider),
  });
}

function dataClass(lib: Library, { type, provider, attributes }: ClassSchema): Base<Addressed> {
  return addressedClass(lib, lib.TerraformDataSource as Base<Addressed>, attributes, {
    terraformResourceType: type,
    ...madeFor(provider),
  });
}

const madeFor = (providerName: string | undefined) =>
  providerName === undefined ? {} : { terraformGeneratorMetadata: { providerName } };

/** The class of a provider's settings. */
export function providerClass(lib: Library, { name, source, version, attributes }: ProviderSchema): Base<Element> {
  return attributedClass(lib.TerraformProvider as Base<Element>, attributes, {
    terraformResourceType: name,
    terraformProviderSource: source,
    terraformGeneratorMetadata: { providerName: name, ...(version === undefined ? {} : { providerVersion: version }) },
  });
}

function addressedClass(lib: Library, base: Base<Addressed>, attributes: ClassSchema['attributes'], fixed: object) {
  const made = attributedClass(base, attributes, fixed);
  for (const { name, type } of attributes)
    Object.defineProperty(made.prototype, camel(name), {
      get(this: Addressed) {
        return reference(lib, this, name, type);
      },
    });
  return made;
}

type Given = Readonly<Record<string, unknown>>;

/** A class whose configuration has these attributes, and what else its base takes. */
function attributedClass<I>(
  base: Base<I>,
  attributes: ClassSchema['attributes'],
  fixed: object,
): Base<I> & { prototype: object } {
  const keys = new Set(['//', ...attributes.map(({ name }) => camel(name))]);
  // A class cannot extend one whose instances are a type parameter; what an instance has besides is not used here.
  const Root = base as Base<object>;
  class Attributed extends Root {
    readonly #given: Given;

    constructor(scope: object, id: string, config: Given = {}) {
      super(scope, id, { ...Object.fromEntries(Object.entries(config).filter(([key]) => !keys.has(key))), ...fixed });
      this.#given = config;
    }

    /** What was given, in Terraform's words: the library asks for this. */
    synthesizeAttributes(): Given {
      const comment = this.#given['//'];
      const values = written(this.#given).map(([{ name }, value]) => [name, value] as const);
      return Object.fromEntries([...values, ...(comment === undefined ? [] : [['//', comment] as const])]);
    }

    /** The same for HCL, where an attribute has to be told from a block. */
    synthesizeHclAttributes(): Given {
      const values = written(this.#given);
      return Object.fromEntries(values.map(([{ name, type }, value]) => [name, { value, isBlock: false, ...hclType(type) }]));
    }
  }
  const written = (given: Given) =>
    attributes.flatMap((one) => {
      const value = given[camel(one.name)];
      return value === undefined ? [] : [[one, value] as const];
    });
  return Attributed as unknown as Base<I> & { prototype: object };
}

/** A reference to an attribute, as the library has it for a value of that type. */
function reference(lib: Library, element: Addressed, name: string, type: AttributeType): unknown {
  if (type === 'string') return element.getStringAttribute(name);
  if (type === 'number') return element.getNumberAttribute(name);
  if (type === 'bool') return element.getBooleanAttribute(name);
  if (type[0] === 'map' || type[0] === 'object') return element.getAnyMapAttribute(name);
  const list = element.getListAttribute(name);
  // A set has no order of its own until it is a list.
  return type[0] === 'set' ? lib.Fn.tolist(list as never) : list;
}

function hclType(type: AttributeType): { readonly type: string; readonly storageClassType: string } {
  if (typeof type === 'string') return { type: 'simple', storageClassType: type === 'bool' ? 'boolean' : type };
  const [shape, inner] = type;
  const plain = typeof inner !== 'string' ? 'any' : inner === 'bool' ? 'boolean' : inner;
  return { type: shape, storageClassType: `${plain}${shape === 'map' ? 'Map' : 'List'}` };
}
