// Runs the steps of a composite action as a runner of GitHub does, as far as ours need it: what it does not know, it refuses.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parse } from 'yaml';

interface Step {
  readonly id?: string;
  readonly name?: string;
  readonly if?: string;
  readonly uses?: string;
  readonly with?: Readonly<Record<string, string | number | boolean>>;
  readonly run?: string;
  readonly env?: Readonly<Record<string, string>>;
}

export interface Action {
  readonly inputs: Readonly<Record<string, { readonly default?: string }>>;
  readonly runs: { readonly steps: readonly Step[] };
}

/** Stands in for an action that a step uses. */
type Used = (inputs: Readonly<Record<string, string>>) => Promise<void>;

export interface Job {
  readonly action: Action;
  readonly inputs: Readonly<Record<string, string>>;
  readonly env: Readonly<Record<string, string>>;
  readonly cwd: string;
  /** `RUNNER_TEMP`; a job has one of its own. */
  readonly temp: string;
  readonly token: string;
  readonly uses: Readonly<Record<string, Used>>;
}

export interface JobResult {
  /** The exit code of the step that ended it, or 0. */
  readonly code: number;
  readonly log: string;
  readonly summary: string;
  readonly ran: readonly string[];
}

export const readAction = async (file: string | URL): Promise<Action> => parse(await readFile(file, 'utf8')) as Action;

/** Runs the steps in order until one fails. */
export async function runJob(job: Job): Promise<JobResult> {
  const files = await mkdtemp(join(job.temp, 'commands-'));
  const outputs: Record<string, Record<string, string>> = {};
  const summary = join(files, 'summary');
  await writeFile(summary, '');
  const inputs = Object.fromEntries(
    Object.entries(job.action.inputs).map(([name, { default: value = '' }]) => [name, job.inputs[name] ?? value]),
  );
  let log = '';
  const ran: string[] = [];
  const evaluate = (expression: string): string => {
    const [, literal] = /^'([^']*)'$/.exec(expression) ?? [];
    if (literal !== undefined) return literal;
    const compared = /^(.+?) (==|!=) (.+)$/.exec(expression);
    if (compared) return String((evaluate(compared[1] ?? '') === evaluate(compared[3] ?? '')) === (compared[2] === '=='));
    if (expression === 'runner.temp') return job.temp;
    if (expression === 'github.token') return job.token;
    const [, input] = /^inputs\.([\w-]+)$/.exec(expression) ?? [];
    if (input !== undefined && input in inputs) return text(inputs[input] ?? '');
    const [, step, output] = /^steps\.([\w-]+)\.outputs\.([\w-]+)$/.exec(expression) ?? [];
    if (step !== undefined && output !== undefined) return outputs[step]?.[output] ?? '';
    throw new Error(`the expression \`${expression}\` is not known`);
  };
  const text = (value: string) => value.replaceAll(/\$\{\{\s*(.+?)\s*\}\}/g, (_, expression: string) => evaluate(expression));
  const filled = (values: Readonly<Record<string, string | number | boolean>> = {}) =>
    Object.fromEntries(Object.entries(values).map(([name, value]) => [name, text(String(value))]));
  try {
    for (const step of job.action.runs.steps) {
      if (step.if !== undefined && evaluate(step.if) !== 'true') continue;
      ran.push(step.name ?? '');
      if (step.uses !== undefined) {
        const used = job.uses[step.uses.split('@')[0] ?? ''];
        if (!used) throw new Error(`nothing stands in for ${step.uses}`);
        await used(filled(step.with));
        continue;
      }
      const output = join(files, `output-${ran.length}`);
      await writeFile(output, '');
      const ended = await bash(step.run ?? '', job.cwd, {
        ...job.env,
        ...filled(step.env),
        RUNNER_TEMP: job.temp,
        GITHUB_OUTPUT: output,
        GITHUB_STEP_SUMMARY: summary,
      });
      log += ended.log;
      outputs[step.id ?? ''] = Object.fromEntries(
        (await readFile(output, 'utf8')).split('\n').flatMap((line) => (line === '' ? [] : [splitOnce(line)])),
      );
      if (ended.code !== 0) return { code: ended.code, log, summary: await readFile(summary, 'utf8'), ran };
    }
    return { code: 0, log, summary: await readFile(summary, 'utf8'), ran };
  } finally {
    await rm(files, { recursive: true, force: true });
  }
}

function splitOnce(line: string): [string, string] {
  const at = line.indexOf('=');
  return [line.slice(0, at), line.slice(at + 1)];
}

/** As `shell: bash` is run by GitHub. */
async function bash(script: string, cwd: string, env: NodeJS.ProcessEnv) {
  const child = spawn('bash', ['--noprofile', '--norc', '-e', '-o', 'pipefail', '-c', script], { cwd, env });
  let log = '';
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding('utf8').on('data', (chunk: string) => {
      log += chunk;
    });
  const [code] = (await once(child, 'close')) as [number | null];
  return { code: code ?? 1, log };
}
