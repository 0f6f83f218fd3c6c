import { expect, it } from 'vitest';
import { parseConfig } from '../../src/config/parse.ts';
import { checkText, validateDocument } from '../../src/config/validate.ts';
import { sortDiagnostics } from '../../src/core/diagnostic.ts';
import { said } from './support.ts';

const teamKeys = '`description`, `members`, `service_accounts`, `roles`, `previously`, `protected`, `absent`';
const topKeys =
  '`zenform`, `organization`, `members`, `service_accounts`, `teams`, `roles`, `workspaces`, `accept`, `ignore_drift`';

type Case = readonly [content: string, ...said: (readonly [string, string, string])[]];

/** A mistake, and everything that is said about it: place, summary and hint. */
const mistakes: readonly Case[] = [
  [
    'teams:\n  ml:\n    descripton: x\n',
    ['3:5 error schema-unknown-key', 'unknown key `descripton` in a team', `did you mean \`description\`? allowed: ${teamKeys}`],
  ],
  [
    'team: {}\n',
    ['1:1 error schema-unknown-key', 'unknown key `team` at the top of the file', `did you mean \`teams\`? allowed: ${topKeys}`],
  ],
  [
    'service-accounts: {}\n',
    [
      '1:1 error schema-unknown-key',
      'unknown key `service-accounts` at the top of the file',
      `did you mean \`service_accounts\`? allowed: ${topKeys}`,
    ],
  ],
  ['__proto__: {}\n', ['1:1 error schema-unknown-key', 'unknown key `__proto__` at the top of the file', `allowed: ${topKeys}`]],
  [
    'workspaces:\n  prod:\n    access:\n      Workspace Admin: { team: [ml] }\n',
    [
      '4:26 error schema-unknown-key',
      'unknown key `team` in the holders of `Workspace Admin`',
      'did you mean `teams`? allowed: `members`, `teams`, `service_accounts`',
    ],
  ],
  [
    'teams: { ml: { members: [{ emal: ada@acme.io }] } }',
    [
      '1:28 error schema-unknown-key',
      'unknown key `emal` in an entry of `members`',
      'did you mean `email`? allowed: `email`, `expires`',
    ],
  ],
  [
    'teams: { ml: { members: [{ expires: 2027-01-31 }] } }',
    [
      '1:26 error schema-missing',
      '`email` is missing in an entry of `members`',
      '`email`: An e-mail address, compared without regard to case; a user name where a self-hosted account has no e-mail.',
    ],
  ],
  [
    'teams: { ml: { description: "" } }',
    ['1:29 error schema-value', '`description` is empty', 'write `description: null` to clear it'],
  ],
  [
    `teams: { ml: { description: ${'é'.repeat(300)} } }`,
    ['1:29 error schema-value', '`description` has 300 characters; 256 are the limit', 'shorten it by 44'],
  ],
  [
    'teams: { ml: { description: 12 } }',
    ['1:29 error schema-type', '`description` is the number 12; a text or `null` is expected', 'write it with quotes: "12"'],
  ],
  [
    'workspaces: { a: { version: 1.10 } }',
    ['1:29 error schema-type', '`version` is the number 1.10; a text is expected', 'write it with quotes: "1.10"'],
  ],
  [
    'teams:\n  ml:\n    members:\n',
    ['3:5 error schema-type', '`members` has no value; a list is expected', 'write `members: []` for none, or leave the key out'],
  ],
  [
    'members:\n  ada@acme.io:\n',
    [
      '2:3 error schema-type',
      '`ada@acme.io` has no value; a mapping is expected',
      'write `ada@acme.io: {}`, or leave the key out',
    ],
  ],
  [
    'members: { ada@acme.io: { roles: Organization Admin } }',
    [
      '1:34 error schema-type',
      '`roles` is the text `Organization Admin`; a list is expected',
      'write a list: `roles: [Organization Admin]`',
    ],
  ],
  [
    'members: [ada@acme.io]',
    ['1:10 error schema-type', '`members` is a list; a mapping is expected', 'write every name as a key: `ada@acme.io: {}`'],
  ],
  [
    'teams: { ml: { roles: { a: b } } }',
    ['1:23 error schema-type', '`roles` is a mapping; a list is expected', 'start every entry with `- `'],
  ],
  [
    'teams: { ml: { protected: "yes" } }',
    ['1:27 error schema-type', '`protected` is the text `yes`; `true` or `false` is expected', 'write `protected: true`'],
  ],
  [
    'teams: { ml: { absent: false } }',
    ['1:24 error schema-value', '`absent` is `false`, which is not allowed', 'write `absent: true`, or leave the key out'],
  ],
  [
    'workspaces: { a: { absent: false } }',
    ['1:28 error schema-type', '`absent` is `false`; `true` or `{ destroy: <name> }` is expected', ''],
  ],
  [
    'teams: { ml: { members: [{ email: a@b.io, expires: 2027-02-30 }] } }',
    ['1:52 error date-invalid', '`expires` is not a date: 2027-02-30', 'that day does not exist'],
  ],
  [
    'teams: { ml: { members: [{ email: a@b.io, expires: soon }] } }',
    ['1:52 error date-invalid', '`expires` is not a date: soon', 'write YYYY-MM-DD, such as 2027-01-31'],
  ],
  [
    'teams: { ml: { members: [ada @acme.io] } }',
    ['1:26 error schema-value', 'an entry of `members` is not an e-mail address: `ada @acme.io`', 'it looks like ada@acme.io'],
  ],
  [
    'teams: { ml: { members: [12] } }',
    [
      '1:26 error schema-type',
      'an entry of `members` is the number 12; an e-mail address is expected',
      'write it with quotes: "12"',
    ],
  ],
  ['members: { ada@: {} }', ['1:12 error schema-value', '`ada@` is not an e-mail address', 'it looks like ada@acme.io']],
  [
    'workspaces: { a: { name: Foo_Bar } }',
    [
      '1:26 error schema-value',
      '`name` cannot be `Foo_Bar`: lower-case letters, digits and hyphens, 1–50 characters',
      'such as `acme-staging`',
    ],
  ],
  [
    'workspaces: { a: { projects: { Foo Bar: {} } } }',
    [
      '1:32 error schema-value',
      'the name `Foo Bar` is not a project name: lower-case letters, digits, underscores and hyphens, 1–50 characters',
      '',
    ],
  ],
  [
    `teams: { ${'x'.repeat(51)}: {} }`,
    ['1:10 error schema-value', `the team name \`${'x'.repeat(51)}\` has 51 characters; 50 are the limit`, ''],
  ],
  ['teams: { "": {} }', ['1:10 error schema-value', 'a team name is empty', 'write a name']],
  [
    'workspaces: { a: { access_mode: ad } }',
    [
      '1:33 error schema-value',
      '`access_mode` is the text `ad`, which is not allowed',
      'did you mean `add`? allowed: `complete`, `roles`, `add`',
    ],
  ],
  [
    'organization: { prune: [Team] }',
    [
      '1:25 error schema-value',
      'an entry of `prune` is the text `Team`, which is not allowed',
      'did you mean `teams`? allowed: `teams`, `members`, `service_accounts`',
    ],
  ],
  [
    'organization: { prune: [teams, members, teams] }',
    ['1:41 error schema-value', '`prune` holds `teams` twice', 'remove one of them'],
  ],
  [
    'zenform: 2',
    ['1:10 error schema-value', '`zenform` is the number 2, which is not allowed', 'write `zenform: 1`, or leave the key out'],
  ],
  [
    'organization: { id: abc, api: not a url }',
    ['1:21 error schema-value', '`id` is not a UUID: `abc`', 'it looks like 8e02b7c4-1f6c-4c1e-9d53-0f4f1c8b0c55'],
    ['1:31 error schema-value', '`api` is not a URL: `not a url`', 'it looks like https://cloudapi.zenml.io'],
  ],
  [
    'service_accounts: { ci: { keys: { a: { to: {}, expires_in: 3y } } } }',
    ['1:44 error schema-type', '`to` is a mapping; `{ file: … }` or `{ exec: […] }` is expected', ''],
    [
      '1:60 error schema-value',
      '`expires_in` cannot be `3y`',
      'How long a new key works; the end of an existing one stays where it is, such as `90d`',
    ],
  ],
  [
    'service_accounts: { ci: { keys: { a: { to: { file: 5 } } } } }',
    ['1:52 error schema-type', '`file` is the number 5; a text is expected', 'write it with quotes: "5"'],
  ],
  [
    'workspaces: { w: { enrollment_key: {} } }',
    [
      '1:20 error schema-missing',
      '`to` is missing in `enrollment_key`',
      '`to`: Where the value goes, once: a file below the working folder, or the standard input of a command.',
    ],
  ],
  [
    'roles: { R: { level: project, permissions: [{ valueOf: 1 }, { valueOf: 1 }] } }',
    ['1:61 error schema-value', '`permissions` holds the same entry twice', 'remove one of them'],
  ],
];

