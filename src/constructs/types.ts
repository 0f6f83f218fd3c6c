// The types of the classes, read off the same kinds and oddities as the provider's schema: nothing is generated, and a kind that is added
// gets its class by itself.
import type { Static } from 'typebox';
import type { KindName } from '../core/address.ts';
import type { kinds } from '../kinds/index.ts';
import type { Oddities } from '../terraform/odd.ts';
import type { providerAttributes } from '../terraform/provider-attributes.ts';
import type { Attribute } from '../terraform/schema.ts';
import type { Library, Meta, Scope } from './library.ts';

type Odd<K extends KindName> = K extends keyof Oddities ? Oddities[K] : object;
/** The kinds that have a resource, and those that have a data source. */
export type ResourceKind = { [K in KindName]: Odd<K> extends { resource: false } ? never : K }[KindName];
export type DataKind = { [K in KindName]: Odd<K> extends { data: false } ? never : K }[KindName];

type Camel<S extends string> = S extends `${infer Head}_${infer Tail}` ? `${Head}${Capitalize<Camel<Tail>>}` : S;
/** The name of a kind's class, such as `TeamMember` for `zenmlpro_team_member`. */
export type ClassName<K extends KindName> = Capitalize<Camel<Odd<K> extends { type: infer T extends string } ? T : K>>;

/** The parts of an address: a list of attributes, or the one with the name. */
type NameAttribute<K extends KindName> = {
  readonly name: Odd<K> extends { nameAttribute: infer N extends string } ? N : 'name';
  readonly type: 'string';
  readonly mode: Odd<K> extends { name: { mode: infer M extends Attribute['mode'] } } ? M : 'required';
};
type Place<K extends KindName> = Odd<K> extends { place: readonly (infer A)[] } ? A : NameAttribute<K>;
type Own<K extends KindName> = Odd<K> extends { own: readonly (infer A)[] } ? A : never;
type Facts<K extends KindName> = Odd<K> extends { facts: readonly (infer A)[] } ? A : never;
type Guard<N> = { readonly name: N; readonly type: 'bool'; readonly mode: 'optional' };
type Guards<K extends KindName> = Odd<K> extends { guarded: true } ? Guard<'protected'> | Guard<'allow_destroy'> : never;

type Fields<K extends KindName> = Static<(typeof kinds)[K]['spec']>;
type FieldOdds<K extends KindName> = Odd<K> extends { fields: infer F } ? F : object;
type FieldOdd<K extends KindName, F> = F extends keyof FieldOdds<K> ? FieldOdds<K>[F] : object;
type FieldName<K extends KindName> = { [F in keyof Fields<K>]: FieldOdd<K, F> extends false ? never : F }[keyof Fields<K>];
/** What Terraform has for a value of JSON: objects are JSON in a text. */
type Valued<V> = V extends null | undefined
  ? never
  : V extends string | number | boolean
    ? V
    : V extends readonly (infer I)[]
      ? readonly (I extends string | number | boolean ? I : string)[]
      : string;
type FieldMode<K extends KindName, F> = FieldOdd<K, F> extends { mode: infer M } ? M : 'optional';

type Scalar<T> = T extends 'bool' ? boolean : T extends 'number' ? number : string;
type Named<A, M> = A extends { readonly name: infer N extends string; readonly mode: M } ? N : never;
type Values<A, N extends string> = A extends { readonly name: N; readonly type: infer T } ? Scalar<T> : never;
type Writable = 'required' | 'optional' | 'optional-computed';

type Required_<A> = { readonly [N in Named<A, 'required'> as Camel<N>]: Values<A, N> };
type Optional_<A> = { readonly [N in Named<A, Exclude<Writable, 'required'>> as Camel<N>]?: Values<A, N> | undefined };
type RequiredFields<K extends KindName> = {
  readonly [F in FieldName<K> as FieldMode<K, F> extends 'required' ? Camel<F & string> : never]: Valued<Fields<K>[F]>;
};
type OptionalFields<K extends KindName> = {
  readonly [F in FieldName<K> as FieldMode<K, F> extends 'required' | 'computed' ? never : Camel<F & string>]?:
    | Valued<Fields<K>[F]>
    | undefined;
};
type Flat<T> = { [P in keyof T]: T[P] };

/** What a resource is given. */
export type ResourceConfig<K extends ResourceKind> = Flat<
  Required_<Place<K> | Own<K>> & Optional_<Place<K> | Own<K> | Guards<K>> & RequiredFields<K> & OptionalFields<K>
>;
/** What a data source is asked for: one thing by name, or nothing for all. */
export type DataConfig<K extends DataKind> = Flat<{ readonly [N in Named<Place<K>, Writable> as Camel<N>]?: string | undefined }>;

/** Truth in a reference is no boolean yet: the library's own word for it. */
type Truth<L extends Library> =
  InstanceType<L['TerraformResource']> extends { getBooleanAttribute(name: string): infer T } ? T : never;
type Refers<L extends Library, V> = V extends boolean ? Truth<L> : V extends readonly (infer I)[] ? I[] : V;
type AllNames<A> = A extends { readonly name: infer N extends string } ? N : never;
type References<L extends Library, A> = { readonly [N in AllNames<A> as Camel<N>]: Refers<L, Values<A, N>> };
type FieldReferences<L extends Library, K extends KindName> = {
  readonly [F in FieldName<K> as Camel<F & string>]: Refers<L, Valued<Fields<K>[F]>>;
};
type Id = { readonly name: 'id'; readonly type: 'string' };

/** The attributes of a resource, to refer to. */
export type ResourceReferences<L extends Library, K extends ResourceKind> = Flat<
  References<L, Id | Place<K> | Own<K> | Guards<K>> & FieldReferences<L, K>
>;
/** The attributes of a data source, to refer to; `all` is a map of objects by name. */
export type DataReferences<L extends Library, K extends DataKind> = Flat<
  References<L, Id | Place<K> | Facts<K>> & FieldReferences<L, K> & (K extends 'organization' ? object : { readonly all: object })
>;

/** The class of a kind's resource. */
export type ResourceClass<L extends Library, K extends ResourceKind> = new (
  scope: Scope<L>,
  id: string,
  config: ResourceConfig<K> & Meta<L['TerraformResource']>,
) => InstanceType<L['TerraformResource']> & ResourceReferences<L, K>;

/** The class of a kind's data source. */
export type DataClass<L extends Library, K extends DataKind> = new (
  scope: Scope<L>,
  id: string,
  config?: DataConfig<K> & Meta<L['TerraformDataSource']>,
) => InstanceType<L['TerraformDataSource']> & DataReferences<L, K>;

/** A class for every resource of the provider, and one for every data source: `Team`, `DataTeam`. */
export type Classes<L extends Library> = { readonly [K in ResourceKind as ClassName<K>]: ResourceClass<L, K> } & {
  readonly [K in DataKind as `Data${ClassName<K>}`]: DataClass<L, K>;
};

type ProviderAttribute = (typeof providerAttributes)[number];
/** The settings of the provider. */
export type ProviderConfig = {
  readonly [N in ProviderAttribute['name'] as Camel<N>]?: Scalar<Extract<ProviderAttribute, { name: N }>['type']> | undefined;
};

/** The class of the provider's settings. */
export type ProviderClass<L extends Library> = new (
  scope: Scope<L>,
  id: string,
  config?: ProviderConfig,
) => InstanceType<L['TerraformProvider']>;
