import type { KindName } from '../core/address.ts';
import { compare } from '../core/diagnostic.ts';
import type { Change, Plan } from '../core/plan.ts';
import { counted, cut, paints, plainStyle, type Style, safe, widthOf, wrapped } from './paint.ts';
import { changedFields, newFields, valueText } from './values.ts';

/** What the sum is called, and what it says when there is nothing to do; without `none`, the reason follows below. */
export interface Words {
  readonly title: string;
  readonly none: string | undefined;
}

/** A plan for a person: the changes by kind of thing, what cannot be undone, what was not checked, what is not managed, the sum. */
export function planText(plan: Plan, style: Style, words: Words = { title: 'Plan', none: 'No changes' }): string {
  const parts = [
    changesText(plan.changes, style),
    mailText(plan, style),
    notCheckedText(plan.notChecked, style),
    unmanagedCounts(plan.unmanaged, style),
    `${sumText(plan, style, words)}\n`,
  ];
  return parts.filter((part) => part !== '').join('\n');
}

/** A log has no width, but a line that is longer than this reads badly in it too. */
const logWidth = 120;

const groups: readonly (readonly KindName[])[] = [
  ['organization'],
  ['role'],
  ['member'],
  ['service_account', 'service_account_key'],
  ['team', 'team_member'],
  ['workspace', 'project'],
  ['grant'],
];
/** From so many lines on, empty lines between the groups help more than they cost. */
const crowded = 9;

/** Changes by kind of thing, in reading order; kinds without changes are left out. */
export function groupsOf(
  changes: readonly Change[],
): { readonly kinds: readonly KindName[]; readonly changes: readonly Change[] }[] {
  return groups
    .map((kinds) => ({ kinds, changes: changes.filter(({ kind }) => kinds.includes(kind)).sort(byAddress) }))
    .filter((group) => group.changes.length > 0);
}

/** Changes by kind of thing; within a kind by address, each thing before what is in it. */
export function changesText(changes: readonly Change[], style: Style): string {
  const texts = groupsOf(changes).map((group) => group.changes.map((change) => changeText(change, style)).join(''));
  const lines = texts.join('').split('\n').length - 1;
  return texts.join(lines < crowded ? '' : '\n');
}

/** By address, each thing before what is in it. */
export function byAddress(a: Pick<Change, 'address'>, b: Pick<Change, 'address'>): number {
  const [left, right] = [a.address.split('/'), b.address.split('/')];
  for (const [index, part] of left.entries()) {
    const order = compare(part, right[index] ?? '');
    if (order !== 0) return order;
  }
  return left.length - right.length;
}

const symbols = { create: '+', update: '~', delete: '-' } as const;
const reasons: Readonly<Record<string, string>> = {
  absent: 'absent in the files',
  expired: 'expired',
  prune: 'pruned',
  base: 'no longer in the files',
  list: 'not in the list',
};

/** One change: its line, the fields that differ, and what cannot be undone. Addresses are never cut. */
function changeText(change: Change, style: Style): string {
  const paint = paints(style);
  const color = { create: paint.green, update: paint.yellow, delete: paint.red }[change.action];
  const name = nameText(change);
  const because = becauseText(change);
  const head = `  ${color(`${symbols[change.action]} ${name}`)}${paint.dim(because)}`;
  const beside = besideHead(change, style.width ?? logWidth, widthOf(name));
  if (beside !== undefined) return `${head}  ${paint.dim(beside)}\n`;
  const lines = [head, ...fieldLines(change, style), ...effectsOf(change).map((effect) => effectLine(effect, change, style))];
  return lines.map((line) => `${line}\n`).join('');
}

/** A change without sign and colour, for others to put around it: its head, the fields that differ, and what cannot be undone. */
export function changeLines(change: Change): readonly string[] {
  const beside = besideHead(change, logWidth, widthOf(nameText(change)));
  if (beside !== undefined) return [`${nameText(change)}  ${beside}`];
  const below = [...fieldLines(change, plainStyle), ...effectsOf(change).map((effect) => effectLine(effect, change, plainStyle))];
  return [`${nameText(change)}${becauseText(change)}`, ...below.map((line) => line.trimStart())];
}

const nameText = ({ from, address }: Change) => (from ? `${safe(from)} → ${safe(address)}` : safe(address));
const becauseText = (change: Change) => (change.because ? ` ${reasonOf(change)}` : '');

/** Why something is deleted, in brackets; empty for what is not. */
export const reasonOf = ({ because }: Change) => (because ? `(${reasons[because] ?? `goes with ${safe(because)}`})` : '');

