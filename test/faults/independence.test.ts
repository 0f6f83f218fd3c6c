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

describe('one request that goes wrong', () => {
  const team = { 'a.yaml': 'organization: { name: acme }\nteams: { ml: { description: Owns it } }\n' };

  it.each(['before', 'after'] as const)(
    'and is lost %s it was done is settled by reading again, within the same run',
    async (when) => {
      const on = stage(world);
      on.emulator.addFault({ match: { method: 'POST', path: '/teams' }, nth: 1, when, do: 'drop' });
      const result = await on.apply(team);
      expect({ verified: result.verified, outcomes: result.outcomes.map(({ status }) => status) }).toEqual({
        verified: true,
        outcomes: ['applied'],
      });
      expect(on.emulator.world().organizations?.[0]?.teams?.map(({ name }) => name)).toEqual(['ml']);
      expect(on.writes().filter(({ path }) => path === '/teams')).toHaveLength(when === 'before' ? 2 : 1);
    },
  );

  it('and says that a grant is gone already has done what was wanted', async () => {
    const on = stage({
      organizations: [
        {
          ...world.organizations?.[0],
          name: 'acme',
          teams: [{ name: 'ml' }],
          grants: [
            { role: 'Organization Admin', service_account: 'ci' },
            { role: 'Organization Viewer', team: 'ml' },
          ],
        },
      ],
    });
    const gone = { status: 404, body: { detail: ['KeyError', 'not assigned'] } };
    on.emulator.addFault({ match: { method: 'DELETE', path: '/roles/*/assignments' }, nth: 1, when: 'after', do: gone });
    const result = await on.apply({ 'a.yaml': 'organization: { name: acme }\nteams: { ml: { roles: [] } }\n' });
    expect({ verified: result.verified, outcomes: result.outcomes.map(({ status }) => status) }).toEqual({
      verified: true,
      outcomes: ['applied'],
    });
  });

  it('and would be null to a project is sent as what clears the field there', async () => {
    const on = stage({
      organizations: [
        {
          ...world.organizations?.[0],
          name: 'acme',
          workspaces: [{ name: 'prod', projects: [{ name: 'churn', description: 'Old', project_metadata: { owner: 'risk' } }] }],
        },
      ],
    });
    const projects = 'projects: { churn: { description: null, project_metadata: null } }';
    const result = await on.apply({ 'a.yaml': `organization: { name: acme }\nworkspaces: { prod: { ${projects} } }\n` });
    expect(result.plan?.steps.map(({ body }) => body)).toEqual([{ description: '', project_metadata: {} }]);
    expect(result.verified).toBe(true);
  });
});

describe('a name that need not be unique', () => {
  const team = { 'a.yaml': 'organization: { name: acme }\nteams: { ml: {} }\n' };
  const lost = (nth: number) => ({ match: { method: 'POST', path: '/teams' }, nth, when: 'after', do: 'drop' }) as const;
  const teamsOn = (on: ReturnType<typeof stage>) => [...on.emulator.state().teams.values()].filter(({ name }) => name === 'ml');

  it('is looked for before it is created again', async () => {
    const on = stage(world, { 'team-name-unique': 'off' });
    on.emulator.addFault(lost(1));
    const { verified } = await on.apply(team);
    expect([verified, teamsOn(on).length]).toEqual([true, 1]);
  });

  it('ends in a failed step with the candidates, where nobody can tell which one it is', async () => {
    const on = stage(world, { 'team-name-unique': 'off' });
    on.emulator.addFault(lost(2));
    // Somebody else makes one of the same name at the same moment.
    const stop = on.emulator.onRequest(async (_index, { method, url, headers, body }, emulator) => {
      if (method !== 'POST' || !url.endsWith('/teams')) return;
      stop();
      await emulator.handle({ method, url: `${url}?`, headers, ...(body === undefined ? {} : { body }) });
    });
    const { outcomes } = await on.apply(team);
    const ids = teamsOn(on).map(({ id }) => id);
    expect(ids).toHaveLength(2);
    expect(outcomes.map(({ status }) => status)).toEqual(['failed']);
    for (const id of ids) expect(outcomes[0]?.error).toContain(id);
  });
});
