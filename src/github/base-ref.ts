import { run } from './shell.ts';
import { type Situation, Unusable } from './situation.ts';

/** The ref that says what was declared last, as the remote has it; undefined before the first apply. */
export interface BaseRef {
  readonly ref: string;
  readonly commit: string;
}

type Git = (args: readonly string[], keep?: boolean) => Promise<string>;

/** Git in a checkout. Throws `Unusable` when it fails. */
export function gitIn(cwd: string, env: NodeJS.ProcessEnv): Git {
  return async (args, keep = true) => {
    const { code, output } = await run('git', args, { cwd, env, keep });
    if (code !== 0) throw new Unusable(`git ${args[0]} ended with ${code}`);
    return output.trim();
  };
}

/** Fetches the base from the remote, where it is the truth: what an earlier checkout has left here is not. */
export async function fetchBase(git: Git, { baseRef }: Situation): Promise<BaseRef | undefined> {
  const listed = await git(['ls-remote', 'origin', baseRef]);
  const commit = listed
    .split('\n')
    .map((line) => line.split('\t'))
    .find(([, ref]) => ref === baseRef)?.[0];
  if (!commit) return undefined;
  await git(['fetch', '--no-tags', '--depth=1', 'origin', `+${baseRef}:${baseRef}`]);
  return { ref: baseRef, commit };
}

/** Pushes the base that an apply has moved; refused when somebody else has moved it meanwhile. */
export async function pushBase(git: Git, ref: string, before: BaseRef | undefined): Promise<void> {
  await git(['push', `--force-with-lease=${ref}:${before?.commit ?? ''}`, 'origin', ref]);
}
