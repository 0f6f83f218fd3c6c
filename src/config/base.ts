import { realpath } from 'node:fs/promises';
import { posix, relative, resolve, sep } from 'node:path';
import { compare } from '../core/diagnostic.ts';
import { maxBytes } from './characters.ts';
import { displayName, isConfigFile } from './files.ts';
import { commitOf, GitError, git, isRevision } from './git.ts';

/** A file as a revision has it; `file` as the user would name it. */
export interface RevisionFile {
  readonly file: string;
  readonly bytes: Buffer;
}
interface NotRead {
  readonly error: string;
  /** What to do about it. */
  readonly hint: string;
}
interface Blob {
  readonly mode: string;
  readonly id: string;
  readonly size: number;
  readonly path: string;
}

const link = '120000';

/**
 * The configuration files below some paths as a git revision has them, chosen as in the working tree. A path that did not exist then
 * counts as empty.
 */
export async function readRevision(
  revision: string,
  paths: readonly string[],
  cwd: string,
  overlay = false,
): Promise<{ readonly files: RevisionFile[] } | NotRead> {
  if (!isRevision(revision)) return { error: `\`${revision}\` is no git revision`, hint: 'name a commit, a branch or a tag' };
  try {
    const commit = await commitOf(revision, cwd);
    const { stdout } = await git(['rev-parse', '--show-prefix', '--show-toplevel'], cwd);
    const [prefix = '', top = ''] = stdout.toString().split('\n');
    const blobs = parseTree((await git(['ls-tree', '-r', '-z', '-l', '--full-tree', commit], cwd)).stdout);
    const wanted = new Map<string, Wanted>();
    for (const named of paths) {
      const root = await repositoryPath(named, cwd, prefix, top);
      if (root === undefined)
        return { error: `\`${named}\` lies outside the git repository`, hint: 'a base needs files that are in git' };
      for (const one of select(blobs, root, displayName(named, cwd), overlay))
        if (!wanted.has(one.blob.path)) wanted.set(one.blob.path, one);
    }
    const files = await readBlobs([...wanted.values()], cwd);
    return { files: files.sort((a, b) => compare(a.file, b.file)) };
  } catch (cause) {
    if (cause instanceof GitError) return { error: cause.message, hint: cause.hint };
    throw cause;
  }
}

/** A path as git has it, from the top of the repository; undefined outside of it. */
async function repositoryPath(named: string, cwd: string, prefix: string, top: string): Promise<string | undefined> {
  const inside = relative(cwd, resolve(cwd, named)).replaceAll(sep, '/');
  const path = posix.normalize(posix.join('/', prefix, '.')) === '/' ? inside : posix.join(prefix, inside);
  if (path !== '..' && !path.startsWith('../') && !path.startsWith('/')) return path.replace(/^\.?$/, '').replace(/\/$/, '');
  // The working folder may be known under another name than the one that was written.
  const real = await realpath(resolve(cwd, named)).catch(() => undefined);
  const below = real === undefined ? '..' : relative(top, real).replaceAll(sep, '/');
  return below === '..' || below.startsWith('../') ? undefined : below;
}

function parseTree(output: Buffer): Blob[] {
  return output
    .toString()
    .split('\0')
    .flatMap((line) => {
      const [, mode, id, size, path] = /^(\d+) blob ([0-9a-f]+) +(\d+)\t(.*)$/s.exec(line) ?? [];
      return mode && id && path !== undefined ? [{ mode, id, size: Number(size), path }] : [];
    });
}

interface Wanted {
  readonly blob: Blob;
  readonly file: string;
  readonly all: ReadonlyMap<string, Blob>;
}

function select(blobs: readonly Blob[], root: string, shown: string, overlay: boolean): Wanted[] {
  const all = new Map(blobs.map((blob) => [blob.path, blob]));
  const exact = all.get(root);
  if (exact) return [{ blob: exact, file: shown, all }];
  const start = root === '' ? '' : `${root}/`;
  return blobs
    .filter(({ path }) => path.startsWith(start) && isConfigFile(path.slice(start.length), overlay))
    .map((blob) => ({
      blob,
      file: shown === '.' ? blob.path.slice(start.length) : `${shown}/${blob.path.slice(start.length)}`,
      all,
    }));
}

/** The contents, links followed within the revision; a link that leads nowhere there counts as no file. */
async function readBlobs(wanted: readonly Wanted[], cwd: string): Promise<RevisionFile[]> {
  let open = wanted;
  const files = new Map<string, RevisionFile>();
  for (let round = 0; open.length > 0 && round < 10; round += 1) {
    const large = open.find(({ blob }) => blob.size > maxBytes);
    if (large)
      throw new GitError(
        `\`${large.file}\` is larger than ${maxBytes / 1048576} MiB in that revision`,
        'split it into several files',
      );
    const contents = await catBlobs(
      open.map(({ blob }) => blob),
      cwd,
    );
    const next: Wanted[] = [];
    for (const [index, one] of open.entries()) {
      const bytes = contents[index] ?? Buffer.alloc(0);
      const target = one.all.get(posix.join(posix.dirname(one.blob.path), bytes.subarray(0, 4096).toString()));
      if (one.blob.mode !== link) {
        if (!files.has(one.blob.path)) files.set(one.blob.path, { file: one.file, bytes });
      } else if (target) next.push({ ...one, blob: target });
    }
    open = next;
  }
  return [...files.values()];
}

async function catBlobs(blobs: readonly Blob[], cwd: string): Promise<Buffer[]> {
  const size = blobs.reduce((sum, blob) => sum + blob.size + 200, 1000);
  const { stdout } = await git(['cat-file', '--batch'], cwd, blobs.map(({ id }) => `${id}\n`).join(''), size);
  let at = 0;
  return blobs.map((blob) => {
    const start = stdout.indexOf(0x0a, at) + 1;
    if (!stdout.subarray(at, start).includes(' blob '))
      throw new GitError(`git lacks the content of \`${blob.path}\``, 'the clone is partial: fetch without a filter');
    at = start + blob.size + 1;
    return stdout.subarray(start, start + blob.size);
  });
}
