import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { Secret } from '../client/index.ts';
import { readVariables } from '../config/variables.ts';
import { hasErrors } from '../core/diagnostic.ts';
import type { Event } from '../core/event.ts';
import { acceptable } from '../core/guards/refusal.ts';
import type { FileInputs, Inputs } from '../inputs.ts';
import { apiUrlOf, findCredential } from './credentials.ts';
import type { Io } from './io.ts';
import type { Options } from './options.ts';
import { readText } from './text-file.ts';
import { UsageError, usage } from './usage.ts';

/** What a command works with that needs the files; with `optional`, they may not be there when nobody has named any. */
export async function fileInputs(options: Options, io: Io, optional = false): Promise<FileInputs> {
  const varFiles = await Promise.all((options.varFile ?? []).map(async (file) => ({ file, text: await readText(io.cwd, file) })));
  const { variables, given, diagnostics } = readVariables({ vars: options.var ?? [], varFiles, environment: io.env });
  if (hasErrors(diagnostics)) throw new UsageError(diagnostics);
  const files = filesOf(options, io, optional);
  return { files, overlays: options.overlay ?? [], variables, given, cwd: io.cwd, now: dayOf(options, io) };
}

/** What a command works with that asks a server. */
export async function serverInputs(
  options: Options,
  io: Io,
  onEvent: (event: Event) => void,
  how: { readonly withoutFiles?: boolean } = {},
): Promise<Inputs> {
  const files = await fileInputs(options, io, how.withoutFiles);
  const target =
    options.emulator === undefined ? await realTarget(options, io) : await emulatedTarget(options.emulator, options, io);
  const organization = options.organization ?? (io.env.ZENFORM_ORGANIZATION || undefined);
  return {
    ...files,
    ...(options.base === undefined ? {} : { base: options.base }),
    only: options.only ?? [],
    skip: options.skip ?? [],
    allowDestroy: options.allowDestroy ?? [],
    reinvite: options.reinvite ?? [],
    accept: (options.accept ?? []).map(accepted),
    ...(options.allowExec ? { exec: environmentOf(io) } : {}),
    ...(organization === undefined ? {} : { organization }),
    target: {
      ...target,
      ...(options.concurrency === undefined ? {} : { concurrency: options.concurrency }),
      ...(options.rate === undefined ? {} : { rate: options.rate }),
      ...(options.timeout === undefined ? {} : { timeoutMs: options.timeout * 1000 }),
      ...(options.insecureHttp ? { insecureHttp: true } : {}),
      ...(options.caFile === undefined ? {} : { ca: await readText(io.cwd, options.caFile) }),
    },
    onEvent,
    signal: io.signal,
  };
}

/** What commands of the files get to know: they store what they are given, and the key that this runs with is none of their business. */
function environmentOf(io: Io): NonNullable<Inputs['exec']> {
  const { ZENFORM_API_KEY: _, ...env } = io.env;
  return env;
}

async function realTarget(options: Options, io: Io): Promise<Inputs['target']> {
  const apiUrl = apiUrlOf(options, io.env);
  return { apiUrl, credential: await findCredential(io, apiUrl) };
}

async function emulatedTarget(seed: string | true, options: Options, io: Io): Promise<Inputs['target']> {
  if (options.apiUrl !== undefined) throw usage('--emulator and --api-url exclude each other', 'give one of them');
  const [{ openWorld }, { emulatorAdapter, emulatorUrl }] = await Promise.all([
    import('./world.ts'),
    import('./emulator-adapter.ts'),
  ]);
  const emulator = await openWorld({ ...(seed === true ? {} : { seed }) }, io.cwd);
  const key = emulator.adminKey(options.organization) ?? emulator.adminKey();
  if (key === undefined)
    throw usage(
      'nobody in the seed can run zenform',
      'it needs a service account with a key that is Organization Admin',
      'credentials-missing',
    );
  return { apiUrl: emulatorUrl, credential: { kind: 'key', value: new Secret(key) }, adapter: emulatorAdapter(emulator) };
}

/** `GUARD:ADDRESS`, as the refusals of guards print it. */
function accepted(given: string): { guard: string; address: string } {
  const at = given.indexOf(':');
  const [guard, address] = [given.slice(0, Math.max(at, 0)), given.slice(at + 1)];
  const known: readonly string[] = acceptable;
  if (!known.includes(guard) || address === '')
    throw usage(`\`--accept ${given}\` is not GUARD:ADDRESS`, `the guards that can be accepted are ${acceptable.join(', ')}`);
  return { guard, address };
}

function filesOf(options: Options, io: Io, optional: boolean): readonly string[] {
  if (options.file) return options.file;
  if (io.env.ZENFORM_FILE) return [io.env.ZENFORM_FILE];
  const found = ['configs', 'zenform.yaml'].find((name) => existsSync(join(io.cwd, name)));
  if (found !== undefined) return [found];
  if (optional) return [];
  const hint = 'name files with -f, or get some with `zenform export --out configs`';
  throw usage('there is neither a folder `configs` nor a file `zenform.yaml` here', hint, 'file-unreadable');
}

function dayOf(options: Options, io: Io): string {
  const today = io.now().toISOString().slice(0, 10);
  const day = options.now ?? today;
  const time = Date.parse(`${day}T00:00:00Z`);
  const exists = /^\d{4}-\d{2}-\d{2}$/.test(day) && !Number.isNaN(time) && new Date(time).toISOString().slice(0, 10) === day;
  if (!exists) throw usage(`\`--now ${day}\` is not a day`, `write it as ${today}`);
  return day;
}
