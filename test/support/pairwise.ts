import type { Diagnostic } from '../../src/core/diagnostic.ts';
import { switchTable } from '../../src/emulator/index.ts';
import type { Settings } from './switches.ts';

/** A value for every open number: small enough to be felt, and large enough not to be what ends a story. */
const numbers: Readonly<Record<string, string>> = {
  'accept-invitation': '150',
  'invitation-ttl': '86400',
  'lost-answer': '7',
  'lost-request': '40',
  'page-cap': '7',
  'provision-delay': '2',
  'project-page': '2',
  'rate-limit': '150',
  'rbac-delay': '2',
  'revoke-tokens': '100',
  'slow-answer': '1',
  'token-ttl': '60',
  'workspace-fails': '290',
};

/** Every switch with all its values; a fixed number stands for each open one. */
export const habits = switchTable.map(({ name, values }) => ({
  name,
  values: values.map((value) => (value === '<n>' ? (numbers[name] ?? '1000') : value)),
}));

type Code = Diagnostic['code'];

/** Switches under which the story ends with a diagnostic instead, with its code. */
export const ending: readonly { readonly settings: Settings; readonly code: Code }[] = [
  { settings: { 'role-names': 'legacy' }, code: 'role-unknown' },
  { settings: { carrier: 'body' }, code: 'target-differs' },
  { settings: { 'provision-outcome': 'failed' }, code: 'workspace-not-up' },
  { settings: { 'workspace-quirk': 'stuck' }, code: 'workspace-not-up' },
  { settings: { 'workspace-quirk': 'no-server-url' }, code: 'workspace-not-up' },
  { settings: { 'workspace-quirk': 'unknown-status' }, code: 'workspace-not-up' },
  { settings: { 'workspace-fails': '290' }, code: 'not-checked' },
  { settings: { 'entitlement.workspace': '1' }, code: 'limit-reached' },
  { settings: { 'entitlement.project': '2' }, code: 'limit-reached' },
  { settings: { 'entitlement.seat': '3' }, code: 'limit-reached' },
];

/** Every value but the default of every switch, alone. */
export const alone: readonly Settings[] = habits.flatMap(({ name, values }) =>
  values.slice(1).map((value) => ({ [name]: value })),
);

/** Rows of settings in which every two values of two switches meet, made greedily. */
export function pairwise(of: typeof habits): Settings[] {
  const open = new Set<string>();
  const pair = (a: number, x: string, b: number, y: string) => (a < b ? `${a}=${x} ${b}=${y}` : `${b}=${y} ${a}=${x}`);
  of.forEach(({ values }, a) => {
    for (let b = a + 1; b < of.length; b++)
      for (const x of values) for (const y of of[b]?.values ?? []) open.add(pair(a, x, b, y));
  });
  const rows: Settings[] = [];
  while (open.size > 0) {
    const row: (string | undefined)[] = of.map(() => undefined);
    const [first = ''] = open;
    for (const part of first.split(' ')) row[Number(part.split('=')[0])] = part.split('=')[1];
    of.forEach(({ values }, at) => {
      if (row[at] !== undefined) return;
      const gain = (value: string) =>
        row.reduce<number>(
          (sum, known, index) => sum + (known !== undefined && open.has(pair(at, value, index, known)) ? 1 : 0),
          0,
        );
      row[at] = [...values].sort((x, y) => gain(y) - gain(x))[0];
    });
    of.forEach((_, a) => {
      for (let b = a + 1; b < of.length; b++) open.delete(pair(a, row[a] ?? '', b, row[b] ?? ''));
    });
    rows.push(Object.fromEntries(of.map(({ name }, at) => [name, row[at] ?? ''])));
  }
  return rows;
}
