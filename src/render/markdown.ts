import { type Address, kindOf, nameOf } from '../core/address.ts';
import type { Diagnostic } from '../core/diagnostic.ts';
import type { AccessChange, Change, Plan } from '../core/plan.ts';
import { diagnosticsText } from './diagnostics.ts';
import { fitted, type Item, type Section } from './fit.ts';
import { adminWords, type Holder, type Matters, mattersOf } from './matters.ts';
import { counted, plainStyle, safe } from './paint.ts';
import { changeLines, groupsOf, kindWords, unmanagedWords } from './plan.ts';
import { type AppliedPart, headline, type Report, type Subject, titleOf } from './report.ts';

/** A comment of GitHub takes 65,536 characters; this leaves room for what a workflow puts around it. */
export const markdownLimit = 60_000;

/**
 * A report for a comment on a pull request: what matters to people first, the rest in folding sections, cut by rank to
 * `markdownLimit`. Everything that others have named stands in code, where it can neither be markup nor call anybody.
 */
export function markdown(report: Report): string {
  const { text, mood } = headline(report);
  const organization = report.plan ? ` for ${code(report.plan.organization.name)}` : '';
  const mark = { good: ':white_check_mark:', changes: ':pencil:', bad: ':x:' }[mood];
  const head = `## ${titleOf(report)}${organization}\n\n${mark} **${prose(text)}**\n`;
  const foot = footer(report);
  return `${head}${fitted(sectionsOf(report), markdownLimit - head.length - foot.length)}${foot}`;
}

function sectionsOf(report: Report): Section[] {
  const { plan, diagnostics, applied } = report;
  const matters = plan && mattersOf(plan);
  const errors = diagnostics.filter(({ severity }) => severity === 'error');
  const others = diagnostics.filter(({ severity }) => severity !== 'error');
  return [
    problems(counted(errors.length, 'error'), errors, 12_000),
    ...(matters ? admins(matters, report.subject) : []),
    ...(applied ? results(applied) : []),
    ...(matters ? [destructive(matters), mails(matters)] : []),
    ...(matters ? [accessSection(matters)] : []),
    problems(remarksTitle(others), others, 8_000),
    ...(report.drifted ? [addresses('Unmanaged, which counts as drift here', report.drifted, 8_000)] : []),
    ...(plan ? groups(plan) : []),
    ...(report.unmanaged
      ? [
          addresses(
            'Live and not in the files',
            report.unmanaged.map(({ address }) => address),
          ),
        ]
      : []),
    checks(report),
    notChecked(plan?.notChecked ?? report.notChecked ?? []),
    files(report),
  ].filter(({ items }) => items.length > 0);
}

function remarksTitle(diagnostics: readonly Diagnostic[]): string {
  return (['warning', 'note'] as const)
    .map((severity) => [severity, diagnostics.filter((one) => one.severity === severity).length] as const)
    .flatMap(([severity, count]) => (count === 0 ? [] : [counted(count, severity)]))
    .join(', ');
}

