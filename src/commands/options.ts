import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { isAbsolute, join } from 'node:path';
import type { Credential } from '../client/index.ts';
import { Secret } from '../client/index.ts';
import { readVariables } from '../config/variables.ts';
import type { Diagnostic } from '../core/diagnostic.ts';
import type { Event } from '../core/event.ts';
import type { FileInputs, Inputs } from '../sync.ts';
import { findCredential } from './credentials.ts';
import type { Io } from './io.ts';

/** The options of every command that reads files or asks a server, as the command line gives them. */
export interface Options {
  readonly file?: readonly string[];
  readonly overlay?: readonly string[];
  readonly var?: readonly string[];
  readonly varFile?: readonly string[];
  readonly apiUrl?: string;
  readonly emulator?: string | true;
  readonly organization?: string;
  readonly output?: readonly string[];
  readonly only?: readonly string[];
  readonly skip?: readonly string[];
  readonly base?: string;
  readonly allowDestroy?: readonly string[];
  readonly now?: string;
  readonly concurrency?: number;
  readonly rate?: number;
  readonly timeout?: number;
  readonly caFile?: string;
  readonly insecureHttp?: boolean;
  readonly color?: boolean;
  readonly quiet?: boolean;
  readonly verbose?: boolean;
  readonly events?: string;
}

/** Something on the command line, or in the environment, that cannot be. */
export class UsageError extends Error {
  readonly diagnostics: readonly Diagnostic[];

  constructor(diagnostics: readonly Diagnostic[]) {
    super(diagnostics.map(({ summary }) => summary).join('; '));
    this.name = 'UsageError';
    this.diagnostics = diagnostics;
  }
}

export const usage = (summary: string, hint?: string, code: Diagnostic['code'] = 'usage') =>
  new UsageError([{ code, severity: 'error', summary, ...(hint ? { hint } : {}) }]);

const saas = 'https://cloudapi.zenml.io';

/** What a command on files works with. */
export async function fileInputs(options: Options, io: Io): Promise<FileInputs> {
  const varFiles = await Promise.all(
    (options.varFile ?? []).map(async (file) => ({ file, text: await readText(absolute(io.cwd, file), file) })),
  );
  const { variables, given, diagnostics } = readVariables({ vars: options.var ?? [], varFiles, environment: io.env });
  if (diagnostics.length > 0) throw new UsageError(diagnostics);
  return { files: filesOf(options, io), overlays: options.overlay ?? [], variables, given, cwd: io.cwd, now: dayOf(options, io) };
}

/** What a command on a server works with. */
export async function serverInputs(options: Options, io: Io, onEvent: (event: Event) => void): Promise<Inputs> {
  const files = await fileInputs(options, io);
  const target = options.emulator === undefined ? await realTarget(options, io) : await emulatedTarget(options.emulator, io);
  const organization = options.organization ?? io.env.ZENFORM_ORGANIZATION;
  return {
    ...files,
    ...(options.base === undefined ? {} : { base: options.base }),
    only: options.only ?? [],
    skip: options.skip ?? [],
    allowDestroy: options.allowDestroy ?? [],
    ...(organization ? { organization } : {}),
    target: {
      ...target,
      ...(options.concurrency === undefined ? {} : { concurrency: options.concurrency }),
      ...(options.rate === undefined ? {} : { rate: options.rate }),
      ...(options.timeout === undefined ? {} : { timeoutMs: options.timeout * 1000 }),
      ...(options.insecureHttp ? { insecureHttp: true } : {}),
      ...(options.caFile === undefined ? {} : { ca: await readText(absolute(io.cwd, options.caFile), options.caFile) }),
    },
    onEvent,
    signal: io.signal,
  };
}

async function realTarget(options: Options, io: Io): Promise<{ apiUrl: string; credential: Credential }> {
  const apiUrl = options.apiUrl ?? io.env.ZENFORM_API_URL ?? io.env.ZENML_PRO_API_URL ?? saas;
  const credential = await findCredential(io, apiUrl).catch((error: unknown) => {
    throw usage(`the file of ZENFORM_API_KEY_FILE cannot be read: ${(error as Error).message}`, undefined, 'credentials-missing');
  });
  if (credential) return { apiUrl, credential };
  throw usage(
    `there is no key for ${apiUrl}`,
    'set ZENFORM_API_KEY or ZENFORM_API_KEY_FILE, or run `zenml login`; --emulator needs none',
    'credentials-missing',
  );
}

async function emulatedTarget(seed: string | true, io: Io): Promise<Inputs['target']> {
  const [{ createEmulator, parseWorld }, { emulatorAdapter }] = await Promise.all([
    import('../emulator/index.ts'),
    import('./emulator-adapter.ts'),
  ]);
  const world = seed === true ? undefined : parseWorldOf(parseWorld, await readText(absolute(io.cwd, seed), seed), seed);
  const emulator = createEmulator(world ? { seed: world } : {});
  const key = emulator.adminKey();
  if (!key) throw usage('the seed has no service account that is Organization Admin and has a key', 'add one: it is who runs');
  return {
    apiUrl: 'http://emulator.invalid',
    credential: { kind: 'key', value: new Secret(key) },
    adapter: emulatorAdapter(emulator),
  };
}

/** The world of a seed file; what is wrong with it is the user's to mend. */
export function parseWorldOf<T>(parse: (text: string, name: string) => T, text: string, name: string): T {
  try {
    return parse(text, name);
  } catch (error) {
    throw usage((error as Error).message);
  }
}

/** The text of a file that the command line names. */
export async function readText(path: string, name: string): Promise<string> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    throw usage(
      `${name} cannot be read: ${(error as NodeJS.ErrnoException).code ?? 'unknown error'}`,
      undefined,
      'file-unreadable',
    );
  }
}

function filesOf(options: Options, io: Io): readonly string[] {
  if (options.file) return options.file;
  if (io.env.ZENFORM_FILE) return [io.env.ZENFORM_FILE];
  return [existsSync(join(io.cwd, 'configs')) ? 'configs' : 'zenform.yaml'];
}

function dayOf(options: Options, io: Io): string {
  const day = options.now ?? io.now().toISOString().slice(0, 10);
  const date = new Date(`${day}T00:00:00Z`);
  if (!/^\d{4}-\d{2}-\d{2}$/.test(day) || Number.isNaN(date.getTime()) || date.toISOString().slice(0, 10) !== day)
    throw usage(`--now \`${day}\` is not a day`, 'write YYYY-MM-DD');
  return day;
}

export const absolute = (cwd: string, path: string) => (isAbsolute(path) ? path : join(cwd, path));
