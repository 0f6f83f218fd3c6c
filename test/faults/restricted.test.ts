import { describe, expect, it } from 'vitest';
import type { World, WorldGrant } from '../../src/emulator/index.ts';
import { stage } from '../support/run.ts';
import { adminKey, restrictedKey } from '../support/world.ts';

/** An organization, and somebody in it who does not see and may not do everything. */
function world(grants: readonly WorldGrant[]): World {
  return {
    accounts: [{ email: 'ada@acme.io' }, { email: 'grace@acme.io' }],
    organizations: [
      {
        name: 'acme',
        service_accounts: [
          { name: 'ci', keys: [{ name: 'main', value: adminKey }] },
          { name: 'limited', keys: [{ name: 'main', value: restrictedKey }] },
        ],
        invitations: [{ email: 'new@acme.io', role: 'Organization Member' }],
        teams: [
          { name: 'ml', description: 'Owns it', members: [{ account: 'ada@acme.io' }] },
          { name: 'ops', description: 'Runs it' },
        ],
        workspaces: [
          { name: 'prod', projects: [{ name: 'churn' }, { name: 'fraud' }] },
          { name: 'lab', projects: [{ name: 'sandbox' }] },
        ],
        grants: [
          { role: 'Organization Admin', service_account: 'ci' },
          { role: 'Organization Admin', account: 'grace@acme.io' },
          { role: 'Organization Member', account: 'ada@acme.io' },
          { role: 'Workspace Developer', team: 'ml', workspace: 'prod' },
          { role: 'Workspace Viewer', team: 'ops', workspace: 'prod' },
          { role: 'Workspace Viewer', team: 'ops', workspace: 'lab' },
          { role: 'Project Viewer', account: 'ada@acme.io', workspace: 'prod', project: 'churn' },
          ...grants,
        ],
      },
    ],
  };
}

const same = `
organization: { name: acme }
members: { ada@acme.io: { roles: [Organization Member] }, grace@acme.io: { roles: [Organization Admin] }, new@acme.io: {} }
service_accounts: { ci: { roles: [Organization Admin] } }
teams: { ml: { description: Owns it, members: [ada@acme.io] }, ops: { description: Runs it } }
workspaces:
  prod:
    access: { Workspace Developer: { teams: [ml] }, Workspace Viewer: { teams: [ops] } }
    projects: { churn: { description: "", access: { Project Viewer: { members: [ada@acme.io] } } }, fraud: {} }
  lab:
    access: { Workspace Viewer: { teams: [ops] } }
    projects: { sandbox: {} }
`;
/** What would be changed by somebody who may do everything: something of every sort, in every place. */
const other = `
organization: { name: acme }
members: { ada@acme.io: { roles: [Organization Member] }, grace@acme.io: { roles: [Organization Admin] } }
service_accounts: { ci: { roles: [Organization Admin] } }
teams: { ml: { description: Owns more, members: [] }, ops: { description: Runs it }, data: {} }
workspaces:
  prod:
    access: { Workspace Developer: { teams: [ml] } }
    projects: { churn: { description: Who leaves, access: { Project Developer: { members: [ada@acme.io] } } }, new: {} }
  lab:
    access: {}
    projects: { sandbox: { description: Play } }
`;

const churn = { service_account: 'limited', workspace: 'prod', project: 'churn' } as const;

