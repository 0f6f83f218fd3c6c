import {
  type Client,
  type ClientOptions,
  createClient,
  judge,
  placed,
  readTargetDocument,
  serves,
  type TargetDocument,
} from './client/index.ts';
import type { Address } from './core/address.ts';
import type { Event } from './core/event.ts';
import type { Call, ServerName } from './core/kind.ts';
import type { Step } from './core/plan.ts';
import type { Live } from './core/resource.ts';
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

/** What a plan has to know of the target, from the own documents of its servers; where there is none, calls stay as they are. */
export function ways(documents: ReadonlyMap<ServerName, TargetDocument>) {
  const judges = new Map([...documents].map(([server, document]) => [server, judge(document)]));
  const moved = (call: Call): Call => {
    const document = documents.get(call.server);
    if (!document) return call;
    const rank = (form: Call) => (serves(document, form) ? 0 : 1);
    const { alternatives = [], ...own } = call;
    const forms = [own, ...alternatives.map((other) => ({ ...own, ...other }))];
    // The first form that the target serves leads; the others stay, for what its document does not say.
    const [first = own, ...others] = forms.map((form) => placed(document, form)).sort((a, b) => rank(a) - rank(b));
    return { ...first, ...(others.length > 0 ? { alternatives: others.map((form) => differing(form, first)) } : {}) };
  };
  return { placed: moved, refuses: (call: Call) => judges.get(call.server)?.(call) };
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

/** The documents of the workspace servers that a plan would write to, as far as they are running and serve one. */
export async function workspaceDocuments(
  steps: readonly Step[],
  live: ReadonlyMap<Address, Live>,
  client: Client,
): Promise<ReadonlyMap<ServerName, TargetDocument>> {
  const servers = [...new Set(steps.map(({ server }) => server))];
  const found = await Promise.all(
    servers.map(async (server) => {
      const url = server === 'control-plane' ? undefined : live.get(server)?.facts?.server_url;
      const document = typeof url === 'string' ? await readTargetDocument(client.workspace(url), 'workspace') : undefined;
      return document ? ([[server, document]] as const) : [];
    }),
  );
  return new Map(found.flat());
}
