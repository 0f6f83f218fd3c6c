import { Secret } from './client/index.ts';
import { readSources } from './config/load.ts';
import type { Address } from './core/address.ts';
import { type Diagnostic, hasErrors } from './core/diagnostic.ts';
import type { Event } from './core/event.ts';
import type { Plan } from './core/plan.ts';
import type { ApplyResult, FileInputs, Inputs, PlanResult, Target } from './inputs.ts';
import { applyOrganization, applyReviewed, planOrganization, validateFiles } from './sync.ts';

/** Files as text, by the name that diagnostics shall give them; or paths of files and folders, which are read once. */
export type Sources = Readonly<Record<string, string>> | readonly string[];

/** What makes a configuration. */
export interface LoadOptions {
  readonly files: Sources;
  /** Files whose scalars override those of `files`. */
  readonly overlays?: Sources;
  /** Values of `${var:name}`; one that no file uses is reported. */
  readonly variables?: Readonly<Record<string, string>>;
  /** The folder that paths, and the sinks of secrets, are relative to; default: the working folder. */
  readonly cwd?: string;
  /** The day that `expires` is measured against, `YYYY-MM-DD` (UTC); default: today. */
  readonly now?: string;
}

/** A configuration, read and checked; nothing of it is read again later. */
export interface Configuration {
  /** Whether there is no error among the diagnostics: only then can it be planned. */
  readonly valid: boolean;
  /** All problems of all files, sorted by place. */
  readonly diagnostics: readonly Diagnostic[];
  /** What it declares, sorted. */
  readonly addresses: readonly Address[];
  /** What the other functions work on. */
  readonly inputs: FileInputs;
}

/** Reads and checks files, without a network; and without a file system where they are given as text. Never throws for what is in them. */
export async function load(options: LoadOptions): Promise<Configuration> {
  const cwd = options.cwd ?? '.';
  const texts = await readSources(options.files, options.overlays ?? [], cwd);
  const variables = new Map(Object.entries(options.variables ?? {}).map(([name, value]) => [name.toLowerCase(), value]));
  const inputs: FileInputs = {
    files: [],
    overlays: [],
    texts,
    variables,
    given: new Set(variables.keys()),
    cwd,
    now: options.now ?? new Date().toISOString().slice(0, 10),
  };
  const checked = await validateFiles(inputs);
  return {
    valid: !hasErrors(checked.diagnostics),
    diagnostics: checked.diagnostics,
    addresses: [...checked.desired.resources.keys()].sort(),
    inputs,
  };
}

/** Where the organization is and who asks: `Target`, with the key as text if that is at hand. */
export interface ServerOptions extends Omit<Target, 'credential'> {
  /** A key, which is exchanged for tokens, or a token of three parts, which is sent as it is. It is never shown. */
  readonly key: string | Secret;
}

/** What a plan is made of besides the configuration. */
export interface PlanOptions {
  readonly server: ServerOptions;
  /** What the files declared before: what they no longer do is removed. */
  readonly base?: Configuration;
  /** Id or name of the organization; has to agree with the files. */
  readonly organization?: string;
  /** Patterns of addresses: only these, and not those. */
  readonly only?: readonly string[];
  readonly skip?: readonly string[];
  readonly allowDestroy?: readonly string[];
  /** Refusals of guards that are accepted, besides those that the files accept. */
  readonly accept?: readonly { readonly guard: string; readonly address: string }[];
  /** The environment of commands that the files may run with secrets; without it they may run none. */
  readonly exec?: Readonly<Record<string, string | undefined>>;
  /** Told what happens while it happens; nothing is ever printed. */
  readonly onEvent?: (event: Event) => void;
  /** Stops a run: what is under way is finished first. */
  readonly signal?: AbortSignal;
}

/** What an apply is told besides. */
export interface ApplyOptions extends PlanOptions {
  /** Sees the plan, and says whether it is carried out; without it, it is. */
  readonly confirm?: (plan: Plan) => boolean | Promise<boolean>;
  /** A plan that somebody has reviewed: only what is identical in a fresh one is done, and with `partial` also when that is not all. */
  readonly reviewed?: Plan;
  readonly partial?: boolean;
}

/** What would be done, by reading only. What goes wrong in the world is a diagnostic; only faults of zenform itself are thrown. */
export function plan(configuration: Configuration, options: PlanOptions): Promise<PlanResult> {
  return planOrganization(inputsOf(configuration, options));
}

/** Plans, carries out, and verifies by reading again. */
export function apply(configuration: Configuration, options: ApplyOptions): Promise<ApplyResult> {
  const { confirm = () => true, reviewed, partial = false } = options;
  const inputs = inputsOf(configuration, options);
  const ask = async (fresh: Plan) => confirm(fresh);
  return reviewed ? applyReviewed(inputs, { plan: reviewed, partial }, ask) : applyOrganization(inputs, ask);
}

function inputsOf({ inputs }: Configuration, options: PlanOptions): Inputs {
  const { server, base, organization, only = [], skip = [], allowDestroy = [], accept = [], exec, onEvent, signal } = options;
  const { key, ...target } = server;
  const value = key instanceof Secret ? key : new Secret(key);
  const kind = /^[\w-]+\.[\w-]+\.[\w-]+$/.test(value.reveal().trim()) ? 'token' : 'key';
  return {
    ...inputs,
    ...(base ? { before: base.inputs } : {}),
    ...(organization === undefined ? {} : { organization }),
    ...(exec ? { exec } : {}),
    ...(onEvent ? { onEvent } : {}),
    ...(signal ? { signal } : {}),
    only,
    skip,
    allowDestroy,
    accept,
    target: { ...target, credential: { kind, value, from: { what: 'the `key` that was given' } } },
  };
}
