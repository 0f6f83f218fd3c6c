import { type Diagnostic, sortDiagnostics } from '../core/diagnostic.ts';
import { emptyPatterns } from '../core/select.ts';
import { type AdoptResult, adoptOrganization, type DriftResult } from '../daily.ts';
import { counted, safe } from '../render/paint.ts';
import type { Report } from '../render/report.ts';
import type { Run } from './command.ts';
import { withoutIgnored } from './drift-rules.ts';
import { diffText, writeEdits } from './edits.ts';
import { exit } from './exit.ts';
import type { Options } from './options.ts';
import { obstacle, watched } from './planning.ts';
import { usage } from './usage.ts';

interface AdoptOptions extends Options {
  readonly addresses?: readonly string[];
  readonly print?: boolean;
  readonly yes?: boolean;
}

/** `zenform adopt`: live's side of what drifted, written into the files. */
export const run: Run<AdoptOptions> = async (options, io, output) => {
  const { addresses = [], print = false, yes = false } = options;
  if (!print && !yes && !io.ask)
    throw usage(
      'there is no terminal to ask on',
      'give --yes to write the files without being asked, or --print to see the edit only',
    );
  const wish = { addresses, everything: false, drifts: counts };
  const { result, ending } = await watched('adopt', options, io, output, (inputs) => adoptOrganization(inputs, wish));
  if (ending) return ending;
  const { edits, adopted, pending } = result;
  const left = [...result.left];
  const diagnostics = sortDiagnostics([
    ...result.diagnostics.filter(({ code }) => telling.has(code) || !result.plan),
    ...(result.plan ? emptyPatterns(addresses, result.addresses) : []),
    ...left.map(notAdopted('warning')),
    ...pending.map(notAdopted('note')),
  ]);
  output.diagnostics(diagnostics);
  const files = edits.map((edit) => ({
    name: edit.file,
    status: edit.before === undefined ? 'written' : 'edited',
    diff: diffText([edit]),
  }));
  const report = (exitCode: number, written: boolean): Report => ({
    subject: 'adopt',
    exitCode,
    diagnostics,
    adopted: written || print ? adopted : [],
    notAdopted: [...left, ...pending],
    files,
  });
  const failed = !result.plan || diagnostics.some(({ severity }) => severity === 'error');
  if (failed) {
    output.remark(obstacle({ ...result, verdict: 'error', diagnostics }) ?? '');
    return report(exit.error, false);
  }
  if (edits.length === 0) {
    const exitCode = left.length > 0 ? exit.error : exit.done;
    output.remark(left.length > 0 ? 'Nothing could be adopted.\n' : 'Nothing to adopt: the files say what is live.\n');
    return report(exitCode, false);
  }
  if (print) {
    output.text((style) => diffText(edits, style));
    const exitCode = left.length > 0 ? exit.error : exit.done;
    return report(exitCode, false);
  }
  const show = yes ? output.text : output.preview;
  show((style) => diffText(edits, style));
  const question = `\nDo you want to write this into ${counted(edits.length, 'file')}? Only 'yes' is accepted: `;
  if (!yes && (await io.ask?.(question))?.trim() !== 'yes') {
    output.remark('Not confirmed. Nothing was written.\n');
    return report(exit.error, false);
  }
  await writeEdits(edits, io.cwd);
  const exitCode = left.length > 0 ? exit.partial : exit.done;
  output.text(() => `\nAdopted ${counted(adopted.length, 'difference')} in ${edits.map(({ file }) => safe(file)).join(', ')}.\n`);
  return report(exitCode, true);
};

/** What is said beside the edit. */
const telling = new Set<Diagnostic['code']>([
  'as-far-as-visible',
  'not-checked',
  'orphan-grant',
  'name-duplicate-live',
  'ignore-expired',
]);

/** Whether a difference counts as drift: what the files ignore does not. */
function counts({ plan, ignores }: DriftResult, address: string): boolean {
  return plan !== undefined && withoutIgnored(plan, ignores).changes.some((change) => change.address === address);
}

const notAdopted =
  (severity: Diagnostic['severity']) =>
  ({ address, reason }: AdoptResult['left'][number]): Diagnostic => ({
    code: 'not-adopted',
    severity,
    summary: `${address} was not adopted: ${reason}`,
    address,
  });
