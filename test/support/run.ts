import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { AxiosAdapter } from 'axios';
import { AxiosError, AxiosHeaders } from 'axios';
import { Secret } from '../../src/client/index.ts';
import type { Diagnostic } from '../../src/core/diagnostic.ts';
import type { Event } from '../../src/core/event.ts';
import { type AdoptResult, adoptOrganization, type Wish } from '../../src/daily.ts';
import { createEmulator, type Emulator, type LoggedRequest, type World } from '../../src/emulator/index.ts';
import { exportOrganization } from '../../src/look.ts';
import {
  type ApplyResult,
  applyOrganization,
  applyReviewed,
  type Inputs,
  type PlanResult,
  planOrganization,
  type Reviewed,
} from '../../src/sync.ts';
import { adminKey } from './world.ts';

export const apiUrl = 'https://emulator.invalid';
/** The day of every run. */
export const today = '2026-11-23';

export type Files = Readonly<Record<string, string>>;
export type More = Partial<Pick<Inputs, 'base' | 'only' | 'skip' | 'allowDestroy' | 'exec' | 'accept' | 'signal' | 'onEvent'>>;

/** Something that a guard refused and that was accepted. */
export type Accept = NonNullable<More['accept']>[number];

/** Cuts a run off: from the request of that number on nobody answers; the request itself is carried out when `after`. */
export interface Cut {
  readonly at: number;
  readonly when: 'before' | 'after';
  /** Whether the program dies, and not only the line: then nothing is tried again. */
  readonly killed?: boolean;
}

/** An emulator with a world, and the program before it. */
export interface Stage {
  readonly emulator: Emulator;
  readonly events: readonly Event[];
  /** When each request left, in milliseconds of the stage's own clock. */
  readonly starts: readonly number[];
  /** What guards refused on the way, and was accepted. */
  readonly accepted: readonly Accept[];
  /** What guards refuse is accepted as they say, after a look that nothing was written, unless `accept` is given. */
  plan(files: Files, more?: More): Promise<PlanResult>;
  apply(files: Files, more?: More): Promise<ApplyResult>;
  /** Applies what is still the same of a reviewed plan. */
  applyReviewed(files: Files, reviewed: Reviewed, more?: More): Promise<ApplyResult>;
  /** Live's side of what differs, as edits of the files. */
  adopt(files: Files, wish: Wish, more?: More): Promise<AdoptResult>;
  export(): Promise<Awaited<ReturnType<typeof exportOrganization>>>;
  /** What was asked to change something since the last call of `clear`. */
  writes(): LoggedRequest[];
  clear(): void;
  cut(cut: Cut | undefined): void;
  /** Requests since the last `clear`, those that nobody answered too. */
  sent(): number;
}

const root = mkdtempSync(join(tmpdir(), 'zenform-laws-'));
process.on('exit', () => rmSync(root, { recursive: true, force: true }));
let count = 0;

/** Puts files into a new folder, and answers its path. */
export function folderWith(files: Files): string {
  count += 1;
  const folder = join(root, String(count));
  mkdirSync(folder, { recursive: true });
  put(folder, files);
  return folder;
}

/** Writes files below a folder. */
export function put(folder: string, files: Files): void {
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), text);
  }
}

/** What the refusals ask to be accepted, read off what they print; undefined when one of them cannot be accepted. */
function acceptsOf(diagnostics: readonly Diagnostic[]): More['accept'] {
  const printed = diagnostics
    .filter(({ severity }) => severity === 'error')
    .map(({ hint = '' }) => /--accept (?:'([^']*)'|(\S+))$/.exec(hint));
  if (printed.some((match) => match === null)) return undefined;
  return printed.map((match) => {
    const [guard = '', ...rest] = (match?.[1] ?? match?.[2] ?? '').split(':');
    return { guard, address: rest.join(':') };
  });
}

