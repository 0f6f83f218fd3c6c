import fc from 'fast-check';
import {
  type Address,
  grant,
  kindOf,
  member,
  organization,
  project,
  role,
  serviceAccount,
  serviceAccountKey,
  team,
  teamMember,
  workspace,
} from '../../src/core/address.ts';
import type { Diagnostic } from '../../src/core/diagnostic.ts';
import type { AccessChange, Change, Plan } from '../../src/core/plan.ts';
import type { Report, Subject } from '../../src/render/report.ts';

const nasty = [
  '<script>window.hit = 1</script>',
  '</script><script>window.hit = 1</script>',
  '"><img src=x onerror="window.hit = 1">',
  "' onmouseover='window.hit = 1",
  '</details></summary></pre></code></style>',
  '<!--',
  '-->',
  ']]>',
  '&lt;b&gt;',
  '`',
  '```\n# heading\n```',
  '~~~',
  '@octocat',
  '#123 GH-123 acme/repo#1',
  '[x](javascript:alert(1))',
  '![x](https://evil.example/x.png)',
  'https://evil.example www.evil.example',
  'a | b',
  '\\',
  '$x$ $$y$$',
  '\r\n::error file=a::b',
  '::set-output name=a::b',
  '##[add-mask]secret',
  '%0A::warning::x',
  'a: b, c',
  '{0} {{1}}',
  '\u202e\u200b\u0000\u001b[31m',
  '\ud800',
  '\ufffe',
  '😀'.repeat(80),
  ' ',
  '__proto__',
  'constructor',
];

/** A name that somebody has chosen who means no good. */
export const hostile = fc
  .array(fc.oneof(fc.constantFrom(...nasty), fc.string({ unit: 'binary', maxLength: 8 })), { minLength: 1, maxLength: 3 })
  .map((parts) => parts.join(''))
  .filter((name) => name !== '');

const change = (action: Change['action'], address: Address, more: Partial<Change> = {}): Change => ({
  address,
  kind: kindOf(address),
  action,
  fields: [],
  ...more,
});
const field = (name: string, before: unknown, after: unknown) =>
  ({ path: `/${name}`, before, after }) as Change['fields'][number];

