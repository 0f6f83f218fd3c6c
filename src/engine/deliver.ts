// Where secrets go. Everything that can be found out before a value is made is found out before: a value that has nowhere to go is lost.
import { spawn } from 'node:child_process';
import { access, constants, lstat, mkdir, realpath } from 'node:fs/promises';
import { delimiter, dirname, isAbsolute, join, relative, resolve } from 'node:path';
import writeFileAtomic from 'write-file-atomic';
import type { Secret } from '../client/index.ts';
import type { Sink } from '../core/resource.ts';

/** Where files and commands of the sinks are, and in which environment. */
export interface Ground {
  readonly cwd: string;
  readonly env: Environment;
}

/** Environment variables. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** How long a command may take to store a secret, in milliseconds. */
const patience = 60_000;

/** Puts secrets where the files say: below a folder, or into a command that runs there. */
export interface Delivery {
  /** Throws when it can be told beforehand that the sink would not take a secret. */
  prepare(sink: Sink): Promise<void>;
  /** Throws unless the sink has taken the secret. */
  deliver(sink: Sink, secret: Secret): Promise<void>;
}

/** Deliveries from a working folder; `clean` takes secrets out of what a command says. */
export function delivery({ cwd, env }: Ground, clean: (text: string) => string): Delivery {
  return {
    prepare: (sink) =>
      'file' in sink ? prepareFile(cwd, sink.file).then(() => {}) : findCommand({ cwd, env }, sink.exec[0] ?? ''),
    deliver: (sink, secret) =>
      'file' in sink ? writeSecret(cwd, sink.file, secret) : pipeSecret({ cwd, env }, sink.exec, secret, clean),
  };
}

/** To a file that only its owner can read, whole or not at all. */
async function writeSecret(cwd: string, file: string, secret: Secret): Promise<void> {
  await writeFileAtomic(await prepareFile(cwd, file), `${secret.reveal()}\n`, { mode: 0o600 });
}

/** The path of a file that can be written, really below the working folder. */
async function prepareFile(cwd: string, file: string): Promise<string> {
  const path = resolve(cwd, file);
  if (!below(cwd, path)) throw new Error(`${file} is outside the working folder`);
  // Folders are made one by one from the nearest that is there: it may be a link that leads out.
  const there = await nearestFolder(dirname(path));
  if (!below(await realpath(cwd), await realpath(there), true))
    throw new Error(`${file} is outside the working folder, by a link`);
  await mkdir(dirname(path), { recursive: true, mode: 0o700 });
  await access(dirname(path), constants.W_OK);
  const entry = await lstat(path).catch(() => undefined);
  if (entry && !entry.isFile()) throw new Error(`${file} is there and is no ordinary file`);
  return path;
}

function below(folder: string, path: string, orSame = false): boolean {
  const inside = relative(folder, path);
  return inside === '' ? orSame : !(inside === '..' || inside.startsWith('../') || isAbsolute(inside));
}

async function nearestFolder(folder: string): Promise<string> {
  const found = await lstat(folder).catch(() => undefined);
  return found || dirname(folder) === folder ? folder : nearestFolder(dirname(folder));
}

async function findCommand({ cwd, env }: Ground, command: string): Promise<void> {
  const folders = command.includes('/') ? [cwd] : (env.PATH ?? '').split(delimiter);
  const candidates = folders.map((folder) => (isAbsolute(command) ? command : join(folder, command)));
  const found = await Promise.all(
    candidates.map((path) =>
      access(path, constants.X_OK).then(
        () => true,
        () => false,
      ),
    ),
  );
  if (!found.some(Boolean)) throw new Error(`there is no command ${command}`);
}

/** The last whole lines: half a line could hold half a secret, which nobody would recognise. */
const tail = (text: string) => (text.length <= 4000 ? text : text.slice(-4000).replace(/^[^\n]*\n?/, ''));

/** To the standard input of a command, without a shell; what it prints is dropped, because it may be the secret. */
function pipeSecret(
  { cwd, env }: Ground,
  [command = '', ...given]: readonly string[],
  secret: Secret,
  clean: (text: string) => string,
): Promise<void> {
  return new Promise((done, fail) => {
    const child = spawn(command, given, { cwd, env, stdio: ['pipe', 'ignore', 'pipe'], timeout: patience });
    let said = '';
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      said = tail(said + text);
    });
    child.on('error', (error) => fail(new Error(`${command} did not run: ${clean(error.message)}`)));
    child.on('close', (code, signal) => {
      if (code === 0) return done();
      const last = clean(said).trim().split('\n').at(-1) ?? '';
      fail(new Error(`${command} ended with ${code ?? signal}${last === '' ? '' : `: ${last}`}`));
    });
    // A command that does not read to the end says with its exit code whether that is all right.
    child.stdin.on('error', () => {});
    child.stdin.end(secret.reveal());
  });
}
