import { type Client, createClient, type Footprint } from './client/index.ts';
import type { Event } from './core/event.ts';
import type { Inputs } from './inputs.ts';
import { kindNamed, kinds } from './kinds/index.ts';

/** Every kind, seen through the interface that all share. */
export const allKinds = Object.keys(kinds).map((name) => kindNamed(name as keyof typeof kinds));

/** A client of the target. Without a footprint it can send nothing but GET, authentication apart. */
export function connect(inputs: Inputs, writes?: Footprint): Client {
  const { onEvent, signal } = inputs;
  return createClient({
    ...inputs.target,
    ...(writes ? { writes } : {}),
    ...(signal ? { signal } : {}),
    onEvent: (event) => {
      if (event.type === 'login') return;
      const { type, ...rest } = event;
      onEvent?.({ ...rest, event: type } as Event);
    },
  });
}
