import type { Code } from '../core/diagnostic.ts';
import { type Example, type Page, text, zenform } from './page.ts';

const world = (workspace: string) => text`
  organizations:
  - name: acme
    service_accounts: [{ name: admin, keys: [{ name: main }] }]
    workspaces: [${workspace}]
    grants: [{ role: Organization Admin, service_account: admin }]
`;
const readers = text`
  organizations:
  - name: acme
    service_accounts:
    - { name: admin, keys: [{ name: main, value: ZENPROKEY_admin }] }
    - { name: reader, keys: [{ name: main, value: ZENPROKEY_reader }] }
    workspaces: [{ name: prod }]
    grants:
    - { role: Organization Admin, service_account: admin }
    - { role: Organization Viewer, service_account: reader }
    - { role: Workspace Viewer, service_account: reader, workspace: prod }
`;
const team = zenform('teams: { ml: {} }\n');
const plan: Example = { files: team, run: 'zenform plan' };
const project = zenform('workspaces: { prod: { projects: { churn: {} } } }\n');
const described = zenform('workspaces: { prod: { description: Serves } }\n');

/** What the server, the way to it, the one who asks and the command line can be like. */
export const serverPages = {
  'not-checked': {
    more: 'What could not be read is neither compared nor changed: unreadable is not empty. The reason stands beside it. A drift job ends with 1 for it, unless `--allow-unchecked` names it.',
    bad: {
      files: project,
      world: world('{ name: prod, status: deactivated }'),
      run: 'zenform export --organization acme --out configs',
    },
    good: { files: project, world: world('{ name: prod }'), run: 'zenform export --organization acme --out configs' },
  },
  'as-far-as-visible': {
    more: 'Whether somebody holds what a complete list does not have can be told only by who sees everything. Run as an Organization Admin; until then, nothing is removed there.',
    bad: {
      files: { 'zenform.yaml': 'organization: { name: acme }\nworkspaces: { prod: { access: {} } }\n' },
      world: readers,
      env: { ZENFORM_API_KEY: 'ZENPROKEY_reader' },
      run: 'zenform export --organization acme',
    },
    good: { world: readers, env: { ZENFORM_API_KEY: 'ZENPROKEY_admin' }, run: 'zenform export --organization acme' },
  },
  'caller-kept': {
    more: 'A server makes whoever creates a workspace its admin. zenform does not take that from itself, because the rest of the run may need it. Write it in `access:`, or revoke it by hand.',
    bad: {
      files: zenform('workspaces: { prod: { access: {} } }\n'),
      world: world('{ name: prod }').replace(
        'grants: [',
        'grants: [{ role: Workspace Admin, service_account: admin, workspace: prod }, ',
      ),
      run: 'zenform plan',
    },
    good: {
      files: zenform('workspaces: { prod: { access: { Workspace Admin: { service_accounts: [admin] } } } }\n'),
      world: world('{ name: prod }').replace(
        'grants: [',
        'grants: [{ role: Workspace Admin, service_account: admin, workspace: prod }, ',
      ),
      run: 'zenform plan',
    },
  },
  'unmanaged-admin': {
    more: 'Whoever may do everything is never merely unmanaged, and always drift: declare them, or take the role away.',
    bad: { files: { 'zenform.yaml': 'organization: { name: acme }\n' }, run: 'zenform plan' },
    good: { files: zenform(''), run: 'zenform plan' },
  },
  'orphan-grant': {
    more: 'The server keeps a role assignment of something that it has deleted. It gives nobody anything and cannot be named in files; remove it in the dashboard, or leave it.',
    bad: {
      files: zenform('teams: { ml: {} }\n'),
      world: world('{ name: prod }').replace(
        'grants: [',
        'teams: [{ name: ml }]\n  grants: [{ role: Project Viewer, team: ml, workspace: prod, project: 00000000-0000-4000-8000-000000000009 }, ',
      ),
      run: 'zenform plan',
    },
    good: { files: zenform('workspaces: { prod: {} }\n'), world: world('{ name: prod }'), run: 'zenform plan' },
  },
  unreachable: {
    more: 'No answer came at all. `zenform doctor` tells which address was tried. Behind a proxy, HTTPS_PROXY and NO_PROXY say the way; a company’s certificate authority goes into `--ca-file`.',
    bad: { ...plan, troubles: [{ match: {}, do: 'drop' }] },
    good: plan,
  },
  unauthorized: {
    more: 'The server knows no such key or token, or it has expired or been switched off. Make a new one (Settings, Service Accounts) and put it into ZENFORM_API_KEY or a file that ZENFORM_API_KEY_FILE names; `zenml login` renews what it has stored.',
    bad: { ...plan, env: { ZENFORM_API_KEY: 'ZENPROKEY_wrong' } },
    good: plan,
  },
  'credentials-missing': {
    more: 'Looked for, in this order: ZENFORM_API_KEY, the file that ZENFORM_API_KEY_FILE names, and what `zenml login` has stored for this address. A key is never given on the command line.',
    bad: { ...plan, env: {} },
    good: plan,
  },
  'target-differs': {
    more: 'The server publishes a document about itself, and by that it would refuse a call of the plan. It is said before the first write instead of in the middle of a run.',
    bad: {
      ...plan,
      troubles: [
        {
          match: { method: 'GET', path: '/openapi.json' },
          do: {
            status: 200,
            body: { openapi: '3.1.0', info: { title: 'old', version: '1' }, paths: { '/organizations': { get: {} } } },
          },
        },
      ],
    },
    good: plan,
  },
  'plan-unusable': {
    more: 'A saved plan is the JSON that `plan --out FILE` writes, for one organization and one API. Anything else in its place is refused before a server is asked.',
    bad: { files: { ...team, 'reviewed.plan': '{}\n' }, run: 'zenform apply reviewed.plan' },
    good: { files: team, first: { run: ['zenform plan --out reviewed.plan'], edited: {} }, run: 'zenform apply reviewed.plan' },
  },
  'plan-stale': {
    more: 'Only what was reviewed is carried out. Since then, live or the files have moved, and the difference is named. Plan again and have that reviewed; `--partial` does what is still the same.',
    bad: {
      files: team,
      first: { run: ['zenform plan --out reviewed.plan'], edited: zenform('teams: { ml: { description: Owns it } }\n') },
      run: 'zenform apply reviewed.plan',
    },
    good: { files: team, first: { run: ['zenform plan --out reviewed.plan'], edited: {} }, run: 'zenform apply reviewed.plan' },
  },
  usage: {
    more: '`zenform COMMAND --help` shows the options of a command. An option that does not exist is never silently accepted.',
    bad: { files: team, run: 'zenform plan --ony team/ml' },
    good: { files: team, run: 'zenform plan --only team/ml' },
  },
  'api-error': {
    more: 'The server answered, and not with what was asked for; its own words follow method, path and status. Reads are repeated by themselves before that. If it stays so, it is for whoever runs the server.',
    bad: {
      ...plan,
      troubles: [{ match: { method: 'GET', path: '/organizations' }, do: { status: 400, body: { detail: 'no' } } }],
    },
    good: plan,
  },
  'limit-reached': {
    more: 'The subscription allows so many workspaces, projects or seats, and the server refuses one more. What came before it is done. Extend the subscription, or declare less, and run again to go on.',
    bad: {
      files: zenform('workspaces: { prod: {}, dev: {} }\n'),
      world: `switches: { entitlement.workspace: "1" }\n${world('{ name: prod }')}`,
      run: 'zenform apply --yes',
    },
    good: {
      files: zenform('workspaces: { prod: { description: Serves } }\n'),
      world: `switches: { entitlement.workspace: "1" }\n${world('{ name: prod }')}`,
      run: 'zenform apply --yes',
    },
  },
  'workspace-not-up': {
    more: 'A new workspace failed to start, or did not start in time, so what belongs into it could not be made. The dashboard shows why; run again to go on from there.',
    bad: {
      files: zenform('workspaces: { prod: {} }\n'),
      world: `switches: { provision-outcome: failed }\n${world('')}`,
      run: 'zenform apply --yes',
    },
    good: { files: zenform('workspaces: { prod: {} }\n'), world: world(''), run: 'zenform apply --yes' },
  },
  'ownership-by-server': {
    more: 'The server accepted a change and goes on showing the old value: the field is its own. Remove it from the files, or change it where the server lets it be changed.',
    bad: {
      files: described,
      world: world('{ name: prod }'),
      troubles: [{ match: { method: 'PATCH', path: '/workspaces/*' }, do: { status: 200, body: {} } }],
      run: 'zenform apply --yes',
    },
    good: { files: described, world: world('{ name: prod }'), run: 'zenform apply --yes' },
  },
  'enrollment-key': {
    more: 'The key with which a server of your own joins is in the answer that creates the workspace and nowhere else. Say where it goes, and it is put there without being shown.',
    bad: { files: zenform('workspaces: { own: { enroll: true } }\n'), run: 'zenform plan' },
    good: {
      files: zenform('workspaces: { own: { enroll: true, enrollment_key: { to: { file: own.key } } } }\n'),
      run: 'zenform plan',
    },
  },
  'key-expired': {
    more: 'A key past its end stays dead, because the API cannot prolong it. Declare one of another name and remove this one; `rotate_after` gives a key a new value before that.',
    bad: {
      files: {
        'zenform.yaml':
          'organization: { name: acme }\nservice_accounts: { admin: { roles: [Organization Admin], keys: { old: { rotate_after: 90d, to: { file: old.key } } } } }\n',
      },
      world: world('').replace(
        'keys: [{ name: main }]',
        "keys: [{ name: main }, { name: old, created: '2026-11-20T00:00:00', expires_at: '2026-11-22T00:00:00' }]",
      ),
      run: 'zenform plan --now 2026-11-23',
    },
    good: {
      files: {
        'zenform.yaml':
          'organization: { name: acme }\nservice_accounts: { admin: { roles: [Organization Admin], keys: { new: { to: { file: new.key } } } } }\n',
      },
      run: 'zenform plan --now 2026-11-23',
    },
  },
} satisfies Partial<Record<Code, Page>>;
