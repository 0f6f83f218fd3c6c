import type { AxiosAdapter } from 'axios';
import type { ClientClock, Credential } from './client/index.ts';
import type { Texts } from './config/load.ts';
import type { Address, KindName } from './core/address.ts';
import type { Diagnostic } from './core/diagnostic.ts';
import type { Event } from './core/event.ts';
import type { Accepted } from './core/guards/accept.ts';
import type { Change, Outcome, Plan } from './core/plan.ts';

/** Where the organization is, and who asks. */
export interface Target {
  readonly apiUrl: string;
  readonly credential: Credential;
  readonly adapter?: AxiosAdapter;
  readonly concurrency?: number;
  readonly rate?: number;
  readonly timeoutMs?: number;
  readonly ca?: string;
  readonly insecureHttp?: boolean;
  readonly clock?: ClientClock;
}

/** The files that a run reads. */
export interface FileInputs {
  readonly files: readonly string[];
  readonly overlays: readonly string[];
  readonly variables: ReadonlyMap<string, string>;
  /** The variables that somebody passed on purpose: one that no file uses is reported. */
  readonly given?: ReadonlySet<string>;
  readonly cwd: string;
  /** Files that have been read already: then no path is looked at. */
  readonly texts?: Texts;
  /** `YYYY-MM-DD`, UTC: an input, so that identical input gives identical output. */
  readonly now: string;
}

/** What a run works on. */
export interface Inputs extends FileInputs {
  /** The git revision, or else the files, that say what was declared before. */
  readonly base?: string;
  readonly before?: FileInputs;
  readonly only: readonly string[];
  readonly skip: readonly string[];
  readonly allowDestroy: readonly string[];
  /** E-mail addresses that are invited again although an earlier invitation has come to nothing. */
  readonly reinvite?: readonly string[];
  /** The environment in which commands of the files run; without it they may not. */
  readonly exec?: Readonly<Record<string, string | undefined>>;
  /** Refusals of guards that are accepted besides those that the files accept. */
  readonly accept: readonly Accepted[];
  /** Id or name; must agree with the files. */
  readonly organization?: string;
  readonly target: Target;
  readonly onEvent?: (event: Event) => void;
  readonly signal?: AbortSignal;
}

/**
 * `error`: nothing can be done; `refused`: a guard says no; `stale`: it is not what was reviewed; `ok`: the plan may run (it may still
 * be empty).
 */
export type Verdict = 'ok' | 'error' | 'refused' | 'stale';

/** A plan that somebody has reviewed; `partial` runs what of it is still the same. */
export interface Reviewed {
  readonly plan: Plan;
  readonly partial: boolean;
}

export interface PlanResult {
  readonly verdict: Verdict;
  /** Absent when files or server do not even allow one. */
  readonly plan: Plan | undefined;
  /** All of them, sorted; those of the plan among them. */
  readonly diagnostics: readonly Diagnostic[];
  /** What is live and not in the files, sorted by address. */
  readonly unmanaged: readonly { readonly address: Address; readonly kind: KindName }[];
  /** The things with a name that are as the files say, sorted by address. */
  readonly unchanged: readonly Address[];
}

export interface ApplyResult extends PlanResult {
  readonly confirmed: boolean;
  readonly outcomes: readonly Outcome[];
  /** Whether reading again after the run found nothing left to do. */
  readonly verified: boolean;
  /** What was planned, and reading again found not done. */
  readonly rest: readonly Change[];
  /** What else differs from the files after the run: it moved during the run. */
  readonly moved: readonly Change[];
  /** What a reviewed plan does not hold, or not so, and was left. */
  readonly left: readonly Change[];
  readonly interrupted: boolean;
}
