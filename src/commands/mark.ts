import { GitError } from '../config/git.ts';
import { type Mark, moveMark, prepareMark } from '../config/mark.ts';
import { type Diagnostic, sortDiagnostics } from '../core/diagnostic.ts';
import type { ApplyResult, Inputs } from '../sync.ts';
import type { Io } from './io.ts';
import type { Options } from './options.ts';
import { UsageError } from './usage.ts';

/** What --mark-base is to move, once that can be told to be possible. */
export async function markOf(
  { markBase }: Pick<Options, 'markBase'>,
  { files, overlays, cwd, base }: Inputs,
): Promise<Mark | undefined> {
  if (markBase === undefined) return undefined;
  const mark = await prepareMark(markBase, [...files, ...overlays], { cwd, base });
  if ('code' in mark) throw new UsageError([mark]);
  return mark;
}

/** Moves the base when nothing was left out: what it no longer declares is never looked for again. */
export async function marked(result: ApplyResult, mark: Mark | undefined, { cwd }: Io): Promise<ApplyResult> {
  if (!mark || !result.verified) return result;
  const unseen = [
    ...(result.plan?.notChecked.map(({ address, reason }) => `${address} was not checked (${reason})`) ?? []),
    ...result.diagnostics.flatMap(({ code, summary }) => (code === 'as-far-as-visible' ? [summary] : [])),
  ];
  try {
    if (unseen.length === 0) {
      await moveMark(mark, cwd);
      return result;
    }
    return warned(result, mark, unseen.join('; '), 'the next apply that sees everything moves it');
  } catch (cause) {
    if (cause instanceof GitError) return warned(result, mark, cause.message, cause.hint);
    throw cause;
  }
}

function warned(result: ApplyResult, { ref }: Mark, why: string, hint: string): ApplyResult {
  const warning: Diagnostic = {
    code: 'base-not-moved',
    severity: 'warning',
    summary: `\`${ref}\` stays where it was: ${why}`,
    hint,
  };
  return { ...result, diagnostics: sortDiagnostics([...result.diagnostics, warning]) };
}
