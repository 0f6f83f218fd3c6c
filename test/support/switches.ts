import fc from 'fast-check';

/** The switches that every law runs under, with all their values; the first is the emulator's default. */
export const drawn: Readonly<Record<string, readonly string[]>> = {
  'team-member-shape': ['flat', 'wrapped'],
  'member-shape': ['wrapped', 'flat'],
  'assignment-list-default': ['all', 'unscoped'],
  'assignment-list-workspace': ['exact', 'include-projects'],
  'project-scope': ['both-required', 'project-only-ok'],
  'duplicate-grant': ['409', '200'],
  'missing-revoke': ['404', '200'],
  'duplicate-invite': ['409', 'reuse', 'second'],
  'invite-existing': ['pending', 'direct-add'],
  'invite-existing-answer': ['invitation', 'null'],
  'only-pending-default': ['true', 'false'],
  'email-match': ['insensitive', 'sensitive', 'partial'],
  'user-visibility': ['shared', 'all', 'none'],
  'member-remove-cascade': ['org-only', 'all'],
  'team-only-membership': ['no', 'yes'],
  'lower-role-needs-member': ['403', 'allow'],
  'last-admin-guard': ['on', 'off'],
  'creator-admin': ['on', 'off', 'workspace'],
  'sublist-paging': ['honoured', 'ignored'],
  'page-cap': ['100', '2'],
  'list-order': ['created', 'random'],
  'list-deleted': ['yes', 'no'],
  'delete-cascade': ['on', 'off', 'refuse-in-use'],
  'project-delete-grants': ['drop', 'keep'],
  'custom-roles': ['off', 'guess'],
  'extra-roles': ['none', 'team-level', 'unnamed'],
  'sa-update-verb': ['PATCH', 'PUT'],
  'empty-answers': ['null', 'object', 'empty'],
  'error-shape': ['A', 'B', 'C', 'E'],
  'project-metadata': ['on', 'off'],
  'extra-fields': ['off', 'on'],
  'bad-scope': ['400', '422'],
  'members-include': ['all', 'people-only'],
  'sa-is-member': ['yes', 'no'],
  'workspace-rename': ['ignore', 'refuse', 'allow'],
  'patch-null': ['clear', 'ignore'],
  'foreign-object': ['404', '403'],
  'limit-over-max': ['reject', 'clamp'],
  'role-permissions-in': ['detail', 'both', 'none'],
  'provision-delay': ['1', '3'],
};

export type Settings = Readonly<Record<string, string>>;

/** Settings of all switches; each keeps its default in most cases, so that what matters shrinks to a few. */
export const settings: fc.Arbitrary<Settings> = fc
  .record(
    Object.fromEntries(
      Object.entries(drawn).map(([name, values]) => [
        name,
        fc.constantFrom(...values.slice(0, 1), ...values.slice(0, 1), ...values),
      ]),
    ),
  )
  .map((chosen) => Object.fromEntries(Object.entries(chosen).filter(([name, value]) => value !== drawn[name]?.[0])));

/** Every value of every switch once, alone. */
export const each: readonly Settings[] = Object.entries(drawn).flatMap(([name, values]) =>
  values.slice(1).map((value) => ({ [name]: value })),
);

/** The value that a switch has. */
export function settingOf(given: Settings, name: string): string {
  return given[name] ?? drawn[name]?.[0] ?? '';
}
