import type { Code } from '../core/diagnostic.ts';
import { type Example, type Page, text, zenform } from './page.ts';

const teams = Array.from({ length: 10 }, (_, index) => `t${index}`);
const world = text`
  accounts: [{ email: ada@acme.io }, { email: grace@acme.io }]
  organizations:
  - name: acme
    service_accounts: [{ name: admin, keys: [{ name: main }] }]
    workspaces: [{ name: prod, projects: [{ name: churn, statistics: { pipelines: 4, runs: 1200 } }] }]
    grants:
    - { role: Organization Admin, service_account: admin }
    - { role: Organization Admin, account: ada@acme.io }
    - { role: Organization Admin, account: grace@acme.io }
`;
const many = text`
  organizations:
  - name: acme
    service_accounts: [{ name: admin, keys: [{ name: main }] }]
    teams: [${teams.map((name) => `{ name: ${name} }`).join(', ')}]
    grants: [{ role: Organization Admin, service_account: admin }]
`;
/** All teams, the first of them to go. */
const all = (going: number) =>
  `teams: { ${teams.map((name, at) => `${name}: {${at < going ? ' absent: true ' : ''}}`).join(', ')} }\n`;
const swapped = text`
  accounts: [{ email: ada@acme.io }, { email: grace@acme.io }]
  organizations:
  - name: acme
    service_accounts: [{ name: admin, keys: [{ name: main }] }]
    teams: [{ name: a, members: [{ account: ada@acme.io }] }, { name: b, members: [{ account: grace@acme.io }] }]
    workspaces: [{ name: prod }, { name: dev }]
    grants:
    - { role: Organization Admin, service_account: admin }
    - { role: Organization Member, account: ada@acme.io }
    - { role: Organization Member, account: grace@acme.io }
    - { role: Workspace Admin, team: a, workspace: prod }
    - { role: Workspace Admin, team: b, workspace: dev }
`;
const viewer = text`
  organizations:
  - name: acme
    service_accounts:
    - { name: admin, keys: [{ name: main, value: ZENPROKEY_admin }] }
    - { name: viewer, keys: [{ name: main, value: ZENPROKEY_viewer }] }
    teams: [{ name: ml }]
    grants:
    - { role: Organization Admin, service_account: admin }
    - { role: Organization Viewer, service_account: viewer }
`;
const people = text`
  members:
    ada@acme.io: { roles: [Organization Admin] }
    grace@acme.io: { roles: [Organization Admin] }
`;
const plan = (rest: string, seed = world): Example => ({ files: zenform(rest), world: seed, run: 'zenform plan' });
const swap = text`
  members: { ada@acme.io: {}, grace@acme.io: {} }
  teams: { a: { members: [grace@acme.io] }, b: { members: [ada@acme.io] } }
  workspaces:
    prod: { access: { Workspace Admin: { teams: [b] } } }
    dev: { access: { Workspace Admin: { teams: [a] } } }
`;
const key = (sink: string) => ({
  files: {
    'zenform.yaml': `organization: { name: acme }\nservice_accounts: { admin: { roles: [Organization Admin], keys: { ci: { to: ${sink} } } } }\n`,
  },
});

/** What is refused until somebody says that it is meant. */
export const guardPages = {
  protected: {
    more: '`protected: true` forbids deleting, whatever else is said, also when the block is gone and the base still has it. No flag helps: unprotect it in a change of its own, which somebody reviews.',
    bad: plan(`${people}workspaces: { prod: { protected: true, absent: { destroy: prod } } }\n`),
    good: plan(`${people}workspaces: { prod: { protected: true } }\n`),
  },
  'destroy-needs-word': {
    more: 'Workspaces, projects, service accounts and their keys take data or access with them that nothing brings back. The second word is `absent: { destroy: NAME }` in the reviewed file, or `--allow-destroy ADDRESS`.',
    bad: plan(`${people}workspaces: { prod: { projects: { churn: { absent: true } } } }\n`),
    good: plan(`${people}workspaces: { prod: { projects: { churn: { absent: { destroy: churn } } } } }\n`),
  },
  'mass-change': {
    more: 'An emptied folder, a wrong branch or a wrong organization looks like this. If so much is meant, accept it in the files with the reason, or with `--accept mass-change:KIND`.',
    bad: plan(all(5), many),
    good: plan(all(3), many),
  },
  'lock-out': {
    more: 'Two Organization Admins who can log in have to be left at every point of a run (or as many as there are, if that is one), and whoever runs zenform keeps what the rest of the run needs.',
    bad: plan('members: { ada@acme.io: { roles: [Organization Admin] }, grace@acme.io: { roles: [Organization Member] } }\n'),
    good: plan(`${people.trimEnd()}\n  alan@acme.io: { roles: [Organization Member] }\n`),
  },
  'allowed-domains': {
    more: '`allowed_domains` of the organization lists the only e-mail domains of people who may be invited or given anything. Add the domain, correct the address, or accept the one exception.',
    bad: {
      files: {
        'zenform.yaml':
          'organization: { name: acme, allowed_domains: [acme.io] }\nservice_accounts: { admin: { roles: [Organization Admin] } }\nmembers: { eve@example.com: {} }\n',
      },
      run: 'zenform plan',
    },
    good: {
      files: {
        'zenform.yaml':
          'organization: { name: acme, allowed_domains: [acme.io] }\nservice_accounts: { admin: { roles: [Organization Admin] } }\nmembers: { eve@acme.io: {} }\n',
      },
      run: 'zenform plan',
    },
  },
  'unsafe-order': {
    more: 'At every point of a run, everybody shall hold only what they hold before or after it, and lose nothing that they keep. Here no order of the steps does that. Make the change in two runs, or accept the moment.',
    bad: plan(swap, swapped),
    good: plan(
      text`
        members: { ada@acme.io: {}, grace@acme.io: {} }
        teams: { a: { members: [grace@acme.io] }, b: { members: [ada@acme.io] } }
      `,
      swapped,
    ),
  },
  'exec-not-allowed': {
    more: 'A pull request can write any command into the files, so commands get secrets only where whoever runs zenform says `--allow-exec`.',
    bad: { ...key('{ exec: [cat] }'), run: 'zenform plan' },
    good: { ...key('{ exec: [cat] }'), run: 'zenform plan --allow-exec' },
  },
  'right-missing': {
    more: 'Whoever runs this lacks a right that the plan needs, as far as the roles tell; or the server said so during the run. Run as an Organization Admin, give the missing role, or leave that part out with `--skip`. Where the server lets it all the same, accept it.',
    bad: {
      files: { 'zenform.yaml': 'organization: { name: acme }\nteams: { ml: { description: Owns it } }\n' },
      world: viewer,
      env: { ZENFORM_API_KEY: 'ZENPROKEY_viewer' },
      run: 'zenform plan --skip organization/**',
    },
    good: {
      files: zenform('teams: { ml: { description: Owns it } }\n'),
      world: viewer,
      env: { ZENFORM_API_KEY: 'ZENPROKEY_admin' },
      run: 'zenform plan',
    },
  },
  'accept-not-needed': {
    more: 'An entry of `accept:` that lets nothing through today lets something through another day. Remove it once its change is done.',
    bad: plan('accept: [{ guard: mass-change, address: team, reason: Cleaning up }]\nteams: { t1: {} }\n', many),
    good: plan('teams: { t1: {} }\n', many),
  },
} satisfies Partial<Record<Code, Page>>;
