// The story of a repository on GitHub, told by the steps of action.yml themselves.
import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createEmulator, type Emulator } from '../../src/emulator/index.ts';
import { type JobResult, readAction, runJob } from './composite.ts';
import { type GitHub, serveGitHub } from './github.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const repository = 'acme/platform';
const key = 'ZENPROKEY_planted-for-the-action';
const author = ['-c', 'user.name=Ada', '-c', 'user.email=ada@acme.io'];

const first = `zenform: 1
organization: { name: acme }
members:
  ada@acme.io: { roles: [Organization Admin] }
service_accounts:
  ci: { roles: [Organization Admin] }
teams:
  ops: { description: Runs it }
`;

describe('the action, on a repository', () => {
  let folder: string;
  let work: string;
  let github: GitHub;
  let emulator: Emulator;
  let server: { readonly url: string; close(): Promise<void> };
  const said: string[] = [];
  let runs = 1000;

  const git = async (args: readonly string[], cwd = work) =>
    (await promisify(execFile)('git', [...author, ...args], { cwd })).stdout.trim();
  const file = () => join(work, 'zenform.yaml');
  const edit = async (change: (text: string) => string, message: string) => {
    await writeFile(file(), change(await readFile(file(), 'utf8')));
    await git(['commit', '-qam', message]);
  };
  const head = (cwd = work) => git(['rev-parse', 'HEAD'], cwd);
  const teams = () => (emulator.world().organizations?.[0]?.teams ?? []).map(({ name }) => name).sort();

  /** One job of a workflow: a fresh checkout of a commit, and the steps of the action in it. */
  async function job(
    eventName: string,
    event: unknown,
    sha: string,
    how: { readonly inputs?: Readonly<Record<string, string>>; readonly secrets?: boolean } = {},
  ): Promise<JobResult & { readonly checkout: string }> {
    const run = runs++;
    const temp = join(folder, `runner-${run}`);
    const checkout = join(folder, `checkout-${run}`);
    await mkdir(temp);
    await git(['clone', '-q', join(folder, 'remote.git'), checkout], folder);
    await git(['checkout', '-q', sha], checkout);
    const eventPath = join(temp, 'event.json');
    await writeFile(eventPath, JSON.stringify(event));
    const result = await runJob({
      action: await readAction(join(root, 'action.yml')),
      // The package is this checkout, and the server is on loopback.
      inputs: {
        package: root,
        'api-url': server.url,
        ...(how.secrets === false ? {} : { 'api-key': key }),
        ...how.inputs,
      },
      cwd: checkout,
      temp,
      token: github.token,
      env: {
        PATH: process.env.PATH ?? '',
        HOME: temp,
        npm_config_cache: join(folder, 'npm'),
        NO_UPDATE_NOTIFIER: '1',
        GITHUB_WORKSPACE: checkout,
        GITHUB_EVENT_NAME: eventName,
        GITHUB_EVENT_PATH: eventPath,
        GITHUB_REPOSITORY: repository,
        GITHUB_API_URL: github.url,
        GITHUB_SHA: sha,
        GITHUB_RUN_ID: String(run),
      },
      uses: {
        'actions/upload-artifact': async ({ name = '', path = '' }) => {
          const { pull_request: pull } = event as { pull_request: { head: { sha: string } } };
          github.artifacts.push({
            id: run,
            name,
            content: await readFile(path),
            expired: false,
            created_at: new Date(run * 1000).toISOString(),
            workflow_run: { id: run, head_sha: pull.head.sha, repository_id: 1, head_repository_id: 1 },
          });
        },
        'actions/download-artifact': async ({ name, path = '', 'run-id': id }) => {
          const found = github.artifacts.find((one) => one.name === name && String(one.workflow_run.id) === id);
          if (!found) throw new Error(`there is no artifact ${name}`);
          await mkdir(path, { recursive: true });
          await writeFile(join(path, 'zenform.plan'), found.content);
        },
      },
    });
    said.push(result.log, result.summary);
    return { ...result, checkout };
  }

  const pullEvent = (number: number, sha: string, from = repository) => ({
    pull_request: { number, head: { sha, repo: { full_name: from } } },
    repository: { default_branch: 'main' },
  });
  const planned = async (number: number) => {
    const sha = await head();
    await git(['push', '-q', '--force', 'origin', `HEAD:refs/heads/change-${number}`]);
    return job('pull_request', pullEvent(number, sha), sha);
  };
  /** Merges what is checked out as that pull request, with a commit of the merge's own. */
  const merged = async (number: number) => {
    const sha = await head();
    await git(['checkout', '-q', 'main']);
    await git(['merge', '-q', '--no-ff', '-m', `Merge #${number}`, sha]);
    await git(['push', '-q', 'origin', 'main']);
    const merge = await head();
    github.pulls.push({ number, merged_at: 'now', merge_commit_sha: merge, head: { sha, ref: `change-${number}` } });
    return job('push', { repository: { default_branch: 'main' } }, merge);
  };
  const nightly = async (inputs: Readonly<Record<string, string>> = {}) =>
    job('schedule', { repository: { default_branch: 'main' } }, await head(), { inputs });
  const behindItsBack = (change: (teams: { name: string; description?: string | null }[]) => void) => {
    const world = emulator.world();
    change(world.organizations?.[0]?.teams as never);
    emulator.load(world);
  };
  const remoteRef = async (ref: string) => (await git(['ls-remote', 'origin', ref])).split('\t')[0] ?? '';

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'zenform-action-'));
    work = join(folder, 'work');
    emulator = createEmulator({
      seed: {
        accounts: [{ email: 'ada@acme.io' }],
        organizations: [
          {
            name: 'acme',
            service_accounts: [{ name: 'ci', keys: [{ name: 'main', value: key }] }],
            teams: [{ name: 'ops', description: 'Runs it' }],
            grants: [
              { role: 'Organization Admin', service_account: 'ci' },
              { role: 'Organization Admin', account: 'ada@acme.io' },
            ],
          },
        ],
      },
    });
    server = await emulator.listen();
    github = await serveGitHub(repository);
    await promisify(execFile)('git', ['init', '-q', '--bare', '-b', 'main', join(folder, 'remote.git')]);
    await git(['clone', '-q', join(folder, 'remote.git'), work], folder);
    await git(['checkout', '-q', '-b', 'main']);
    await writeFile(file(), first);
    await git(['add', '.']);
    await git(['commit', '-qm', 'First']);
    await git(['push', '-q', 'origin', 'main']);
  });

  afterAll(async () => {
    await Promise.all([server?.close(), github?.close()]);
    await rm(folder, { recursive: true, force: true });
  });

  it('shows the plan of a pull request in one comment, and changes that in place', async () => {
    await git(['checkout', '-q', '-b', 'change-1']);
    await edit((text) => `${text}  web: { description: Builds it }\n`, 'A team');
    const one = await planned(1);
    expect(one.code, one.log).toBe(0);
    expect(github.comments.get(1)).toHaveLength(1);
    expect(github.comments.get(1)?.[0]?.body).toContain('team/web');
    await edit((text) => text.replace('Builds it', 'Builds all of it'), 'A better one');
    const two = await planned(1);
    expect(two.code, two.log).toBe(0);
    expect(github.comments.get(1)).toHaveLength(1);
    expect(github.comments.get(1)?.[0]?.body).toContain('Builds all of it');
    expect(teams()).toEqual(['ops']);
    expect(github.artifacts.map(({ name }) => basename(name))).toHaveLength(2);
  });

  it('applies the reviewed plan after the merge, and moves the base', async () => {
    const result = await merged(1);
    expect(result.code, result.log).toBe(0);
    expect(result.ran).toContain('Fetch the reviewed plan');
    expect(teams()).toEqual(['ops', 'web']);
    expect(await remoteRef('refs/zenform/main')).toBe(await head());
  });

  it('really removes a team that was taken out', async () => {
    await git(['checkout', '-q', '-b', 'change-2']);
    await edit((text) => text.replace(/ {2}web:.*\n/, ''), 'No such team');
    const plan = await planned(2);
    expect(github.comments.get(2)?.[0]?.body, plan.log).toContain('team/web');
    const result = await merged(2);
    expect(result.code, result.log).toBe(0);
    expect(teams()).toEqual(['ops']);
    expect(await remoteRef('refs/zenform/main')).toBe(await head());
  });

  it('applies nothing that was reviewed in another world, and nothing that was not reviewed', async () => {
    await git(['checkout', '-q', '-b', 'change-3']);
    await edit((text) => text.replace('Runs it', 'Runs all of it'), 'Described');
    await planned(3);
    behindItsBack((all) => Object.assign(all[0] ?? {}, { description: 'By hand' }));
    const stale = await merged(3);
    expect(stale.code, stale.log).toBe(4);
    expect(stale.log).toContain('moved in live');
    const before = await remoteRef('refs/zenform/main');
    await edit((text) => `${text}  rogue: {}\n`, 'Straight to main');
    await git(['push', '-q', 'origin', 'main']);
    const unreviewed = await job('push', {}, await head());
    expect(unreviewed.code).toBe(1);
    expect(unreviewed.log).toContain('comes from no merged pull request');
    expect(teams()).toEqual(['ops']);
    expect(await remoteRef('refs/zenform/main')).toBe(before);
    const allowed = await job('push', {}, await head(), { inputs: { unreviewed: 'apply' } });
    expect(allowed.code, allowed.log).toBe(0);
    expect(teams()).toEqual(['ops', 'rogue']);
    expect(await remoteRef('refs/zenform/main')).toBe(await head());
  });

  it('opens one issue about drift, leaves it while nothing changes, and closes it', async () => {
    expect((await nightly()).code).toBe(0);
    expect(github.issues).toEqual([]);
    behindItsBack((all) => Object.assign(all.find(({ name }) => name === 'ops') ?? {}, { description: 'By hand again' }));
    const drifted = await nightly();
    expect(drifted.code, drifted.log).toBe(2);
    expect(github.issues).toHaveLength(1);
    expect(github.issues[0]?.body).toContain('By hand again');
    const before = github.requests.length;
    expect((await nightly()).code).toBe(2);
    expect(github.requests.slice(before).filter((line) => !line.startsWith('GET'))).toEqual([]);
    behindItsBack((all) => Object.assign(all.find(({ name }) => name === 'rogue') ?? {}, { description: 'Also' }));
    behindItsBack((all) => Object.assign(all.find(({ name }) => name === 'ops') ?? {}, { description: 'By hand, once more' }));
    expect((await nightly()).code).toBe(2);
    expect(github.issues).toHaveLength(1);
    expect(github.issues[0]?.body).toContain('once more');
  });

  it('offers to adopt it, as one pull request', async () => {
    const adopted = await nightly({ adopt: 'true' });
    expect(adopted.code, adopted.log).toBe(2);
    const offers = github.pulls.filter(({ head: { ref } }) => ref === 'zenform/adopt');
    expect(offers).toHaveLength(1);
    expect(github.issues[0]?.body).toContain(`#${offers[0]?.number} would adopt it`);
    await nightly({ adopt: 'true' });
    expect(github.pulls.filter(({ head: { ref } }) => ref === 'zenform/adopt')).toHaveLength(1);
    await git(['fetch', '-q', 'origin', 'zenform/adopt']);
    const changed = await git(['diff', '--stat', '--format=', 'main', 'FETCH_HEAD']);
    expect(changed).toMatch(/zenform\.yaml/);
    await git(['merge', '-q', '--ff-only', 'FETCH_HEAD']);
    await git(['push', '-q', 'origin', 'main']);
    const quiet = await nightly();
    expect(quiet.code, quiet.log).toBe(0);
    expect(github.issues[0]?.state).toBe('closed');
  });

  it('only checks the files of a fork', async () => {
    await git(['checkout', '-q', '-b', 'from-a-fork']);
    await edit((text) => `${text}  spies: {}\n`, 'From elsewhere');
    await git(['push', '-q', 'origin', 'from-a-fork']);
    const before = emulator.requests.length;
    const sha = await head();
    const result = await job('pull_request', pullEvent(9, sha, 'eve/platform'), sha, { secrets: false });
    expect(result.code, result.log).toBe(0);
    expect(result.log).toContain('gets no secrets');
    expect(emulator.requests.length).toBe(before);
    expect(github.comments.get(9)).toBeUndefined();
    await edit((text) => text.replace('  spies: {}', '  spies: { descripton: x }'), 'Misspelt');
    await git(['push', '-q', 'origin', 'from-a-fork']);
    const wrong = await job('pull_request', pullEvent(9, await head(), 'eve/platform'), await head(), { secrets: false });
    expect(wrong.code).toBe(1);
    expect(wrong.log).toMatch(/::error .*file=zenform\.yaml,line=\d+/);
    const target = await job('pull_request_target', pullEvent(9, sha, 'eve/platform'), sha);
    expect(target.code).toBe(1);
    expect(target.log).toContain('pull_request_target');
  });

  it('says which permission it lacks, and is done all the same', async () => {
    github.forbidden = /\/issues\/\d+\/comments/;
    await git(['checkout', '-q', '-B', 'change-4', 'main']);
    await edit((text) => `${text}  late: {}\n`, 'Late');
    const result = await planned(4);
    github.forbidden = undefined;
    expect(result.code, result.log).toBe(0);
    expect(result.log).toContain('permissions');
    expect(result.summary).toContain('team/late');
  });

  it('has told nobody the key or the token', async () => {
    const texts = [
      ...said,
      ...[...github.comments.values()].flat().map(({ body }) => body),
      ...github.issues.map(({ body }) => body),
      ...github.pulls.map(({ body }) => body ?? ''),
      ...github.artifacts.map(({ content }) => content.toString('utf8')),
    ];
    expect(texts.length).toBeGreaterThan(20);
    for (const secret of [key, github.token]) expect(texts.filter((text) => text.includes(secret))).toEqual([]);
  });
});
