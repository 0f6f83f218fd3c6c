import type { Diagnostic } from '../core/diagnostic.ts';
import type { Io } from './io.ts';
import type { Output } from './output.ts';

/** How a command ended: its exit code, and its whole result as one JSON document. */
export interface Ending {
  readonly exitCode: number;
  readonly document: unknown;
}

/** A command: it shows its text through `output` as it goes. */
export type Run<O> = (options: O, io: Io, output: Output) => Promise<Ending>;

/** The exit code of an interruption, and the diagnostics that do not merely follow from it. */
export function interruption(io: Io, diagnostics: readonly Diagnostic[]) {
  const code = io.signal.aborted ? Number(io.signal.reason) : undefined;
  return { code, diagnostics: code === undefined ? diagnostics : diagnostics.filter(({ code }) => code !== 'unreachable') };
}
