import { type Mode, withRetries } from './retry.ts';
import type { Outgoing, Result, Transport } from './transport.ts';
import type { ClientClock, ClientOptions } from './types.ts';

/** Sends a request with the retries that suit it; `exchange` makes every single attempt, and may put something around it. */
export type Wire = (request: Outgoing, mode: Mode, exchange?: Transport) => Promise<Result>;

/** A transport with retries, which it reports. */
export function wire(
  transport: Transport,
  options: Pick<ClientOptions, 'onEvent' | 'signal'> & { readonly clock: ClientClock; readonly random: () => number },
): Wire {
  const { clock, random, signal, onEvent } = options;
  return (request, mode, exchange = transport) => {
    const { server, method, path } = request;
    return withRetries(() => exchange(request), {
      mode,
      clock,
      random,
      signal,
      onRetry: ({ status, ...retry }) =>
        onEvent?.({ type: 'retry', server, method, path, ...(status === undefined ? {} : { status }), ...retry }),
    });
  };
}
