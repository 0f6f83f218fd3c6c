import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readRevision } from '../../src/config/base.ts';
import { isConfigFile } from '../../src/config/files.ts';
import { loadBase, loadConfig, loadFiles } from '../../src/config/load.ts';
import { type Mapping, toJson } from '../../src/config/tree.ts';
import { said } from './support.ts';

let cwd = '';
beforeEach(() => {
  cwd = realpathSync(mkdtempSync(join(tmpdir(), 'zenform-load-')));
});
afterEach(() => rmSync(cwd, { recursive: true, force: true }));

function write(files: Readonly<Record<string, string | Buffer>>, root = cwd): void {
  for (const [file, content] of Object.entries(files)) {
    mkdirSync(dirname(join(root, file)), { recursive: true });
    writeFileSync(join(root, file), content);
  }
}
const variables = new Map<string, string>();
const load = (paths: readonly string[], overlays: readonly string[] = []) => loadFiles(paths, { overlays, variables, cwd });
const named = (documents: readonly { file: string }[]) => documents.map(({ file }) => file);
const json = (tree: Mapping) => JSON.parse(JSON.stringify(toJson(tree)));

it('chooses the same files everywhere', () => {
  for (const path of ['a.yaml', 'x/b.yml', 'overlays/c.json']) expect(isConfigFile(path), path).toBe(true);
  for (const path of ['a.txt', 'yaml', '.a.yaml', '.git/a.yaml', 'node_modules/a.yaml', 'zenform.schema.json', 'a.yaml.bak'])
    expect(isConfigFile(path), path).toBe(false);
  expect([isConfigFile('a.overlay.yaml'), isConfigFile('a.overlay.yaml', true)]).toEqual([false, true]);
});

describe('files and folders', () => {
  it('finds what is configuration, sorted, under the name that the user would write', async () => {
    write({
      'c/b.yaml': '',
      'c/a/z.yml': '',
      'c/a.json': '{}',
      'c/.h.yaml': '',
      'c/node_modules/x.yaml': '',
      'c/zenform.schema.json': '[',
      'c/x.txt': '',
      'd.conf': '',
    });
    const { documents, diagnostics } = await load(['./c/', 'd.conf', join(cwd, 'c', 'b.yaml')]);
    expect(diagnostics).toEqual([]);
    expect(named(documents)).toEqual(['c/a/z.yml', 'c/a.json', 'c/b.yaml', 'd.conf']);
    expect(named((await loadFiles(['../c'], { overlays: [], variables, cwd: join(cwd, 'c') })).documents)[0]).toBe('a/z.yml');
    expect(named((await load(['.'])).documents)).toContain('c/a.json');
  });

  it('survives links that go round, loads what they lead to once, and stays in the folder', async () => {
    const outside = realpathSync(mkdtempSync(join(tmpdir(), 'zenform-outside-')));
    write({ 'secret.yaml': 'token: hunter2' }, outside);
    write({ 'c/a.yaml': '' });
    symlinkSync('.', join(cwd, 'c/loop'));
    symlinkSync('a.yaml', join(cwd, 'c/b.yaml'));
    symlinkSync('gone.yaml', join(cwd, 'c/c.yaml'));
    symlinkSync(join(outside, 'secret.yaml'), join(cwd, 'c/d.yaml'));
    symlinkSync(outside, join(cwd, 'c/e'));
    const { documents, diagnostics } = await load(['c']);
    rmSync(outside, { recursive: true });
    expect(named(documents)).toEqual(['c/a.yaml']);
    expect(diagnostics.map(({ summary }) => summary)).toEqual([
      '`c/c.yaml` does not exist',
      '`c/d.yaml` is a link that leads out of the folder',
      '`c/e` is a link that leads out of the folder',
    ]);
    expect(JSON.stringify(diagnostics)).not.toContain('hunter2');
  });

  it('tells what is missing, empty or too large', async () => {
    write({ 'big.yaml': '', 'none/readme.md': '' });
    truncateSync(join(cwd, 'big.yaml'), 50_000_000);
    const { documents, diagnostics } = await load(['nowhere', 'none', 'big.yaml', '/dev/null']);
    expect(documents).toEqual([]);
    expect(diagnostics.map(said)).toEqual([
      ['1:1 error file-unreadable', '`nowhere` does not exist', 'check the path; it is relative to the working folder'],
      ['1:1 error file-unreadable', '`none` holds no *.yaml, *.yml or *.json file', 'is it the right folder?'],
      ['1:1 error file-unreadable', '`/dev/null` is neither a file nor a folder', 'name a file or a folder'],
      ['1:1 error file-too-large', 'the file has 47.7 MiB; 5 MiB are the limit', 'split it into several files'],
    ]);
  });

  it('keeps overlays apart, in the order given', async () => {
    write({ 'c/a.yaml': '', 'c/over/x.yaml': '', 'c/y.yaml': '', 'c/z.overlay.yaml': '' });
    const { documents, overlays } = await load(['c'], ['c/z.overlay.yaml', 'c/y.yaml', 'c/over']);
    expect(named(documents)).toEqual(['c/a.yaml']);
    expect(named(overlays)).toEqual(['c/z.overlay.yaml', 'c/y.yaml', 'c/over/x.yaml']);
    expect(named((await load(['c'])).documents)).toEqual(['c/a.yaml', 'c/over/x.yaml', 'c/y.yaml']);
  });
});

