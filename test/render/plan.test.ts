import { describe, expect, it } from 'vitest';
import type { Address } from '../../src/core/address.ts';
import type { Change, Plan, Step } from '../../src/core/plan.ts';
import { outcomesText } from '../../src/render/outcomes.ts';
import { planText } from '../../src/render/plan.ts';

const at = (text: string) => text as Address;
const change = (kind: Change['kind'], action: Change['action'], address: string, more: Partial<Change> = {}): Change => ({
  address: at(address),
  kind,
  action,
  fields: [],
  ...more,
});
const field = (name: string, before: unknown, after: unknown) =>
  ({ path: `/${name}`, before, after }) as Change['fields'][number];
const step = (id: string, address: string, method: Step['method'], path: string): Step => ({
  id,
  change: at(address),
  server: 'control-plane',
  method,
  path,
  needs: [],
});

function planOf(changes: readonly Change[], more: Partial<Plan> = {}): Plan {
  const count = (action: Change['action']) => changes.filter((one) => one.action === action).length;
  return {
    format: 'zenform.plan/1',
    organization: { id: 'o1', name: 'acme' },
    api: 'https://api',
    now: '2026-11-23',
    summary: { create: count('create'), update: count('update'), delete: count('delete'), unchanged: 41, unmanaged: 0 },
    changes,
    steps: [],
    unmanaged: {},
    notChecked: [],
    diagnostics: [],
    ...more,
  };
}

const everything = planOf(
  [
    change('organization', 'update', 'organization', { fields: [field('description', 'Old', 'New')] }),
    change('member', 'create', 'member/grace@acme.io', { fields: [field('role', undefined, 'Organization Member')] }),
    change('team', 'update', 'team/data-science', {
      from: at('team/ds'),
      fields: [field('name', 'ds', 'data-science'), field('description', null, 'Explores'), field('a', 1, 2)],
    }),
    change('team', 'create', 'team/data-science-x', { fields: [field('description', undefined, 'x'), field('a', undefined, 1)] }),
    change('team_member', 'create', 'team/data-science/member/grace@acme.io'),
    change('project', 'delete', 'workspace/prod/project/churn', {
      because: 'absent',
      effects: ['all runs in it are destroyed'],
      fields: [field('description', 'Who leaves', undefined)],
    }),
    change('grant', 'delete', 'workspace/prod/grant/Workspace Viewer/team/ml', { because: 'list' }),
    change('grant', 'delete', 'workspace/prod/project/churn/grant/Project Viewer/team/ml', {
      because: 'workspace/prod/project/churn',
    }),
  ],
  {
    steps: [step('s1', 'member/grace@acme.io', 'POST', '/organizations/o1/invitations')],
    unmanaged: { member: 2, team: 1 },
    notChecked: [{ address: 'workspace/old/project/*', reason: 'deactivated' }],
  },
);

