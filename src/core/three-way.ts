// Who moved: the files, live, or both. With a base, every difference has three sides: what the base declared, what is live, what the
// files say now.
import { type Address, kindOf } from './address.ts';
import { claimed, type Desired } from './desired.ts';
import { equal, rulesOf } from './field.ts';
import type { Kind } from './kind.ts';
import type { Change } from './plan.ts';
import type { Json, Live } from './resource.ts';
import type { Scoped } from './scope.ts';

/** `live`: somebody changed live; `files`: the files changed, and that is not applied yet; `both`. */
export type Mover = 'live' | 'files' | 'both';

/** Who moved at one address, and per field with what the base declared. */
export interface Cause {
  readonly changed: Mover;
  readonly fields: readonly { readonly path: string; readonly base: Json | undefined; readonly changed: Mover }[];
}

/** The cause of every change, by address; none without a base. */
export function causesOf(
  changes: readonly Change[],
  scoped: Scoped,
  files: Desired,
  kindNamed: (name: ReturnType<typeof kindOf>) => Kind,
): ReadonlyMap<Address, Cause> {
  const { base } = scoped;
  if (!base) return new Map();
  const listed = claimed(base.claims);
  const causes = new Map<Address, Cause>();
  const causeOf = (change: Change): Cause => {
    const known = causes.get(change.address);
    if (known) return known;
    const parent = change.because?.includes('/') ? changes.find(({ address }) => address === change.because) : undefined;
    const found =
      change.action === 'update'
        ? updated(change, base, scoped.live.get(change.address), kindNamed(change.kind))
        : parent
          ? { changed: causeOf(parent).changed, fields: [] }
          : cameOrWent(change, base, files, listed, scoped.live.get(change.address), kindNamed(change.kind));
    causes.set(change.address, found);
    return found;
  };
  for (const change of changes) causeOf(change);
  return causes;
}

function updated(change: Change, base: Desired, live: Live | undefined, kind: Kind): Cause {
  const before = base.resources.get(change.address);
  const rules = rulesOf(kind.spec);
  const fields = change.fields.map(({ path, before: now, after }) => {
    const field = path.slice(1);
    const declared = before?.spec[field];
    const same = (a: Json | undefined, b: Json | undefined) => equal(a ?? undefined, b ?? undefined, rules.get(field)?.unordered);
    const asLive =
      same(declared, now) ||
      (declared !== undefined &&
        before !== undefined &&
        live !== undefined &&
        kind.same?.(field, declared, now, live, before) === true);
    const changed: Mover =
      // A new name is the files' own doing.
      declared === undefined || asLive ? 'files' : same(declared, after) ? 'live' : 'both';
    return { path, base: declared, changed };
  });
  const movers = new Set(fields.map(({ changed }) => changed));
  const [only = 'files'] = movers;
  return { changed: movers.size > 1 ? 'both' : only, fields };
}

function cameOrWent(
  change: Change,
  base: Desired,
  files: Desired,
  listed: (address: Address) => boolean,
  live: Live | undefined,
  kind: Kind,
): Cause {
  const before = base.resources.get(change.address);
  if (change.action === 'create') return { changed: before ? 'live' : 'files', fields: [] };
  if (change.because === 'expired') return { changed: 'files', fields: [] };
  if (before) {
    const moved = Object.entries(before.spec).some(
      ([field, value]) =>
        !rulesOf(kind.spec).get(field)?.writeOnly &&
        !equal(value ?? undefined, live?.spec[field] ?? undefined, rulesOf(kind.spec).get(field)?.unordered) &&
        !(live && kind.same?.(field, value, live.spec[field], live, before)),
    );
    return { changed: moved ? 'both' : 'files', fields: [] };
  }
  // What nobody declared appeared in live, unless it is only the files that speak for it now.
  const spokenFor =
    change.because === 'list'
      ? listed(change.address)
      : change.because === 'prune'
        ? base.prune.has(kindOf(change.address))
        : change.because === 'absent' && base.gone.has(change.address) && files.gone.has(change.address);
  return { changed: spokenFor ? 'live' : 'files', fields: [] };
}
