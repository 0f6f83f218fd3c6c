import type { Address, KindName } from '../core/address.ts';
import type { Ignore } from '../core/desired.ts';
import type { Diagnostic } from '../core/diagnostic.ts';
import type { Change, Plan } from '../core/plan.ts';
import { emptyPatterns, matcher } from '../core/select.ts';

/** `ADDRESS` or `ADDRESS#/field` of the command line. */
export function ignoreOf(given: string): Ignore {
  const [address = '', field] = given.split(/#(?=\/)/);
  return { address, ...(field === undefined ? {} : { field: field.slice(1) }) };
}

/** The plan without what is to be ignored. */
export function withoutIgnored(plan: Plan, ignores: readonly Ignore[]): Plan {
  if (ignores.length === 0) return plan;
  const rules = ignores.map(({ address, field }) => ({ matches: matcher([address]), field }));
  const changes = plan.changes.flatMap((change): Change[] => {
    const applying = rules.filter(({ matches }) => matches(change.address));
    if (applying.some(({ field }) => field === undefined)) return [];
    if (change.action !== 'update') return [change];
    const fields = change.fields.filter(({ path }) => !applying.some(({ field }) => `/${field}` === path));
    return fields.length === 0 ? [] : [{ ...change, fields }];
  });
  const count = (action: Change['action']) => changes.filter((change) => change.action === action).length;
  const { access, ...rest } = plan;
  const whole = changes.length === plan.changes.length;
  const kept = new Set<KindName | string>(changes.map(({ address }) => address));
  return {
    ...rest,
    // What the whole plan does to everybody's roles, a part of it may not do.
    ...(whole && access ? { access } : {}),
    changes,
    summary: { ...plan.summary, create: count('create'), update: count('update'), delete: count('delete') },
    steps: plan.steps.filter((step) => kept.has(step.change)),
  };
}

/** A warning for everything that is ignored and is not there: most likely it is misspelt. */
export function emptyIgnores(ignores: readonly Ignore[], addresses: readonly Address[]): Diagnostic[] {
  if (addresses.length === 0) return [];
  return ignores.flatMap(({ address, place }) =>
    emptyPatterns([address], addresses).map((one) => ({ ...one, ...(place ? { place } : {}) })),
  );
}
