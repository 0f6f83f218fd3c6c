import { randomUUID } from 'node:crypto';
import { mkdir } from 'node:fs/promises';
import { dirname, isAbsolute, relative, resolve } from 'node:path';
import writeFileAtomic from 'write-file-atomic';
import { type Client, type ClientClock, type Footprint, systemClock } from '../client/index.ts';
import { type KindName, organization } from '../core/address.ts';
import type { Event } from '../core/event.ts';
import type { Kind } from '../core/kind.ts';
import type { Plan } from '../core/plan.ts';
import type { LiveState } from '../core/resource.ts';
import type { Scoped } from '../core/scope.ts';
import type { Run } from './execute.ts';
import { footprint } from './footprint.ts';
import { Ids } from './ids.ts';

/** Everything a run of steps needs, with the ids of what is live. */
export function startRun(
  made: { readonly scoped: Scoped; readonly state: LiveState },
  plan: Plan,
  connect: (writes: Footprint) => Client,
  options: {
    readonly kindNamed: (name: KindName) => Kind;
    readonly kinds: readonly Kind[];
    readonly cwd: string;
    readonly target: { readonly clock?: ClientClock; readonly insecureHttp?: boolean };
    readonly onEvent?: (event: Event) => void;
    readonly signal?: AbortSignal;
  },
): Run {
  const ids = new Ids();
  if (made.state.organization) ids.learn(organization, { id: made.state.organization.id });
  for (const [address, known] of made.state.principals) ids.learn(address, known);
  for (const live of made.scoped.all.values()) ids.learn(live.address, live.ids);
  return {
    client: connect(footprint(plan.steps, ids, made.scoped.all, options.target)),
    ids,
    kinds: options.kinds,
    kindNamed: options.kindNamed,
    changes: new Map(plan.changes.map((change) => [change.address, change])),
    desired: made.scoped.desired,
    live: made.scoped.all,
    onEvent: options.onEvent ?? (() => {}),
    clock: options.target.clock ?? systemClock,
    uuid: randomUUID,
    deliver: (file, secret) => deliver(options.cwd, file, secret),
    ...(options.signal ? { signal: options.signal } : {}),
  };
}

/** Writes a secret to a file below the working folder that only its owner can read, whole or not at all. */
async function deliver(cwd: string, file: string, secret: string): Promise<void> {
  const path = resolve(cwd, file);
  const inside = relative(cwd, path);
  if (inside.startsWith('..') || isAbsolute(inside))
    throw new Error(`${file} is outside the working folder, so the secret was not written`);
  await mkdir(dirname(path), { recursive: true, mode: 0o700 });
  await writeFileAtomic(path, `${secret}\n`, { mode: 0o600 });
}
