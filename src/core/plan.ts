import type { Address, KindName } from './address.ts';
import type { Code, Diagnostic, Place } from './diagnostic.ts';
import type { Call, FieldChange } from './kind.ts';

export type Action = 'create' | 'update' | 'delete';

/** Create, update or delete at one address: what a person reads. */
export interface Change {
  readonly address: Address;
  readonly kind: KindName;
  readonly action: Action;
  readonly fields: readonly FieldChange[];
  readonly place?: Place;
  /** The address it had before, when this is a rename. */
  readonly from?: Address;
  /** Why it is deleted: `absent`, `expired`, `prune`, `base`, `list`, or the address of what takes it along. */
  readonly because?: string;
  /** What cannot be undone, or what else the server does: e-mails sent, data destroyed. */
  readonly effects?: readonly string[];
}

/** One API call to come: a `Call` with a name, the change that caused it, and the steps it waits for. */
export interface Step extends Call {
  readonly id: string;
  readonly change: Address;
  readonly needs: readonly string[];
}

/** The roles of one holder on one scope, where they are others after the plan: their own, and those of their teams. */
export interface AccessChange {
  /** A person or a service account. */
  readonly principal: Address;
  /** The e-mail address of a person. */
  readonly person?: string;
  readonly scope: Address;
  readonly before: readonly string[];
  readonly after: readonly string[];
  /** Told by the names of the roles: some come (`widen`), some go (`narrow`), or `both`. */
  readonly effect: 'widen' | 'narrow' | 'both';
  /** The teams by which they come or go. */
  readonly via: readonly Address[];
  /** For each role that comes or goes: who holds it, the principal or a team, with role assignments or memberships that change. */
  readonly by: Readonly<Record<string, readonly Address[]>>;
}

/** What would be done, and what that rests on. JSON in, JSON out. */
export interface Plan {
  readonly format: 'zenform.plan/1';
  readonly organization: { readonly id: string; readonly name: string };
  readonly api: string;
  /** The day that `expires` was measured against, `YYYY-MM-DD`. */
  readonly now: string;
  readonly summary: {
    readonly create: number;
    readonly update: number;
    readonly delete: number;
    readonly unchanged: number;
    readonly unmanaged: number;
  };
  readonly changes: readonly Change[];
  readonly steps: readonly Step[];
  /** What the plan does to the roles of people and service accounts; absent where it is not known. */
  readonly access?: readonly AccessChange[];
  /** How many live things of each kind the files do not manage. */
  readonly unmanaged: Readonly<Partial<Record<KindName, number>>>;
  readonly notChecked: readonly {
    readonly address: string;
    readonly reason: string;
    readonly deferred?: boolean;
    readonly hint?: string;
  }[];
  readonly diagnostics: readonly Diagnostic[];
}

/** What became of one step. */
export interface Outcome {
  readonly step: string;
  readonly address: Address;
  readonly status: 'applied' | 'failed' | 'skipped';
  /** Method and path, as sent. */
  readonly request: string;
  readonly error?: string;
  /** What kind of trouble it was, where a person can do something about that. */
  readonly code?: Code;
}
