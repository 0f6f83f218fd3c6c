import { execFile } from 'node:child_process';

/** Whether a text can only be a revision, and no option or path. */
export const isRevision = (text: string) => text !== '' && !text.startsWith('-') && !/[\s:]/.test(text);

/** What git could not do, in words for people. */
export class GitError extends Error {
  readonly hint: string;
  constructor(message: string, hint: string, cause?: unknown) {
    super(message, { cause });
    this.hint = hint;
  }
}

/** The commit of a revision. */
export async function commitOf(revision: string, cwd: string): Promise<string> {
  const isShallow = (await git(['rev-parse', '--is-shallow-repository'], cwd)).stdout.toString().trim() === 'true';
  try {
    const { stdout } = await git(['rev-parse', '--verify', '--quiet', `${revision}^{commit}`], cwd);
    return stdout.toString().trim();
  } catch (cause) {
    const hint = isShallow
      ? 'the clone is shallow: fetch that revision, or the whole history (actions/checkout: `fetch-depth: 0`)'
      : 'is it spelt right, and has it been fetched?';
    throw new GitError(`git does not know the revision \`${revision}\``, hint, cause);
  }
}

/** Runs git without a shell, and without taking locks that others wait for. */
export function git(
  args: readonly string[],
  cwd: string,
  input = '',
  maxBuffer = 256 * 1024 * 1024,
): Promise<{ stdout: Buffer }> {
  return new Promise((done, fail) => {
    const options = { cwd, encoding: 'buffer', maxBuffer, timeout: 60_000 } as const;
    const child = execFile('git', ['--no-optional-locks', ...args], options, (cause, stdout, stderr) => {
      if (!cause) return done({ stdout });
      if (cause.code === 'ENOENT')
        return fail(new GitError('git cannot be started', 'install git, and check the working folder', cause));
      const [words = ''] = stderr.toString().trim().split('\n');
      return fail(
        new GitError(`git ${args[0]} failed: ${words || cause.message}`, 'a base needs a checkout of a git repository', cause),
      );
    });
    // Git may end before it has read everything; its exit code tells more than the broken pipe.
    child.stdin?.on('error', () => {});
    child.stdin?.end(input);
  });
}
