// Makes the Python environment of the real-peer tests, in the user's cache, and prints what `ZENFORM_ZENML` has to say: its folder, or
// `none: ` and the reason where this machine has no Python, or its index no ZenML. One that is there is checked and used again; one that
// does not work is made anew. An argument names another release than the one that the tests run.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { text } from 'node:stream/consumers';
import { absent, environmentIn, folderFor, marker, release } from '../test/real/environment.ts';

const question = 'import json, platform, uvicorn, zenml; print(json.dumps([zenml.__version__, platform.python_version()]))';

interface Ran {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

async function run(command: string, ...args: string[]): Promise<Ran> {
  const env = { ...process.env, ZENML_ANALYTICS_OPT_IN: 'false', PIP_DISABLE_PIP_VERSION_CHECK: '1', NO_COLOR: '1' };
  const child = spawn(command, args, { env, stdio: ['ignore', 'pipe', 'pipe'] });
  const ended = once(child, 'close').catch((error: Error) => [error.message]);
  const [stdout, stderr, [code]] = await Promise.all([text(child.stdout), text(child.stderr), ended]);
  return typeof code === 'number' ? { code, stdout, stderr } : { code: null, stdout, stderr: String(code) };
}

const lastLine = (output: string) => output.trim().split('\n').at(-1) ?? '';

/** The versions in an environment, or undefined when it does not work. */
async function versionsIn(folder: string, wanted: string) {
  const { code, stdout } = await run(join(folder, 'bin', 'python'), '-c', question);
  if (code !== 0) return undefined;
  const [zenml, pythonVersion] = JSON.parse(lastLine(stdout)) as [string, string];
  return zenml === wanted ? { zenml, pythonVersion } : undefined;
}

async function make(folder: string, version: string): Promise<string> {
  await rm(folder, { recursive: true, force: true });
  await mkdir(dirname(folder), { recursive: true });
  const python = (await run('python3', '--version')).code === 0 ? 'python3' : 'python';
  const created = await run(python, '-m', 'venv', folder);
  if (created.code !== 0) return `no Python environment can be made here: ${lastLine(created.stderr || created.stdout)}`;
  const wanted = `zenml[server]==${version}`;
  console.error(`Installing ${wanted} …`);
  const installed = await run(join(folder, 'bin', 'python'), '-m', 'pip', 'install', '--quiet', '--retries', '2', wanted);
  if (installed.code !== 0) return `${wanted} cannot be installed: ${lastLine(installed.stderr)}`;
  const versions = await versionsIn(folder, version);
  if (!versions) return `${wanted} is installed and does not start`;
  await writeFile(marker(folder), `${JSON.stringify(versions)}\n`);
  return '';
}

const version = process.argv[2] ?? release;
const folder = folderFor(version);
const usable = environmentIn(folder) !== undefined && (await versionsIn(folder, version)) !== undefined;
if (!usable && existsSync(folder)) console.error(`The environment in ${folder} is not whole; it is made anew.`);
const problem = usable ? '' : await make(folder, version);
if (problem !== '') await rm(folder, { recursive: true, force: true });
console.log(problem === '' ? folder : absent(problem));
