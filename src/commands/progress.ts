import { closeSync, openSync, writeSync } from 'node:fs';
import { resolve } from 'node:path';
import type { Event } from '../core/event.ts';
import type { Step } from '../core/plan.ts';
import { jsonLine } from '../render/json.ts';
import { advance, initial, liveLine, logLine, verboseLine } from '../render/progress.ts';
import type { Io } from './io.ts';
import type { Options } from './options.ts';
import { usage } from './usage.ts';

/** Shows on standard error what the engine does: one line that changes on a terminal, plain lines elsewhere; and writes `--events`. */
export interface Progress {
  readonly onEvent: (event: Event) => void;
  /** The steps that are about to run: their number, and the order in which a log tells of them. */
  expect(steps: readonly Step[]): void;
  /** Takes the changing line away, so that something else can be printed. */
  pause(): void;
  /** Ends: nothing is shown and written after it. */
  end(): void;
}

type Show = Pick<Progress, 'expect' | 'pause' | 'end'> & { event(event: Event): void };

/** The progress that the options and the terminal allow for. */
export function progressOf(options: Pick<Options, 'quiet' | 'verbose' | 'events'>, io: Io): Progress {
  const file = options.events === undefined ? undefined : opened(resolve(io.cwd, options.events), options.events);
  const shows = options.quiet
    ? silent
    : io.stderr.isTTY && !io.env.CI && io.env.TERM !== 'dumb'
      ? live(options, io)
      : log(options, io);
  return {
    ...shows,
    onEvent(event) {
      if (file !== undefined) writeSync(file, jsonLine(event));
      shows.event(event);
    },
    end() {
      shows.end();
      if (file !== undefined) closeSync(file);
    },
  };
}

function opened(path: string, name: string): number {
  try {
    return openSync(path, 'w');
  } catch (error) {
    throw usage(`${name} cannot be written (${(error as NodeJS.ErrnoException).code})`);
  }
}

const silent: Show = { event: () => {}, expect: () => {}, pause: () => {}, end: () => {} };

function live(options: Pick<Options, 'verbose'>, io: Io): Show {
  let state = initial;
  const erase = '\r\u001b[2K';
  const pause = () => io.stderr.write(erase);
  return {
    event(event) {
      state = advance(state, event, io.now().getTime());
      const line = options.verbose ? verboseLine(event) : undefined;
      io.stderr.write(`${erase}${line === undefined ? '' : `${line}\n`}${liveLine(state, io.stderr.columns ?? 80)}`);
    },
    expect(steps) {
      state = { ...state, steps: steps.length, done: 0, failed: 0 };
    },
    pause,
    end: pause,
  };
}

/** Waits are told so many seconds apart, and only after as many. */
const patience = 15;

/**
 * Plain lines. Steps run side by side and end in any order, but are told in the order of the plan, so that two runs can be compared:
 * one that ends early is held back, though not while something long is waited for.
 */
function log(options: Pick<Options, 'verbose'>, io: Io): Show {
  const held = new Map<string, string>();
  const told = new Map<string, number>();
  let order: string[] = [];
  const print = (line: string | undefined) => line === undefined || io.stderr.write(`${line}\n`);
  const release = (all: boolean) => {
    const kept: string[] = [];
    for (const id of order) {
      const line = held.get(id);
      if (line === undefined || (kept.length > 0 && !all)) kept.push(id);
      else print(line);
    }
    order = kept;
  };
  return {
    event(event) {
      const line = logLine(event, options.verbose === true);
      if (event.event === 'wait') {
        const last = told.get(event.address) ?? 0;
        if (event.seconds - last < patience) return;
        told.set(event.address, event.seconds);
        release(true);
      }
      if (event.event === 'step' && line !== undefined && order.includes(event.step)) {
        held.set(event.step, line);
        release(false);
      } else {
        if (event.event === 'phase') release(true);
        print(line);
      }
    },
    expect(steps) {
      release(true);
      held.clear();
      order = steps.map(({ id }) => id);
    },
    pause: () => {},
    end: () => release(true),
  };
}
