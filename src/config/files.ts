import { readdir, realpath, stat } from 'node:fs/promises';
import { isAbsolute, join, relative, resolve, sep } from 'node:path';
import { compare, type Diagnostic } from '../core/diagnostic.ts';

/** A file that was found: as the user would write it, and where it really is. */
export interface FoundFile {
  readonly file: string;
  readonly path: string;
}

/**
 * Whether a file is configuration, by its path below the folder that was named: `*.yaml`, `*.yml` and `*.json`, but no `*.schema.json`,
 * nothing hidden, nothing in `node_modules`, and `*.overlay.yaml` only where overlays are looked for.
 */
export function isConfigFile(path: string, overlay = false): boolean {
  const parts = path.split('/');
  if (parts.some(isSkipped)) return false;
  const name = parts.at(-1) ?? '';
  return /\.(?:yaml|yml|json)$/.test(name) && !name.endsWith('.schema.json') && (overlay || !/\.overlay\.[a-z]+$/.test(name));
}

const isSkipped = (name: string) => name.startsWith('.') || name === 'node_modules';

/** A path as the user would write it: relative to the working folder where it lies in it, otherwise as named. */
export function displayName(path: string, cwd: string): string {
  const inside = relative(cwd, resolve(cwd, path));
  const outside = isAbsolute(inside) || inside === '..' || inside.startsWith(`..${sep}`);
  return (outside && isAbsolute(path) ? path : inside || '.').replaceAll(sep, '/');
}

/** Whether a path is a folder or lies in it. */
export function isWithin(folder: string, path: string): boolean {
  const inside = relative(folder, path);
  return inside !== '..' && !inside.startsWith(`..${sep}`) && !isAbsolute(inside);
}

/**
 * The configuration files that paths name, in the order named, those of a folder sorted; each once, also when several names or links
 * lead to it.
 */
export async function findFiles(
  paths: readonly string[],
  cwd: string,
  overlay: boolean,
): Promise<{ files: FoundFile[]; diagnostics: Diagnostic[] }> {
  const found = new Map<string, FoundFile>();
  const diagnostics: Diagnostic[] = [];
  for (const named of paths) {
    const file = displayName(named, cwd);
    try {
      const path = await realpath(resolve(cwd, named));
      const kind = await stat(path);
      if (kind.isDirectory()) {
        const search: Search = { root: path, cwd: await realpath(cwd), overlay, seen: new Set(), found: [], diagnostics };
        await walk(path, file, '', search);
        if (search.found.length === 0)
          diagnostics.push(unreadable(file, 'holds no *.yaml, *.yml or *.json file', 'is it the right folder?'));
        for (const one of search.found) if (!found.has(one.path)) found.set(one.path, one);
      } else if (!kind.isFile()) diagnostics.push(unreadable(file, 'is neither a file nor a folder', 'name a file or a folder'));
      else if (!found.has(path)) found.set(path, { file, path });
    } catch (cause) {
      diagnostics.push(unreadableBecause(file, cause));
    }
  }
  return { files: [...found.values()], diagnostics };
}

interface Search {
  readonly root: string;
  readonly cwd: string;
  readonly overlay: boolean;
  /** Folders that were visited, by real path: a link may lead back to where it stands. */
  readonly seen: Set<string>;
  readonly found: FoundFile[];
  readonly diagnostics: Diagnostic[];
}

async function walk(folder: string, shown: string, below: string, search: Search): Promise<void> {
  if (search.seen.has(folder)) return;
  search.seen.add(folder);
  const items = await readdir(folder, { withFileTypes: true });
  for (const item of items.sort((a, b) => compare(a.name, b.name))) {
    const inside = below === '' ? item.name : `${below}/${item.name}`;
    const file = shown === '.' ? item.name : `${shown}/${item.name}`;
    if (isSkipped(item.name)) continue;
    if (!item.isDirectory() && !item.isSymbolicLink() && !isConfigFile(inside, search.overlay)) continue;
    try {
      const path = await realpath(join(folder, item.name));
      const kind = await stat(path);
      if (!kind.isDirectory() && !isConfigFile(inside, search.overlay)) continue;
      // A pull request could otherwise have any file of the machine read, and quoted in messages.
      if (!isWithin(search.root, path) && !isWithin(search.cwd, path))
        search.diagnostics.push(
          unreadable(file, 'is a link that leads out of the folder', 'put the file itself there, or name it with `-f`'),
        );
      else if (kind.isDirectory()) await walk(path, file, inside, search);
      else if (kind.isFile()) search.found.push({ file, path });
    } catch (cause) {
      search.diagnostics.push(unreadableBecause(file, cause));
    }
  }
}

const reasons: Readonly<Record<string, readonly [summary: string, hint: string]>> = {
  ENOENT: ['does not exist', 'check the path; it is relative to the working folder'],
  EACCES: ['may not be read', 'check its permissions'],
  EPERM: ['may not be read', 'check its permissions'],
  ELOOP: ['is a link that leads back to itself', 'remove the link'],
  ENOTDIR: ['does not exist: a part of its path is a file', 'check the path'],
};

/** The diagnostic for a file or folder that the system would not give. */
export function unreadableBecause(file: string, cause: unknown): Diagnostic {
  const code = (cause as NodeJS.ErrnoException | undefined)?.code ?? '';
  const [summary, hint] = reasons[code] ?? [`cannot be read (${code || String(cause)})`, 'check the path'];
  return unreadable(file, summary, hint);
}

function unreadable(file: string, summary: string, hint: string): Diagnostic {
  return {
    code: 'file-unreadable',
    severity: 'error',
    summary: `\`${file}\` ${summary}`,
    hint,
    place: { file, line: 1, column: 1 },
  };
}
