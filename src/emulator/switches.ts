/** One switch: its allowed values (the first is the default), the unknowns that it decides, by number, and what it changes. */
export interface SwitchRow {
  readonly name: string;
  /** Fixed words; `<n>` stands for any whole number. */
  readonly values: readonly string[];
  readonly unknowns: readonly number[];
  readonly meaning: string;
}

const row = (name: string, values: string, unknowns: number | readonly number[], meaning: string): SwitchRow => ({
  name,
  values: values.split(' | '),
  unknowns: [unknowns].flat(),
  meaning,
});

/** How many unknowns there are: nobody has seen what the live service does in any of them. */
export const unknownCount = 58;

/** Every switch of the emulator, in the order of the list of unknowns. Help and docs are made from it. */
export const switchTable: readonly SwitchRow[] = [
  row('team-member-shape', 'flat | wrapped', 1, 'items of GET /teams/{id}/members: users, or {user|invitation}'),
  row('member-shape', 'wrapped | flat', 2, 'items of membership lists: {user|team|invitation, roles}, or the fields at the top'),
  row(
    'assignment-list-default',
    'all | unscoped',
    3,
    'assignment list without a scope filter: every scope, or only rows without one',
  ),
  row(
    'assignment-list-workspace',
    'exact | include-projects',
    4,
    'a workspace filter leaves out or includes the rows of its projects',
  ),
  row(
    'project-scope',
    'both-required | project-only-ok',
    5,
    'a project role needs workspace_id and project_id, or project_id alone',
  ),
  row('duplicate-grant', '409 | 200', 6, 'assigning a role or adding a team member twice'),
  row('missing-revoke', '404 | 200', 7, 'revoking or removing what is not there'),
  row('duplicate-invite', '409 | reuse | second', 8, 'inviting an address that is already invited'),
  row('invite-existing', 'pending | direct-add', 9, 'inviting a person who has an account'),
  row('invite-existing-answer', 'invitation | null', 9, 'the answer when the account was added directly'),
  row('accept-invitation', 'off | <n>', 10, 'at the request of that number every pending invitation is accepted'),
  row('invitation-ttl', 'off | <n>', 11, 'seconds until an invitation expires'),
  row('only-pending-default', 'true | false', 11, 'what an invitation list without only_pending shows'),
  row('email-match', 'insensitive | sensitive | partial', 12, 'how e-mail filters compare'),
  row('user-visibility', 'shared | all | none', 13, 'which accounts GET /users shows to ordinary callers'),
  row(
    'member-remove-cascade',
    'org-only | all',
    14,
    'removing a member drops organization roles only, or lower roles and teams too',
  ),
  row('team-only-membership', 'no | yes', 15, 'an organization role held only through a team makes a member'),
  row('lower-role-needs-member', '403 | allow', 16, 'a workspace or project role for somebody who is not a member'),
  row('last-admin-guard', 'on | off', 17, 'the last Organization Admin cannot be removed'),
  row(
    'creator-admin',
    'on | off | workspace',
    [18, 51],
    'the creator of an organization or workspace (or only of a workspace) becomes its admin',
  ),
  row('sublist-paging', 'honoured | ignored', 19, 'lists below an organization or workspace obey offset and limit'),
  row('page-cap', '100 | <n>', 19, 'the largest page the control plane gives, whatever limit says'),
  row('project-page', '10000 | <n>', 19, 'the largest page a workspace server gives; to ask for more is refused with 422'),
  row('list-order', 'created | random', 20, 'order of lists'),
  row(
    'page-insert',
    'off | on',
    20,
    'a row comes in at the front of every list while it is read: later pages begin one row earlier',
  ),
  row('list-deleted', 'yes | no', [21, 57], 'deleted workspaces are still shown'),
  row('slug-reuse', 'after-deleted | at-once | never', 22, 'when the name of a deleted managed workspace is free again'),
  row('enrolled-initial', 'pending | not_initialized', 23, 'status of an enrolled workspace before its first report'),
  row('provision-delay', '1 | <n>', 24, 'how many GETs of a workspace still show it pending'),
  row('provision-outcome', 'available | failed', 24, 'how provisioning ends'),
  row(
    'workspace-quirk',
    'none | stuck | flapping | no-server-url | unknown-status',
    [25, 44],
    'what is odd about every workspace: never leaves `pending`, is `pending` every other time, shows no server_url, has a status nobody knows',
  ),
  row('workspace-fails', 'off | <n>', 25, 'at the request of that number every available workspace turns failed'),
  row('delete-cascade', 'on | off | refuse-in-use', 26, 'what deleting a team, role or workspace does to its grants'),
  row('project-delete-grants', 'drop | keep', 27, 'grants on a deleted project'),
  row('team-name-unique', 'on | off', 28, 'a second team or custom role of the same name is refused'),
  row('custom-roles', 'off | guess', 29, 'custom roles can be written'),
  row('extra-roles', 'none | team-level | unnamed', 30, 'a role of an unknown level, or without a name, in role lists'),
  row('role-names', 'current | legacy', 31, 'names of the predefined roles: current, or Admin, Editor, Viewer on each level'),
  row('sa-update-verb', 'PATCH | PUT', 32, 'verb that changes service accounts and keys; with PUT rotation is PUT too'),
  row('empty-answers', 'null | object | empty', 33, 'body of answers whose form is unknown'),
  row('error-shape', 'A | B | C | E', 34, 'form of control-plane errors: B and E for 422 only, C for all'),
  row('carrier', 'query | body', 35, 'where calls documented with query arguments expect them'),
  row('seed-default-project', 'no | yes', 36, 'a new workspace starts with a project named default'),
  row('project-metadata', 'on | off', 37, 'the workspace server knows project_metadata'),
  row('rate-limit', 'off | <n>', 38, 'after n requests one is refused with 429, and the count starts again'),
  row('retry-after', 'sent | none', 38, 'whether a 429 says when to come back'),
  row('entitlement.project', 'unlimited | <n>', 39, 'projects per organization'),
  row('entitlement.pipeline', 'unlimited | <n>', 39, 'pipelines: 0 refuses'),
  row('entitlement.pipeline_run', 'unlimited | <n>', 39, 'pipeline runs: 0 refuses'),
  row('entitlement.model', 'unlimited | <n>', 39, 'models: 0 refuses'),
  row('entitlement.template_run', 'unlimited | <n>', 39, 'template runs: 0 refuses'),
  row('entitlement.workspace', 'unlimited | <n>', 39, 'workspaces per organization'),
  row('entitlement.seat', 'unlimited | <n>', 39, 'people and pending invitations per organization'),
  row('rbac-delay', '0 | <n>', 40, 'seconds until a new grant counts in permission checks'),
  row('hide-unreadable', 'on | off', 41, 'lists leave out what the caller may not read, or answer 403'),
  row('token-ttl', '3600 | <n>', 42, 'lifetime of tokens in seconds'),
  row('revoke-tokens', 'off | <n>', 42, 'at the request of that number every token that was given out ends'),
  row('lost-request', 'off | <n>', 43, 'after n requests one does not arrive, and the count starts again'),
  row('lost-answer', 'off | <n>', 43, 'after n writes one is carried out and its answer is lost, and the count starts again'),
  row('slow-answer', '0 | <n>', 43, 'milliseconds before every answer'),
  row('extra-fields', 'off | on', 44, 'every object in an answer has a field nobody knows'),
  row('aliases', 'on | off', 45, 'the deprecated /tenants spelling is served'),
  row('permissions-list', '404 | opaque-list', 46, 'GET /permissions'),
  row('releases-list', '404 | opaque-list', 46, 'GET /releases'),
  row('bad-scope', '400 | 422', 47, 'none or several principals, or a scope that does not fit the level'),
  row('members-include', 'all | people-only', 48, 'who is in the members list of an organization'),
  row('sa-is-member', 'yes | no', 49, 'a service account is a member of its organization without a role'),
  row('workspace-rename', 'ignore | refuse | allow', 50, 'name in a workspace PATCH'),
  row('patch-null', 'clear | ignore', 52, 'an explicit null in a PATCH'),
  row('foreign-object', '404 | 403', 53, 'an object of an organization that the caller cannot see'),
  row('limit-over-max', 'reject | clamp', 54, 'limit above 100'),
  row('role-permissions-in', 'detail | both | none', 55, 'where the permissions of a role are shown'),
  row(
    'invitation-counts-as-admin',
    'no | yes',
    56,
    'a pending invitation with Organization Admin counts for the last-admin rule',
  ),
  row('second-delete', '404 | 200', 57, 'deleting a workspace that is deleted already'),
  row(
    'usage-report',
    'ok | fails',
    58,
    'a workspace server answers 500 to the creation or deletion of a project after it happened',
  ),
  row('openapi', 'served | none', [], 'GET /openapi.json answers the document'),
];

/** Values of all switches by name. */
export type Switches = Record<string, string>;

/** The default of every switch. */
export function defaultSwitches(): Switches {
  return Object.fromEntries(switchTable.map((entry) => [entry.name, entry.values[0] ?? '']));
}

/** The problems of a set of switches, each naming what exists. */
export function switchProblems(given: Record<string, unknown>): string[] {
  const problems: string[] = [];
  for (const [name, value] of Object.entries(given)) {
    const entry = switchTable.find((candidate) => candidate.name === name);
    if (!entry) {
      problems.push(`unknown switch "${name}"; there are: ${switchTable.map((candidate) => candidate.name).join(', ')}`);
    } else if (!entry.values.some((allowed) => allowed === String(value) || (allowed === '<n>' && /^\d+$/.test(String(value))))) {
      problems.push(`switch "${name}" cannot be "${String(value)}"; it can be: ${entry.values.join(', ')}`);
    }
  }
  return problems;
}
