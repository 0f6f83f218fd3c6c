import { type Client, createClient } from './client/index.ts';
import type { Event } from './core/event.ts';
import type { Inputs } from './inputs.ts';
import { kindNamed, kinds } from './kinds/index.ts';

/** Every kind, seen through the interface that all share. */
export const allKinds = Object.keys(kinds).map((name) => kindNamed(name as keyof typeof kinds));

/** A client of the target. Without `allowWrites` it can send nothing but GET, authentication apart. */
export function connect(inputs: Inputs, allowWrites: boolean): Client {
  const { onEvent, signal } = inputs;
  return createClient({
    ...inputs.target,
    allowWrites,
    ...(signal ? { signal } : {}),
    onEvent: (event) => {
      if (event.type === 'login') return;
      const { type, ...rest } = event;
      onEvent?.({ ...rest, event: type } as Event);
    },
  });
}
