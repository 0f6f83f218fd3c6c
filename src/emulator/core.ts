import type { Rights } from './access.ts';
import type { Answer } from './refusal.ts';
import type { Account, State, Workspace } from './state.ts';
import type { Switches } from './switches.ts';

/** What every handler works on. */
export interface Core {
  state: State;
  switches: Switches;
  baseUrl: string;
  readonly now: () => number;
  /** What a fault makes of a call from a workspace server to the control plane, if any. */
  readonly internalCall: (method: string, path: string) => { readonly status: number; readonly isJson: boolean } | null;
}

/** One checked request. */
export interface Context {
  readonly core: Core;
  readonly operation: string;
  readonly method: string;
  readonly params: Readonly<Record<string, string>>;
  // biome-ignore lint/suspicious/noExplicitAny: JSON enters here
  readonly query: Readonly<Record<string, any>>;
  readonly rawQuery: ReadonlyMap<string, readonly string[]>;
  // biome-ignore lint/suspicious/noExplicitAny: JSON enters here
  readonly body: any;
  readonly headers: Readonly<Record<string, string>>;
  /** The account behind the bearer; refuses when there is none. */
  readonly account: Account;
  readonly rights: Rights;
  /** The workspace server behind the bearer; refuses when it is a person. */
  readonly server: Workspace;
}

/** Answers one operation with a JSON value. */
export type Handler = (context: Context) => unknown;

/** Answers one operation, by its id. */
export type Handlers = Readonly<Record<string, Handler>>;

const answers = new WeakSet<object>();

/** Marks a value as a whole answer and not as a body. */
export function whole(answer: Answer): Answer {
  answers.add(answer);
  return answer;
}

/** Tells a whole answer from a body. */
export function isWhole(value: unknown): value is Answer {
  return typeof value === 'object' && value !== null && answers.has(value);
}

/** The value of a switch. */
export function switchOf(core: Pick<Core, 'switches'>, name: string): string {
  return core.switches[name] ?? '';
}

/** Whether two e-mail addresses match under the email-match switch. */
export function emailMatches(core: Core, stored: string | null, wanted: string): boolean {
  if (stored === null) return false;
  const mode = switchOf(core, 'email-match');
  if (mode === 'sensitive') return stored === wanted;
  if (mode === 'partial') return stored.toLowerCase().includes(wanted.toLowerCase());
  return stored.toLowerCase() === wanted.toLowerCase();
}
