import type { Code } from '../core/diagnostic.ts';
import { type Example, type Page, text, zenform } from './page.ts';

const plan = (files: string, world?: string): Example => ({
  files: zenform(files),
  ...(world === undefined ? {} : { world }),
  run: 'zenform plan',
});
const acmeWith = (rest: string) => text`
  organizations:
  - name: acme
    service_accounts: [{ name: admin, keys: [{ name: main }] }]
    ${rest}
    grants: [{ role: Organization Admin, service_account: admin }]
`;
const runner = (roles: string) => ({
  'zenform.yaml': text`
    organization: { name: acme }
    service_accounts: { runner: { ${roles} } }
    workspaces: { prod: { access: { Workspace Viewer: { service_accounts: [runner] } } } }
  `,
});
const removed = zenform('teams: { ml: {} }\n');

const someTeam = text`
  organizations:
  - name: acme
    service_accounts: [{ name: admin, keys: [{ name: main }] }]
    teams: [{ name: ml, description: Owns it }]
    grants: [{ role: Organization Admin, service_account: admin }]
`;

/** What files can mean that does not go together, by itself or with what is live. */
export const meaningPages = {
  'role-unknown': {
    more: 'Without a network only the predefined roles are known, so `validate` warns; a plan asks the organization, and then it is an error that lists the roles there are.',
    bad: plan('members: { ada@acme.io: { roles: [Organization Admn] } }\n'),
    good: plan('members: { ada@acme.io: { roles: [Organization Manager] } }\n'),
  },
  'role-level': {
    more: 'Roles belong to a level: those of the organization go under `roles:` of a person, team or service account, those of a workspace under `access:` of the workspace, those of a project under `access:` of the project.',
    bad: { ...plan('teams: { ml: { roles: [Workspace Admin] } }\n'), run: 'zenform validate' },
    good: {
      ...plan('teams: { ml: {} }\nworkspaces: { prod: { access: { Workspace Admin: { teams: [ml] } } } }\n'),
      run: 'zenform validate',
    },
  },
  'role-ambiguous': {
    more: 'Names of roles are compared without regard to case where none is spelled exactly so. Where several fit, write the one that is meant as the server spells it.',
    bad: plan(
      'workspaces: { prod: { access: { publisher: { service_accounts: [admin] } } } }\n',
      acmeWith('roles: [{ name: Publisher, level: workspace }, { name: PUBLISHER, level: workspace }]'),
    ),
    good: plan(
      'workspaces: { prod: { access: { Publisher: { service_accounts: [admin] } } } }\n',
      acmeWith('roles: [{ name: Publisher, level: workspace }, { name: PUBLISHER, level: workspace }]'),
    ),
  },
  'reference-unknown': {
    more: 'Without a network, what is not in the files may still be live, so `validate` warns only of names that are close to a declared one. A plan looks it up: if it is not there either, that is `reference-missing`.',
    bad: {
      ...plan('members: { ada@acme.io: {} }\nteams: { ml: { members: [adda@acme.io] } }\n'),
      run: 'zenform validate',
    },
    good: { ...plan('members: { ada@acme.io: {} }\nteams: { ml: { members: [ada@acme.io] } }\n'), run: 'zenform validate' },
  },
  'reference-missing': {
    more: 'Something is to be created that needs a person, a team or a service account that does not exist and is not to be created. Declare it, or correct its name.',
    bad: plan('teams: { ml: { members: [ada@acme.io] } }\n'),
    good: plan('members: { ada@acme.io: {} }\nteams: { ml: { members: [ada@acme.io] } }\n'),
  },
  'reference-absent': {
    more: 'The files ask for two things that exclude each other: something is to go, and something else is to hold it or be in it. Remove the entry, or keep what it needs.',
    bad: plan(
      'teams: { ml: { absent: true } }\nworkspaces: { prod: { access: { Workspace Viewer: { teams: [ml] } } } }\n',
      acmeWith('teams: [{ name: ml }]\n    workspaces: [{ name: prod }]'),
    ),
    good: plan(
      'teams: { ml: { absent: true } }\nworkspaces: { prod: { access: {} } }\n',
      acmeWith('teams: [{ name: ml }]\n    workspaces: [{ name: prod }]'),
    ),
  },
  'member-without-role': {
    more: 'Only a member of the organization can hold roles of workspaces and projects, or sit in teams. A person who is declared under `members` becomes one; a service account needs a role of its own, at least Organization Member.',
    bad: { files: runner('roles: []'), run: 'zenform validate' },
    good: { files: runner('roles: [Organization Member]'), run: 'zenform validate' },
  },
  'organization-missing': {
    more: 'An organization is adopted by its name and never created by accident. Write the name of one that the key can see, or `create: true` for a new one.',
    bad: { files: { 'zenform.yaml': 'organization: { name: acmee }\n' }, run: 'zenform plan' },
    good: plan(''),
  },
  'organization-mismatch': {
    more: 'Files, `--organization`, `id:` and `api:` are pins that have to agree: together they keep the files of one organization from being applied to another one.',
    bad: { ...plan(''), env: { ZENFORM_ORGANIZATION: 'other' } },
    good: { ...plan(''), env: { ZENFORM_ORGANIZATION: 'acme' } },
  },
  'name-duplicate-live': {
    more: 'Some servers allow two things of one name. zenform goes by names, and does not guess which one is meant: rename or delete one by hand. Both ids are told.',
    bad: plan('teams: { ml: {} }\n', `switches: { team-name-unique: off }\n${acmeWith('teams: [{ name: ml }, { name: ml }]')}`),
    good: plan('teams: { ml: {} }\n', acmeWith('teams: [{ name: ml }, { name: ml-2 }]')),
  },
  'rename-both-live': {
    more: 'A rename is written as `previously: [old]`. When both names are live, the old one cannot become the new one, and deleting either is not for zenform to decide.',
    bad: plan('teams: { data: { previously: [ds] } }\n', acmeWith('teams: [{ name: ds }, { name: data }]')),
    good: plan('teams: { data: { previously: [ds] } }\n', acmeWith('teams: [{ name: ds }]')),
  },
  'immutable-field': {
    more: 'Nothing is ever replaced, because replacing deletes data. A field that cannot change is written as it is live; what shall differ is a new thing of another name.',
    bad: plan('workspaces: { prod: { version: 0.90.0 } }\n', acmeWith('workspaces: [{ name: prod, version: 0.98.0 }]')),
    good: plan('workspaces: { prod: { version: 0.98.0 } }\n', acmeWith('workspaces: [{ name: prod, version: 0.98.0 }]')),
  },
  'field-not-clearable': {
    more: 'A field that the base declared and the files no longer do is cleared, where there is an empty value for it. This one has none: it stays as it is live, and is not managed from now on.',
    bad: {
      files: zenform('workspaces: { prod: { } }\n'),
      committed: zenform('workspaces: { prod: { version: 0.98.0 } }\n'),
      world: acmeWith('workspaces: [{ name: prod, version: 0.98.0 }]'),
      run: 'zenform plan --base HEAD',
    },
    good: {
      files: zenform('workspaces: { prod: { } }\n'),
      committed: zenform('workspaces: { prod: { description: Serves } }\n'),
      world: acmeWith('workspaces: [{ name: prod, description: Serves }]'),
      run: 'zenform plan --base HEAD',
    },
  },
  'field-not-supported': {
    more: 'The server is older or otherwise than zenform expects, and shows nothing of this field; it is left out, so that a plan does not ask for it again and again.',
    bad: plan(
      'workspaces: { prod: { projects: { churn: { project_metadata: { owner: ml } } } } }\n',
      `switches: { project-metadata: off }\n${acmeWith('workspaces: [{ name: prod, projects: [{ name: churn }] }]')}`,
    ),
    good: plan(
      'workspaces: { prod: { projects: { churn: { project_metadata: { owner: ml } } } } }\n',
      acmeWith('workspaces: [{ name: prod, projects: [{ name: churn }] }]'),
    ),
  },
  'custom-roles-unsupported': {
    more: 'The API of custom roles is not documented, so their definition is sent only to a server whose own document declares it. A role that was made in the dashboard can be granted all the same.',
    bad: plan('roles: { Release Manager: { level: project } }\n', `switches: { openapi: none }\n${acmeWith('teams: []')}`),
    good: plan(
      'workspaces: { prod: { projects: { churn: { access: { Release Manager: { service_accounts: [admin] } } } } } }\n',
      acmeWith(
        'roles: [{ name: Release Manager, level: project }]\n    workspaces: [{ name: prod, projects: [{ name: churn }] }]',
      ),
    ),
  },
  'removals-not-seen': {
    more: 'There is no state file: what the files declared before is known from git. With `--base REV`, what that revision declared and the files no longer do is removed, down to each grant and field.',
    bad: { files: removed, run: 'zenform plan' },
    good: { files: removed, committed: removed, run: 'zenform plan --base HEAD' },
  },
  'invitation-lapsed': {
    more: 'Somebody who was declared before and is gone has declined, or the invitation has run out, or somebody took it back. A second e-mail goes out only where that is said: `--reinvite EMAIL`. Otherwise remove the person from the files.',
    bad: {
      files: zenform('members: { ada@acme.io: {} }\n'),
      committed: zenform('members: { ada@acme.io: {} }\n'),
      run: 'zenform plan --base HEAD',
    },
    good: {
      files: zenform('members: { ada@acme.io: {} }\n'),
      committed: zenform('members: { ada@acme.io: {} }\n'),
      run: 'zenform plan --base HEAD --reinvite ada@acme.io',
    },
  },
  'base-unreadable': {
    more: 'The revision of `--base` has to be in this clone, and its files have to be readable as they are now. In CI, a shallow clone lacks it: fetch the ref, or the whole history.',
    bad: { files: removed, committed: removed, run: 'zenform plan --base v1.0' },
    good: { files: removed, committed: removed, run: 'zenform plan --base HEAD' },
  },
  'base-not-moved': {
    more: '`--mark-base` makes a ref say what is live, so it moves only to a commit that holds the files as they are, after a verified apply of all of them, and never over what this apply has not looked at.',
    bad: {
      files: zenform('teams: { ml: { description: Owns it } }\n'),
      committed: removed,
      run: 'zenform apply --yes --mark-base refs/zenform/acme',
    },
    good: { files: removed, committed: removed, run: 'zenform apply --yes --mark-base refs/zenform/acme' },
  },
  'ignore-expired': {
    more: 'What `ignore_drift` excuses has an end where one was written, through that day (UTC). Then the difference is drift again, and the entry only misleads.',
    bad: {
      files: zenform(
        'ignore_drift: [{ address: team/ml, reason: they edit it themselves, until: 2026-01-31 }]\nteams: { ml: {} }\n',
      ),
      world: someTeam,
      run: 'zenform drift --now 2026-02-01',
    },
    good: {
      files: zenform(
        'ignore_drift: [{ address: team/ml, reason: they edit it themselves, until: 2026-01-31 }]\nteams: { ml: {} }\n',
      ),
      world: someTeam,
      run: 'zenform drift --now 2026-01-31',
    },
  },
  'not-adopted': {
    more: '`zenform adopt` writes what live has into the files, and leaves what they forbid or cannot say: what they ask to be gone, entries past their `expires`, values that come from a variable, names outside the language. Change the files there by hand.',
    bad: {
      files: zenform('teams: { ml: { absent: true } }\n'),
      world: someTeam,
      run: 'zenform adopt --yes',
    },
    good: {
      files: zenform('teams: { ml: { description: By hand } }\n'),
      world: someTeam,
      run: 'zenform adopt --yes',
    },
  },
  'selection-reference': {
    more: '`--only` and `--skip` choose what is changed; what that refers to is read, never made. Select what is needed, too.',
    bad: {
      files: zenform('members: { ada@acme.io: {} }\nteams: { ml: { members: [ada@acme.io] } }\n'),
      run: "zenform plan --only 'team/**'",
    },
    good: {
      files: zenform('members: { ada@acme.io: {} }\nteams: { ml: { members: [ada@acme.io] } }\n'),
      run: "zenform plan --only 'team/**' --only member/ada@acme.io",
    },
  },
  'selection-empty': {
    more: 'A pattern that fits no address is misspelt. Addresses are those of the plan; `*` stands for one part, `**` for any number of them.',
    bad: { files: removed, run: 'zenform plan --only team/mll' },
    good: { files: removed, run: 'zenform plan --only team/ml' },
  },
  'terraform-cannot': {
    more: 'A stack of Terraform is made of the files, and something in them means less there, or nothing. The stack is made all the same; `zenform drift` on the same files tells what Terraform does not see.',
    bad: { files: { 'zenform.yaml': 'organization: { name: acme, prune: [teams] }\n' }, run: 'zenform synth --out stack' },
    good: { files: { 'zenform.yaml': 'organization: { name: acme }\n' }, run: 'zenform synth --out stack' },
  },
} satisfies Partial<Record<Code, Page>>;
