import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { expectSafe, watched } from '../support/history.ts';
import { nobodyLosesOnTheWay } from '../support/prefix.ts';
import { stage } from '../support/run.ts';
import { handedOver, often, scenarios } from '../support/scenario.ts';
import { adminKey } from '../support/world.ts';

describe('a person', () => {
  it('loses nothing on the way that they hold before and after', async () => {
    await fc.assert(fc.asyncProperty(scenarios, nobodyLosesOnTheWay), often(80));
  });

  it('loses nothing either when a team takes over from its members, or they from it', async () => {
    await fc.assert(fc.asyncProperty(handedOver, nobodyLosesOnTheWay), often(50));
  });
});

describe('twenty people who hold a role', () => {
  const people = Array.from({ length: 20 }, (_, index) => `person-${index}@acme.io`);
  const filesWith = (holders: object, members: readonly string[]) => ({
    'zenform.yaml': JSON.stringify({
      organization: { name: 'acme' },
      teams: { ml: { members } },
      workspaces: { prod: { access: { 'Workspace Developer': holders } } },
    }),
  });

  it('never are without it while it goes from them to their team, and back', async () => {
    const on = stage({
      accounts: people.map((email) => ({ email })),
      organizations: [
        {
          name: 'acme',
          service_accounts: [{ name: 'ci', keys: [{ name: 'main', value: adminKey }] }],
          teams: [{ name: 'ml' }],
          workspaces: [{ name: 'prod' }],
          grants: [
            { role: 'Organization Admin', service_account: 'ci' },
            ...people.map((account) => ({ role: 'Organization Member', account })),
            ...people.map((account) => ({ role: 'Workspace Developer', account, workspace: 'prod' })),
          ],
        },
      ],
    });
    for (const files of [filesWith({ teams: ['ml'] }, people), filesWith({ members: people }, [])]) {
      const history = watched(on.emulator);
      on.clear();
      const run = await on.apply(files);
      expect([run.verified, on.writes().length]).toEqual([true, 41]);
      expectSafe(history.moments, []);
      const rights = (after: number) =>
        [...(history.moments.at(after)?.held ?? [])].filter((one) => one.includes('Workspace Developer'));
      expect([rights(0).length, rights(-1).length]).toEqual([20, 20]);
      for (const { held } of history.moments)
        expect([...held].filter((one) => one.includes('Workspace Developer on')).length).toBe(20);
    }
  });
});
