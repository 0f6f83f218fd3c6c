import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, open, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { createEmulator, type Emulator, parseWorld } from '../../src/emulator/index.ts';

const program = fileURLToPath(new URL('../../dist/zenform.cjs', import.meta.url));

/** A fenced block of a story: `yaml NAME` writes a file, `yaml world` seeds the server, `console` runs commands. */
interface Block {
  readonly language: string;
  readonly name: string;
  readonly text: string;
  readonly line: number;
}

/** A command of a story, with the output that it must have. */
export interface Ran {
  readonly line: number;
  readonly command: string;
  readonly expected: string;
  readonly actual: string;
}

/** How a story is told: on a server of which habits, and by what runs its commands. */
export interface Telling {
  readonly switches?: Readonly<Record<string, string>>;
  readonly program?: Program;
}

/** Runs a command line of zenform in a folder, and answers all that it printed. */
export type Program = (args: readonly string[], cwd: string, env: NodeJS.ProcessEnv) => Promise<string>;

/** The built program: stories are told about what users run. */
const built: Program = (args, cwd, env) => plain(process.execPath, [program, ...args], cwd, env);

interface Stage {
  readonly folder: string;
  readonly how: Telling;
  emulator: Emulator;
  server: { readonly url: string; close(): Promise<void> };
}

/** Tells a story: writes its files, runs its commands against an emulator on loopback, and answers what each of them printed. */
export async function tell(file: string, text: string, how: Telling = {}): Promise<Ran[]> {
  const folder = await mkdtemp(join(tmpdir(), 'zenform-story-'));
  const stage = await start(folder, how);
  try {
    const ran: Ran[] = [];
    for (const block of blocksOf(text)) {
      if (block.language === 'console')
        for (const one of commandsOf(block)) ran.push({ ...one, actual: await run(stage, one.command, file) });
      else if (block.name === 'world') await seed(stage, block.text);
      else if (block.name !== '') await write(join(folder, block.name), block.text);
    }
    return ran;
  } finally {
    await stage.server.close();
    await rm(folder, { recursive: true, force: true });
  }
}

async function start(folder: string, { switches = {}, program = built }: Telling, world?: string): Promise<Stage> {
  const emulator = createEmulator({ ...(world === undefined ? {} : { seed: parseWorld(world) }), switches });
  return { folder, emulator, server: await emulator.listen(), how: { switches, program } };
}

async function seed(stage: Stage, world: string): Promise<void> {
  await stage.server.close();
  Object.assign(stage, await start(stage.folder, stage.how, world));
}

