import type { World } from '../src/emulator/index.ts';

/** The key of the one who runs the measured program. */
export const key = 'ZENPROKEY_bench';
const count = (n: number) => [...Array(n).keys()];

/** An organization with so many people, a team for every 10 of them, a workspace for every 100 with 10 projects each. */
export function worldOf(people: number): World {
  const teams = Math.ceil(people / 10);
  const workspaces = Math.ceil(people / 100);
  return {
    accounts: count(people).map((n) => ({ email: `person${n}@acme.io`, name: `Person ${n}` })),
    organizations: [
      {
        name: 'acme',
        service_accounts: [{ name: 'ci', keys: [{ name: 'main', value: key }] }],
        teams: count(teams).map((t) => ({
          name: `team-${t}`,
          description: `Team ${t}`,
          members: count(10).map((n) => ({ account: `person${(t * 10 + n) % people}@acme.io` })),
        })),
        workspaces: count(workspaces).map((w) => ({
          name: `ws-${w}`,
          display_name: `Workspace ${w}`,
          projects: count(10).map((p) => ({ name: `project-${p}`, description: `Project ${p}` })),
        })),
        grants: [
          { role: 'Organization Admin', service_account: 'ci' },
          ...count(people).map((n) => ({ role: 'Organization Member', account: `person${n}@acme.io` })),
          ...count(teams).map((t) => ({ role: 'Workspace Developer', team: `team-${t}`, workspace: `ws-${t % workspaces}` })),
          ...count(people).map((n) => ({
            role: 'Project Viewer',
            account: `person${n}@acme.io`,
            workspace: `ws-${n % workspaces}`,
            project: `project-${n % 10}`,
          })),
        ],
      },
    ],
  } as World;
}