describe('a whole configuration', () => {
  it('has every problem of every file at once, each value told once', async () => {
    write({
      'a.yaml': 'teams:\n  ml: { protected: yes, version: 1 }\nmembers:\n  \u0430da@: {}\n',
      'b.yaml': 'teams:\n  ml: { description: "${var:x}" }\nworkspaces: { w: { version: "${var:y}" } }\n',
      'c.yaml': 'a: @\n',
      'd.yaml': 'teams:\n  ml: { description: v }\n',
    });
    const { diagnostics, documents } = await loadConfig({
      files: ['.'],
      overlays: [],
      variables: new Map([['x', 'z']]),
      given: new Set(['x', 'unused']),
      cwd,
    });
    expect(named(documents)).toEqual(['a.yaml', 'b.yaml', 'd.yaml']);
    expect(diagnostics.map((one) => `${one.place?.file} ${said(one)[0]}`)).toEqual([
      'a.yaml 2:20 error schema-type',
      'a.yaml 2:25 error schema-unknown-key',
      'a.yaml 4:3 error name-lookalike',
      'b.yaml 3:29 error variable-missing',
      'c.yaml 1:4 error yaml-syntax',
      'd.yaml 2:9 error merge-conflict',
      'undefined undefined:undefined warning variable-unused',
    ]);
  });

  it('reads the example', async () => {
    const { diagnostics, tree, overrides } = await loadConfig({
      files: ['configs'],
      overlays: ['configs/rehearsal.overlay.yaml'],
      cwd: process.cwd(),
      variables,
    });
    expect(diagnostics).toEqual([]);
    expect(json(tree).organization.name).toBe('acme-rehearsal');
    expect(overrides.find(({ path }) => path === '/organization/name')?.before).toBe('acme');
  });
});

