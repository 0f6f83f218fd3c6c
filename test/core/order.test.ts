import { expect, it } from 'vitest';
import { stage } from '../support/run.ts';
import { adminKey } from '../support/world.ts';

it('a right is given through a team before the direct grant goes', async () => {
  const on = stage({
    accounts: [{ email: 'ada@acme.io', name: 'Ada' }],
    organizations: [
      {
        name: 'acme',
        service_accounts: [{ name: 'ci', keys: [{ name: 'main', value: adminKey }] }],
        teams: [{ name: 'ml' }],
        workspaces: [{ name: 'prod' }],
        grants: [
          { role: 'Organization Admin', service_account: 'ci' },
          { role: 'Organization Member', account: 'ada@acme.io' },
          { role: 'Workspace Viewer', account: 'ada@acme.io', workspace: 'prod' },
        ],
      },
    ],
  });
  const text =
    'teams: { ml: { members: [ada@acme.io] } }\nworkspaces: { prod: { access: { Workspace Viewer: { teams: [ml] } } } }\n';
  const { plan } = await on.plan({ 'a.yaml': `organization: { name: acme }\n${text}` });
  const step = (change: string) => plan?.steps.find((one) => one.change === change);
  const revoke = step('workspace/prod/grant/Workspace Viewer/member/ada@acme.io');
  const given = ['team/ml/member/ada@acme.io', 'workspace/prod/grant/Workspace Viewer/team/ml'].map((change) => step(change)?.id);
  expect(revoke?.method).toBe('DELETE');
  expect(revoke?.needs).toEqual([...given].sort());
});
