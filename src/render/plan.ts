import type { KindName } from '../core/address.ts';
import type { FieldChange } from '../core/kind.ts';
import type { Change, Plan } from '../core/plan.ts';
import type { Json } from '../core/resource.ts';
import { counted, cut, paints, type Style, safe } from './paint.ts';

const symbols = { create: '+', update: '~', delete: '-' } as const;

/** A plan for a person: a line for each change, what differs in it, what cannot be undone, what was not checked, and the sum. */
export function planText(plan: Plan, style: Style, plural: (kind: KindName) => string): string {
  const parts = [
    plan.changes.map((change) => changeText(change, style)).join(''),
    mailText(plan, style),
    notCheckedText(plan, style),
    unmanagedText(plan, style, plural),
    `${sumText(plan, style)}\n`,
  ];
  return parts.filter((part) => part !== '').join('\n');
}

/** One change with its fields. */
export function changeText(change: Change, style: Style): string {
  const paint = paints(style);
  const color = { create: paint.green, update: paint.yellow, delete: paint.red }[change.action];
  const name = change.from ? `${change.from} → ${change.address}` : change.address;
  const covered = change.action === 'delete' && change.because?.includes('/') ? ` (with ${change.because})` : '';
  const head = color(cut(`${symbols[change.action]} ${safe(name)}${safe(covered)}`, style));
  const shown = change.action === 'delete' ? [] : change.fields;
  const width = Math.max(0, ...shown.map(({ path }) => path.length - 1));
  const fields = shown.map((field) => `${cut(`    ${field.path.slice(1).padEnd(width)}  ${fieldText(field, change)}`, style)}\n`);
  const effects = (change.effects ?? []).map((effect) => `${paint.red(cut(`    ! ${effect}`, style))}\n`);
  return `${head}\n${fields.join('')}${effects.join('')}`;
}

function fieldText({ before, after }: FieldChange, change: Change): string {
  if (change.action === 'create') return valueText(after);
  return `${valueText(before)} → ${valueText(after)}`;
}

const valueText = (value: Json | undefined) => (value === undefined || value === null ? '(none)' : safe(JSON.stringify(value)));

function mailText(plan: Plan, style: Style): string {
  const invited = plan.steps
    .filter((step) => step.method === 'POST' && step.path.endsWith('/invitations'))
    .map((step) => step.change.replace('member/', ''));
  if (invited.length === 0) return '';
  const shown = invited.slice(0, 5).join(', ');
  const more = invited.length > 5 ? ` and ${invited.length - 5} more` : '';
  return `${paints(style).yellow(`! ${counted(invited.length, 'e-mail')} will be sent, which cannot be undone: invitations to ${safe(shown)}${more}`)}\n`;
}

function notCheckedText(plan: Plan, style: Style): string {
  if (plan.notChecked.length === 0) return '';
  const lines = plan.notChecked.map(
    ({ address, reason, deferred }) => `  ${cut(`? ${safe(address)}: ${deferred ? 'deferred, ' : ''}${safe(reason)}`, style)}\n`,
  );
  return `${paints(style).yellow('Not checked:')}\n${lines.join('')}`;
}

function unmanagedText(plan: Plan, style: Style, plural: (kind: KindName) => string): string {
  const counts = Object.entries(plan.unmanaged) as [KindName, number][];
  if (counts.length === 0) return '';
  const list = counts.map(([kind, count]) => counted(count, plural(kind).replace(/s$/, ''), plural(kind))).join(', ');
  return `${paints(style).dim(`Unmanaged: ${list}. \`zenform unmanaged\` lists them; nothing will happen to them.`)}\n`;
}

/** `Plan: 3 to create, 1 to update, 2 to delete; 41 unchanged.` */
function sumText({ summary, changes }: Plan, style: Style): string {
  const paint = paints(style);
  const unchanged = `${summary.unchanged} unchanged`;
  if (changes.length === 0) return paint.bold(`No changes. The organization is as the files say; ${unchanged}.`);
  return paint.bold(`Plan: ${summary.create} to create, ${summary.update} to update, ${summary.delete} to delete; ${unchanged}.`);
}