function blocksOf(text: string): Block[] {
  const blocks: Block[] = [];
  const lines = text.split('\n');
  for (let index = 0; index < lines.length; index++) {
    // A longer fence may hold shorter ones.
    const opening = /^(`{3,})(\w+)(?: (\S+))?$/.exec(lines[index] ?? '');
    if (!opening) continue;
    const end = lines.indexOf(opening[1] ?? '', index + 1);
    blocks.push({
      language: opening[2] ?? '',
      name: opening[3] ?? '',
      text: `${lines.slice(index + 1, end).join('\n')}\n`,
      line: index + 2,
    });
    index = end;
  }
  return blocks;
}

function commandsOf(block: Block): Omit<Ran, 'actual'>[] {
  const commands: { line: number; command: string; expected: string }[] = [];
  block.text
    .split('\n')
    .slice(0, -1)
    .forEach((text, index) => {
      const last = commands.at(-1);
      if (text.startsWith('$ ')) commands.push({ line: block.line + index, command: text.slice(2), expected: '' });
      else if (last) last.expected += `${text}\n`;
    });
  return commands;
}

async function run(stage: Stage, command: string, file: string): Promise<string> {
  const all = words(command);
  const start = all.findIndex((one) => !/^[A-Z_]+=/.test(one));
  const [word = '', ...args] = all.slice(start);
  // As in a shell, what stands before a command is its environment.
  const env = Object.fromEntries(
    all.slice(0, start).map((one) => [one.slice(0, one.indexOf('=')), one.slice(one.indexOf('=') + 1)]),
  );
  if (word === 'zenform') return zenform(stage, args, env);
  if (word === 'git') return plain('git', ['-c', 'user.name=Story', '-c', 'user.email=story@example.com', ...args], stage.folder);
  if (word === 'replace') return replace(stage, args);
  if (word === 'someone') return someone(stage, args);
  if (word === 'writes') return `${writes(stage.emulator)}\n`;
  throw new Error(`${file}: a story cannot run \`${word}\``);
}

/** `replace FILE TEXT WITH`: edits a file as its owner would. */
async function replace(stage: Stage, [name = '', text = '', by = '']: readonly string[]): Promise<string> {
  const path = join(stage.folder, name);
  const before = await readFile(path, 'utf8');
  if (!before.includes(text)) throw new Error(`${name} holds no ${JSON.stringify(text)}`);
  await writeFile(
    path,
    before.replace(text, () => by),
  );
  return '';
}

/** `someone accepts EMAIL`, or `someone sets PATH VALUE`: what happens behind zenform's back. Names in a path select by `name`. */
function someone(stage: Stage, [verb, ...args]: readonly string[]): string {
  if (verb === 'accepts') {
    stage.emulator.acceptInvitation(args[0] ?? '');
    return '';
  }
  const world = stage.emulator.world() as unknown as Record<string, unknown>;
  const path = (args[0] ?? '').split('/');
  const last = path.pop() ?? '';
  const target = path.reduce<unknown>((node, part) => step(node, part), world) as Record<string, unknown>;
  if (verb === 'adds') (step(target, last) as unknown[]).push(JSON.parse(args[1] ?? ''));
  else target[last] = JSON.parse(args[1] ?? '');
  stage.emulator.load(world as never);
  return '';
}

function step(node: unknown, part: string): unknown {
  if (!Array.isArray(node)) return (node as Record<string, unknown>)[part];
  const found = node.find((one: Record<string, unknown>) => one.name === part || one.email === part);
  if (found === undefined) throw new Error(`the world has no ${part}`);
  return found;
}

/** The writes that the server has seen, one a line; what planning and drifting must not add to. */
function writes(emulator: Emulator): string {
  const logins = new Set(['/auth/login', '/api/v1/login']);
  const sent = emulator.requests.filter(
    ({ method, path }) => method !== 'GET' && ![...logins].some((login) => path.endsWith(login)),
  );
  return `${sent.length} writes`;
}

async function zenform(stage: Stage, args: readonly string[], more: NodeJS.ProcessEnv): Promise<string> {
  const env = {
    ...process.env,
    ZENFORM_API_URL: stage.server.url,
    ZENFORM_API_KEY: stage.emulator.adminKey() ?? '',
    NO_COLOR: '1',
    CI: 'true',
    HOME: stage.folder,
    ...more,
  };
  const { program = built } = stage.how;
  const output = await program(args, stage.folder, env);
  return tidy(output, stage);
}

/** Runs a program with both of its outputs going to one file, as on a terminal, so that their order is the one they were written in. */
async function plain(
  command: string,
  args: readonly string[],
  cwd: string,
  env: NodeJS.ProcessEnv = process.env,
): Promise<string> {
  const file = await open(join(cwd, '.output'), 'w+');
  try {
    const child = spawn(command, args, { cwd, env, stdio: ['ignore', file.fd, file.fd] });
    const [code] = (await once(child, 'close')) as [number];
    const output = await readFile(join(cwd, '.output'), 'utf8');
    return command === 'git' ? '' : `${output}${code === 0 ? '' : `[exit ${code}]\n`}`;
  } finally {
    await file.close();
  }
}

/** What differs from run to run: the port, the time that something took, a commit, the order in which steps side by side were done. */
function tidy(output: string, stage: Stage): string {
  return output
    .replaceAll(stage.server.url, 'http://127.0.0.1:PORT')
    .replaceAll(/\b\d+(\.\d+)? (ms|s)\b/g, 'N s')
    .replaceAll(/^(Moved \S+ to) [0-9a-f]{12}\b/gm, '$1 COMMIT')
    .replaceAll(/[ \t]+$/gm, '')
    .replaceAll(/(?:^(?:applied|waiting|failed) .*\n)+/gm, (lines) =>
      lines
        .split(/(?<=\n)/)
        .sort()
        .join(''),
    );
}

/** The words of a command line; quotes keep what they enclose together. */
function words(command: string): string[] {
  return [...command.matchAll(/"((?:[^"\\]|\\.)*)"|'([^']*)'|(\S+)/g)].map(
    ([, double, single, bare]) => single ?? bare ?? (double ?? '').replaceAll(/\\(.)/g, (_, c: string) => (c === 'n' ? '\n' : c)),
  );
}

/** The story again, with the output that its commands have now: what `UPDATE_STORIES=1` writes, to be read before it is committed. */
export function retold(text: string, ran: readonly Ran[]): string {
  const lines = text.split('\n');
  for (const { line, expected, actual } of [...ran].reverse()) {
    const before = expected === '' ? 0 : expected.split('\n').length - 1;
    lines.splice(line, before, ...(actual === '' ? [] : actual.replace(/\n$/, '').split('\n')));
  }
  return lines.join('\n');
}

async function write(path: string, text: string): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, text);
}
