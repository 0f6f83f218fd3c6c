import pLimit from 'p-limit';
import type { ClientClock } from './types.ts';

/** Lets a request through when there is room for it; `instead`, asked when its turn comes, may answer in its place. */
export type Gate = <T>(send: () => Promise<T>, instead: () => T | undefined) => Promise<T>;

/** At most `concurrency` requests in flight, and never more than `rate` starts within any 1 s, both ends included, spread evenly. */
export function gate(options: {
  readonly concurrency: number;
  readonly rate: number | undefined;
  readonly clock: ClientClock;
}): Gate {
  const slots = pLimit(Math.max(1, Math.floor(options.concurrency)));
  const pace = options.rate === undefined ? undefined : pacer(options.rate, options.clock);
  return (send, instead) =>
    slots(async () => {
      const other = instead();
      if (other !== undefined) return other;
      await pace?.();
      return send();
    });
}

function pacer(rate: number, clock: ClientClock): () => Promise<void> {
  if (!(rate > 0)) throw new RangeError(`a rate of ${rate} requests a second lets nothing through`);
  // Below one a second the window is longer instead.
  const count = Math.max(1, Math.floor(rate));
  const window = rate < 1 ? 1000 / rate : 1000;
  const never = Number.NEGATIVE_INFINITY;
  const oneAtATime = pLimit(1);
  const starts: number[] = [];
  const early = () => {
    const spread = (starts.at(-1) ?? never) + window / count - clock.now();
    const full = (starts.at(-count) ?? never) + window - clock.now();
    return Math.max(Math.ceil(spread), Math.floor(full) + 1);
  };
  return () =>
    oneAtATime(async () => {
      // A timer may fire early, and what counts is when a request really starts.
      for (let wait = early(); wait > 0; wait = early()) await clock.sleep(wait);
      starts.push(clock.now());
      if (starts.length > count) starts.shift();
    });
}
