import { appendFileSync } from 'node:fs';
import type { Event } from '../core/event.ts';
import { safe } from '../render/paint.ts';
import type { Io } from './io.ts';
import { absolute, type Options } from './options.ts';

/** Shows on standard error what the engine does: one line that changes on a terminal, plain lines elsewhere; and writes the events file. */
export interface Progress {
  readonly onEvent: (event: Event) => void;
  /** Takes the changing line away, before something else is printed. */
  clear(): void;
}

const phases = {
  load: 'Reading the files',
  read: 'Reading the organization',
  plan: 'Planning',
  execute: 'Applying',
  verify: 'Reading again',
} as const;

export function progressOf(options: Pick<Options, 'quiet' | 'verbose' | 'events'>, io: Io): Progress {
  const terminal = io.stderr.isTTY && !io.env.CI && !options.quiet;
  const state = { phase: '', done: 0, requests: 0, line: '', shown: false };
  const clear = () => {
    if (state.shown) io.stderr.write('\r\u001b[2K');
    state.shown = false;
  };
  const plain = (text: string) => {
    clear();
    if (!options.quiet) io.stderr.write(`${text}\n`);
  };
  const draw = () => {
    if (!terminal) return;
    clear();
    const text = `${state.phase}… ${state.line}`.slice(0, (io.stderr.columns ?? 80) - 1);
    io.stderr.write(text);
    state.shown = true;
  };
  return {
    clear,
    onEvent(event) {
      if (options.events) appendFileSync(absolute(io.cwd, options.events), `${JSON.stringify(event)}\n`);
      if (event.event === 'phase') Object.assign(state, { phase: phases[event.phase], line: '', done: 0 });
      if (event.event === 'request') state.requests += 1;
      const line = lineOf(event, state);
      if (line !== undefined) state.line = line;
      const text = textOf(event, options.verbose === true);
      if (text !== undefined && (!terminal || event.event !== 'step' || event.status !== 'applied')) plain(text);
      draw();
    },
  };
}

function lineOf(event: Event, state: { done: number; requests: number }): string | undefined {
  if (event.event === 'request') return `${state.requests} requests`;
  if (event.event === 'wait')
    return `waiting for ${safe(event.address)}, ${safe(event.status)} (${event.seconds} s of ${event.limit})`;
  if (event.event !== 'step') return undefined;
  if (event.status !== 'started') state.done += 1;
  return `${state.done} done, ${safe(event.address)}`;
}

/** The plain line of an event, where it is worth one. */
function textOf(event: Event, verbose: boolean): string | undefined {
  if (event.event === 'wait')
    return `waiting for ${safe(event.address)}: ${safe(event.status)} (${event.seconds} s of ${event.limit} s)`;
  if (event.event === 'step' && event.status === 'failed') return `failed   ${safe(event.address)}: ${safe(event.message ?? '')}`;
  if (event.event === 'step' && event.status === 'applied') return `applied  ${safe(event.address)}`;
  if (!verbose) return undefined;
  if (event.event === 'request') return `${event.method} ${safe(event.path)} ${event.status ?? 'no answer'}`;
  if (event.event === 'retry')
    return `retry ${event.attempt} of ${event.method} ${safe(event.path)} in ${event.waitMs} milliseconds: ${event.reason}`;
  return undefined;
}
