import { paints, type Style, safe } from './paint.ts';

/** What was looked at, as it is shown. */
export interface DoctorView {
  readonly checks: readonly {
    readonly name: string;
    readonly status: 'ok' | 'warning' | 'failed';
    readonly detail: string;
    readonly shared?: string;
  }[];
  readonly differences: readonly {
    readonly server: string;
    readonly operation: string;
    readonly what: string;
    readonly detail: string;
    readonly consequence: string;
  }[];
  readonly observed: readonly { readonly row: number; readonly unknown: string; readonly seen: string | undefined }[];
  readonly ready: string;
  readonly verdict: string;
}

const deeds: Readonly<Record<string, string>> = {
  adapted: 'zenform goes along with it',
  'feature off': 'zenform does without it: not checked, not changed',
  refused: 'zenform refuses changes that need it',
  none: 'nothing has to be done',
};

/** The checks, the differences with what zenform does about each, what was seen of the unknowns, and the verdict. */
export function doctorText({ checks, differences, observed, ready, verdict }: DoctorView, style: Style): string {
  const paint = paints(style);
  const color = { ok: paint.green, warning: paint.yellow, failed: paint.red };
  const width = Math.max(12, ...checks.map(({ name }) => name.length));
  const lines = checks.map(
    ({ name, status, detail }) => `${color[status](status.padEnd(7))}  ${safe(name).padEnd(width)}  ${safe(detail)}\n`,
  );
  const different = grouped(differences).map(([{ server, detail, consequence }, operations]) => {
    const [one, ...more] = operations;
    const what = more.length === 0 ? `${one} ${detail}` : `${detail}: ${operations.join(', ')}`;
    return `  ${safe(server)}: ${safe(what)}\n      ${paint.dim(deeds[consequence] ?? consequence)}\n`;
  });
  const [seen, unseen] = [observed.filter((one) => one.seen !== undefined), observed.filter((one) => one.seen === undefined)];
  const parts = [
    lines.join(''),
    different.length === 0 ? '' : `${paint.yellow('Differs from what zenform was built for:')}\n${different.join('')}`,
    seen.length === 0
      ? ''
      : `Seen of what was not known:\n${seen.map(({ unknown, seen }) => `  ${unknown}: ${safe(seen ?? '')}\n`).join('')}`,
    unseen.length === 0
      ? ''
      : `Still not known, because nothing there shows it: ${unseen.map(({ unknown }) => unknown).join('; ')}\n`,
    `${(ready === 'no' ? paint.red : ready === 'apply' ? paint.green : paint.yellow)(safe(verdict))}\n`,
  ];
  return parts.filter((part) => part !== '').join('\n');
}

/** What is the same of many operations, once. */
function grouped(differences: DoctorView['differences']) {
  const groups = new Map<string, readonly [DoctorView['differences'][number], string[]]>();
  for (const one of differences) {
    const key = JSON.stringify([one.server, one.detail, one.consequence]);
    const known = groups.get(key);
    if (known) known[1].push(one.operation);
    else groups.set(key, [one, [one.operation]]);
  }
  return [...groups.values()];
}

/** The same for others to read: without names of people, organizations and workspaces, and without secrets, which were never in it. */
export function doctorReport({ checks, differences, observed, ready }: DoctorView) {
  return {
    format: 'zenform.doctor/1',
    checks: checks.map(({ name, status, detail, shared = detail }) => ({
      name: name.startsWith('workspace/') ? 'workspace' : name,
      status,
      detail: shared,
    })),
    differences: differences.map(({ server, ...one }) => ({
      server: server.startsWith('workspace/') ? 'workspace' : server,
      ...one,
    })),
    observed: observed.map(({ row, unknown, seen }) => ({ row, unknown, seen: seen ?? null })),
    ready,
  };
}
