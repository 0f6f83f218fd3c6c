import { readFile, stat } from 'node:fs/promises';
import { type Diagnostic, type Place, sortDiagnostics } from '../core/diagnostic.ts';
import { readRevision } from './base.ts';
import { maxBytes, tooLarge } from './characters.ts';
import { type FoundFile, findFiles, unreadableBecause } from './files.ts';
import { mergeDocuments, type Override } from './merge.ts';
import { parseConfig } from './parse.ts';
import type { ConfigDocument, Mapping } from './tree.ts';
import { checkText, validateDocument } from './validate.ts';
import { expandVariables, type Variables } from './variables.ts';

/** Which files make a configuration. */
export interface ConfigInputs {
  /** Files and folders. */
  readonly files: readonly string[];
  readonly overlays: readonly string[];
  readonly variables: Variables;
  /** Variables that somebody passed on purpose: one that no file uses is reported. */
  readonly given?: ReadonlySet<string>;
  readonly cwd: string;
  /** Files that have been read already: then no path is looked at. */
  readonly texts?: Texts;
}

/** One file as text or bytes, by the name that its places shall have. */
export interface Source {
  readonly file: string;
  readonly bytes: Uint8Array | string;
  readonly overlay: boolean;
}

/** Files that have been read, and what could not be. */
export interface Texts {
  readonly sources: readonly Source[];
  readonly diagnostics: readonly Diagnostic[];
}

/** A configuration, read as one. With an error among the diagnostics, the tree is only as good as it could be made. */
export interface LoadedConfig {
  readonly tree: Mapping;
  readonly diagnostics: readonly Diagnostic[];
  readonly overrides: readonly Override[];
  /** The files that were read, those of overlays last. */
  readonly documents: readonly ConfigDocument[];
}

interface Documents {
  readonly documents: ConfigDocument[];
  readonly overlays: ConfigDocument[];
  readonly diagnostics: Diagnostic[];
  /** The variables that the files name. */
  readonly used: ReadonlySet<string>;
}

/** Reads files and folders, with variables replaced. A file that is also named as an overlay is only that. */
export async function loadFiles(
  paths: readonly string[],
  options: { readonly overlays: readonly string[]; readonly variables: Variables; readonly cwd: string },
): Promise<Documents> {
  const { sources, diagnostics } = await readPaths(paths, options.overlays, options.cwd);
  return parseAll(sources, options.variables, diagnostics);
}

/** Files given as text by name, or as paths, which are read once; so that what is checked is what is worked with. */
export async function readSources(
  files: Readonly<Record<string, string>> | readonly string[],
  overlays: Readonly<Record<string, string>> | readonly string[],
  cwd: string,
): Promise<Texts> {
  const isPaths = (given: typeof files): given is readonly string[] => Array.isArray(given);
  const named = (given: typeof files, overlay: boolean): Source[] =>
    isPaths(given) ? [] : Object.entries(given).map(([file, bytes]) => ({ file, bytes, overlay }));
  const paths = [files, overlays].map((given) => (isPaths(given) ? given : []));
  const read = await readPaths(paths[0] ?? [], paths[1] ?? [], cwd);
  return { ...read, sources: [...read.sources, ...named(files, false), ...named(overlays, true)] };
}

async function readPaths(paths: readonly string[], overlays: readonly string[], cwd: string): Promise<Texts> {
  const [base, over] = await Promise.all([findFiles(paths, cwd, false), findFiles(overlays, cwd, true)]);
  const overlaid = new Set(over.files.map(({ path }) => path));
  const own = base.files.filter(({ path }) => !overlaid.has(path));
  const sources: Source[] = [];
  const diagnostics = [...base.diagnostics, ...over.diagnostics];
  for (const found of [...own, ...over.files]) {
    const content = await readBounded(found);
    if (content.bytes) sources.push({ file: found.file, bytes: content.bytes, overlay: overlaid.has(found.path) });
    else diagnostics.push(content.diagnostic);
  }
  return { sources, diagnostics };
}

type Content = { readonly bytes: Uint8Array } | { readonly bytes?: undefined; readonly diagnostic: Diagnostic };

async function readBounded({ file, path }: FoundFile): Promise<Content> {
  try {
    const { size } = await stat(path);
    return size > maxBytes ? { diagnostic: tooLarge(file, size) } : { bytes: await readFile(path) };
  } catch (cause) {
    return { diagnostic: unreadableBecause(file, cause) };
  }
}