/** Who asks, what they may remove, and what an apply of theirs changes. */
const callers: readonly {
  readonly who: string;
  readonly grants: readonly WorldGrant[];
  readonly removes: RegExp;
  readonly changes: readonly string[];
}[] = [
  {
    who: 'an Organization Viewer',
    grants: [{ role: 'Organization Viewer', service_account: 'limited' }],
    removes: /^$/,
    changes: [],
  },
  {
    who: 'an Organization Manager',
    grants: [{ role: 'Organization Manager', service_account: 'limited' }],
    removes: /^$/,
    changes: ['create team/data', 'update team/ml'],
  },
  {
    who: 'a Workspace Admin of one workspace',
    grants: [
      { role: 'Organization Member', service_account: 'limited' },
      { role: 'Workspace Admin', service_account: 'limited', workspace: 'prod' },
    ],
    removes: /^workspace\/prod\//,
    changes: [
      'create workspace/prod/project/churn/grant/Project Developer/member/ada@acme.io',
      'create workspace/prod/project/new',
      'delete workspace/prod/grant/Workspace Viewer/team/ops',
      'delete workspace/prod/project/churn/grant/Project Viewer/member/ada@acme.io',
      'update workspace/prod/project/churn',
    ],
  },
  {
    who: 'a Project Admin',
    grants: [
      { role: 'Organization Member', service_account: 'limited' },
      { role: 'Project Admin', ...churn },
    ],
    removes: /^workspace\/prod\/project\/churn\//,
    changes: [
      'create workspace/prod/project/churn/grant/Project Developer/member/ada@acme.io',
      'delete workspace/prod/project/churn/grant/Project Viewer/member/ada@acme.io',
      'update workspace/prod/project/churn',
    ],
  },
  { who: 'a token without rights in the organization', grants: [], removes: /^$/, changes: [] },
];

const label = ({ action, address }: { readonly action: string; readonly address: string }) => `${action} ${address}`;

describe.each(callers.flatMap((one) => ['on', 'off'].map((hide) => [one.who, hide, one] as const)))(
  '%s, where lists hide: %s',
  (_who, hide, { grants, removes, changes }) => {
    const seat = () => stage(world(grants), { 'hide-unreadable': hide }, { key: restrictedKey });

    it('finds nothing to do where nothing differs, and says what it did not see', async () => {
      const on = seat();
      const { plan } = await on.plan({ 'a.yaml': same });
      expect(plan?.changes.map(label)).toEqual([]);
      expect(plan?.notChecked.length).toBeGreaterThan(0);
      expect((await on.apply({ 'a.yaml': same })).verified).toBe(true);
      expect(on.writes()).toEqual([]);
    });

    it('never makes again what it does not see, and removes only where it is admin', async () => {
      const full = await stage(world(grants)).plan({ 'a.yaml': other });
      const possible = new Set(full.plan?.changes.map(label));
      const { plan } = await seat().plan({ 'a.yaml': other });
      expect(plan?.changes.map(label).filter((one) => !possible.has(one))).toEqual([]);
      expect(plan?.changes.filter(({ action, address }) => action === 'delete' && !removes.test(address))).toEqual([]);
    });

    it('is refused at plan time what it may not do, by the right that is missing', async () => {
      const on = seat();
      const { plan, diagnostics, verdict } = await on.plan({ 'a.yaml': other }, { accept: [] });
      const refused = diagnostics.filter(({ code }) => code === 'right-missing');
      expect(on.writes()).toEqual([]);
      if (verdict === 'refused')
        for (const { summary } of refused) expect(summary).toMatch(/limited may not do that; it needs Organ/);
      else expect(plan?.changes.map(label).sort()).toEqual([...changes]);
    });

    it('gets done what it may, and the rest fails with the missing right in words', async () => {
      const on = seat();
      const { outcomes, diagnostics } = await on.apply({ 'a.yaml': other });
      const done = outcomes.filter(({ status }) => status === 'applied').map(({ address }) => address);
      expect([...new Set(done)].sort()).toEqual(changes.map((one) => one.split(/ (.*)/)[1]).sort());
      const failed = outcomes.filter(({ status }) => status === 'failed');
      expect(failed.map(({ code }) => code).filter((code) => code !== 'right-missing')).toEqual([]);
      if (failed.length > 0)
        expect(diagnostics.find(({ code, severity }) => code === 'right-missing' && severity === 'error')?.summary).toContain(
          'may not be done by service_account/limited',
        );
    });
  },
);

it('a workspace that cannot be read is not checked when somebody leaves, who may hold something in its projects', async () => {
  const on = stage(world([]), { 'workspace-quirk': 'unknown-status' });
  const { plan } = await on.plan({ 'a.yaml': 'organization: { name: acme }\nmembers: { ada@acme.io: { absent: true } }' });
  expect(plan?.notChecked.map(({ address }) => address)).toEqual(['workspace/lab/project/*', 'workspace/prod/project/*']);
});
