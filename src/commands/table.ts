import { Argument, InvalidArgumentError, Option } from 'commander';
import { gateKinds } from '../constructs/gate-kinds.ts';
import { type Format, formats } from '../render/formats.ts';
import type { Run } from './command.ts';
import { shells } from './completion.ts';
import { schemaNames } from './schema.ts';

/** One command: what its help says, its options, and how to get at it. */
export interface Definition {
  readonly summary: string;
  readonly example: string;
  readonly options: readonly Option[];
  /** The word that may follow it: handed on as an option of its name. */
  readonly argument?: Argument;
  readonly formats: readonly Format[];
  readonly load?: () => Promise<{ readonly run: Run<never> }>;
}

const repeat = (value: string, before: readonly string[] = []) => [...before, value];
const flag = (flags: string, text: string) => new Option(flags, text);
const list = (flags: string, text: string) => new Option(flags, text).argParser(repeat);
const number = (flags: string, text: string, accepts: (value: number) => boolean, words: string) =>
  new Option(flags, text).argParser((given: string) => {
    const value = Number(given);
    if (given.trim() === '' || !accepts(value)) throw new InvalidArgumentError(`It has to be ${words}.`);
    return value;
  });
const whole = (least: number, most: number) => (value: number) => Number.isInteger(value) && value >= least && value <= most;

const files = () => [
  list('-f, --file <PATH>', 'file or folder (default: configs or zenform.yaml)'),
  list('--overlay <PATH>', 'file whose values override earlier ones'),
  list('--var <NAME=VALUE>', 'a value for ${var:name}'),
  list('--var-file <FILE>', 'a file of such values, one a line'),
  flag('--now <DATE>', 'the day that `expires` is measured against'),
];
const scope = () => [
  list('--only <ADDRESS>', 'only this part of the tree (glob)'),
  list('--skip <ADDRESS>', 'not this part of the tree (glob)'),
  flag('--base <REV>', 'git revision whose dropped parts are removed'),
  list('--allow-destroy <ADDRESS>', 'allow deleting what holds data (glob)'),
  flag('--allow-exec', 'let the `exec` sinks of the files run'),
  list('--accept <GUARD:ADDRESS>', 'accept what a guard refuses, as it says'),
  list('--reinvite <EMAIL>', 'invite them again: the last one came to nothing'),
];
const server = () => [
  flag('--api-url <URL>', 'control plane (default: the SaaS)'),
  flag('--emulator [SEED]', 'run against an emulator in this process'),
  flag('--organization <ID|NAME>', 'has to agree with the files'),
  number('--concurrency <N>', 'requests at once (default: 8)', whole(1, 1000), 'a whole number from 1 to 1000'),
  number('--rate <N>', 'requests a second', whole(1, 100_000), 'a whole number from 1'),
  number('--timeout <S>', 'seconds for a request (default: 30)', (value) => value > 0 && value <= 86_400, 'a number of seconds'),
  flag('--ca-file <FILE>', 'further certificate authorities, as PEM'),
  flag('--insecure-http', 'plain http to other machines than this one'),
];
const output = (offered: readonly Format[] = formats) => [
  list('-o, --output <FORMAT[=FILE]>', offered.join(', ')),
  ...printing(),
];
/** What has no changes and no places in files has no use for the other formats. */
const listing: readonly Format[] = ['text', 'json', 'markdown', 'html', 'junit', 'github'];
const looking: readonly Format[] = ['text', 'json', 'markdown', 'junit', 'github'];
const exporting: readonly Format[] = ['text', 'json', 'markdown', 'github'];
const printing = () => [flag('--no-color', 'no colours'), flag('--quiet', 'only results and errors')];
const watching = () => [
  flag('--verbose', 'show every request'),
  flag('--events <FILE>', 'write what the engine does, as NDJSON'),
];

