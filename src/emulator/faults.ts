/** What a fault does to a request. */
export type FaultAction =
  | 'drop'
  | 'hang'
  | 'truncate'
  | {
      readonly status?: number;
      readonly headers?: Readonly<Record<string, string>>;
      readonly body?: unknown;
      readonly delay?: number;
    };

/** Something that goes wrong with requests that match; `nth` counts them from 1, and without it every one is hit. */
export interface Fault {
  readonly match?: { readonly method?: string; readonly path?: string };
  readonly nth?: number;
  /** Before the request is carried out, or after it. */
  readonly when?: 'before' | 'after';
  readonly do: FaultAction;
}

/** A fault and how many requests it has matched. */
export interface ArmedFault {
  readonly fault: Fault;
  readonly paths: RegExp | null;
  seen: number;
}

/** Makes a fault ready to match. */
export function arm(fault: Fault): ArmedFault {
  const pattern = fault.match?.path;
  if (pattern === undefined) return { fault, paths: null, seen: 0 };
  const escaped = pattern.replace(/[.+?^${}()|[\]\\]/g, '\\$&').replace(/\*+/g, '.*');
  return { fault, paths: new RegExp(`^${escaped}$`), seen: 0 };
}

/** The first fault that hits a request now; every matching fault counts it. */
export function hit(faults: readonly ArmedFault[], method: string, paths: readonly string[]): Fault | null {
  let found: Fault | null = null;
  for (const armed of faults) {
    const { match, nth } = armed.fault;
    if (match?.method !== undefined && match.method.toUpperCase() !== method) continue;
    if (armed.paths && !paths.some((path) => armed.paths?.test(path))) continue;
    armed.seen += 1;
    if (found === null && (nth === undefined || nth === armed.seen)) found = armed.fault;
  }
  return found;
}

/** The problems of a fault that came as JSON. */
export function faultProblems(value: unknown): string[] {
  const fault = value as { do?: unknown; when?: unknown; nth?: unknown } | null;
  if (typeof fault !== 'object' || fault === null) return ['a fault is an object'];
  const problems: string[] = [];
  const words = ['drop', 'hang', 'truncate'];
  const isAction = (typeof fault.do === 'object' && fault.do !== null) || words.includes(String(fault.do));
  if (!isAction) problems.push(`do must be one of ${words.join(', ')} or {status, headers, body}`);
  if (fault.when !== undefined && fault.when !== 'before' && fault.when !== 'after')
    problems.push('when must be before or after');
  if (fault.nth !== undefined && !(Number.isInteger(fault.nth) && Number(fault.nth) > 0))
    problems.push('nth must be a whole number from 1');
  return problems;
}