it.each(mistakes.map(([content, ...expected]) => ({ content, expected })))('$content', ({ content, expected }) => {
  const { tree, diagnostics } = parseConfig(content, 'f.yaml');
  expect(diagnostics.filter(({ severity }) => severity === 'error')).toEqual([]);
  if (!tree) throw new Error('there is no tree');
  expect(sortDiagnostics(validateDocument({ file: 'f.yaml', tree })).map(said)).toEqual(expected);
});

it('leaves alone what is right, and roles that it cannot know', () => {
  const text =
    'members: { ada@acme.io: { roles: [Release Manager] } }\nworkspaces: { Any Key: { name: a-b, access: { My Role: { members: [ada] } } } }';
  const { tree } = parseConfig(text, 'f');
  expect(tree && [...validateDocument({ file: 'f', tree }), ...checkText({ file: 'f', tree })]).toEqual([]);
});

it('ends a list of many problems with how many more there are', () => {
  const { tree } = parseConfig(`{${Array.from({ length: 700 }, (_, i) => `"k${i}": 1`).join(',')}}`, 'f');
  const found = tree ? validateDocument({ file: 'f', tree }) : [];
  expect(found.length).toBe(501);
  expect(found.at(-1)?.summary).toBe('200 more problems like the ones before, this one first');
});

