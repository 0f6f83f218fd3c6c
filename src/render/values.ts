import type { FieldChange } from '../core/kind.ts';
import type { Json } from '../core/resource.ts';
import { cut, paints, type Style, safe, widthOf } from './paint.ts';

const indent = '      ';

/** The fields of something new: one line each, their values below each other. */
export function newFields(fields: readonly FieldChange[], style: Style): string[] {
  return aligned(fields).map(({ label, field }) => `${indent}${label}${cut(valueText(field.after), room(label, style))}`);
}

/** The fields that differ: `description: "a" → "b"`, on two lines where a terminal is too narrow for one. */
export function changedFields(fields: readonly FieldChange[], style: Style): string[] {
  return aligned(fields).flatMap(({ label, field }) => {
    const items = itemChanges(field);
    const line = items?.join('  ') ?? `${valueText(field.before)} → ${valueText(field.after)}`;
    const width = room(label, style);
    if (width === undefined || widthOf(line) <= width) return [`${indent}${label}${line}`];
    return [`${indent}${label.trimEnd()}`, ...narrow(field, items, style)];
  });
}

function narrow(field: FieldChange, items: readonly string[] | undefined, style: Style): string[] {
  const paint = paints(style);
  const color = (line: string) => (line.startsWith('+') ? paint.green(line) : paint.red(line));
  const width = (style.width ?? 80) - indent.length - 2;
  if (items) return items.map((item) => `${indent}  ${color(cut(item, width))}`);
  const [before, after] = [valueText(field.before), valueText(field.after)];
  const from = firstDifference(before, after, width);
  return [`- ${cut(clipped(before, from), width - 2)}`, `+ ${cut(clipped(after, from), width - 2)}`].map(
    (line) => `${indent}  ${color(line)}`,
  );
}

/** Where two long texts begin to be shown, so that what differs is on the screen. */
function firstDifference(before: string, after: string, width: number): number {
  let same = 0;
  while (same < before.length && before[same] === after[same]) same += 1;
  return same > width / 2 ? same - Math.floor(width / 4) : 0;
}

const clipped = (text: string, from: number) => (from === 0 ? text : `…${text.slice(from)}`);

/** A list says what comes in and what goes out, whatever its length. */
export function itemChanges({ before, after }: FieldChange): string[] | undefined {
  if (!Array.isArray(before) || !Array.isArray(after)) return undefined;
  const [old, now] = [before.map(valueText), after.map(valueText)];
  const added = now.filter((item) => !old.includes(item)).map((item) => `+ ${item}`);
  const removed = old.filter((item) => !now.includes(item)).map((item) => `- ${item}`);
  return added.length + removed.length > 0 ? [...added, ...removed] : undefined;
}

function aligned(fields: readonly FieldChange[]): { label: string; field: FieldChange }[] {
  const named = fields.map((field) => ({ name: `${safe(field.path.slice(1))}:`, field }));
  const width = Math.max(0, ...named.map(({ name }) => widthOf(name)));
  return named.map(({ name, field }) => ({ label: `${name}${' '.repeat(width - widthOf(name) + 1)}`, field }));
}

const room = (label: string, { width }: Style) =>
  width === undefined ? undefined : Math.max(10, width - indent.length - widthOf(label));

/** A value in one line, in JSON; what is not there is `(none)`. */
export function valueText(value: Json | undefined): string {
  if (value === undefined || value === null) return '(none)';
  if (Array.isArray(value)) return `[${value.map(valueText).join(', ')}]`;
  return safe(JSON.stringify(value));
}
