// The two steps of the action that are more than glue. Between them, GitHub fetches the reviewed plan; after them, it keeps the new one.
import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { offerAdoption } from './adopt-pull.ts';
import { type Api, ApiRefusal } from './api.ts';
import { fetchBase, gitIn, pushBase } from './base-ref.ts';
import { comment } from './comment.ts';
import { driftIssue } from './drift-issue.ts';
import { annotation, setOutput, summarize } from './log.ts';
import { reviewedPlan } from './reviewed.ts';
import { run } from './shell.ts';
import { artifactName, type Situation, Unusable } from './situation.ts';

/** What a step works with. */
export interface Ground {
  readonly situation: Situation;
  readonly api: Api;
  readonly env: NodeJS.ProcessEnv;
  /** The folder that the command line of zenform is run in. */
  readonly cwd: string;
  /** How zenform is called. */
  readonly zenform: readonly string[];
  readonly print: (text: string) => void;
}

/** What is to be done, and for an apply where its reviewed plan is. Ends with the exit code of the step. */
export async function start({ situation, api, env, print }: Ground): Promise<number> {
  if (situation.reduced) print(annotation('notice', situation.reduced));
  setOutput(env.GITHUB_OUTPUT, 'mode', situation.mode);
  if (situation.mode !== 'apply') return 0;
  const reviewed = await reviewedPlan(api, situation);
  if (typeof reviewed !== 'string') {
    print(annotation('notice', `applying the plan that was reviewed in #${reviewed.pull}`));
    setOutput(env.GITHUB_OUTPUT, 'reviewed-artifact', reviewed.artifact);
    setOutput(env.GITHUB_OUTPUT, 'reviewed-run', String(reviewed.run));
    return 0;
  }
  if (env.INPUT_UNREVIEWED !== 'apply')
    throw new Unusable(`${reviewed}; nothing is applied (\`unreviewed: apply\` would plan again and apply that)`);
  print(annotation('warning', `${reviewed}; what the files say now is applied without a reviewed plan`));
  return 0;
}

/** Does it, and tells people where they look. Ends with the exit code of zenform. */
export async function act(ground: Ground): Promise<number> {
  const { situation, env } = ground;
  const folder = join(env.RUNNER_TEMP ?? '/tmp', 'zenform-plan');
  mkdirSync(folder, { recursive: true });
  if (situation.mode === 'validate') return validate(ground, folder);
  if (situation.mode === 'plan') return plan(ground, folder);
  return situation.mode === 'apply' ? apply(ground, folder) : drift(ground, folder);
}

async function validate(ground: Ground, folder: string): Promise<number> {
  const { code, report } = await zenform(ground, folder, 'validate', []);
  summarize(ground.env.GITHUB_STEP_SUMMARY, report);
  return code;
}

async function plan(ground: Ground, folder: string): Promise<number> {
  const { situation, env } = ground;
  const base = await fetchBase(gitIn(ground.cwd, env), situation);
  const file = join(folder, 'zenform.plan');
  const { code, report } = await zenform(ground, folder, 'plan', ['--out', file, ...(base ? ['--base', base.ref] : [])]);
  summarize(env.GITHUB_STEP_SUMMARY, report);
  const commit = situation.pull?.head.slice(0, 12) ?? situation.sha.slice(0, 12);
  await told(ground, () =>
    comment(ground.api, situation, `${report}\n\n<sub>Plan of ${commit}, [run](${situation.runUrl})</sub>`),
  );
  if (code === 0 && situation.pull) {
    setOutput(env.GITHUB_OUTPUT, 'plan-file', file);
    setOutput(env.GITHUB_OUTPUT, 'plan-artifact', artifactName(situation.name, situation.pull.head));
  }
  return code;
}

async function apply(ground: Ground, folder: string): Promise<number> {
  const { situation, env } = ground;
  const git = gitIn(ground.cwd, env);
  const base = await fetchBase(git, situation);
  const file = join(env.RUNNER_TEMP ?? '/tmp', 'zenform-reviewed', 'zenform.plan');
  const reviewed = existsSync(file);
  if (!reviewed && env.INPUT_UNREVIEWED !== 'apply')
    throw new Unusable('the reviewed plan could not be fetched; nothing is applied');
  const { code, report } = await zenform(ground, folder, 'apply', [
    ...(reviewed ? [file] : ['--yes']),
    ...(base ? ['--base', base.ref] : []),
    '--mark-base',
    situation.baseRef,
  ]);
  summarize(env.GITHUB_STEP_SUMMARY, report);
  const moved = code === 0 && (await git(['for-each-ref', '--format=%(objectname)', situation.baseRef])) !== (base?.commit ?? '');
  if (moved) await pushBase(git, situation.baseRef, base);
  return code;
}

async function drift(ground: Ground, folder: string): Promise<number> {
  const { situation, env } = ground;
  const git = gitIn(ground.cwd, env);
  const base = await fetchBase(git, situation);
  const given = base ? ['--base', base.ref] : [];
  const { code, report } = await zenform(ground, folder, 'drift', given);
  summarize(env.GITHUB_STEP_SUMMARY, report);
  if (code === 0) await told(ground, () => driftIssue(ground.api, situation, undefined));
  if (code !== 2) return code;
  let offer = '';
  if (env.INPUT_ADOPT === 'true') {
    // What cannot be adopted is said by the command; the rest is still worth a pull request.
    await zenform(ground, folder, 'adopt', ['--yes', ...given]);
    await told(ground, async () => {
      const pull = await offerAdoption(ground.api, git, situation);
      if (pull !== undefined) offer = `\n\n#${pull} would adopt it.`;
    });
  }
  // The same drift is the same text, so that a nightly job is quiet about what is known.
  await told(ground, () => driftIssue(ground.api, situation, `${report}${offer}`));
  return code;
}

/** Runs a command of zenform: annotations go to the log, its report for people comes back. It never sees the token of GitHub. */
async function zenform({ env, cwd, zenform: program, print }: Ground, folder: string, command: string, args: readonly string[]) {
  const file = join(folder, `${command}.md`);
  const { INPUT_TOKEN: _, GITHUB_TOKEN: __, ...rest } = env;
  const given = [env.INPUT_ARGS, command === 'drift' ? env.INPUT_DRIFT_ARGS : ''].flatMap(lines);
  const formats = command === 'adopt' ? [] : ['-o', 'github', '-o', `markdown=${file}`];
  const [first = '', ...more] = program;
  print(`zenform ${command}\n`);
  const { code } = await run(first, [...more, command, ...args, ...given, ...formats], { cwd, env: rest });
  return { code, report: existsSync(file) ? readFileSync(file, 'utf8') : '' };
}

const lines = (text = '') =>
  text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '');

/** What cannot be told to people on GitHub is no failure of what was done. */
async function told({ print }: Ground, tell: () => Promise<void>): Promise<void> {
  try {
    await tell();
  } catch (error) {
    if (!(error instanceof ApiRefusal)) throw error;
    const hint =
      error.status === 403 || error.status === 404 ? '; does the job have the permissions that the documentation names?' : '';
    print(annotation('warning', `${error.message}${hint}`));
  }
}