const hint = 'type it again with ASCII letters; write an international domain as xn--…';
const names: readonly Case[] = [
  [
    'members: { \u0430da@acme.io: {} }',
    ['1:12 error name-lookalike', 'the e-mail address `\u0430da@acme.io` holds U+0430 at position 1, which looks like `a`', hint],
  ],
  [
    'teams: { ml: { members: [ada@acme.i\u043e] } }',
    [
      '1:26 error name-lookalike',
      'the e-mail address `ada@acme.i\u043e` holds U+043E at position 11, which looks like `o`',
      hint,
    ],
  ],
  [
    'teams: { ml: { members: [{ email: "ada\u200b@acme.io" }] } }',
    ['1:35 error name-lookalike', 'the e-mail address `ada\u200b@acme.io` holds U+200B at position 4, which is invisible', hint],
  ],
  [
    'members: { jürgen@acme.io: {} }',
    ['1:12 error name-lookalike', 'the e-mail address `jürgen@acme.io` holds U+00FC at position 2', hint],
  ],
  [
    'members: { " ada@acme.io": {} }',
    ['1:12 error schema-value', '` ada@acme.io` starts or ends with a space', 'write `ada@acme.io`'],
  ],
  [
    'teams: { "ml\u00ad": {} }',
    ['1:10 error name-lookalike', '`ml\u00ad` holds the invisible character U+00AD at position 3', 'remove it'],
  ],
  ['teams: { "équipe 数据 👩‍💻❤️": { description: " any\u200btext " } }'],
  ['workspaces: { a: { projects: { b: { project_metadata: { members: ["ü@x.io", " x "], " ": "" } } } } }'],
];

it.each(names.map(([content, ...expected]) => ({ content, expected })))('letters of names: $content', ({ content, expected }) => {
  const { tree } = parseConfig(content, 'f');
  expect(tree && checkText({ file: 'f', tree }).map(said)).toEqual(expected);
});

it('survives as many problems as a file can hold', () => {
  const keys = Array.from({ length: 60_000 }, (_, i) => `k${i}: 1`).join(', ');
  const { tree } = parseConfig(`teams: { ml: { members: [{ ${keys} }] } }`, 'f');
  expect(tree && validateDocument({ file: 'f', tree }).length).toBe(501);
});
