import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Footprint } from '../../src/client/index.ts';
import { allKinds } from '../../src/connect.ts';
import type { Address } from '../../src/core/address.ts';
import type { Plan, Step } from '../../src/core/plan.ts';
import { symbol } from '../../src/core/symbol.ts';
import { execute } from '../../src/engine/execute.ts';
import { footprint } from '../../src/engine/footprint.ts';
import { Ids } from '../../src/engine/ids.ts';
import { startRun } from '../../src/engine/run.ts';
import { kindNamed } from '../../src/kinds/index.ts';
import { connect } from './client-fake.ts';

type Leaving = Parameters<Footprint['allows']>[0];

const team = 'team/ml' as Address;
const workspace = 'workspace/prod' as Address;
const steps: readonly Step[] = [
  { id: 's1', change: team, server: 'control-plane', method: 'POST', path: '/teams', body: { name: 'ml' }, needs: [] },
  {
    id: 's2',
    change: 'organization/grant/Organization Member/team/ml' as Address,
    server: 'control-plane',
    method: 'POST',
    path: '/roles/r1/assignments',
    query: { team_id: symbol(team, 'id') },
    alternatives: [{ query: { user_id: 'u1' } }, { method: 'PUT' }],
    needs: ['s1'],
  },
  { id: 's3', change: team, server: workspace, method: 'DELETE', path: '/api/v1/projects/p1', needs: [] },
];
/** The same writes as they leave. */
const writes: readonly Leaving[] = [
  { step: 's1', server: 'control-plane', method: 'POST', path: '/teams', query: '', body: '{"name":"ml"}' },
  { step: 's2', server: 'control-plane', method: 'POST', path: '/roles/r1/assignments', query: 'team_id=t1' },
  { step: 's2', server: 'control-plane', method: 'POST', path: '/roles/r1/assignments', query: 'user_id=u1' },
  { step: 's2', server: 'control-plane', method: 'PUT', path: '/roles/r1/assignments', query: 'team_id=t1' },
  { step: 's3', server: 'https://prod.example', method: 'DELETE', path: '/api/v1/projects/p1' },
];
const wrong: { readonly [K in keyof Required<Leaving>]: readonly string[] } = {
  step: ['s1', 's2', 's3', 's4', ''],
  server: ['control-plane', 'https://prod.example', 'https://other.example'],
  method: ['POST', 'PUT', 'PATCH', 'DELETE'],
  path: ['/teams', '/teams/', '/roles/r2/assignments', '/api/v1/projects/p2'],
  query: ['team_id=t2', 'team_id=t1&user_id=u1', 'user_id=u2', 'team_id='],
  body: ['{"name":"other"}', '{"name":"ml","description":"x"}', '{}', ''],
};

function prepared() {
  const ids = new Ids();
  ids.learn(team, { id: 't1' });
  ids.learn(workspace, { server_url: 'https://prod.example/' });
  return footprint(steps, ids, new Map(), {});
}

describe('the footprint of a plan', () => {
  it('lets every step through in each of its forms, once', () => {
    for (const write of writes) {
      const allowed = prepared();
      expect(allowed.allows(write)).toBe(true);
      expect(allowed.allows(write)).toBe(true);
      allowed.taken(write);
      expect(allowed.allows(write)).toBe(false);
    }
  });

  it('lets nothing else through: not another server, method, path, query or body, and not before its ids are known', () => {
    const changed = fc
      .tuple(fc.constantFrom(...writes), fc.constantFrom(...(Object.keys(wrong) as (keyof Leaving)[])), fc.nat(4))
      .map(([write, key, at]) => ({ ...write, [key]: wrong[key][at % wrong[key].length] }));
    const same = (a: Leaving, b: Leaving) =>
      (Object.keys(wrong) as (keyof Leaving)[]).every((key) => (a[key] ?? '') === (b[key] ?? ''));
    fc.assert(
      fc.property(changed, (write) => {
        fc.pre(!writes.some((one) => same(one, write)));
        expect(prepared().allows(write)).toBe(false);
      }),
      { numRuns: 500 },
    );
    expect(footprint(steps, new Ids(), new Map(), {}).allows(writes[1] as Leaving)).toBe(false);
  });

  it('stops the run at a request that is in no plan: nothing of it is sent, and nothing independent begins after it', async () => {
    const step = (id: string, needs: readonly string[]): Step => ({
      ...{ id, needs, change: team, server: 'control-plane', method: 'PATCH', path: `/teams/${id}` },
    });
    const planned = [step('s1', []), step('s2', ['s1']), step('s3', ['s1']), step('s4', ['s3'])];
    const asked: string[] = [];
    const made = {
      scoped: { all: new Map(), desired: new Map() } as never,
      state: { organization: undefined, principals: new Map() } as never,
    };
    const options = { kindNamed, kinds: allKinds, cwd: '.', target: {} };
    const { client } = connect(({ path }) => ({ json: asked.push(path) }));
    const run = startRun(made, { steps: planned, changes: [] } as unknown as Plan, client, options);
    const sent = planned.map((one) => (one.id === 's2' ? { ...one, path: '/teams/of-others' } : one));
    const outcomes = await execute(sent, run);
    expect(outcomes.map(({ status }) => status)).toEqual(['applied', 'failed', 'applied', 'skipped']);
    expect(outcomes[1]?.error).toContain('it is no step of the plan');
    expect(asked).toEqual(['/teams/s1', '/teams/s3']);
  });
});
