import { expect } from 'vitest';
import type { Address } from '../../src/core/address.ts';
import type { Change, Plan } from '../../src/core/plan.ts';
import { planDocument } from '../../src/render/json.ts';
import { written } from './layout.ts';
import { pick } from './names.ts';
import { stage } from './run.ts';
import { type Scenario, unfold } from './scenario.ts';
import { stubborn } from './stubborn.ts';

/** What may happen between a review and the apply: somebody changes live, somebody changes the plan in its file, or neither. */
export interface Between {
  /** What somebody else applies meanwhile, to the same world. */
  readonly others: Scenario | undefined;
  readonly forged: boolean;
  readonly which: number;
}

/** What is done of a reviewed plan is what was reviewed and still is to be done, each change whole; everything else is named. */
export async function doesWhatWasReviewed(scenario: Scenario, between: Between): Promise<void> {
  const { world, conditions, files, more } = unfold(scenario);
  for (const partial of [false, true]) {
    const on = stage(world, scenario.switches);
    const reviewed = await on.plan(files, more);
    if (!reviewed.plan || reviewed.verdict !== 'ok') return;
    const saved = JSON.parse(JSON.stringify(planDocument(reviewed.plan, [], 0))) as Plan;
    const edited = between.forged ? forge(saved, between.which) : saved;
    if (between.others) {
      const others = unfold({ ...between.others, recipe: scenario.recipe, switches: scenario.switches });
      await on.apply(written(others.draft, scenario.layout), others.more);
    }
    const fresh = await on.plan(files, more);
    if (!fresh.plan || fresh.verdict !== 'ok') return;
    const same = identical(edited, fresh.plan);
    const all = new Set([...edited.changes, ...fresh.plan.changes].map(({ address }) => address));
    const stale = [...all].filter((address) => !same.has(address)).sort();
    on.clear();
    const result = await on.applyReviewed(files, { plan: edited, partial }, more);
    const named = result.diagnostics.filter(({ code }) => code === 'plan-stale').map(({ address }) => address as Address);
    const done = new Set(result.outcomes.filter(({ status }) => status === 'applied').map(({ address }) => address));
    // A workspace that was waited for makes the plan another one.
    const waited = fresh.plan.notChecked.some(({ deferred }) => deferred);
    if (waited && stale.length === 0) continue;
    if (stale.length > 0 && !partial) {
      expect({ verdict: result.verdict, named: [...named].sort(), writes: on.writes() }).toEqual({
        verdict: 'stale',
        named: stale,
        writes: [],
      });
      continue;
    }
    const wanted = runnable(fresh.plan, same);
    const steps = fresh.plan.steps.filter(({ change }) => wanted.has(change));
    expect([...done].sort()).toEqual([...new Set(steps.map(({ change }) => change))].sort());
    expect(stale.filter((address) => !named.includes(address))).toEqual([]);
    expect(result.rest.filter((change) => conditions.clears || !stubborn(change, result))).toEqual([]);
    await on.apply(files, more);
  }
}

const told = ({ place: _, ...change }: Change) => change;

/** The changes that two plans have in common, with their calls. */
function identical(a: Plan, b: Plan): Set<Address> {
  const textOf = (plan: Plan, change: Change) =>
    JSON.stringify([
      { ...told(change), fields: change.fields.map(({ path, before = null, after = null }) => ({ path, before, after })) },
      plan.steps.filter((step) => step.change === change.address).map(({ id: _, needs: __, ...call }) => call),
    ]);
  const texts = new Set(a.changes.map((change) => textOf(a, change)));
  return new Set(b.changes.filter((change) => texts.has(textOf(b, change))).map(({ address }) => address));
}

/** Of these changes, those whose steps need no others. */
function runnable(plan: Plan, same: ReadonlySet<Address>): Set<Address> {
  const byId = new Map(plan.steps.map((step) => [step.id, step]));
  const free = (id: string): boolean => {
    const step = byId.get(id);
    return (
      step !== undefined &&
      same.has(step.change) &&
      plan.steps.filter(({ change }) => change === step.change).every(({ needs }) => needs.every((need) => reached(need, id)))
    );
  };
  const known = new Map<string, boolean>();
  const reached = (id: string, from: string): boolean => {
    if (byId.get(id)?.change === byId.get(from)?.change) return true;
    const before = known.get(id);
    if (before !== undefined) return before;
    known.set(id, true);
    const answer = free(id);
    known.set(id, answer);
    return answer;
  };
  return new Set(plan.steps.filter(({ id }) => free(id)).map(({ change }) => change));
}

const eve = 'organization/grant/Organization Admin/member/eve@evil.example' as Address;

/** A saved plan that somebody has edited: a grant that no file has, another value, another call. */
function forge(plan: Plan, which: number): Plan {
  const step = pick(plan.steps, which);
  const forged = plan.steps.map((one) => (one === step ? { ...one, path: `${one.path}x` } : one));
  if (which % 4 === 0 && step) return { ...plan, steps: forged };
  const change = pick(
    plan.changes.filter(({ fields }) => fields.length > 0),
    which,
  );
  const [field, ...fields] = change?.fields ?? [];
  const side = which % 4 === 1 ? 'before' : 'after';
  if (which % 4 <= 2 && change && field)
    return {
      ...plan,
      changes: plan.changes.map((one) =>
        one === change ? { ...one, fields: [{ ...field, [side]: 'forged' }, ...fields] } : one,
      ),
    };
  const own = { id: 's0', change: eve, server: 'control-plane', method: 'POST', path: '/roles/admin', needs: [] } as const;
  return {
    ...plan,
    changes: [...plan.changes, { address: eve, kind: 'grant', action: 'create', fields: [] }],
    steps: [own, ...plan.steps],
  };
}
