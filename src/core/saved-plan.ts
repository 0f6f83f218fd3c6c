import { type Address, referencesOf } from './address.ts';
import { type Diagnostic, sortDiagnostics } from './diagnostic.ts';
import type { Change, Plan } from './plan.ts';
import type { Live } from './resource.ts';
import { review } from './review.ts';

/** What may run of a plan that was reviewed, or why nothing may. */
export interface Reviewable {
  readonly verdict: 'ok' | 'error' | 'stale';
  /** The fresh plan; with `partial`, what of it is identical in the reviewed one. */
  readonly plan: Plan;
  readonly diagnostics: readonly Diagnostic[];
}

/** Holds a fresh plan against a reviewed one. What runs is always taken from the fresh one; the reviewed one only takes away. */
export function asReviewed(saved: Plan, fresh: Plan, live: ReadonlyMap<Address, Live>, partial: boolean): Reviewable {
  const elsewhere = mismatch(saved, fresh);
  if (elsewhere) return { verdict: 'error', plan: fresh, diagnostics: [elsewhere] };
  const { identical, stale } = review(saved, fresh, live);
  if (stale.length === 0) return { verdict: 'ok', plan: fresh, diagnostics: [] };
  if (!partial) return { verdict: 'stale', plan: fresh, diagnostics: stale };
  const plan = narrowed(fresh, identical);
  const running = new Set(plan.changes.map(({ address }) => address));
  const waiting = [...identical].filter((address) => !running.has(address)).map(waits);
  const diagnostics = [...stale, ...waiting].map((one): Diagnostic => ({ ...one, severity: 'warning' }));
  const nothing = running.size === 0 && fresh.changes.length > 0;
  return {
    verdict: nothing ? 'stale' : 'ok',
    plan: { ...plan, diagnostics: sortDiagnostics([...plan.diagnostics, ...diagnostics]) },
    diagnostics,
  };
}

function mismatch(saved: Plan, fresh: Plan): Diagnostic | undefined {
  const base = (api: string) => api.replace(/\/+$/, '');
  const same = saved.organization.id === fresh.organization.id && base(saved.api) === base(fresh.api);
  if (same && (fresh.organization.id !== '' || saved.organization.name === fresh.organization.name)) return undefined;
  const named = ({ organization: { name, id }, api }: Plan) => `${name} (${id === '' ? 'not there yet' : id}) at ${api}`;
  return {
    code: 'plan-unusable',
    severity: 'error',
    summary: `the saved plan is for ${named(saved)}, and this is ${named(fresh)}`,
    hint: 'plan again, for this organization',
  };
}

const waits = (address: Address): Diagnostic => ({
  code: 'plan-stale',
  severity: 'warning',
  summary: `${address}: it is as reviewed, and waits for a change that is not`,
  address,
});

/** The part of a plan whose changes are reviewed and wait for no others: as safe at every point as the whole, of which it is a beginning. */
function narrowed(plan: Plan, identical: ReadonlySet<Address>): Plan {
  const left = new Set(plan.changes.map(({ address }) => address).filter((address) => !identical.has(address)));
  const stepped = new Set(plan.steps.map(({ change }) => change));
  const waiting = new Set<string>();
  for (let grown = true; grown; ) {
    grown = false;
    for (const { id, change, needs } of plan.steps)
      if (!waiting.has(id) && (left.has(change) || needs.some((need) => waiting.has(need)))) {
        waiting.add(id);
        left.add(change);
        grown = true;
      }
    // What has no steps of its own happens with something else, or not at all.
    for (const { address, because } of plan.changes)
      if (
        !left.has(address) &&
        !stepped.has(address) &&
        [because as Address, ...referencesOf(address)].some((one) => left.has(one))
      )
        grown = Boolean(left.add(address));
  }
  const changes = plan.changes.filter(({ address }) => !left.has(address));
  const count = (action: Change['action']) => changes.filter((change) => change.action === action).length;
  // What the whole plan does to everybody's roles, a part of it may not do.
  const { access: _, ...rest } = plan;
  return {
    ...rest,
    summary: { ...plan.summary, create: count('create'), update: count('update'), delete: count('delete') },
    changes,
    steps: plan.steps.filter(({ change }) => !left.has(change)),
  };
}
