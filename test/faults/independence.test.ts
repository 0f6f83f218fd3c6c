import { describe, expect, it } from 'vitest';
import type { World } from '../../src/emulator/index.ts';
import { stage } from '../support/run.ts';
import { adminKey } from '../support/world.ts';

const world: World = {
  organizations: [
    {
      name: 'acme',
      service_accounts: [{ name: 'ci', keys: [{ name: 'main', value: adminKey }] }],
      grants: [{ role: 'Organization Admin', service_account: 'ci' }],
    },
  ],
};
const files = {
  'a.yaml': `
organization: { name: acme }
service_accounts: { ci: { roles: [Organization Admin] }, bot: { roles: [Organization Member] } }
teams: { bad: { service_accounts: [bot] }, good: { service_accounts: [bot] } }
`,
};

describe('an apply in which one step fails', () => {
  it('skips what needs it, does everything else, says what the server said, and does not call that verified', async () => {
    const on = stage(world);
    on.emulator.addFault({
      match: { method: 'POST', path: '/teams' },
      nth: 1,
      when: 'before',
      do: { status: 422, body: { detail: ['ValueError', 'no such luck'] } },
    });
    const result = await on.apply(files);
    const failed = result.outcomes.filter(({ status }) => status === 'failed');
    expect(failed).toHaveLength(1);
    expect(failed[0]?.error).toContain('no such luck');
    const name = String(failed[0]?.address).replace('team/', '');
    const status = Object.fromEntries(result.outcomes.map((outcome) => [outcome.address, outcome.status]));
    const other = name === 'bad' ? 'good' : 'bad';
    expect(status).toMatchObject({
      [`team/${name}/service_account/bot`]: 'skipped',
      [`team/${other}`]: 'applied',
      [`team/${other}/service_account/bot`]: 'applied',
      'service_account/bot': 'applied',
    });
    expect(result.verified).toBe(false);
    expect(result.rest.map(({ address }) => address).sort()).toEqual([`team/${name}`, `team/${name}/service_account/bot`]);
    expect((await on.apply(files)).verified).toBe(true);
  });

  it('finds out when the server says yes and does nothing', async () => {
    const on = stage(world, { 'patch-null': 'ignore' });
    await on.apply({ 'a.yaml': 'organization: { name: acme, description: Old }\n' });
    const result = await on.apply({ 'a.yaml': 'organization: { name: acme, description: null }\n' });
    expect(result.verified).toBe(false);
    expect(result.diagnostics.map(({ code }) => code)).toContain('ownership-by-server');
  });
});
