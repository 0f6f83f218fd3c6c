import type { TObject } from 'typebox';
import type { Address, KindName, Level } from './address.ts';
import type { Diagnostic } from './diagnostic.ts';
import type { Json, Live, LiveRole, Oddity, Resource, Sink, Spec, Unread } from './resource.ts';

export type Query = Readonly<Record<string, string | number | boolean | undefined>>;
export type Method = 'POST' | 'PUT' | 'PATCH' | 'DELETE';
/** `control-plane`, or the address of the workspace whose own server is meant. */
export type ServerName = 'control-plane' | Address;

/** One API call to come, before the plan gives it a name and an order. Symbols such as `${team/x.id}` stand for ids not known yet. */
export interface Call {
  readonly server: ServerName;
  readonly method: Method;
  readonly path: string;
  readonly query?: Readonly<Record<string, string>>;
  readonly body?: Json;
  /** Other forms of the same call: used when the symbols of the first cannot be resolved, or when it answers 405. */
  readonly alternatives?: readonly Partial<Pick<Call, 'method' | 'path' | 'query' | 'body'>>[];
  /** What it does that cannot be undone, in words. */
  readonly irreversible?: string;
  /** The fields that this call brings about; all of the change's when absent. */
  readonly fields?: readonly string[];
  /** After the call: wait until this workspace is in that state, reading it again and again. */
  readonly until?: { readonly workspace: Address; readonly status: 'available' | 'deactivated' | 'deleted' };
  /** A part of the answer that is secret: it goes to its sink before anything else happens, and never to an output. */
  readonly secret?: {
    readonly field: string;
    readonly to: Sink;
    /** What makes a secret worthless that could not be delivered. */
    readonly otherwise?: Pick<Call, 'server' | 'method' | 'path' | 'body' | 'alternatives' | 'fields'>;
    /** The field that another value shows the call to have happened by, where the thing existed before. */
    readonly shownBy?: string;
  };
}

/** What a kind may ask while it makes calls: ids of other things, real or symbolic. */
export interface PlanContext {
  /** An id of a live thing, or a symbol for one that this plan creates. */
  ref(address: Address, name?: string): string;
  /** The id names under which a principal is known: `user_id`, `team_id` or `invitation_id`; several while that is open. */
  principal(address: Address): {
    readonly query: Readonly<Record<string, string>>;
    readonly alternatives: readonly Readonly<Record<string, string>>[];
  };
  live(address: Address): Live | undefined;
  desired(address: Address): Resource | undefined;
  roleId(name: string, level: Level): string;
  /** Who runs this. */
  readonly caller: Address | undefined;
  readonly organizationName: string;
  /** Ids of a person or account that holds no organization role yet. */
  known(address: Address): Readonly<Record<string, string>> | undefined;
}

/** What a kind may ask while it reads: GET only. A failed read throws; `unreadable` says which failures mean "not visible". */
export interface ReadContext {
  readonly organizationId: string;
  get(server: ServerName, path: string, query?: Query): Promise<unknown>;
  list(server: ServerName, path: string, query?: Query, options?: { paged?: boolean }): Promise<readonly unknown[]>;
  /** What another kind has read; kinds wait for each other by asking. */
  of(kind: KindName): Promise<Reading>;
  /** A value computed once a run, for readings that two kinds share. */
  once<T>(key: string, compute: () => Promise<T>): Promise<T>;
  /** Whether an error says that there is no such thing. */
  absent(error: unknown): boolean;
  /** The reason, when an error means that something exists that cannot be read; rethrow the error otherwise. */
  unreadable(error: unknown): string;
  /** The addresses that the files declare: what a lookup by name is worth. */
  readonly wanted: ReadonlySet<Address>;
  /** The addresses that the files, their base or a plan speak of in any way: what else there is need not be read. */
  readonly mentioned: ReadonlySet<Address>;
}

/** What one kind found. */
export interface Reading {
  readonly live: readonly Live[];
  readonly unread: readonly Unread[];
  readonly oddities?: readonly Oddity[];
  readonly roles?: readonly LiveRole[];
  readonly principals?: ReadonlyMap<Address, Readonly<Record<string, string>>>;
}

/** A field that differs: JSON Pointer into the spec, with the value on either side; undefined is "not there". */
export interface FieldChange {
  readonly path: string;
  readonly before: Json | undefined;
  readonly after: Json | undefined;
}

/** Everything the program knows about one kind of resource. */
export interface Kind<S extends TObject = TObject> {
  readonly name: KindName;
  /** One line for help and docs. */
  readonly summary: string;
  /** The word for several of them in counts. */
  readonly plural: string;
  /** The fields: a JSON Schema, from which validation, editor help, diff rules and docs are read off. */
  readonly spec: S;
  readonly examples: readonly Spec[];
  /** The field of a rename, where the server can rename. */
  readonly nameField?: string;
  /** Kinds whose reading this kind's reading needs. */
  readonly reads: readonly KindName[];
  /** Deleting one destroys data or keys, so it needs a second word. */
  readonly holdsData?: boolean;
  /** What deleting or creating one does that cannot be undone, in words. */
  readonly irreversible?: (
    action: 'create' | 'delete',
    live: Live | undefined,
    resource: Resource | undefined,
  ) => string | undefined;
  /** The question that tells what a deletion would destroy, and its answer in words; undefined when that is nothing. */
  readonly holds?: (live: Live) => {
    readonly server: ServerName;
    readonly path: string;
    readonly words: (answer: unknown) => string | undefined;
  };
  list(read: ReadContext): Promise<Reading>;
  create(resource: Resource, plan: PlanContext): readonly Call[];
  update?(resource: Resource, live: Live, fields: readonly FieldChange[], plan: PlanContext): readonly Call[];
  /** The calls of a deletion; none when the deletion of something else covers it. `deleted` says what else goes. */
  delete?(live: Live, plan: PlanContext, deleted: (address: Address) => boolean): readonly Call[];
  /** Ids of what a create call made, read from its answer, and read again where the answer does not tell. */
  created?(resource: Resource, answer: unknown, read: ReadContext): Promise<Readonly<Record<string, string>>>;
  /** Whether two values of a field mean the same, where that is more than equality. */
  same?(field: string, desired: Json, before: Json | undefined, live: Live, resource: Resource): boolean;
  /** The resource whose creation brings this one about by itself. */
  coveredBy?(resource: Resource, creating: (address: Address) => Resource | undefined): Address | undefined;
  /** The subtree that cannot be worked on in a run that leaves, or brings, this resource in that state. */
  defers?(resource: Resource, live: Live | undefined): Unread | undefined;
  /** Whether this server lacks a field altogether. */
  unsupported?(field: string, live: Live): boolean;
  /** What plan and live say against a resource, beyond its schema. */
  check?(resource: Resource, plan: PlanContext): readonly Diagnostic[];
  /** The value that clears a field on the server, or undefined when nothing does. */
  cleared?(field: string): Json | undefined;
}
