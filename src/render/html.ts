import { kindOf, nameOf } from '../core/address.ts';
import type { Diagnostic } from '../core/diagnostic.ts';
import type { FieldChange } from '../core/kind.ts';
import type { AccessChange, Change, Plan } from '../core/plan.ts';
import { placeText } from './diagnostics.ts';
import { adminWords, type Holder, type Matters, mattersOf } from './matters.ts';
import { css, js } from './page.generated.ts';
import { counted, safe } from './paint.ts';
import { reasonOf, unmanagedWords } from './plan.ts';
import { headline, type Report, type Subject, titleOf } from './report.ts';
import { type Node, treeOf } from './tree.ts';
import { itemChanges, valueText } from './values.ts';

/** Nothing is loaded, nothing is sent, and only what zenform itself has put in is run and styles the page. */
const policy = `default-src 'none'; img-src data:; style-src '${css.hash}'; script-src '${js.hash}'; base-uri 'none'; form-action 'none'`;

/** A report as one page that needs nothing else: what matters first, then the hierarchy with what changes in it. */
export function html(report: Report): string {
  const { plan, diagnostics, unmanaged = [], drifted = [], files = [] } = report;
  const { text, mood } = headline(report);
  const name = plan ? ` for ${plan.organization.name}` : '';
  const matters = plan && mattersOf(plan);
  const parts = [
    `<header><div class="top"><h1>${esc(titleOf(report))}${esc(name)}</h1><button id="theme" type="button">Dark or light</button></div>`,
    plan ? `<div class="dim">${esc(plan.api)}, as of ${esc(plan.now)}</div>` : '',
    `<p class="verdict ${mood}">${esc(text)}</p></header><main>`,
    problems(diagnostics),
    matters ? important(matters, report.subject) : '',
    failures(report),
    tools(plan !== undefined),
    plan ? hierarchy(report, plan) : '',
    matters ? access(matters.access) : '',
    named('Unmanaged, which counts as drift here', drifted),
    named(
      'Live and not in the files',
      unmanaged.map(({ address }) => address),
    ),
    named(
      'Files',
      files.map((file) => file.name),
    ),
    plan ? rest(plan) : '',
    report.next === undefined ? '' : `<h2>Next</h2><pre>${esc(report.next)}</pre>`,
    '</main><p class="dim keys"><kbd>/</kbd> search, <kbd>j</kbd> <kbd>k</kbd> down and up, <kbd>Enter</kbd> fold, <kbd>e</kbd> unfold all, <kbd>c</kbd> fold all, <kbd>u</kbd> what does not change, <kbd>t</kbd> dark or light, <kbd>Esc</kbd> clear</p>',
  ];
  return [
    '<!doctype html>',
    '<html lang="en"><head><meta charset="utf-8">',
    `<meta http-equiv="Content-Security-Policy" content="${policy}">`,
    '<meta name="viewport" content="width=device-width, initial-scale=1"><meta name="referrer" content="no-referrer">',
    `<link rel="icon" href="data:,"><title>${esc(`${titleOf(report)}${name}`)}</title><style>${css.text}</style></head><body>`,
    ...parts.filter((part) => part !== ''),
    `<script>${js.text}</script></body></html>\n`,
  ].join('\n');
}

const entities: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };

