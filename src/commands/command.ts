import type { Diagnostic } from '../core/diagnostic.ts';
import type { Report } from '../render/report.ts';
import type { Io } from './io.ts';
import type { Output } from './output.ts';

/** A command: it shows its text through `output` as it goes, and answers its whole result, with the exit code. */
export type Run<O> = (options: O, io: Io, output: Output) => Promise<Report>;

/** The exit code of an interruption, and the diagnostics that do not merely follow from it. */
export function interruption(io: Io, diagnostics: readonly Diagnostic[]) {
  const code = io.signal.aborted ? Number(io.signal.reason) : undefined;
  return { code, diagnostics: code === undefined ? diagnostics : diagnostics.filter(({ code }) => code !== 'unreachable') };
}