function parseAll(raw: readonly Source[], variables: Variables, before: readonly Diagnostic[]): Documents {
  const read = raw.map(({ file, bytes, overlay }) => {
    const { tree, diagnostics } = parseConfig(bytes, file);
    if (!tree) return { diagnostics, overlay, used: [] };
    const expanded = expandVariables(tree, variables);
    const document = { file, tree: expanded.tree };
    return { diagnostics: [...diagnostics, ...expanded.diagnostics], overlay, used: [...expanded.used], document };
  });
  const of = (wanted: boolean) => read.flatMap(({ overlay, document }) => (document && overlay === wanted ? [document] : []));
  return {
    documents: of(false),
    overlays: of(true),
    diagnostics: [...before, ...read.flatMap(({ diagnostics }) => diagnostics)],
    used: new Set(read.flatMap(({ used }) => used)),
  };
}

/** The configuration in the working tree: read, checked and merged; every problem of every file at once. */
export async function loadConfig(inputs: ConfigInputs): Promise<LoadedConfig> {
  const { texts } = inputs;
  const loaded = texts ? parseAll(texts.sources, inputs.variables, texts.diagnostics) : await loadFiles(inputs.files, inputs);
  const merged = combine(loaded);
  const unused = [...(inputs.given ?? [])].filter((name) => !loaded.used.has(name)).map(unusedVariable);
  return { ...merged, diagnostics: sortDiagnostics([...merged.diagnostics, ...unused]) };
}

const unusedVariable = (name: string): Diagnostic => ({
  code: 'variable-unused',
  severity: 'warning',
  summary: `the variable \`${name}\` is given, and no file uses it`,
  hint: 'is it misspelt?',
});

/** The same configuration as a git revision has it; its files are called `REVISION:path`. */
export async function loadBase(revision: string, inputs: ConfigInputs): Promise<LoadedConfig> {
  const { cwd } = inputs;
  const [base, over] = await Promise.all([
    readRevision(revision, inputs.files, cwd),
    readRevision(revision, inputs.overlays, cwd, true),
  ]);
  if ('error' in base) return unreadableBase(base);
  if ('error' in over) return unreadableBase(over);
  const overlaid = new Set(over.files.map(({ file }) => file));
  const raw = [
    ...base.files.filter(({ file }) => !overlaid.has(file)).map((found) => ({ ...found, overlay: false })),
    ...over.files.map((found) => ({ ...found, overlay: true })),
  ].map((found) => ({ ...found, file: `${revision}:${found.file}` }));
  const merged = combine(parseAll(raw, inputs.variables, []));
  // A variable that went out of use is no longer passed, and that must not lock the base out.
  const diagnostics = merged.diagnostics.map((one) =>
    one.code === 'variable-missing' ? { ...one, severity: 'warning' as const } : one,
  );
  return { ...merged, diagnostics: sortDiagnostics(diagnostics) };
}

const unreadableBase = ({ error, hint }: { readonly error: string; readonly hint: string }): LoadedConfig => ({
  ...combine({ documents: [], overlays: [], diagnostics: [], used: new Set() }),
  diagnostics: [{ code: 'base-unreadable', severity: 'error', summary: error, hint }],
});

function combine(loaded: Documents): LoadedConfig {
  const documents = [...loaded.documents, ...loaded.overlays];
  const { tree, diagnostics, overrides } = mergeDocuments(loaded.documents, loaded.overlays);
  const read = [...loaded.diagnostics, ...documents.flatMap(checkText)];
  // One value, one error: what the schema says about a variable without a value or an odd letter only follows from that.
  const told = errorPlaces(read);
  const schema = documents.flatMap((document) => validateDocument(document)).filter(({ place }) => !told.has(key(place)));
  const refused = errorPlaces(schema);
  const warned = read.filter(({ severity, place }) => severity === 'error' || !refused.has(key(place)));
  return { tree, diagnostics: sortDiagnostics([...warned, ...schema, ...diagnostics]), overrides, documents };
}

const key = (place: Place | undefined) => JSON.stringify([place?.file, place?.line, place?.column]);
const errorPlaces = (diagnostics: readonly Diagnostic[]) =>
  new Set(diagnostics.flatMap(({ severity, place }) => (severity === 'error' ? [key(place)] : [])));
