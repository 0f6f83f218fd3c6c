import type { Event } from '../core/event.ts';
import { cut, safe } from './paint.ts';

type Phase = Extract<Event, { event: 'phase' }>['phase'];

/** How far a run is. */
export interface State {
  readonly phase: Phase | undefined;
  /** Requests and things read since the phase began. */
  readonly requests: number;
  readonly things: number;
  readonly steps: number;
  readonly done: number;
  readonly failed: number;
  /** When the phase began and when the last event came, in milliseconds. */
  readonly since: number;
  readonly at: number;
  /** How many requests reading took, so that reading again can tell how far it is. */
  readonly expected: number;
  /** What is being worked on, or waited for. */
  readonly current: string;
}

/** The state before the first event. */
export const initial: State = {
  phase: undefined,
  requests: 0,
  things: 0,
  steps: 0,
  done: 0,
  failed: 0,
  since: 0,
  at: 0,
  expected: 0,
  current: '',
};

/** The state after an event that came at that moment. */
export function advance(before: State, event: Event, at: number): State {
  const state = { ...before, at };
  switch (event.event) {
    case 'phase': {
      const expected = before.phase === 'read' ? before.requests : before.expected;
      return { ...state, phase: event.phase, requests: 0, things: 0, since: at, expected, current: '' };
    }
    case 'read':
      return { ...state, things: state.things + event.count };
    case 'request':
      return { ...state, requests: state.requests + 1 };
    case 'wait':
      return { ...state, current: `waiting for ${waitText(event)}` };
    case 'retry':
      return { ...state, current: `again in ${Math.ceil(event.waitMs / 1000)} s: ${safe(event.reason)}` };
    case 'step':
      if (event.status === 'started') return { ...state, current: safe(event.address) };
      return {
        ...state,
        done: state.done + 1,
        failed: state.failed + (event.status === 'failed' ? 1 : 0),
        current: safe(event.address),
      };
    default:
      return state;
  }
}

const titles: Readonly<Record<Phase, string>> = {
  load: 'Reading the files',
  read: 'Reading the organization',
  plan: 'Planning',
  execute: 'Applying',
  verify: 'Reading again, to verify',
};

/** The one line that a terminal shows while a run is under way. */
export function liveLine(state: State, width: number): string {
  if (state.phase === undefined) return '';
  const failed = state.failed > 0 ? `, ${state.failed} failed` : '';
  const count = state.phase === 'execute' ? ` ${state.done}/${state.steps}${failed}` : readCount(state);
  const pace = paceText(state);
  // The last column stays free: a full line makes some terminals wrap.
  return cut(`${titles[state.phase]}${count}${pace}${state.current ? `: ${state.current}` : ''}`, width - 1);
}

/** From so many milliseconds on, a pace is more than a guess. */
const settled = 2000;

/** How fast it goes, and how long it will still take where that can be told. */
function paceText({ phase, requests, done, steps, since, at, expected }: State): string {
  const [count, whole] = phase === 'execute' ? [done, steps] : [requests, phase === 'verify' ? expected : 0];
  const elapsed = at - since;
  if (elapsed < settled || count === 0) return '';
  const rate = count / (elapsed / 1000);
  const left = whole > count ? `, ${durationText((whole - count) / rate)} left` : '';
  return `, ${rate < 10 ? rate.toFixed(1) : Math.round(rate)}/s${left}`;
}

/** `about 40 s`, `about 3 min`. */
function durationText(seconds: number): string {
  return seconds < 100 ? `about ${Math.max(1, Math.round(seconds))} s` : `about ${Math.round(seconds / 60)} min`;
}

function readCount({ requests, things }: State): string {
  const known = [things > 0 ? `${things} found` : '', requests > 0 ? `${requests} requests` : ''].filter((part) => part !== '');
  return known.length === 0 ? '' : `, ${known.join(', ')}`;
}

/** The plain line of an event, for logs; undefined for one that is not worth a line. Files and plans take no time. */
export function logLine(event: Event, verbose: boolean): string | undefined {
  if (event.event === 'phase') return event.phase === 'load' || event.phase === 'plan' ? undefined : `${titles[event.phase]}`;
  if (event.event === 'wait') return `Waiting for ${waitText(event)}`;
  // What is skipped follows from something else, and is told at the end.
  if (event.event === 'step' && (event.status === 'applied' || event.status === 'failed'))
    return `  ${event.status} ${safe(event.address)}${event.message ? `: ${safe(event.message)}` : ''}`;
  return verbose ? verboseLine(event) : undefined;
}

/** Requests and repetitions, for `--verbose`: method, path and answer, never headers or bodies. */
export function verboseLine(event: Event): string | undefined {
  if (event.event === 'request')
    return `    ${event.method} ${safe(event.path)} on ${safe(event.server)}: ${event.status ?? 'no answer'} in ${Math.round(event.ms)} ms`;
  if (event.event === 'retry')
    return `    ${event.method} ${safe(event.path)} on ${safe(event.server)}: again in ${event.waitMs} ms, ${safe(event.reason)}`;
  return undefined;
}

function waitText({ address, status, seconds, limit }: Extract<Event, { event: 'wait' }>): string {
  return `${safe(address)}: ${safe(status)} for ${seconds} s of at most ${limit} s`;
}
