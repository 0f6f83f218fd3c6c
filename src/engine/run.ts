import { randomUUID } from 'node:crypto';
import { type Client, type ClientClock, systemClock } from '../client/index.ts';
import { type Address, type KindName, organization } from '../core/address.ts';
import type { Event } from '../core/event.ts';
import type { Kind } from '../core/kind.ts';
import type { Change, Plan } from '../core/plan.ts';
import type { Live, LiveState, Resource } from '../core/resource.ts';
import type { Scoped } from '../core/scope.ts';
import { type Delivery, delivery, type Environment } from './deliver.ts';
import { footprint } from './footprint.ts';
import { Ids } from './ids.ts';

/** What a run of steps works with. */
export interface Run extends Delivery {
  readonly client: Client;
  readonly kindNamed: (name: KindName) => Kind;
  readonly kinds: readonly Kind[];
  readonly changes: ReadonlyMap<Address, Change>;
  readonly desired: ReadonlyMap<Address, Resource>;
  readonly live: ReadonlyMap<Address, Live>;
  readonly ids: Ids;
  readonly onEvent: (event: Event) => void;
  readonly clock: ClientClock;
  /** A new id for one intended write; the same through all its repetitions. */
  readonly uuid: () => string;
  readonly signal?: AbortSignal;
}

/** Everything a run of steps needs, with the ids of what is live. */
export function startRun(
  made: { readonly scoped: Scoped; readonly state: LiveState },
  plan: Plan,
  reading: Client,
  options: {
    readonly kindNamed: (name: KindName) => Kind;
    readonly kinds: readonly Kind[];
    readonly cwd: string;
    /** The environment of commands that take secrets. */
    readonly exec?: Environment;
    readonly target: { readonly clock?: ClientClock; readonly insecureHttp?: boolean };
    readonly onEvent?: (event: Event) => void;
    readonly signal?: AbortSignal;
  },
): Run {
  const ids = new Ids();
  if (made.state.organization) ids.learn(organization, { id: made.state.organization.id });
  for (const [address, known] of made.state.principals) ids.learn(address, known);
  for (const live of made.scoped.all.values()) ids.learn(live.address, live.ids);
  const client = reading.writing(footprint(plan.steps, ids, made.scoped.all, options.target));
  return {
    client,
    ids,
    kinds: options.kinds,
    kindNamed: options.kindNamed,
    changes: new Map(plan.changes.map((change) => [change.address, change])),
    desired: made.scoped.desired,
    live: made.scoped.all,
    onEvent: options.onEvent ?? (() => {}),
    clock: options.target.clock ?? systemClock,
    uuid: randomUUID,
    ...delivery({ cwd: options.cwd, env: options.exec ?? {} }, client.redactor.clean),
    ...(options.signal ? { signal: options.signal } : {}),
  };
}
