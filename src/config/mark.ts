import { posix } from 'node:path';
import type { Diagnostic } from '../core/diagnostic.ts';
import { isConfigFile } from './files.ts';
import { commitOf, GitError, git } from './git.ts';

/** A ref that is to say what was declared last, and the commit whose files are about to be applied. */
export interface Mark {
  readonly ref: string;
  readonly commit: string;
}

/** Whether a ref can be moved to the checked-out commit after an apply: that commit has to be what is applied. */
export async function prepareMark(
  ref: string,
  paths: readonly string[],
  given: { readonly cwd: string; readonly base: string | undefined },
): Promise<Mark | Diagnostic> {
  const { cwd, base } = given;
  try {
    if (!ref.startsWith('refs/') || !(await holds(['check-ref-format', ref], cwd)))
      return refused(`\`${ref}\` is no full name of a ref`, 'name it like refs/zenform/acme');
    const commit = await commitOf('HEAD', cwd);
    // Moving it without having looked at it would forget what it declared and the files no longer do.
    if (base === undefined && (await holds(['rev-parse', '--verify', '--quiet', ref], cwd)))
      return refused(`\`${ref}\` is there already, and this apply does not look at it`, `give --base ${ref} too`);
    const { stdout } = await git(
      ['status', '--porcelain=v1', '-z', '--no-renames', '--untracked-files=all', '--ignored', '--', ...paths],
      cwd,
    );
    const changed = stdout
      .toString()
      .split('\0')
      .map((line) => line.slice(3))
      .filter((path) => path !== '' && (paths.includes(path) || isConfigFile(posix.basename(path), true)));
    if (changed.length > 0)
      return refused(`the checked-out commit does not hold these files as they are: ${changed.join(', ')}`, 'commit them first');
    return { ref, commit };
  } catch (cause) {
    if (cause instanceof GitError) return refused(cause.message, cause.hint);
    throw cause;
  }
}

/** Moves the ref. Throws a `GitError` when git refuses. */
export async function moveMark({ ref, commit }: Mark, cwd: string): Promise<void> {
  await git(['update-ref', '-m', 'zenform: applied and verified', ref, commit], cwd);
}

const holds = (args: readonly string[], cwd: string) =>
  git(args, cwd).then(
    () => true,
    () => false,
  );

const refused = (summary: string, hint: string): Diagnostic => ({ code: 'base-not-moved', severity: 'error', summary, hint });
