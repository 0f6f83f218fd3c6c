import { countText } from '../render/diagnostics.ts';
import type { Report, Subject } from '../render/report.ts';
import { type PlanResult, planOrganization } from '../sync.ts';
import { interruption } from './command.ts';
import { serverInputs } from './inputs.ts';
import type { Io } from './io.ts';
import type { Options } from './options.ts';
import type { Output } from './output.ts';
import { progressOf } from './progress.ts';

/** A plan, or the report of a run that was interrupted while it made one. */
type Planned =
  | { readonly result: PlanResult; readonly ending: undefined }
  | { readonly result: undefined; readonly ending: Report };

/** Plans with progress. When it was interrupted, that is the ending. */
export async function planned(subject: Subject, options: Options, io: Io, output: Output): Promise<Planned> {
  const progress = progressOf(options, io);
  try {
    const result = await planOrganization(await serverInputs(options, io, progress.onEvent));
    progress.pause();
    const { code, diagnostics } = interruption(io, result.diagnostics);
    if (code === undefined) return { result, ending: undefined };
    output.remark('Interrupted. Nothing was changed.\n');
    return { result: undefined, ending: { subject, exitCode: code, diagnostics } };
  } finally {
    progress.end();
  }
}

/** The report of a plan, or of why there is none. */
export function reportOf(subject: Subject, { plan, verdict, diagnostics, unchanged }: PlanResult, exitCode: number): Report {
  return { subject, exitCode, verdict, diagnostics, unchanged, ...(plan ? { plan } : {}) };
}

/** Why nothing can be done, in the last line; undefined when something can. */
export function obstacle({ verdict, diagnostics }: PlanResult): string | undefined {
  if (verdict === 'error') return `${countText(diagnostics)}; nothing was changed.\n`;
  if (verdict === 'refused') return 'Refused; nothing was changed. Each error above says what would allow it.\n';
  if (verdict === 'stale')
    return 'The saved plan is stale; nothing was changed. Plan again and have it reviewed; --partial runs what is still the same.\n';
  return undefined;
}