/** The only field of something new, where it fits on the line of the address. */
function besideHead(change: Change, width: number, used: number): string | undefined {
  const [field, ...more] = change.fields;
  if (change.action !== 'create' || field === undefined || more.length > 0 || effectsOf(change).length > 0) return undefined;
  const text = `${safe(field.path.slice(1))}: ${valueText(field.after)}`;
  return used + widthOf(text) + 6 <= width ? text : undefined;
}

/** What stands below a change; the e-mails of invitations are listed together. */
function effectsOf({ kind, action, effects = [] }: Change): readonly string[] {
  return kind === 'member' && action === 'create' ? [] : effects;
}

function fieldLines(change: Change, style: Style): string[] {
  if (change.action === 'delete') return [];
  if (change.action === 'create') return newFields(change.fields, style);
  // The line of a rename has both names already.
  const renames = (value: unknown, address: string) => address.endsWith(`/${String(value)}`);
  const { from, address } = change;
  const fields = change.fields.filter(({ before, after }) => !(from && renames(before, from) && renames(after, address)));
  return changedFields(fields, style);
}

function effectLine(effect: string, change: Change, style: Style): string {
  const paint = paints(style);
  const words = change.action === 'delete' ? `cannot be undone: ${effect}` : effect;
  return `      ${paint.red(`! ${cut(safe(words), style.width === undefined ? undefined : style.width - 8)}`)}`;
}

/** E-mails are the one thing that a later run cannot take back. */
function mailText(plan: Plan, style: Style): string {
  const invited = plan.steps
    .filter(({ method, path }) => method === 'POST' && path.endsWith('/invitations'))
    .map(({ change }) => safe(change.replace(/^member\//, '')));
  if (invited.length === 0) return '';
  const head = `! ${counted(invited.length, 'e-mail')} will be sent, to`;
  const { yellow } = paints(style);
  const lines = wrapped(invited, (style.width ?? logWidth) - 4);
  if (lines.length === 1 && widthOf(`${head} ${lines[0]}`) <= (style.width ?? logWidth))
    return `${yellow(`${head} ${lines[0]}`)}\n`;
  return `${yellow(`${head}:`)}\n${lines.map((line) => `    ${line}\n`).join('')}`;
}

/** What could not be read, with the reason. */
export function notCheckedText(notChecked: Plan['notChecked'], style: Style): string {
  if (notChecked.length === 0) return '';
  const lines = notChecked.map(
    ({ address, reason, deferred, hint }) =>
      `  ${safe(address)}: ${safe(reason)}${deferred ? ' (a later run looks again)' : ''}\n${hint ? `      ${paints(style).dim(safe(hint))}\n` : ''}`,
  );
  return `${paints(style).yellow('Not checked:')}\n${lines.join('')}`;
}

const words: Readonly<Record<KindName, readonly [one: string, many: string]>> = {
  organization: ['organization', 'organizations'],
  member: ['member', 'members'],
  service_account: ['service account', 'service accounts'],
  service_account_key: ['API key', 'API keys'],
  role: ['role', 'roles'],
  team: ['team', 'teams'],
  team_member: ['team membership', 'team memberships'],
  workspace: ['workspace', 'workspaces'],
  project: ['project', 'projects'],
  grant: ['role assignment', 'role assignments'],
};

/** The word for one thing of a kind, and for several. */
export const kindWords = (kind: KindName) => words[kind];

/** `3 teams, 1 role assignment`; empty for none. */
export function unmanagedWords(unmanaged: Plan['unmanaged']): string {
  return (Object.entries(unmanaged) as [KindName, number][]).map(([kind, count]) => counted(count, ...words[kind])).join(', ');
}

function unmanagedCounts(unmanaged: Plan['unmanaged'], style: Style): string {
  const counts = unmanagedWords(unmanaged);
  if (counts === '') return '';
  return `${paints(style).dim(`Unmanaged: ${counts} (\`zenform unmanaged\` lists them)`)}\n`;
}

/** `Plan: 3 to create, 1 to update, 2 to delete; 41 unchanged.` */
function sumText({ summary, changes, notChecked }: Plan, style: Style, { title, none }: Words): string {
  const { bold } = paints(style);
  const counts = `${summary.create} to create, ${summary.update} to update, ${summary.delete} to delete`;
  const unchanged = `${summary.unchanged} unchanged.`;
  if (changes.length > 0) return bold(`${title}: ${counts}; ${unchanged}`);
  if (none === undefined) return bold(`${title}: only in what the files do not manage; ${unchanged}`);
  const same = notChecked.length > 0 ? 'What could be checked is as the files say' : 'The organization is as the files say';
  return bold(`${none}. ${same}; ${unchanged}`);
}
