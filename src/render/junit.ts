import { placeText } from './diagnostics.ts';
import { safe } from './paint.ts';
import { changeLines } from './plan.ts';
import { headline, type Report, titleOf } from './report.ts';

/** One test: what was looked at, and what came of it. */
interface Case {
  readonly group: string;
  readonly name: string;
  readonly failure?: { readonly type: string; readonly message: string; readonly lines: readonly string[] };
  readonly skipped?: string;
  readonly output?: readonly string[];
}

interface Suite {
  readonly name: string;
  readonly cases: readonly Case[];
}

/**
 * A report as JUnit XML. A test is a file or a diagnostic (an error fails), a change (one that has drifted or was not made fails, one that
 * is only planned passes), a check of the doctor, or something that could not be checked (skipped).
 */
export function junit(report: Report): string {
  const suites = suitesOf(report).filter(({ cases }) => cases.length > 0);
  const all = suites.flatMap(({ cases }) => cases);
  const lines = [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites${attributes({ name: `zenform: ${titleOf(report)}`, ...counts(all, false) })}>`,
    ...suites.flatMap(suiteLines),
    '</testsuites>',
  ];
  return `${lines.join('\n')}\n`;
}

const counts = (cases: readonly Case[], skips: boolean) => ({
  tests: cases.length,
  failures: cases.filter(({ failure }) => failure).length,
  errors: 0,
  ...(skips ? { skipped: cases.filter(({ skipped }) => skipped !== undefined).length } : {}),
  time: 0,
});

function suiteLines({ name, cases }: Suite): string[] {
  return [`  <testsuite${attributes({ name, ...counts(cases, true) })}>`, ...cases.map(caseLine), '  </testsuite>'];
}

function caseLine({ group, name, failure, skipped, output }: Case): string {
  const inner = [
    skipped === undefined ? '' : `<skipped>${xml(safe(skipped))}</skipped>`,
    failure
      ? `<failure${attributes({ type: failure.type, message: failure.message })}>${failure.lines.map(safe).map(xml).join('\n')}</failure>`
      : '',
    output && output.length > 0 ? `<system-out>${output.map(safe).map(xml).join('\n')}</system-out>` : '',
  ].join('');
  const head = `    <testcase${attributes({ classname: group, name, time: 0 })}`;
  return inner === '' ? `${head}/>` : `${head}>${inner}</testcase>`;
}

const attributes = (values: Readonly<Record<string, string | number>>) =>
  Object.entries(values)
    .map(([name, value]) => ` ${name}="${xml(safe(String(value)))}"`)
    .join('');

/** Text as XML has to have it; the characters that XML 1.0 cannot hold at all are replaced. */
export function xml(text: string): string {
  return text
    .replace(/[\ufffe\uffff\p{Cs}]/gu, '\ufffd')
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;');
}

function suitesOf(report: Report): Suite[] {
  const { plan, applied, examination, unmanaged = [], drifted = [], files = [] } = report;
  const whole: Case = {
    group: 'zenform',
    name: titleOf(report),
    ...(headline(report).mood === 'bad'
      ? { failure: { type: `exit-${report.exitCode}`, message: headline(report).text, lines: [] } }
      : { output: [headline(report).text] }),
  };
  return [
    { name: 'result', cases: [whole] },
    { name: 'files', cases: fileCases(report) },
    { name: 'diagnostics', cases: diagnosticCases(report) },
    { name: 'changes', cases: plan ? changeCases(report) : [] },
    { name: 'after the run', cases: applied ? afterCases(applied) : [] },
    { name: 'not checked', cases: unreadCases(report) },
    { name: 'unmanaged', cases: drifted.map((address) => failing('unmanaged', address, 'drift', 'live and not in the files')) },
    { name: 'live and not in the files', cases: unmanaged.map(({ address, kind }) => ({ group: kind, name: address })) },
    { name: 'checks', cases: (examination?.checks ?? []).map(checkCase) },
    { name: 'exported', cases: files.map(({ name }) => ({ group: 'export', name })) },
  ];
}

const failing = (group: string, name: string, type: string, message: string, lines: readonly string[] = []): Case => ({
  group,
  name,
  failure: { type, message, lines },
});

/** Each file that was read: it passes when no error stands in it. */
function fileCases({ checked, diagnostics }: Report): Case[] {
  return (checked?.files ?? []).map((file) => {
    const errors = diagnostics.filter(({ severity, place }) => severity === 'error' && place?.file === file);
    const [first] = errors;
    if (!first) return { group: 'file', name: file };
    const lines = errors.map(({ place, code, summary }) => `${place ? `${placeText(place)}: ` : ''}error[${code}]: ${summary}`);
    return failing('file', file, first.code, `${errors.length} ${errors.length === 1 ? 'error' : 'errors'}`, lines);
  });
}

function diagnosticCases({ diagnostics }: Report): Case[] {
  return diagnostics.map(({ code, severity, summary, hint, place }) => {
    const name = `${place ? `${placeText(place)}: ` : ''}${severity}[${code}]: ${summary}`;
    const lines = hint ? [hint] : [];
    return severity === 'error' ? failing(code, name, code, summary, lines) : { group: code, name, output: lines };
  });
}

function changeCases({ plan, applied, subject }: Report): Case[] {
  const outcomes = new Map<string, { status: string; error?: string | undefined }>();
  // Of a change with several steps, the worst counts.
  for (const { address, status, error } of applied?.outcomes ?? [])
    if (outcomes.get(address)?.status !== 'failed') outcomes.set(address, { status, error });
  return (plan?.changes ?? []).map((change) => {
    const name = `${change.action} ${change.address}`;
    const output = [...(change.place ? [placeText(change.place)] : []), ...changeLines(change)];
    if (subject === 'drift') return failing(change.kind, name, 'drift', 'live is not as the files say', output);
    const came = outcomes.get(change.address);
    if (came?.status === 'failed') return failing(change.kind, name, 'failed', came.error ?? 'no reason is known', output);
    if (came?.status === 'skipped') return { group: change.kind, name, skipped: came.error ?? 'skipped', output };
    return { group: change.kind, name, output };
  });
}

function afterCases({ rest, moved, left }: NonNullable<Report['applied']>): Case[] {
  return [
    ...rest.map((change) =>
      failing(change.kind, `${change.action} ${change.address}`, 'rest', 'reading again still found it', changeLines(change)),
    ),
    ...moved.map((change) =>
      failing(change.kind, `${change.action} ${change.address}`, 'moved', 'it moved during the run', changeLines(change)),
    ),
    ...left.map(
      (change): Case => ({ group: change.kind, name: `${change.action} ${change.address}`, skipped: 'it was not reviewed so' }),
    ),
  ];
}

function unreadCases({ plan, notChecked = plan?.notChecked ?? [] }: Report): Case[] {
  return notChecked.map(({ address, reason }) => ({ group: 'not checked', name: address, skipped: reason }));
}

function checkCase({ name, status, detail }: NonNullable<Report['examination']>['checks'][number]): Case {
  return status === 'failed'
    ? failing('check', name, 'failed', detail)
    : { group: 'check', name, output: [`${status}: ${detail}`] };
}
