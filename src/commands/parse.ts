import { Command, CommanderError, type Option } from 'commander';
import { commands, type Definition } from './table.ts';
import { usage } from './usage.ts';

/** A command line, understood: a command with its options, or a text that was asked for. */
export type Parsed =
  | { readonly command: string; readonly definition: Definition; readonly options: object }
  | { readonly help: string };

const about = 'Keeps a ZenML Pro organization in git: YAML files, a reviewed plan, an apply that verifies itself.';
const ending = `
Example:
  zenform plan -f configs --emulator

\`zenform COMMAND --help\` shows the options of a command.`;

/** Reads a command line. What is wrong in it is a `UsageError`, with what may have been meant. */
export function parseArguments(argv: readonly string[], version: string): Parsed {
  const table = commands();
  let help = '';
  let parsed: Parsed | undefined;
  const program = new Command('zenform')
    .description(about)
    .version(version)
    .addHelpText('after', ending)
    .exitOverride()
    .configureOutput({
      writeOut: (text) => {
        help += text;
      },
      writeErr: () => {},
      getOutHelpWidth: () => 80,
      getOutHasColors: () => false,
    })
    .configureHelp({
      optionTerm: ({ flags }) => flags.replaceAll(/[<>]/g, ''),
      subcommandTerm: (command) => command.name(),
      visibleCommands: ({ commands }) => [...commands],
    });
  for (const [name, definition] of Object.entries(table)) {
    const command = program
      .command(name)
      .description(definition.summary)
      .addHelpText('after', `\nExample:\n  ${definition.example}`);
    for (const option of definition.options) command.addOption(option);
    const { argument } = definition;
    if (argument) command.addArgument(argument);
    command.action(() => {
      const [word] = command.processedArgs as (string | readonly string[] | undefined)[];
      const given = argument && word !== undefined ? { [argument.name()]: word } : {};
      parsed = { command: name, definition, options: { ...command.opts(), ...given } };
    });
  }
  if (argv.length === 0) program.outputHelp();
  else attempt(() => program.parse(commandFirst(argv, table), { from: 'user' }), argv, table);
  return parsed ?? { help };
}

/** Options may stand before the command as well: the command goes to the front, where its own options are known. */
function commandFirst(argv: readonly string[], table: Readonly<Record<string, Definition>>): string[] {
  const all = Object.values(table).flatMap(({ options }) => options);
  const at = commandIndex(argv, all, Object.keys(table));
  return at === undefined ? [...argv] : [argv[at] ?? '', ...argv.slice(0, at), ...argv.slice(at + 1)];
}

function commandIndex(argv: readonly string[], options: readonly Option[], names: readonly string[]): number | undefined {
  for (let index = 0; index < argv.length; index++) {
    const word = argv[index] ?? '';
    if (word === '--') return undefined;
    if (!word.startsWith('-')) return index;
    const option = options.find(({ short, long }) => word === short || word === long);
    const next = argv[index + 1] ?? '-';
    if (option?.required || (option?.optional && !next.startsWith('-') && !names.includes(next))) index += 1;
  }
  return undefined;
}

function attempt(parse: () => void, argv: readonly string[], table: Readonly<Record<string, Definition>>): void {
  try {
    parse();
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    if (error.exitCode === 0) return;
    const [summary = '', guess] = error.message.replace(/^error: /, '').split('\n');
    const meant = guess?.replace(/^\(/, '').replace(/\)$/, '');
    const command = argv.find((word) => word in table);
    const more = `\`zenform ${command ? `${command} ` : ''}--help\` shows what there is`;
    throw usage(summary.replace(/\.$/, ''), meant ? `${meant} ${more}` : more);
  }
}
