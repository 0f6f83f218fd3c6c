// What the action runs on GitHub: `start`, then `act`. Only this file of the folder knows `process`.
import { readFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { githubApi } from './api.ts';
import { annotation } from './log.ts';
import { situationOf, Unusable } from './situation.ts';
import { act, start } from './steps.ts';

const steps = { start, act };
const { env, argv } = process;
const print = (text: string) => void process.stdout.write(text);

async function main(): Promise<number> {
  const step = steps[argv[2] as keyof typeof steps];
  if (!step) throw new Unusable(`there is no step \`${argv[2] ?? ''}\``);
  const event = env.GITHUB_EVENT_PATH ? JSON.parse(readFileSync(env.GITHUB_EVENT_PATH, 'utf8')) : {};
  return step({
    situation: situationOf(env, event),
    api: githubApi(env.GITHUB_API_URL ?? 'https://api.github.com', env.INPUT_TOKEN ?? ''),
    env,
    cwd: resolve(env.GITHUB_WORKSPACE ?? '.', env.INPUT_WORKING_DIRECTORY || '.'),
    // The program lies beside this file.
    zenform: [process.execPath, resolve(dirname(argv[1] ?? ''), 'zenform.cjs')],
    print,
  });
}

main().then(
  (code) => {
    process.exitCode = code;
  },
  (error: unknown) => {
    print(annotation('error', error instanceof Error ? error.message : String(error)));
    process.exitCode = 1;
  },
);
