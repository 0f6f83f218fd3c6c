import { Command, CommanderError, InvalidArgumentError, Option } from 'commander';
import type { Io } from './io.ts';
import { usage } from './options.ts';

type Runner = (options: never, io: Io) => Promise<number>;

interface Definition {
  readonly summary: string;
  readonly example: string;
  readonly groups: readonly (keyof typeof groups)[];
  readonly own?: readonly Option[];
  readonly load: () => Promise<{ readonly run: Runner }>;
}

const repeat = (value: string, before: readonly string[] = []) => [...before, value];
const list = (flags: string, description: string) => new Option(flags, description).argParser(repeat);
const positive = (value: string) => {
  const number = Number(value);
  if (!Number.isFinite(number) || number <= 0) throw new InvalidArgumentError('It must be a number above 0.');
  return number;
};
const port = (value: string) => {
  const number = Number(value);
  if (!Number.isInteger(number) || number < 0 || number > 65535) throw new InvalidArgumentError('It must be a port.');
  return number;
};
const whole = (value: string) => Math.max(1, Math.floor(positive(value)));

/** Options that several commands share. */
const groups = {
  files: [
    list('-f, --file <path>', 'file or folder (default: configs, else zenform.yaml)'),
    list('--overlay <path>', 'file whose scalars override earlier ones'),
    list('--var <name=value>', 'value for ${var:name}'),
    list('--var-file <file>', 'file of such values'),
    new Option('--now <date>', 'the day that `expires` is measured against (UTC)'),
  ],
  server: [
    new Option('--api-url <url>', 'control plane (default: the SaaS)'),
    new Option('--emulator [seed]', 'run against an emulator inside this process'),
    new Option('--organization <id|name>', 'which one; must agree with the files'),
    new Option('--concurrency <n>', 'requests at once (default: 8)').argParser(whole),
    new Option('--rate <n>', 'requests a second').argParser(whole),
    new Option('--timeout <s>', 'seconds for one request (default: 30)').argParser(positive),
    new Option('--ca-file <file>', 'further certificate authorities'),
    new Option('--insecure-http', 'plain http to other machines'),
    new Option('--events <file>', 'what the engine does, as NDJSON'),
    new Option('--verbose', 'show every request'),
  ],
  scope: [
    list('--only <address>', 'only this part of the tree (glob)'),
    list('--skip <address>', 'not this part of the tree (glob)'),
    new Option('--base <rev>', 'remove what this git revision declared and the files no longer do'),
    list('--allow-destroy <address>', 'the second word for deleting data (glob)'),
  ],
  output: [
    list('-o, --output <format[=file]>', 'text or json'),
    new Option('--no-color', 'no colours'),
    new Option('--quiet', 'only results and errors'),
  ],
} as const;

const commands: Readonly<Record<string, Definition>> = {
  validate: {
    summary: 'check the files, without a network; all problems at once',
    example: 'zenform validate -f configs --explain',
    groups: ['files', 'output'],
    own: [new Option('--explain', 'show where each value comes from')],
    load: () => import('./validate.ts'),
  },
  plan: {
    summary: 'show what would change; reads only',
    example: 'zenform plan --base HEAD~1',
    groups: ['files', 'scope', 'server', 'output'],
    own: [new Option('--detailed-exitcode', 'end with 2 when changes are pending')],
    load: () => import('./plan.ts'),
  },
  apply: {
    summary: 'plan, ask, execute, verify',
    example: 'zenform apply --yes',
    groups: ['files', 'scope', 'server', 'output'],
    own: [new Option('--yes', 'do not ask')],
    load: () => import('./apply.ts'),
  },
  drift: {
    summary: 'compare live with the files, for a scheduled job',
    example: 'zenform drift --fail-on-unmanaged team',
    groups: ['files', 'scope', 'server', 'output'],
    own: [
      list('--fail-on-unmanaged <kind>', 'unmanaged things of this kind are drift'),
      list('--allow-unchecked <address>', 'accept that this cannot be read (glob)'),
      list('--ignore <address[#/field]>', 'leave this out of the comparison (glob)'),
    ],
    load: () => import('./drift.ts'),
  },
  export: {
    summary: 'write the live organization as files whose plan is empty',
    example: 'zenform export --organization acme --out configs',
    groups: ['server'],
    own: [
      new Option('--out <folder>', 'where to write (default: standard output)'),
      new Option('--force', 'overwrite files that differ'),
      ...groups.output.slice(1),
    ],
    load: () => import('./export.ts'),
  },
  unmanaged: {
    summary: 'list what is live and not in the files',
    example: 'zenform unmanaged',
    groups: ['files', 'server', 'output'],
    load: () => import('./unmanaged.ts'),
  },
  doctor: {
    summary: 'can it be reached, who am I, what may I see',
    example: 'zenform doctor',
    groups: ['files', 'server', 'output'],
    load: () => import('./doctor.ts'),
  },
  schema: {
    summary: 'print the JSON Schema of the files, for editors',
    example: 'zenform schema > zenform.schema.json',
    groups: [],
    load: () => import('./schema.ts'),
  },
  emulate: {
    summary: 'the ZenML Pro API on loopback, for rehearsals, tests and demos',
    example: 'zenform emulate --port 8237 --seed world.yaml --state state.json',
    groups: [],
    own: [
      new Option('--port <n>', 'port (default: a free one)').argParser(port),
      new Option('--seed <file>', 'the world to begin with, YAML or JSON'),
      new Option('--state <file>', 'keep the world in a file between runs'),
      list('--switch <name=value>', 'how the API behaves where that is not known'),
      list('-o, --output <format>', 'text or json'),
    ],
    load: () => import('./emulate.ts'),
  },
};

/** The command line as a function from its words to an exit code. Help and version are printed; a wrong line is a `UsageError`. */
export function buildProgram(io: Io): (argv: readonly string[]) => Promise<number> {
  return async (argv) => {
    let code = 0;
    const program = new Command('zenform')
      .description('Keeps a ZenML Pro organization in git: YAML in, a reviewed plan out, applied and verified.')
      .version(VERSION)
      .addHelpText(
        'after',
        '\nExample:\n  zenform plan -f configs --emulator\n\n`zenform COMMAND --help` shows the options of a command.',
      )
      .exitOverride()
      .configureOutput({ writeOut: (text) => io.stdout.write(text), writeErr: () => {} })
      .helpCommand(false)
      .showSuggestionAfterError();
    for (const [name, definition] of Object.entries(commands)) {
      const command = program.command(name).description(definition.summary).copyInheritedSettings(program).exitOverride();
      for (const option of [...(definition.own ?? []), ...definition.groups.flatMap((group) => groups[group])])
        command.addOption(option);
      command.addHelpText('after', `\nExample:\n  ${definition.example}`).action(async (options: object) => {
        code = await (await definition.load()).run(options as never, io);
      });
    }
    if (argv.length === 0) {
      program.outputHelp();
      return 0;
    }
    try {
      await program.parseAsync([...argv], { from: 'user' });
      return code;
    } catch (error) {
      if (!(error instanceof CommanderError)) throw error;
      if (error.exitCode === 0) return 0;
      throw usage(
        error.message
          .replace(/^error: /, '')
          .replace(/\s*\n\s*/g, ' ')
          .replace(/\.$/, ''),
        '`zenform --help` shows what there is',
      );
    }
  };
}

/** The version of the package, put in by the build. */
declare const ZENFORM_VERSION: string | undefined;
const VERSION = typeof ZENFORM_VERSION === 'string' ? ZENFORM_VERSION : '0.0.0';