/** Sets the stage: nothing waits, nothing leaves the process. */
export function stage(
  world: World,
  switches: Readonly<Record<string, string>> = {},
  how: { readonly key?: string; readonly folder?: string; readonly rate?: number; readonly timeoutMs?: number } = {},
): Stage {
  let time = Date.parse(`${today}T12:00:00Z`);
  const clock = {
    now: () => time,
    sleep: async (ms: number) => {
      time += ms;
    },
  };
  const emulator = createEmulator({ seed: world, switches, baseUrl: apiUrl, now: () => time });
  const events: Event[] = [];
  const starts: number[] = [];
  const accepted: Accept[] = [];
  let cut: Cut | undefined;
  let sent = 0;
  const dead = () => new AxiosError('the line is dead', cut?.killed ? 'INTERRUPTED' : 'ECONNRESET');
  const adapter: AxiosAdapter = async (config) => {
    sent += 1;
    starts.push(time);
    if (cut !== undefined && (sent > cut.at || (sent === cut.at && cut.when === 'before'))) throw dead();
    const headers = Object.fromEntries(
      Object.entries(AxiosHeaders.from(config.headers as AxiosHeaders).toJSON()).map(([name, value]) => [name, String(value)]),
    );
    const request = { method: (config.method ?? 'get').toUpperCase(), url: config.url ?? '', headers };
    const signal = config.signal as AbortSignal | undefined;
    const response = await emulator.handle(typeof config.data === 'string' ? { ...request, body: config.data } : request, signal);
    if (cut !== undefined && sent >= cut.at) throw dead();
    return { data: response.body, status: response.status, statusText: '', headers: response.headers, config, request: {} };
  };
  const run = async <T>(files: Files, more: More, work: (inputs: Inputs) => Promise<T>): Promise<T> => {
    const cwd = how.folder ?? folderWith(files);
    if (how.folder) put(how.folder, files);
    try {
      return await work({
        files: Object.keys(files),
        overlays: [],
        variables: new Map(),
        cwd,
        now: today,
        only: [],
        skip: [],
        allowDestroy: [],
        accept: [],
        organization: 'acme',
        target: {
          apiUrl,
          credential: { kind: 'key', value: new Secret(how.key ?? adminKey) },
          adapter,
          clock,
          ...(how.rate === undefined ? {} : { rate: how.rate }),
          ...(how.timeoutMs === undefined ? {} : { timeoutMs: how.timeoutMs }),
        },
        ...more,
        onEvent: (event) => {
          events.push(event);
          more.onEvent?.(event);
        },
      });
    } finally {
      if (!how.folder) rmSync(cwd, { recursive: true, force: true });
    }
  };
  const writes = () =>
    emulator.requests.filter(({ method, path }) => method !== 'GET' && path !== '/auth/login' && path !== '/api/v1/login');
  const accepting = async <R extends PlanResult>(files: Files, more: More, work: (inputs: Inputs) => Promise<R>): Promise<R> => {
    const written = writes().length;
    const result = await run(files, more, work);
    const asked = acceptsOf(result.diagnostics);
    if (result.verdict !== 'refused' || more.accept || !asked) return result;
    if (writes().length > written) throw new Error('a refused run has written something');
    accepted.push(...asked);
    return accepting(files, { ...more, accept: asked }, work);
  };
  return {
    emulator,
    events,
    starts,
    accepted,
    plan: (files, more = {}) => accepting(files, more, planOrganization),
    apply: (files, more = {}) => accepting(files, more, (inputs) => applyOrganization(inputs, async () => true)),
    applyReviewed: (files, reviewed, more = {}) =>
      accepting(files, more, (inputs) => applyReviewed(inputs, reviewed, async () => true)),
    adopt: (files, wish, more = {}) => run(files, more, (inputs) => adoptOrganization(inputs, wish)),
    export: () => run({}, {}, exportOrganization),
    writes,
    clear: () => {
      emulator.clearRequests();
      sent = 0;
    },
    cut: (next) => {
      cut = next;
    },
    sent: () => sent,
  };
}
