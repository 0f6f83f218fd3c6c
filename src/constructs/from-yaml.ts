import { resolve } from 'node:path';
import { validateFiles } from '../config/validate-files.ts';
import { type Diagnostic, hasErrors, sortDiagnostics } from '../core/diagnostic.ts';
import { emptyPatterns, selection } from '../core/select.ts';
import { cannot } from './cannot.ts';
import { planStack, type StackOptions, type StackPlan } from './stack.ts';
import { linesOf } from './write.ts';

/** Which files make a stack, and how it is made. */
export interface FilesOptions extends StackOptions {
  /** Files whose values override earlier ones. */
  readonly overlays?: readonly string[];
  /** Values for `${var:name}`. */
  readonly variables?: Readonly<Record<string, string>>;
  /** The folder that paths start from; the working folder unless said. */
  readonly cwd?: string;
  /** The day that `expires` is measured against, as YYYY-MM-DD; today unless said. */
  readonly now?: string;
}

/** What a stack is made of, and what has to be said about it. */
export interface ReadStack {
  readonly stack: StackPlan;
  /** Warnings and notes, sorted by place; with what Terraform cannot do among them. */
  readonly diagnostics: readonly Diagnostic[];
}

/** Files that cannot become a stack; a stack of a part of them would destroy the rest. */
export class ConfigurationError extends Error {
  override readonly name = 'ConfigurationError';
  readonly diagnostics: readonly Diagnostic[];

  constructor(diagnostics: readonly Diagnostic[]) {
    super(`the files are wrong:\n${linesOf(diagnostics, 'error').join('\n')}`);
    this.diagnostics = diagnostics;
  }
}

/** The stack of some files. Throws a `ConfigurationError` when they are wrong. */
export async function stackOf(files: string | readonly string[], options: FilesOptions): Promise<ReadStack> {
  const variables = new Map(Object.entries(options.variables ?? {}));
  return readStack(
    {
      files: [files].flat(),
      overlays: options.overlays ?? [],
      variables,
      given: new Set(variables.keys()),
      cwd: resolve(options.cwd ?? '.'),
      now: options.now ?? new Date().toISOString().slice(0, 10),
    },
    options,
  );
}

/** The same, from inputs as the command line has them. */
export async function readStack(inputs: Parameters<typeof validateFiles>[0], options: StackOptions): Promise<ReadStack> {
  const { desired, loaded, diagnostics } = await validateFiles(inputs);
  if (hasErrors(diagnostics)) throw new ConfigurationError(diagnostics);
  const { only = [], skip = [], allowDestroy = [] } = options;
  const unused = emptyPatterns([...only, ...skip, ...allowDestroy], [...desired.resources.keys()], 'at least not in the files');
  const all = [...diagnostics, ...cannot(loaded.tree, desired, selection(only, skip)), ...unused];
  return { stack: planStack(desired, options), diagnostics: sortDiagnostics(all) };
}
