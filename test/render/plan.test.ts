import { describe, expect, it } from 'vitest';
import type { Address } from '../../src/core/address.ts';
import type { Change, Plan } from '../../src/core/plan.ts';
import { diagnosticsText } from '../../src/render/diagnostics.ts';
import { outcomesText } from '../../src/render/outcomes.ts';
import { safe } from '../../src/render/paint.ts';
import { planText } from '../../src/render/plan.ts';

const address = (text: string) => text as Address;
const plain = { color: false };
const plural = (kind: string) => `${kind}s`;

function planOf(changes: readonly Change[], more: Partial<Plan> = {}): Plan {
  const count = (action: string) => changes.filter((change) => change.action === action).length;
  return {
    format: 'zenform.plan/1',
    organization: { id: 'o', name: 'acme' },
    api: 'https://api',
    now: '2026-11-23',
    summary: { create: count('create'), update: count('update'), delete: count('delete'), unchanged: 4, unmanaged: 0 },
    changes,
    steps: [],
    unmanaged: {},
    notChecked: [],
    diagnostics: [],
    ...more,
  };
}

const changes: Change[] = [
  {
    address: address('team/ml'),
    kind: 'team',
    action: 'create',
    fields: [{ path: '/description', before: undefined, after: 'Owns it' }],
  },
  {
    address: address('team/data'),
    from: address('team/ds'),
    kind: 'team',
    action: 'update',
    fields: [
      { path: '/description', before: 'a', after: null },
      { path: '/name', before: 'ds', after: 'data' },
    ],
  },
  {
    address: address('service_account/bot'),
    kind: 'service_account',
    action: 'delete',
    fields: [],
    effects: ['its keys stop working'],
  },
  {
    address: address('team/x/service_account/bot'),
    kind: 'team_member',
    action: 'delete',
    fields: [],
    because: 'service_account/bot',
  },
];

describe('the text of a plan', () => {
  it('has a line for each change, its fields, what cannot be undone, and the sum', () => {
    expect(planText(planOf(changes), plain, plural)).toBe(`+ team/ml
    description  "Owns it"
~ team/ds → team/data
    description  "a" → (none)
    name         "ds" → "data"
- service_account/bot
    ! its keys stop working
- team/x/service_account/bot (with service_account/bot)

Plan: 1 to create, 1 to update, 2 to delete; 4 unchanged.
`);
  });

  it('says what was not checked, what is unmanaged, and which e-mails are sent', () => {
    const invitation = {
      id: 's1',
      change: address('member/a@b.c'),
      server: 'control-plane' as const,
      method: 'POST' as const,
      path: '/organizations/o/invitations',
      needs: [],
    };
    const text = planText(
      planOf([], {
        steps: [invitation],
        unmanaged: { team: 1, member: 2 },
        notChecked: [{ address: 'workspace/w/project/*', reason: 'pending', deferred: true }],
      }),
      plain,
      plural,
    );
    expect(text).toContain('1 e-mail will be sent, which cannot be undone: invitations to a@b.c');
    expect(text).toContain('  ? workspace/w/project/*: deferred, pending');
    expect(text).toContain('Unmanaged: 1 team, 2 members.');
    expect(text).toContain('No changes. The organization is as the files say; 4 unchanged.');
  });

  it('is cut to a terminal, and never elsewhere', () => {
    const long: Change = { ...changes[0], address: address(`team/${'x'.repeat(200)}`) } as Change;
    const lines = planText(planOf([long]), { color: false, width: 40 }, plural).split('\n');
    expect(lines[0]).toHaveLength(40);
    expect(planText(planOf([long]), plain, plural)).toContain('x'.repeat(200));
  });

  it('lets nothing of a server or a file reach the terminal as a command', () => {
    const nasty: Change = {
      ...changes[0],
      address: address('team/\u001b[2J\u202e'),
      fields: [{ path: '/description', before: undefined, after: '\u009b31m\n' }],
    } as Change;
    const text = planText(planOf([nasty]), plain, plural);
    // biome-ignore lint/suspicious/noControlCharactersInRegex: looking for them
    expect(text).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202e]/);
    expect(safe('a\nb\u0000')).toBe('a\\nb\\u0000');
  });
});

describe('the text of diagnostics', () => {
  it('names the place, the code and what to do', () => {
    const place = { file: 'a.yaml', line: 2, column: 3 };
    const text = diagnosticsText(
      [{ code: 'merge-conflict', severity: 'error', summary: 'twice', hint: 'once', place, related: [{ ...place, line: 1 }] }],
      plain,
    );
    expect(text).toBe('a.yaml:2:3: error[merge-conflict]: twice\n    also at a.yaml:1:3\n    once\n');
  });
});

describe('the text of what an apply came to', () => {
  const outcome = (step: string, status: 'applied' | 'failed' | 'skipped', error?: string) => ({
    step,
    address: address(`team/${step}`),
    status,
    request: '',
    ...(error ? { error } : {}),
  });

  it('tells a success in one line', () => {
    expect(outcomesText({ outcomes: [outcome('a', 'applied')], verified: true, rest: [], interrupted: false }, 1.23, plain)).toBe(
      'Applied 1 step in 1.2 s, verified: nothing is left to do.\n',
    );
  });

  it('tells what failed, in the words of the server, what was skipped because of it, and how to go on', () => {
    const outcomes = [
      outcome('a', 'applied'),
      outcome('b', 'failed', '409: taken'),
      outcome('c', 'skipped', 'needs team/b, which failed'),
    ];
    const text = outcomesText({ outcomes, verified: false, rest: [], interrupted: false }, 1, plain);
    expect(text).toContain('failed   team/b: 409: taken');
    expect(text).toContain('skipped  team/c: needs team/b, which failed');
    expect(text).toContain('Applied 1 step, 1 failed, 1 skipped.');
    expect(text).toContain('zenform apply');
  });
});