describe('a plan as text', () => {
  it('has every change once, grouped, with its fields, its reason and what cannot be undone', () => {
    expect(planText(everything, { color: false })).toBe(`  ~ organization
      description: "Old" → "New"

  + member/grace@acme.io  role: "Organization Member"

  ~ team/ds → team/data-science
      description: (none) → "Explores"
      a:           1 → 2
  + team/data-science/member/grace@acme.io
  + team/data-science-x
      description: "x"
      a:           1

  - workspace/prod/project/churn (absent in the files)
      ! cannot be undone: all runs in it are destroyed

  - workspace/prod/grant/Workspace Viewer/team/ml (not in the list)
  - workspace/prod/project/churn/grant/Project Viewer/team/ml (goes with workspace/prod/project/churn)

! 1 e-mail will be sent, to grace@acme.io

Not checked:
  workspace/old/project/*: deactivated

Unmanaged: 2 members, 1 team (\`zenform unmanaged\` lists them)

Plan: 3 to create, 2 to update, 3 to delete; 41 unchanged.
`);
  });

  it('is one line when there is nothing to do, and does not claim more than was checked', () => {
    expect(planText(planOf([]), { color: false })).toBe('No changes. The organization is as the files say; 41 unchanged.\n');
    const partly = planOf([], { notChecked: [{ address: 'workspace/old/project/*', reason: 'deactivated' }] });
    expect(planText(partly, { color: false })).toContain('No changes. What could be checked is as the files say');
  });

  it('keeps a short plan together, without empty lines', () => {
    const short = planOf([change('team', 'create', 'team/a'), change('grant', 'create', 'organization/grant/X/team/a')]);
    expect(planText(short, { color: false })).toMatch(/^ {2}\+ team\/a\n {2}\+ organization\/grant\/X\/team\/a\n\nPlan:/);
  });

  it('has the same words in colour', () => {
    const colored = planText(everything, { color: true });
    // biome-ignore lint/suspicious/noControlCharactersInRegex: colours are what is looked for
    expect(colored.replaceAll(/\u001b\[\d+m/g, '')).toBe(planText(everything, { color: false }));
    expect(colored).toContain('\u001b[32m+ team/data-science-x\u001b[39m');
    expect(colored).toContain('\u001b[31m- workspace/prod/project/churn\u001b[39m');
  });

  it('cuts values for a terminal around what differs, and addresses never', () => {
    const long = 'word '.repeat(30);
    const address = `team/${'x'.repeat(60)}`;
    const plan = planOf([change('team', 'update', address, { fields: [field('description', `${long}one`, `${long}two`)] })]);
    const lines = planText(plan, { color: false, width: 40 }).split('\n');
    expect(lines[0]).toBe(`  ~ ${address}`);
    expect(lines.slice(1, 4)).toEqual(['      description:', '        - …rd word one"', '        + …rd word two"']);
    expect(planText(plan, { color: false })).toContain(`"${long}one" → "${long}two"`);
  });

  it('says of a list what comes in and what goes out', () => {
    const fields = [field('trusted_domains', ['a.io', 'b.io'], ['b.io', 'c.io'])];
    const plan = planOf([change('organization', 'update', 'organization', { fields })]);
    expect(planText(plan, { color: false })).toContain('trusted_domains: + "c.io"  - "a.io"\n');
  });

  it('shows what would command a terminal instead of obeying it', () => {
    const evil = 'a\u001b[2Jb\u009bc\u202edef\r\n\u{e0041}';
    const plan = planOf(
      [
        change('team', 'delete', `team/${evil}`, { effects: [evil] }),
        change('team', 'update', 'team/b', { fields: [field(`f${evil}`, evil, `${evil}!`)] }),
      ],
      { notChecked: [{ address: evil, reason: evil }], steps: [step('s', `member/${evil}`, 'POST', '/invitations')] },
    );
    const text = planText(plan, { color: false, width: 200 });
    expect(text.replaceAll('\n', '')).not.toMatch(/[\p{Cc}\p{Cf}]/u);
    expect(text).toContain('team/a\\u001b[2Jb\\u009bc\\u202edef\\r\\n\\u{e0041}');
  });
});

describe('an apply as text', () => {
  const changes = [
    change('team', 'create', 'team/a'),
    change('team', 'create', 'team/b'),
    change('team_member', 'create', 'team/b/member/x'),
  ];
  const outcome = (step: string, address: string, status: 'applied' | 'failed' | 'skipped', error?: string) => ({
    step,
    address: at(address),
    status,
    request: 'POST /teams',
    ...(error ? { error } : {}),
  });
  const base = { changes, rest: [], moved: [], left: [], interrupted: false, seconds: 3.21, again: 'zenform apply -f configs' };

  it('is one line when all went well', () => {
    const outcomes = [outcome('s1', 'team/a', 'applied')];
    expect(outcomesText({ ...base, outcomes, verified: true }, { color: false })).toBe(
      'Applied 3 changes in 3.2 s, verified: nothing left to do.\n',
    );
  });

  it('says what failed, what that skipped, what is left, and how to go on', () => {
    const outcomes = [
      outcome('s1', 'team/a', 'applied'),
      outcome('s2', 'team/b', 'failed', 'POST /teams on control-plane: 409: exists'),
      outcome('s3', 'team/b/member/x', 'skipped', 'needs team/b, which failed'),
    ];
    const rest = [change('team', 'create', 'team/b'), change('team_member', 'create', 'team/b/member/y')];
    const moved = [change('team', 'update', 'team/c', { fields: [field('d', 1, 2)] })];
    expect(outcomesText({ ...base, outcomes, rest, moved, verified: false }, { color: false })).toBe(`Failed:
  team/b: POST /teams on control-plane: 409: exists

Skipped:
  team/b/member/x: needs team/b, which failed

Reading again still found:
  + team/b/member/y

Moved during the run:
  ~ team/c
      d: 1 → 2

Applied 1 of 3 changes in 3.2 s.
To go on: zenform apply -f configs (it plans anew from what is live)
`);
  });

  it('names some of many that were skipped, and all that failed', () => {
    const many = (status: 'failed' | 'skipped') =>
      [...Array(30).keys()].map((n) => outcome(`s${n}`, `team/${status}${n}`, status, 'why'));
    const text = outcomesText({ ...base, outcomes: [...many('failed'), ...many('skipped')], verified: false }, { color: false });
    expect(text.match(/: why\n/g)).toHaveLength(40);
    expect(text).toContain('  and 20 more\n');
  });
});
