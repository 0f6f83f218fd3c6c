import { type Client, type ClientOptions, createClient, judge, placed, serves, type TargetDocument } from './client/index.ts';
import type { Event } from './core/event.ts';
import type { Call } from './core/kind.ts';
import type { Inputs } from './inputs.ts';
import { kindNamed, kinds } from './kinds/index.ts';

/** Every kind, seen through the interface that all share. */
export const allKinds = Object.keys(kinds).map((name) => kindNamed(name as keyof typeof kinds));

/** Somebody who looks on while a client works. */
type Observer = Pick<ClientOptions, 'observe' | 'onEvent'>;

/** A client of the target, which can send nothing but GET, authentication apart. */
export function connect(inputs: Inputs, observer: Observer = {}): Client {
  const { onEvent, signal } = inputs;
  return createClient({
    ...inputs.target,
    ...(signal ? { signal } : {}),
    ...(observer.observe ? { observe: observer.observe } : {}),
    onEvent: (event) => {
      observer.onEvent?.(event);
      if (event.type === 'login') return;
      const { type, ...rest } = event;
      onEvent?.({ ...rest, event: type } as Event);
    },
  });
}

/** What a plan has to know of the target, from the target's own document. */
export function ways(document: TargetDocument) {
  const moved = (call: Call): Call => {
    if (call.server !== 'control-plane') return call;
    const { alternatives = [], ...own } = call;
    const forms = [own, ...alternatives.map((other) => ({ ...own, ...other }))];
    // The first form that the target serves leads; the others stay, for what its document does not say.
    const [first = own, ...others] = forms.map((form) => placed(document, form)).sort((a, b) => rank(a) - rank(b));
    return { ...first, ...(others.length > 0 ? { alternatives: others.map((form) => differing(form, first)) } : {}) };
  };
  const rank = (form: Call) => (serves(document, form) ? 0 : 1);
  return { placed: moved, refuses: judge(document) };
}

/** What of a form is not as in the first one. */
function differing(form: Call, first: Call): NonNullable<Call['alternatives']>[number] {
  const { method, path, query, body } = form;
  return {
    ...(method === first.method ? {} : { method }),
    ...(path === first.path ? {} : { path }),
    ...(query && query !== first.query ? { query } : {}),
    ...(body !== undefined && body !== first.body ? { body } : {}),
  };
}
