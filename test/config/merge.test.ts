import { expect, it } from 'vitest';
import { mergeDocuments } from '../../src/config/merge.ts';
import { parseConfig } from '../../src/config/parse.ts';
import { type ConfigDocument, toJson } from '../../src/config/tree.ts';
import { said } from './support.ts';

function documents(files: Readonly<Record<string, string>>): ConfigDocument[] {
  return Object.entries(files).map(([file, text]) => {
    const { tree } = parseConfig(text, file);
    if (!tree) throw new Error(`no tree in ${file}`);
    return { file, tree };
  });
}
const merge = (base: Readonly<Record<string, string>>, overlays: Readonly<Record<string, string>> = {}) =>
  mergeDocuments(documents(base), documents(overlays));
const json = (value: unknown) => JSON.parse(JSON.stringify(value));

it('unites what several files say about one thing', () => {
  const { tree, diagnostics } = merge({
    'a.yaml':
      'zenform: 1\n$schema: a\nworkspaces: { prod: { display_name: P, access: { Workspace Admin: { teams: [ml] } } } }\naccept: [{ guard: a }]',
    'b.yaml':
      'zenform: 1\n$schema: b\nworkspaces: { prod: { access: { Workspace Viewer: { teams: [ds] }, Workspace Admin: { members: [x] } } } }\naccept: [{ guard: b }]',
  });
  expect(diagnostics).toEqual([]);
  expect(json(toJson(tree))).toEqual({
    zenform: 1,
    $schema: 'a',
    workspaces: {
      prod: {
        display_name: 'P',
        access: { 'Workspace Admin': { teams: ['ml'], members: ['x'] }, 'Workspace Viewer': { teams: ['ds'] } },
      },
    },
    accept: [{ guard: 'a' }, { guard: 'b' }],
  });
});

it('refuses a value, a list and a shape that are given twice, even equal ones', () => {
  const { diagnostics } = merge({
    'a.yaml': 'teams:\n  ml:\n    description: x\n    members: [a]\n    protected: true\nworkspaces: { w: { absent: true } }\n',
    'b.yaml': 'teams:\n  ml:\n    description: x\n    members: [a]\nworkspaces: { w: { absent: { destroy: w } } }\n',
  });
  expect(diagnostics.map(said)).toEqual([
    ['3:5 error merge-conflict', '`description` of team `ml` is given twice', 'the first is in a.yaml:3; keep one of them'],
    ['4:5 error merge-conflict', '`members` of team `ml` is given twice', 'the first is in a.yaml:4; write one list'],
    [
      '5:20 error merge-conflict',
      '`absent` of workspace `w` is a single value in a.yaml:6 and a mapping here',
      'keep one of them',
    ],
  ]);
  expect(diagnostics[0]?.place?.file).toBe('b.yaml');
  expect(diagnostics[0]?.related).toEqual([{ file: 'a.yaml', line: 3, column: 18 }]);
});

it('names the role whose list is given twice', () => {
  const text = 'workspaces: { w: { access: { Workspace Admin: { teams: [ml] } } } }';
  const { diagnostics } = merge({ 'a.yaml': text, 'b.yaml': text });
  expect(diagnostics.map(({ summary }) => summary)).toEqual([
    '`teams` of role `Workspace Admin` of workspace `w` is given twice',
  ]);
});

it('takes addresses that differ by case for one person, across files', () => {
  const { tree, diagnostics } = merge({
    'a.yaml': 'members: { ADA@acme.io: { roles: [A] } }',
    'b.yaml': 'members: { ada@acme.io: { protected: true } }',
  });
  expect(diagnostics).toEqual([]);
  expect(json(toJson(tree))).toEqual({ members: { 'ada@acme.io': { roles: ['A'], protected: true } } });
});

it('refuses names that differ only by case', () => {
  const { diagnostics } = merge({
    'a.yaml': 'members:\n  ADA@acme.io: {}\n  ada@acme.io: {}\nteams: { ml: {} }\nworkspaces: { w: { projects: { p: {} } } }\n',
    'b.yaml': 'teams: { ML: {} }\nservice_accounts: { ci: {}, CI: {} }\nworkspaces: { W: {}, w: { projects: { P: {} } } }\n',
  });
  expect(
    diagnostics.map(
      (one) =>
        `${one.place?.file}:${one.place?.line} ${one.code} ${one.summary} ${one.related?.[0]?.file}:${one.related?.[0]?.line}`,
    ),
  ).toEqual([
    'a.yaml:3 name-case the e-mail address `ada@acme.io` differs from `ADA@acme.io` only by case a.yaml:2',
    'b.yaml:2 name-case the service account name `CI` differs from `ci` only by case b.yaml:2',
    'b.yaml:1 name-case the team name `ML` differs from `ml` only by case a.yaml:4',
    'b.yaml:3 name-case the workspace name `W` differs from `w` only by case a.yaml:5',
    'b.yaml:3 name-case the project name `P` differs from `p` only by case a.yaml:5',
  ]);
});

it('lets overlays replace values and add keys, and lists what they replaced', () => {
  const base = { 'a.yaml': 'organization:\n  name: acme\nteams: { a/b: { description: x, members: [u] } }\n' };
  const { tree, diagnostics, overrides } = merge(base, {
    'o1.yaml': 'organization: { name: acme-test, description: Test }\nteams: { a/b: { description: ~, roles: [R] } }\n',
    'o0.yaml': 'organization: { name: acme-last }\n',
  });
  expect(diagnostics).toEqual([]);
  expect(json(toJson(tree))).toEqual({
    organization: { name: 'acme-last', description: 'Test' },
    teams: { 'a/b': { description: null, members: ['u'], roles: ['R'] } },
  });
  expect(
    overrides.map(({ path, from, to, before, value }) => [
      path,
      `${from.file}:${from.line}`,
      `${to.file}:${to.line}`,
      before,
      value,
    ]),
  ).toEqual([
    ['/organization/name', 'a.yaml:2', 'o1.yaml:1', 'acme', 'acme-test'],
    ['/teams/a~1b/description', 'a.yaml:3', 'o1.yaml:2', 'x', null],
    ['/organization/name', 'o1.yaml:1', 'o0.yaml:1', 'acme-test', 'acme-last'],
  ]);
});

it('does not call an equal value an override', () => {
  expect(merge({ 'a.yaml': 'organization: { name: a }' }, { 'o.yaml': 'organization: { name: a }' }).overrides).toEqual([]);
});

it('refuses a list of an overlay where there is one', () => {
  const { diagnostics } = merge({ 'a.yaml': 'teams: { t: { members: [a] } }' }, { 'o.yaml': 'teams: { t: { members: [b] } }' });
  expect(diagnostics.map(said)).toEqual([
    [
      '1:15 error merge-conflict',
      '`members` of team `t` is a list, and a.yaml:1 gives one too',
      'an overlay replaces single values, not lists; leave the list to one of them',
    ],
  ]);
});

it('makes an empty tree of no files', () => {
  expect(merge({}).tree.entries.size).toBe(0);
});
