// A stack, constructed with the library that is passed in.
import type { Address } from '../core/address.ts';
import type { Diagnostic } from '../core/diagnostic.ts';
import { resourceSchemas } from '../terraform/schema.ts';
import { type ClassSchema, camel, classesOf, className, providerClass, resourceClass } from './classes.ts';
import type { Addressed, Base, Element, Library } from './library.ts';
import type { Move } from './moves.ts';
import { nullProvider, type StackPlan, type StackResource } from './stack.ts';
import { commentOf, constructId, linesOf, providersOf, statePath, warningLevel } from './write.ts';

/** The module `@cdktf/provider-null`, as far as gates are made with it. It works only with the library that it was made for. */
export interface NullModule {
  readonly provider: { readonly NullProvider: abstract new (...parameters: never) => object };
  readonly resource: { readonly Resource: abstract new (...parameters: never) => object };
}

/** How a stack is constructed. */
export interface BuildOptions {
  /** Makes the gates; without it they are of a class made here, and the result is the same. */
  readonly nullModule?: NullModule;
  /** False where the program sets a backend of its own. */
  readonly backend?: boolean;
}

const gateClasses: Readonly<Record<string, ClassSchema>> = {
  null_resource: {
    type: 'null_resource',
    provider: nullProvider.name,
    attributes: [
      { name: 'id', type: 'string' },
      { name: 'triggers', type: ['map', 'string'] },
    ],
  },
  // The library has a class for this, which starts Terraform to see how old it is.
  terraform_data: {
    type: 'terraform_data',
    attributes: [
      { name: 'id', type: 'string' },
      { name: 'triggers_replace', type: ['map', 'string'] },
    ],
  },
};

/** Constructs a stack below a scope; answers it, and the resources by their addresses. */
export function buildStack(
  lib: Library,
  scope: object,
  plan: StackPlan,
  diagnostics: readonly Diagnostic[],
  options: BuildOptions = {},
) {
  // What a class does with a scope and a configuration is the library's own business; both have these.
  const [Stack, Backend] = [lib.TerraformStack as Base<Element>, lib.LocalBackend as Base<Element>];
  const stack = new Stack(scope, plan.name);
  for (const text of linesOf(diagnostics, 'warning')) stack.node.addMetadata(warningLevel, text);
  if (options.backend !== false) new Backend(stack, { path: statePath(plan) } as never);
  const { nullModule } = options;
  for (const { schema, settings } of providersOf(plan)) {
    const Provider = schema === nullProvider && nullModule ? nullModule.provider.NullProvider : providerClass(lib, schema);
    new (Provider as Base<Element>)(stack, schema.name, camelKeys(settings));
  }
  const classes = classesFor(lib, nullModule);
  const made = new Map<string, Addressed>();
  for (const one of plan.resources) {
    const Resource = classes.get(one.type);
    if (!Resource) throw new Error(`there is no class for ${one.type}`);
    const element = new Resource(stack, constructId(one), configOf(one, made));
    element.overrideLogicalId(one.name);
    made.set(constructId(one), element);
  }
  if (plan.moves.length > 0) new (movesClass(lib, plan.moves))(stack, 'moved');
  const resources = plan.resources.flatMap((one): [Address, Addressed][] => {
    const element = made.get(constructId(one));
    return one.source && element ? [[one.source.address, element]] : [];
  });
  return { stack, resources: new Map(resources) };
}

function classesFor(lib: Library, nullModule: NullModule | undefined): ReadonlyMap<string, Base<Addressed>> {
  const own = classesOf(lib) as unknown as Readonly<Record<string, Base<Addressed>>>;
  const named = [...resourceSchemas.values()].flatMap((schema): [string, Base<Addressed>][] => {
    const found = own[className(schema)];
    return found ? [[schema.type, found]] : [];
  });
  const gates = Object.entries(gateClasses).map(([type, schema]) => [type, resourceClass(lib, schema)] as const);
  const given = nullModule ? [['null_resource', nullModule.resource.Resource as Base<Addressed>] as const] : [];
  return new Map([...named, ...gates, ...given]);
}

/** A resource's values and the rest as its class takes them. */
function configOf(one: StackResource, made: ReadonlyMap<string, Addressed>): object {
  const gate = made.get(one.waitsFor ?? '');
  return {
    ...(one.source ? { '//': commentOf(one) } : {}),
    ...camelKeys(one.values),
    ...(gate ? { dependsOn: [gate] } : {}),
    ...(one.lifecycle ? { lifecycle: camelKeys(one.lifecycle) } : {}),
  };
}

const camelKeys = (values: object) => Object.fromEntries(Object.entries(values).map(([key, value]) => [camel(key), value]));

/** An element that says what has moved. The library's own way takes one earlier name a resource, and starts Terraform to see how old it is. */
function movesClass(lib: Library, moves: readonly Move[]): Base<Element> {
  return class Moved extends (lib.TerraformElement as Base<Element>) {
    toTerraform() {
      return { moved: moves.map(({ from, to }) => ({ from, to })) };
    }

    toHclTerraform() {
      const plain = (value: string) => ({ value, isBlock: false, type: 'simple', storageClassType: 'reference' });
      return { moved: moves.map(({ from, to }) => ({ from: plain(from), to: plain(to) })) };
    }
  };
}
