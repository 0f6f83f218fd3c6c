import type { Address } from './address.ts';
import { compare, type Diagnostic } from './diagnostic.ts';
import { canonical, equal } from './field.ts';
import type { FieldChange } from './kind.ts';
import type { Change, Plan, Step } from './plan.ts';
import { type Json, type Live, unreadFor } from './resource.ts';

/** What has become of a reviewed plan: the changes that are the same today, and every difference with its reason. */
export interface Review {
  readonly identical: ReadonlySet<Address>;
  readonly stale: readonly Diagnostic[];
}

/**
 * Compares a reviewed plan with one made from the files and live of now. A change is the same only if its values before and after, its
 * reason, its effects and its calls are: nothing of the reviewed plan itself is ever carried out, so an edited one can do nothing.
 */
export function review(saved: Plan, fresh: Plan, live: ReadonlyMap<Address, Live>): Review {
  const [before, now] = [byAddress(saved), byAddress(fresh)];
  const identical = new Set<Address>();
  const stale: Diagnostic[] = [];
  for (const address of [...new Set([...before.keys(), ...now.keys()])].sort(compare)) {
    const [a, b] = [before.get(address), now.get(address)];
    const reasons = differences(a, b, { live: live.get(address), unread: unreadIn(fresh, address) });
    if (reasons.length === 0) identical.add(address);
    else stale.push(staleness(address, reasons, b?.change));
  }
  return { identical, stale };
}

interface Side {
  readonly change: Change;
  /** What its steps call, in the order of the plan; their names and what they wait for depend on the other changes. */
  readonly calls: readonly Json[];
}

function byAddress({ changes, steps }: Plan): Map<Address, Side> {
  const calls = new Map<Address, Json[]>();
  for (const step of steps) calls.set(step.change, [...(calls.get(step.change) ?? []), callOf(step)]);
  return new Map(changes.map((change) => [change.address, { change, calls: calls.get(change.address) ?? [] }]));
}

function callOf({ id: _, needs: __, ...call }: Step): Json {
  return call as unknown as Json;
}

interface Today {
  readonly live: Live | undefined;
  readonly unread: string | undefined;
}

function differences(a: Side | undefined, b: Side | undefined, today: Today): string[] {
  if (!a) return b ? [`new since the review: ${deed(b.change)}`] : [];
  if (!b) return [today.unread === undefined ? notPlanned(a.change, today.live) : `not readable now: ${today.unread}`];
  if (a.change.action !== b.change.action) return [otherAction(a.change, b.change)];
  const reasons = [...fieldReasons(a.change.fields, b.change.fields, today.live), ...otherReasons(a.change, b.change)];
  if (reasons.length === 0 && !equal(a.calls, b.calls))
    return ['moved in live: it is not the same thing any more, its calls differ'];
  return reasons;
}

/** A change in words. */
function deed({ action, fields }: Change): string {
  const names = fields.map(({ path }) => `\`${path.slice(1)}\``).join(', ');
  return action === 'update' ? `${names} would be updated` : `it would be ${action}d`;
}

/** Why a reviewed change is planned no more: live is there already, or the files do not say it. */
function notPlanned({ action, fields }: Change, live: Live | undefined): string {
  if (action === 'create')
    return live ? 'moved in live: it is there already' : 'changed in files: they do not say that it is to be created';
  if (action === 'delete')
    return live ? 'changed in files: they do not say that it is to be deleted' : 'moved in live: it is gone already';
  if (!live) return 'moved in live: it is gone';
  const there = fields.every(({ path, after }) => equal(orNull(after), orNull(live.spec[path.slice(1)])));
  return there ? 'moved in live: it is so already' : 'changed in files: they do not say that it is to be updated so';
}

function otherAction(a: Change, b: Change): string {
  const from = a.action === 'delete' || b.action === 'delete' ? 'changed in files' : 'moved in live';
  const state = from === 'changed in files' ? '' : a.action === 'create' ? ' it is there already, and' : ' it is gone, and';
  return `${from}:${state} it would be ${b.action}d instead of ${a.action}d`;
}

function fieldReasons(before: readonly FieldChange[], now: readonly FieldChange[], live: Live | undefined): string[] {
  const paths = [...new Set([...before, ...now].map(({ path }) => path))].sort(compare);
  return paths.flatMap((path) => {
    const [a, b] = [before, now].map((fields) => fields.find((field) => field.path === path));
    const name = `\`${path.slice(1)}\``;
    if (!a) return [`new since the review: ${name} would become ${shown(b?.after)}`];
    if (!b) {
      const there = equal(orNull(a.after), orNull(live?.spec[path.slice(1)]));
      return [
        there
          ? `moved in live: ${name} is ${shown(a.after)} already`
          : `changed in files: ${name} is not to become ${shown(a.after)}`,
      ];
    }
    return [
      ...(same(a.before, b.before) ? [] : [`moved in live: ${name} is ${shown(b.before)}, and was ${shown(a.before)}`]),
      ...(same(a.after, b.after)
        ? []
        : [`changed in files: ${name} is to be ${shown(b.after)}, and was to be ${shown(a.after)}`]),
    ];
  });
}

function otherReasons(a: Change, b: Change): string[] {
  return [
    ...(a.from === b.from ? [] : ['changed in files: it is renamed in another way']),
    ...(a.because === b.because ? [] : ['changed in files: it would be deleted for another reason']),
    ...(equal(a.effects ?? [], b.effects ?? [])
      ? []
      : [`moved in live: what cannot be undone is ${b.effects?.join('; ') ?? 'nothing'} now`]),
  ];
}

const orNull = (value: Json | undefined): Json => value ?? null;
const same = (a: Json | undefined, b: Json | undefined) => equal(orNull(a), orNull(b));

/** A value in a message; long ones are cut. */
function shown(value: Json | undefined): string {
  const text = canonical(orNull(value));
  return text.length > 80 ? `${text.slice(0, 79)}…` : text;
}

function unreadIn({ notChecked }: Plan, address: Address): string | undefined {
  return unreadFor(
    notChecked.map(({ address: prefix, reason }) => ({ prefix, reason })),
    address,
  )?.reason;
}

function staleness(address: Address, reasons: readonly string[], change: Change | undefined): Diagnostic {
  return {
    code: 'plan-stale',
    severity: 'error',
    summary: `${address}: ${reasons.join('; ')}`,
    address,
    ...(change?.place ? { place: change.place } : {}),
  };
}