/** Text of ours that may hold what others have named: whatever Markdown, HTML or GitHub would see in it is taken apart. */
function prose(text: string): string {
  return safe(text).replace(/[\\`*_{}[\]()<>#!|~@&:/^$=]|\.(?=\S)/g, (one) => `&#${one.charCodeAt(0)};`);
}

/** A name, in a code span that it cannot leave. */
export function code(name: string): string {
  const text = clipped(safe(name), 600);
  if (text === '') return '(empty)';
  const fence = '`'.repeat(longestRun(text) + 1);
  // What is nothing but spaces keeps all of them.
  const pad = /^[ `]|[ `]$/.test(text) && text.trim() !== '' ? ' ' : '';
  return `${fence}${pad}${text}${pad}${fence}`;
}

/** Lines, in a fenced block that they cannot leave. */
function fenced(language: string): (body: string) => string {
  return (body) => {
    const fence = '`'.repeat(Math.max(3, longestRun(body) + 1));
    return `${fence}${language}\n${body}${fence}\n`;
  };
}

const longestRun = (text: string) => Math.max(0, ...[...text.matchAll(/`+/g)].map(([run]) => run.length));

function clipped(text: string, most: number): string {
  return text.length <= most ? text : `${text.slice(0, most).replace(/[\ud800-\udbff]$/, '')}…`;
}

const line = (text: string, rank = 0): Item => ({ text: `${clipped(text, 600)}\n`, rank });
const fold = (summary: string, open: boolean) => `\n<details${open ? ' open' : ''}><summary>${summary}</summary>\n\n`;
const closed = '\n</details>\n';
const more = (count: number) => `\n**${count} more** did not fit here; \`-o html\` and \`-o json\` have all of them.\n`;

function problems(title: string, diagnostics: readonly Diagnostic[], share: number): Section {
  const errors = diagnostics[0]?.severity === 'error';
  const rank = { error: 0, warning: 1, note: 2 };
  const items = diagnostics.map((one) => {
    const lines = diagnosticsText([one], plainStyle).trimEnd().split('\n');
    return { text: lines.map((text) => `${clipped(text, 1000)}\n`).join(''), rank: rank[one.severity] };
  });
  return { open: fold(title, errors), items, close: closed, more, share, wrap: fenced('text') };
}

function admins(matters: Matters, subject: Subject): Section[] {
  const said = matters.whole ? '' : ', as far as the changes themselves show it';
  return (['gain', 'lose'] as const).map((side) => {
    const { text, alarm } = adminWords(subject, side, matters[side].length);
    return {
      open: `\n> [!${alarm ? 'CAUTION' : 'WARNING'}]\n> **${text}**${said}:\n>\n`,
      items: matters[side].map((holder) => ({ text: `> - ${holderText(holder)}\n`, rank: 0 })),
      close: '',
      more: (cut) => `>\n> **and ${cut} more, who do not fit here**: \`-o html\` and \`-o json\` name all of them.\n`,
    };
  });
}

function holderText({ principal, via }: Holder): string {
  const by = via.length > 0 ? ` by ${via.slice(0, 3).map(code).join(', ')}${via.length > 3 ? ' and others' : ''}` : '';
  return `${code(kindOf(principal) === 'member' ? nameOf(principal) : principal)}${by}`;
}

function destructive({ destructive }: Matters): Section {
  const items = destructive.map((change, index) => changeItem(change, index));
  const title = `\n### ${counted(destructive.length, 'deletion')} to look at\n\n`;
  return { open: title, items, close: '', more, share: 12_000, wrap: fenced('diff') };
}

function mails({ mailed }: Matters): Section {
  const items = mailed.map((address) => line(safe(address)));
  return {
    open: fold(`${counted(mailed.length, 'e-mail')} will be sent`, false),
    items,
    close: closed,
    more,
    share: 6_000,
    wrap: fenced('text'),
  };
}

function accessSection({ access }: Matters): Section {
  const holders = new Set(access.map(({ principal }) => principal));
  const items = access.map((one) => ({ text: accessLines(one), rank: 0 }));
  const title = `Access of ${counted(holders.size, 'person or service account changes', 'people and service accounts changes')}`;
  return { open: fold(title, access.length <= 20), items, close: closed, more, share: 12_000, wrap: fenced('diff') };
}

/** `+ alan@acme.io on workspace/prod: Workspace Developer (by team/data-science)`, and a line for what goes. */
function accessLines({ principal, person, scope, before, after, by }: AccessChange): string {
  const told = (sign: string, roles: readonly string[]) => {
    if (roles.length === 0) return '';
    const words = roles.map((role) => `${safe(role)}${teamsText(by[role] ?? [], principal)}`).join(', ');
    return `${clipped(`${sign} ${safe(person ?? principal)} on ${safe(scope)}: ${words}`, 600)}\n`;
  };
  return (
    told(
      '+',
      after.filter((role) => !before.includes(role)),
    ) +
    told(
      '-',
      before.filter((role) => !after.includes(role)),
    )
  );
}

function teamsText(holders: readonly Address[], principal: Address): string {
  const teams = holders.filter((one) => one !== principal);
  return teams.length === 0 ? '' : ` (by ${teams.map(safe).join(', ')})`;
}

/** All changes, a folding section for each kind of thing; deletions stay longest. */
function groups(plan: Plan): Section[] {
  const total = plan.changes.length;
  return groupsOf(plan.changes).map(({ kinds, changes }) => {
    const rank = { delete: 0, update: 1, create: 2 };
    const items = changes.map((change) => changeItem(change, rank[change.action]));
    const count = (action: Change['action'], word: string) => {
      const found = changes.filter((change) => change.action === action).length;
      return found === 0 ? [] : [`${found} ${word}`];
    };
    const counts = [...count('create', 'to create'), ...count('update', 'to update'), ...count('delete', 'to delete')].join(', ');
    const title = `${kinds.map((kind) => kindWords(kind)[kind === 'organization' ? 0 : 1]).join(', ')}: ${counts}`;
    const name = title.charAt(0).toUpperCase() + title.slice(1);
    return { open: fold(name, total <= 20), items, close: closed, more, wrap: fenced('diff') };
  });
}

/** A change as lines of a diff: what is updated is marked `!`, which is what a diff colours. */
function changeItem(change: Change, rank: number): Item {
  const sign = { create: '+', update: '!', delete: '-' }[change.action];
  const [head = '', ...lines] = changeLines(change);
  const text = [`${sign} ${head}`, ...lines.map((text) => `    ${text}`)].map((text) => `${clipped(text, 600)}\n`).join('');
  return { text, rank };
}

function results({ outcomes, rest, moved, left }: AppliedPart): Section[] {
  const told = (status: 'failed' | 'skipped'): Section => {
    const some = outcomes.filter((one) => one.status === status);
    const items = some.map(({ address, error }) => line(`${safe(address)}: ${safe(error ?? 'no reason is known')}`));
    const title = `${counted(some.length, 'step')} ${status}`;
    return { open: fold(title, status === 'failed'), items, close: closed, more, share: 10_000, wrap: fenced('text') };
  };
  const found = (title: string, changes: readonly Change[]): Section => ({
    open: fold(title, true),
    items: changes.map((change) => changeItem(change, 0)),
    close: closed,
    more,
    share: 8_000,
    wrap: fenced('diff'),
  });
  return [
    told('failed'),
    told('skipped'),
    found('Reading again still found', rest),
    found('Moved during the run', moved),
    found('Left, because it was not reviewed so', left),
  ];
}

function addresses(title: string, found: readonly Address[], share?: number): Section {
  const items = found.map((address) => line(safe(address)));
  return {
    open: fold(`${title}: ${found.length}`, found.length <= 20),
    items,
    close: closed,
    more,
    wrap: fenced('text'),
    ...(share ? { share } : {}),
  };
}

function notChecked(unread: Plan['notChecked']): Section {
  const items = unread.map(({ address, reason, deferred }) =>
    line(`${safe(address)}: ${safe(reason)}${deferred ? ' (a later run looks again)' : ''}`),
  );
  return { open: fold(`Not checked: ${unread.length}`, true), items, close: closed, more, share: 6_000, wrap: fenced('text') };
}

function checks({ examination }: Report): Section {
  const items = (examination?.checks ?? []).map(({ status, name, detail }) =>
    line(`${status.padEnd(7)}  ${safe(name)}: ${safe(detail)}`),
  );
  const differences = (examination?.differences ?? []).map(({ server, operation, detail, consequence }) =>
    line(`differs  ${safe(server)}: ${safe(operation)} ${safe(detail)} (${consequence})`, 1),
  );
  return { open: fold('What was looked at', true), items: [...items, ...differences], close: closed, more, wrap: fenced('text') };
}

function files({ files = [] }: Report): Section {
  const items = files.map(({ name, status }) => line(`${status ? `${status}  ` : ''}${safe(name)}`));
  return { open: fold(counted(files.length, 'file'), true), items, close: closed, more, wrap: fenced('text') };
}

function footer({ plan, next }: Report): string {
  const command = next === undefined ? '' : `\nNext:\n\n${fenced('sh')(`${clipped(safe(next), 2000)}\n`)}`;
  if (!plan) return command;
  const words = unmanagedWords(plan.unmanaged);
  const unmanaged = words === '' ? '' : `\nUnmanaged, and left alone: ${words}.\n`;
  const where = `\n<sub>${code(plan.api)}, as of ${prose(plan.now)}</sub>\n`;
  return `${unmanaged}${command}${where}`;
}