/** Text that can be nothing but text, also between quotes. */
const esc = (text: string) => safe(text).replace(/[&<>"']/g, (one) => entities[one] ?? '');
const code = (text: string) => `<code>${esc(text)}</code>`;

function problems(diagnostics: readonly Diagnostic[]): string {
  if (diagnostics.length === 0) return '';
  const rank = { error: 0, warning: 1, note: 2 };
  const items = [...diagnostics]
    .sort((a, b) => rank[a.severity] - rank[b.severity])
    .map(({ severity, code: name, summary, hint, place, related = [] }) => {
      const where = place ? `${code(placeText(place))}: ` : '';
      const also = related.map((one) => `<div class="dim">also at ${code(placeText(one))}</div>`).join('');
      const what = `<b class="${severity}">${severity}</b> <span class="dim">${esc(name)}</span>`;
      return `<li data-text>${where}${what} ${esc(summary)}${also}${hint ? `<div class="dim">${esc(hint)}</div>` : ''}</li>`;
    });
  return `<h2>Problems and notes</h2><ul>${items.join('\n')}</ul>`;
}

function important(matters: Matters, subject: Subject): string {
  const { whole, destructive, mailed } = matters;
  const said = whole ? '' : ', as far as the changes themselves show it';
  const holder = ({ principal, via }: Holder) => {
    const by = via.length > 0 ? ` <span class="dim">by ${via.map(code).join(', ')}</span>` : '';
    return `<li data-text>${code(kindOf(principal) === 'member' ? nameOf(principal) : principal)}${by}</li>`;
  };
  const box = (kind: string, title: string, items: readonly string[], folded = false) => {
    if (items.length === 0) return '';
    const list = `<ul>${items.join('\n')}</ul>`;
    const whole = folded ? `<details><summary><h2>${title}</h2></summary>${list}</details>` : `<h2>${title}</h2>${list}`;
    return `<section class="alarm${kind}">${whole}</section>`;
  };
  const admins = (side: 'gain' | 'lose') => {
    const { text, alarm } = adminWords(subject, side, matters[side].length);
    return box(alarm ? '' : ' less', `${text}${said}`, matters[side].map(holder));
  };
  const deleted = ({ address, effects = [] }: Change) =>
    `<li data-text>${code(address)}${effects.map((effect) => `<div class="lost">cannot be undone: ${esc(effect)}</div>`).join('')}</li>`;
  return [
    admins('gain'),
    admins('lose'),
    box('', `${counted(destructive.length, 'deletion')} to look at`, destructive.map(deleted)),
    box(
      ' less',
      `${counted(mailed.length, 'e-mail')} will be sent`,
      mailed.map((one) => `<li data-text>${code(one)}</li>`),
      mailed.length > 5,
    ),
  ].join('');
}

function failures({ applied }: Report): string {
  if (!applied) return '';
  const told = applied.outcomes.filter(({ status }) => status !== 'applied');
  const rows = told.map(
    ({ address, status, error }) =>
      `<tr data-text><td class="${status === 'failed' ? 'error' : 'warning'}">${status}</td><td>${code(address)}</td><td>${esc(error ?? 'no reason is known')}</td></tr>`,
  );
  const found = (title: string, changes: readonly Change[]) =>
    named(
      title,
      changes.map(({ action, address }) => `${action} ${address}`),
    );
  return [
    rows.length === 0 ? '' : `<h2>Failed and skipped</h2><table>${rows.join('\n')}</table>`,
    found('Reading again still found', applied.rest),
    found('Moved during the run', applied.moved),
    found('Left, because it was not reviewed so', applied.left),
  ].join('');
}

function tools(tree: boolean): string {
  const action = (name: string, sign: string) =>
    `<label><input type="checkbox" name="action" value="${name}" checked> <span class="sign">${sign}</span>${name}</label>`;
  const hide = tree ? '' : ' hidden';
  return [
    '<div class="tools" role="search"><input id="search" type="search" placeholder="Search (press /)" aria-label="Search">',
    `<span${hide}>${action('create', '+')} ${action('update', '~')} ${action('delete', '−')}</span>`,
    `<label${hide}><input type="checkbox" id="whole"> what does not change</label>`,
    `<button id="unfold" type="button"${hide}>Unfold all</button><button id="fold" type="button"${hide}>Fold all</button>`,
    `<output id="found" class="dim" aria-live="polite"${hide}></output></div>`,
  ].join('');
}

/** From so many changes on, what is not on the screen is laid out only when one gets there. */
const large = 500;

function hierarchy({ unchanged = [], applied }: Report, plan: Plan): string {
  const status = new Map<string, string>();
  // Of a change with several steps, the worst counts.
  for (const one of applied?.outcomes ?? []) if (status.get(one.address) !== 'failed') status.set(one.address, one.status);
  const tree = treeOf(plan.organization.name, plan.changes, unchanged);
  return `<h2>The organization</h2><ul class="tree${plan.changes.length > large ? ' large' : ''}">${nodeHtml(tree, status)}</ul>`;
}

const signs = { create: '+', update: '~', delete: '−' } as const;

function nodeHtml({ label, address, change, children }: Node, status: ReadonlyMap<string, string>): string {
  const kind = change ? change.action : address === undefined ? 'group' : 'same';
  const came = address === undefined ? undefined : status.get(address);
  const sign = change
    ? `<span class="sign" role="img" aria-label="to ${change.action}">${signs[change.action]}</span> `
    : address === undefined
      ? ''
      : '<span class="sign"></span> ';
  const words = [change ? reasonOf(change) : '', came ? `(${came})` : ''].filter((word) => word !== '').join(' ');
  const from = change?.from ? `<del>${esc(nameOf(change.from))}</del> → ` : '';
  const place = change?.place ? `<span class="place">${esc(placeText(change.place))}</span>` : '';
  const row = `${place}${sign}<span class="name">${from}${esc(label)}</span>${words === '' ? '' : ` <span class="dim">${esc(words)}</span>`}`;
  const fields = change ? fieldsHtml(change) : '';
  const data = `${change ? ` data-action="${change.action}"` : ''}${address === undefined ? '' : ` data-address="${esc(address)}"`}`;
  const same = kind === 'same' && !children.some(hasChange) ? 'same' : kind === 'same' ? 'kept' : kind;
  if (children.length === 0) return `<li class="${same}"${data}><div class="row" tabindex="-1">${row}</div>${fields}</li>`;
  const below = children.map((child) => nodeHtml(child, status)).join('\n');
  return `<li class="${same}"${data}><details open><summary class="row">${row}</summary>${fields}<ul>${below}</ul></details></li>`;
}

const hasChange = ({ change, children }: Node): boolean => change !== undefined || children.some(hasChange);

function fieldsHtml({ action, fields, effects = [] }: Change): string {
  const lines = [
    ...(action === 'delete' ? [] : fields.map((field) => fieldHtml(field, action))),
    ...effects.map((effect) => `<div class="lost">! ${action === 'delete' ? 'cannot be undone: ' : ''}${esc(effect)}</div>`),
  ];
  return lines.length === 0 ? '' : `<div class="fields">${lines.join('')}</div>`;
}

function fieldHtml(field: FieldChange, action: Change['action']): string {
  const name = `<span class="dim">${esc(field.path.slice(1))}:</span>`;
  if (action === 'create') return `<div>${name} ${esc(valueText(field.after))}</div>`;
  const items = itemChanges(field);
  const told = items
    ? items.map((item) => (item.startsWith('+') ? `<ins>${esc(item)}</ins>` : `<del>${esc(item)}</del>`)).join(' ')
    : `${field.before === undefined || field.before === null ? '(none)' : `<del>${esc(valueText(field.before))}</del>`} → <ins>${esc(valueText(field.after))}</ins>`;
  return `<div>${name} ${told}</div>`;
}

function access(changes: readonly AccessChange[]): string {
  if (changes.length === 0) return '';
  const rows = changes.map(({ principal, person, scope, before, after, via }) => {
    const roles = [
      ...before.filter((role) => !after.includes(role)).map((role) => `<del>${esc(role)}</del>`),
      ...after.map((role) => (before.includes(role) ? esc(role) : `<ins>${esc(role)}</ins>`)),
    ].join(', ');
    return `<tr data-text><td>${code(person ?? principal)}</td><td>${code(scope)}</td><td>${roles}</td><td>${via.length === 0 ? 'directly' : via.map(code).join(', ')}</td></tr>`;
  });
  const head = '<tr><th>Who</th><th>Where</th><th>Roles</th><th>By</th></tr>';
  const open = changes.length <= 200 ? ' open' : '';
  return `<details${open}><summary><h2>Whose roles change: ${changes.length}</h2></summary><table><thead>${head}</thead><tbody>${rows.join('\n')}</tbody></table></details>`;
}

function named(title: string, names: readonly string[]): string {
  if (names.length === 0) return '';
  return `<h2>${title}: ${names.length}</h2><ul>${names.map((name) => `<li data-text>${code(name)}</li>`).join('\n')}</ul>`;
}

function rest({ notChecked, unmanaged, steps }: Plan): string {
  const unread = notChecked.map(({ address, reason }) => `<li data-text>${code(address)}: ${esc(reason)}</li>`).join('');
  const words = unmanagedWords(unmanaged);
  const calls = steps
    .map(({ id, method, path, server, body, change }) => {
      const sent = body === undefined ? '' : ` ${JSON.stringify(body)}`;
      return esc(`${id}  ${method} ${path} on ${server}${sent}  # ${change}`);
    })
    .join('\n');
  return [
    unread === '' ? '' : `<h2>Not checked</h2><ul>${unread}</ul>`,
    words === '' ? '' : `<p class="dim">Unmanaged, and left alone: ${esc(words)}.</p>`,
    calls === ''
      ? ''
      : `<details class="calls"><summary>${counted(steps.length, 'call')} of the API</summary><pre>${calls}</pre></details>`,
  ].join('');
}