/** A plan of some changes, with the rest of it as plain as it can be. */
export function planOf(changes: readonly Change[], more: Partial<Plan> = {}): Plan {
  const count = (action: Change['action']) => changes.filter((one) => one.action === action).length;
  return {
    format: 'zenform.plan/1',
    organization: { id: 'o1', name: 'acme' },
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

/** A report in which everything that others can name is named by the given names. */
export function reportOf(names: readonly string[], subject: Subject): Report {
  const name = (index: number) => names[index % names.length] ?? 'x';
  const place = { file: name(0), line: 3, column: 5 };
  const [person, group, account, space] = [member(name(1)), team(name(2)), serviceAccount(name(3)), workspace(name(4))];
  const churn = project(space, name(5));
  const changes = [
    change('update', organization, { fields: [field('description', name(1), name(2))], place }),
    change('create', person, { fields: [field('role', undefined, 'Organization Admin')], place }),
    change('create', group, { fields: [field('description', undefined, name(3))], from: team(name(6)) }),
    change('create', teamMember(group, person)),
    change('delete', serviceAccountKey(account, name(1)), { because: 'absent', effects: [name(2)] }),
    change('update', space, { fields: [field('labels', [name(1)], [name(2), name(3)]), field(name(4), { [name(1)]: 1 }, 2)] }),
    change('delete', churn, { because: space, effects: [name(3)], place }),
    change('create', grant(organization, 'Organization Admin', group)),
    change('delete', grant(churn, name(6), account), { because: 'list', place }),
  ];
  const access: AccessChange[] = [
    {
      principal: person,
      person: name(1),
      scope: organization,
      before: [],
      after: ['Organization Admin'],
      effect: 'widen',
      via: [group],
      by: { 'Organization Admin': [group] },
    },
    {
      principal: account,
      scope: churn,
      before: [name(6)],
      after: [name(5)],
      effect: 'both',
      via: [],
      by: { [name(6)]: [account], [name(5)]: [group] },
    },
  ];
  const diagnostics: Diagnostic[] = [
    { code: 'lock-out', severity: 'error', summary: name(1), hint: name(2), address: person, place, related: [place] },
    { code: 'unreachable', severity: 'warning', summary: name(3), hint: name(4) },
    { code: 'orphan-grant', severity: 'note', summary: name(5), address: group },
  ];
  const step = {
    id: 's1',
    change: person,
    server: 'control-plane',
    method: 'POST',
    path: `/organizations/${name(2)}/invitations`,
    body: { email: name(1) },
    needs: [],
  } as const;
  const plan = planOf(changes, {
    organization: { id: 'o1', name: name(0) },
    api: name(4),
    access,
    steps: [step],
    unmanaged: { team: 2 },
    notChecked: [{ address: name(2), reason: name(3), deferred: true }],
    diagnostics,
  });
  const outcome = { step: 's1', request: 'POST /x', error: name(4) };
  const listed = [group, churn];
  return {
    subject,
    exitCode: 1,
    verdict: 'ok',
    diagnostics,
    ...(subject === 'validate'
      ? { checked: { files: [...new Set(names)], resources: 2 }, origins: [{ path: `/${name(1)}`, place, overrides: place }] }
      : {}),
    ...(['plan', 'show', 'drift', 'apply'].includes(subject) ? { plan, unchanged: [role(name(1)), team(name(7))] } : {}),
    ...(subject === 'drift' ? { drifted: listed } : {}),
    ...(subject === 'unmanaged'
      ? { unmanaged: listed.map((address) => ({ address, kind: kindOf(address) })), notChecked: [] }
      : {}),
    ...(subject === 'export' ? { files: [{ name: name(1), text: name(2) }] } : {}),
    ...(subject === 'doctor'
      ? { examination: { checks: [{ name: name(1), status: 'failed', detail: name(2) }], verdict: name(3) } }
      : {}),
    ...(subject === 'apply'
      ? {
          applied: {
            outcomes: [
              { ...outcome, address: person, status: 'failed' },
              { ...outcome, address: churn, status: 'skipped' },
            ],
            verified: false,
            rest: changes.slice(0, 1),
            moved: changes.slice(5, 6),
            left: changes.slice(6, 7),
            interrupted: false,
          },
        }
      : {}),
    next: `zenform apply -f ${name(3)}`,
  };
}

export const subjects = ['validate', 'plan', 'show', 'apply', 'drift', 'export', 'unmanaged', 'doctor'] as const;

/** Any report, with hostile names. */
export const hostileReport = fc
  .tuple(fc.array(hostile, { minLength: 8, maxLength: 8 }), fc.constantFrom(...subjects))
  .map(([names, subject]) => reportOf(names, subject));

/** A plan of so many changes in an organization of a plausible shape; everybody called `admin…` becomes Organization Admin. */
export function largePlan(count: number, admins: number): Report {
  const changes: Change[] = [];
  const access: AccessChange[] = [];
  const place = { file: 'configs/people.yaml', line: 7, column: 3 };
  for (let index = 0; index < admins; index++) {
    const address = member(`admin${index}@acme.example`);
    changes.push(change('create', address, { fields: [field('role', undefined, 'Organization Admin')], place }));
    access.push({
      principal: address,
      person: `admin${index}@acme.example`,
      scope: organization,
      before: [],
      after: ['Organization Admin'],
      effect: 'widen',
      via: [],
      by: { 'Organization Admin': [address] },
    });
  }
  for (let index = 0; changes.length < count; index++) {
    const scope = project(workspace(`workspace-${index % 40}`), `project-${index % 400}`);
    const principal = member(`person${index}@acme.example`);
    const gone = index % 5 === 0;
    changes.push(
      change(gone ? 'delete' : 'create', grant(scope, 'Project Developer', principal), {
        place,
        ...(gone ? { because: 'list' } : {}),
      }),
    );
    access.push({
      principal,
      person: `person${index}@acme.example`,
      scope,
      before: gone ? ['Project Developer'] : [],
      after: gone ? [] : ['Project Developer'],
      effect: gone ? 'narrow' : 'widen',
      via: [],
      by: { 'Project Developer': [principal] },
    });
  }
  return { subject: 'plan', exitCode: 0, verdict: 'ok', diagnostics: [], plan: planOf(changes, { access }) };
}