describe('a base', () => {
  const git = (...args: string[]) =>
    execFileSync(
      'git',
      ['-c', 'user.name=t', '-c', 'user.email=t@x.io', '-c', 'commit.gpgsign=false', '-c', 'protocol.file.allow=always', ...args],
      { cwd, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] },
    );
  const commit = () => {
    git('add', '-A');
    git('commit', '-q', '-m', 'x');
  };
  const inputs = (files: readonly string[], overlays: readonly string[] = [], folder = cwd) => ({
    files,
    overlays,
    variables,
    cwd: folder,
  });

  beforeEach(() => git('init', '-q', '-b', 'main'));

  it('has the files of the revision, not those of today', async () => {
    write({
      'sub/c/a.yaml': 'teams: { old: {} }',
      'sub/c/é ü\n.yaml': 'teams: { odd: {} }',
      'sub/c/.h.yaml': '[',
      'sub/c/o.overlay.yaml': 'organization: { name: b }',
      'sub/one.conf': 'organization: { name: a }',
      'sub/c/x.schema.json': '[',
    });
    symlinkSync('../one.conf', join(cwd, 'sub/c/link.yaml'));
    commit();
    write({ 'sub/c/a.yaml': 'teams: { new: {} }', 'sub/c/b.yaml': '[' });
    const folder = join(cwd, 'sub');
    for (const path of ['c', './c/', join(folder, 'c')]) {
      const loaded = await loadBase('HEAD', inputs([path, 'not-there-yet'], ['c/o.overlay.yaml'], folder));
      expect(loaded.diagnostics).toEqual([]);
      expect(named(loaded.documents)).toEqual([
        'HEAD:c/a.yaml',
        'HEAD:c/link.yaml',
        'HEAD:c/é ü\n.yaml',
        'HEAD:c/o.overlay.yaml',
      ]);
      expect(json(loaded.tree)).toEqual({ teams: { old: {}, odd: {} }, organization: { name: 'b' } });
    }
    const exact = await loadBase('main', inputs(['../sub/one.conf'], [], folder));
    expect(named(exact.documents)).toEqual(['main:one.conf']);
    const whole = await readRevision('HEAD', ['.'], cwd);
    expect('files' in whole && whole.files.map(({ file }) => file)).toEqual([
      'sub/c/a.yaml',
      'sub/c/link.yaml',
      'sub/c/é ü\n.yaml',
    ]);
    expect(await readRevision('HEAD', ['nowhere'], cwd)).toEqual({ files: [] });
  });

  it('gives bytes as they are, also of empty files and of many', async () => {
    const bytes = Buffer.from(Array.from({ length: 256 }, (_, i) => i));
    const many = Object.fromEntries(
      Array.from({ length: 300 }, (_, i) => [`c/${String(i).padStart(3, '0')}.yaml`, i % 3 === 0 ? '' : bytes.subarray(i % 200)]),
    );
    write(many);
    commit();
    const read = await readRevision('HEAD', ['c'], cwd);
    if ('error' in read) throw new Error(read.error);
    expect(read.files.map(({ file, bytes: content }) => [file, content.toString('hex')])).toEqual(
      Object.entries(many).map(([file, content]) => [file, Buffer.from(content).toString('hex')]),
    );
  });

  it('warns of a variable that is no longer given, and tells errors with the revision', async () => {
    write({ 'a.yaml': 'organization: { description: "${var:gone}" }\nteam: {}\n' });
    commit();
    const { diagnostics } = await loadBase('main', inputs(['a.yaml']));
    expect(diagnostics.map((one) => `${one.place?.file} ${said(one)[0]}`)).toEqual([
      'main:a.yaml 1:30 warning variable-missing',
      'main:a.yaml 2:1 error schema-unknown-key',
    ]);
  });

  it('says what to do when it cannot be read', async () => {
    write({ 'a.yaml': '' });
    commit();
    const words = async (revision: string, paths = ['a.yaml'], folder = cwd) => {
      const [only] = (await loadBase(revision, inputs(paths, [], folder))).diagnostics;
      return `${only?.code}: ${only?.summary} | ${only?.hint}`;
    };
    expect(await words('nope')).toBe(
      'base-unreadable: git does not know the revision `nope` | is it spelt right, and has it been fetched?',
    );
    expect(await words('--output=/x')).toBe(
      'base-unreadable: `--output=/x` is no git revision | name a commit, a branch or a tag',
    );
    expect(await words('HEAD:a.yaml')).toContain('is no git revision');
    expect(await words('HEAD', ['/dev/null'])).toBe(
      'base-unreadable: `/dev/null` lies outside the git repository | a base needs files that are in git',
    );
    const plain = mkdtempSync(join(tmpdir(), 'zenform-plain-'));
    expect(await words('HEAD', ['a.yaml'], plain)).toMatch(
      /^base-unreadable: git rev-parse failed: fatal: not a git repository.* \| a base needs a checkout of a git repository$/,
    );
    expect(await words('HEAD', ['a.yaml'], join(plain, 'gone'))).toContain('git cannot be started');
    write({ 'a.yaml': 'teams: {}' });
    commit();
    execFileSync('git', ['clone', '-q', '--depth=1', `file://${cwd}`, 'shallow'], { cwd: plain, stdio: 'ignore' });
    expect(await words('HEAD~1', ['a.yaml'], join(plain, 'shallow'))).toContain('`fetch-depth: 0`');
    rmSync(plain, { recursive: true });
  });
});