/** Every command there is, in the order in which one meets them. */
export const commands = (): Readonly<Record<string, Definition>> => ({
  init: {
    summary: 'write a first set of files, the editor schema and pipelines',
    example: 'zenform init --from-live --organization acme',
    formats: exporting,
    options: [
      flag('--from-live', 'from the live organization (default: a small example)'),
      flag('--out <DIR>', 'folder of the files (default: configs)'),
      flag('--yes', 'write over files that differ, without asking'),
      ...server(),
      ...output(exporting),
      ...watching(),
    ],
    load: () => import('./init.ts'),
  },
  validate: {
    summary: 'check the files, without a network: all problems at once',
    example: 'zenform validate -f configs --explain',
    formats,
    options: [flag('--explain', 'show where each value comes from'), ...files(), ...output(), flag('--verbose', 'say more')],
    load: () => import('./validate.ts'),
  },
  plan: {
    summary: 'show what would change; reads only',
    example: 'zenform plan --base HEAD~1 --detailed-exitcode',
    formats,
    options: [
      flag('--out <FILE>', 'save the plan, for `apply FILE`'),
      flag('--detailed-exitcode', 'end with 2 when changes are pending'),
      ...files(),
      ...scope(),
      ...server(),
      ...output(),
      ...watching(),
    ],
    load: () => import('./plan.ts'),
  },
  show: {
    summary: 'print a saved plan',
    example: 'zenform show reviewed.plan',
    formats,
    argument: new Argument('<planfile>', 'what `plan --out` has written'),
    options: [...output()],
    load: () => import('./show.ts'),
  },
  apply: {
    summary: 'plan, ask, carry out, and verify by reading again',
    example: 'zenform apply --yes',
    formats,
    argument: new Argument('[planfile]', 'do only what this saved plan holds, without asking'),
    options: [
      flag('--yes', 'do not ask'),
      flag('--partial', 'of a saved plan, do what is still the same'),
      flag('--mark-base <REF>', 'move it here when all is applied and verified'),
      ...files(),
      ...scope(),
      ...server(),
      ...output(),
      ...watching(),
    ],
    load: () => import('./apply.ts'),
  },
  drift: {
    summary: 'compare live with the files, for a scheduled job',
    example: 'zenform drift --fail-on-unmanaged team',
    formats,
    options: [
      list('--fail-on-unmanaged <KIND>', 'unmanaged things of this kind are drift'),
      list('--allow-unchecked <ADDRESS>', 'this need not be readable (glob)'),
      list('--ignore <ADDRESS[#/FIELD]>', 'differences here are none (glob)'),
      ...files(),
      ...scope(),
      ...server(),
      ...output(),
      ...watching(),
    ],
    load: () => import('./drift.ts'),
  },
  adopt: {
    summary: 'write what drifted in live back into the files, comments kept',
    example: 'zenform adopt team/data-science --print',
    formats: exporting,
    argument: new Argument('[addresses...]', 'only these (globs), also what is unmanaged (default: what drifted)'),
    options: [
      flag('--print', 'show the edit as a diff, and write nothing'),
      flag('--yes', 'do not ask'),
      ...files(),
      ...scope(),
      ...server(),
      ...output(exporting),
      ...watching(),
    ],
    load: () => import('./adopt.ts'),
  },
  export: {
    summary: 'write the live organization as files whose plan is empty',
    example: 'zenform export --organization acme --out configs',
    formats: exporting,
    options: [
      flag('--out <PATH>', 'folder or file to write to (default: standard output)'),
      flag('--force', 'write files that are there anew instead of editing them'),
      list('--only <ADDRESS>', 'only this part of the tree (glob)'),
      list('--skip <ADDRESS>', 'not this part of the tree (glob)'),
      ...server(),
      ...output(exporting),
      ...watching(),
    ],
    load: () => import('./export.ts'),
  },
  unmanaged: {
    summary: 'list what is live and not in the files',
    example: 'zenform unmanaged -o json',
    formats: listing,
    options: [...files(), ...server(), ...output(listing), ...watching()],
    load: () => import('./unmanaged.ts'),
  },
  doctor: {
    summary: 'can it be reached, who am I, how does this server differ',
    example: 'zenform doctor --organization acme',
    formats: looking,
    options: [
      flag('--report <FILE>', 'write it without names, to be sent to others'),
      ...files(),
      ...server(),
      ...output(looking),
      ...watching(),
    ],
    load: () => import('./doctor.ts'),
  },
  synth: {
    summary: 'write the files as Terraform JSON, without a network',
    example: 'zenform synth --out cdktf.out',
    formats: ['text', 'json'],
    options: [
      flag('--out <DIR>', 'folder to write to (default: standard output)'),
      flag('--gates <KIND>', 'what gates between levels are made of').choices(gateKinds).default('null_resource'),
      list('--only <ADDRESS>', 'only this part of the tree (glob)'),
      list('--skip <ADDRESS>', 'not this part of the tree (glob)'),
      list('--allow-destroy <ADDRESS>', 'let Terraform destroy what holds data (glob)'),
      flag('--adopt-existing', 'let Terraform take over what is live already'),
      ...files(),
      ...output(['text', 'json']),
    ],
    load: () => import('./synth.ts'),
  },
  terraform: {
    summary: 'import blocks for what is live; install the provider',
    example: 'zenform terraform import-blocks --organization acme --with-resources',
    argument: new Argument('<what>', 'import-blocks: print them; install: put the provider where Terraform finds it').choices([
      'import-blocks',
      'install',
    ]),
    formats: ['text', 'json'],
    options: [
      flag('--with-resources', 'print the resources as well'),
      list('--only <ADDRESS>', 'only this part of the tree (glob)'),
      list('--skip <ADDRESS>', 'not this part of the tree (glob)'),
      ...server(),
      ...output(),
      ...watching(),
    ],
    load: () => import('./terraform.ts'),
  },
  explain: {
    summary: 'what a diagnostic means, what causes it, what cures it',
    example: 'zenform explain lock-out',
    argument: new Argument('[code]', 'of which; without one, all are listed'),
    formats: ['text', 'json'],
    options: [
      flag('-o, --output <FORMAT>', 'text (default) or json').choices(['text', 'json']),
      flag('--no-color', 'no colours'),
    ],
  },
  schema: {
    summary: 'print a JSON Schema: of the files, or of what zenform prints',
    example: 'zenform schema > zenform.schema.json',
    formats: [],
    argument: new Argument('[name]', 'of what').choices(schemaNames).default('config'),
    options: [],
  },
  emulate: {
    summary: 'serve the ZenML Pro API on loopback, for rehearsals and tests',
    example: 'zenform emulate --port 8237 --seed world.yaml --state world.json',
    formats: ['text', 'json'],
    options: [
      number('--port <N>', 'port (default: a free one)', whole(0, 65_535), 'a port'),
      flag('--seed <FILE>', 'the world to begin with, YAML or JSON'),
      flag('--state <FILE>', 'keep the world in a file between runs'),
      list('--switch <NAME=VALUE>', 'how the API behaves where that is not known'),
      flag('--list-switches', 'print every switch with its values, and end'),
      flag('-o, --output <FORMAT>', 'text (default) or json').choices(['text', 'json']),
    ],
  },
  completion: {
    summary: 'make a shell complete commands, options and addresses',
    example: 'zenform completion bash >> ~/.bashrc',
    argument: new Argument('<shell>', 'which').choices(shells),
    formats: ['text'],
    options: [],
  },
});
