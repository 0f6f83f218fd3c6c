import { type Address, type Level, referencesOf } from './address.ts';
import type { Place } from './diagnostic.ts';

export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };

/** The declared fields of a resource, in the words of the configuration language; a field that is left out is not managed. */
export type Spec = { readonly [field: string]: Json };

/** What the files want: address, fields, place. References are addresses, never ids. */
export interface Resource {
  readonly address: Address;
  readonly spec: Spec;
  readonly place?: Place;
  /** Where single fields stand, for messages about them. */
  readonly fieldPlaces?: Readonly<Record<string, Place>>;
  /** Earlier names: a live thing of that name is renamed, not replaced. */
  readonly previously?: readonly string[];
  readonly protected?: boolean;
  /** Where the secret goes that making it, or a new value of it, brings. */
  readonly sink?: Sink;
  /** The moment (ISO 8601) before which a value is too old, and the one that ages are measured against. */
  readonly age?: { readonly oldest?: string; readonly now: string };
}

/** A file below the working folder, or a command that reads the secret from its standard input. */
export type Sink = { readonly file: string } | { readonly exec: readonly string[] };

/** What the server has: the same fields, with the server's ids. */
export interface Live {
  readonly address: Address;
  readonly spec: Spec;
  /** The server's ids by role: `id` for most; `user_id` and `invitation_id` for a person; the holders of a grant. */
  readonly ids: Readonly<Record<string, string>>;
  /** What is known besides and never compared: a workspace's status and address, a role's level. */
  readonly facts?: Readonly<Record<string, Json>>;
}

/** A subtree that could not be read, named by the start of its addresses; it leaves both sides of the comparison. */
export interface Unread {
  readonly prefix: string;
  readonly reason: string;
  /** The subtree is expected to become readable by itself or by this plan, such as the projects of a workspace that starts. */
  readonly deferred?: boolean;
  /** What would make it readable, where somebody can do something. */
  readonly hint?: string;
}

/** Something live that has no address of its own: two teams of one name, a grant on a project that is gone. */
export interface Oddity {
  readonly code: 'name-duplicate-live' | 'orphan-grant';
  readonly summary: string;
  readonly address?: Address;
}

/** A role that can be granted: predefined, or a custom one of the organization. */
export interface LiveRole {
  readonly id: string;
  readonly name: string;
  readonly level: Level;
  readonly predefined: boolean;
}

/** The live state of an organization, as far as it could be read. */
export interface LiveState {
  readonly organization: { readonly id: string; readonly name: string } | undefined;
  readonly resources: ReadonlyMap<Address, Live>;
  readonly unread: readonly Unread[];
  readonly oddities: readonly Oddity[];
  readonly roles: readonly LiveRole[];
  /** Ids of people and accounts that are known without being members, by address. */
  readonly principals: ReadonlyMap<Address, Readonly<Record<string, string>>>;
  readonly caller: Caller;
}

/** Who is asking, and how much of the organization that identity is sure to see. */
export interface Caller {
  readonly address: Address | undefined;
  readonly id: string;
  readonly name: string;
  readonly superuser: boolean;
  /** Organization Admin or super-user: what is not listed does not exist. */
  readonly seesEverything: boolean;
  /** Scopes where the caller is admin without seeing everything. */
  readonly adminOf: readonly Address[];
  /** Every role that the caller is seen to hold, itself or through its teams. */
  readonly holds: readonly { readonly role: string; readonly scope: Address }[];
}

/** The subtree that could not be read and holds this address, directly or through something that it refers to. */
export function unreadFor(unread: readonly Unread[], address: Address): Unread | undefined {
  if (unread.length === 0) return undefined;
  const direct = unread.find(({ prefix }) => covers(prefix, address));
  if (direct) return direct;
  for (const reference of referencesOf(address)) {
    const found = unreadFor(unread, reference);
    if (found) return found;
  }
  return undefined;
}

/** Whether an address is or lies below a prefix; a leading `*` stands for any scope. */
function covers(prefix: string, address: Address): boolean {
  if (prefix.startsWith('*')) return address.includes(prefix.slice(1));
  return address === prefix || address.startsWith(prefix.endsWith('/') ? prefix : `${prefix}/`);
}
