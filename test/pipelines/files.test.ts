// The pipeline files that are shipped: each fits the schema that its own platform publishes, and its commands are run.
import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { Ajv } from 'ajv';
import { Ajv2020 } from 'ajv/dist/2020.js';
import formats from 'ajv-formats';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { createEmulator, type Emulator } from '../../src/emulator/index.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const key = 'ZENPROKEY_of-the-pipeline';
const yaml = async (file: string) => parse(await readFile(join(root, file), 'utf8'));

describe('the pipeline files', () => {
  it.each([
    ['action.yml', 'github-actions'],
    ['examples/ci/github.yml', 'github-workflows'],
    ['examples/ci/gitlab.yml', 'gitlab-ci'],
    ['examples/ci/cronjob.yaml', 'kubernetes-cronjob'],
  ])('%s fits %s.json', async (file, schema) => {
    const text = await readFile(new URL(`./schemas/${schema}.json`, import.meta.url), 'utf8');
    const published = JSON.parse(text);
    const options = { strict: false, allErrors: true, logger: false } as const;
    const ajv = String(published.$schema).includes('2020-12') ? new Ajv2020(options) : new Ajv(options);
    formats.default(ajv);
    const fits = ajv.compile(published);
    const document = await yaml(file);
    expect(fits(document), JSON.stringify(fits.errors, undefined, 1)).toBe(true);
    // A schema that takes everything would prove nothing.
    expect(fits({ ...document, runs: 7, jobs: 7, stages: 7, spec: 7 })).toBe(false);
  });

  it('explain every input of the action', async () => {
    const docs = await readFile(join(root, 'docs/pipelines.md'), 'utf8');
    const { inputs } = await yaml('action.yml');
    expect(Object.keys(inputs).filter((name) => !docs.includes(`\`${name}\``))).toEqual([]);
  });

  it('pin the version that this is', async () => {
    const { version } = JSON.parse(await readFile(join(root, 'package.json'), 'utf8')) as { version: string };
    for (const file of ['action.yml', 'examples/ci/github.yml', 'examples/ci/gitlab.yml', 'examples/ci/cronjob.yaml']) {
      const pinned = [...(await readFile(join(root, file), 'utf8')).matchAll(/zenform@v?([\w.]+)/g)].map(([, found]) => found);
      expect([...new Set(pinned)], file).toEqual([version]);
    }
  });

  it('give each job of GitHub the least it needs, and no secret to a fork', async () => {
    const { permissions, jobs } = await yaml('examples/ci/github.yml');
    expect(permissions).toEqual({});
    expect(jobs.plan.permissions).toEqual({ contents: 'read', 'pull-requests': 'write' });
    expect(jobs.apply.concurrency).toEqual(jobs.drift.concurrency);
    expect(jobs.apply.concurrency['cancel-in-progress']).toBe(false);
    const text = await readFile(join(root, 'examples/ci/github.yml'), 'utf8');
    expect(text).not.toContain('pull_request_target:');
    // What a stranger writes, such as the name of a branch, is in no script.
    const steps: { run?: string }[] = (await yaml('action.yml')).runs.steps;
    expect(steps.filter(({ run }) => run?.includes('${{'))).toEqual([]);
  });
});

describe('the commands of the pipeline files', () => {
  let folder: string;
  let emulator: Emulator;
  let server: { readonly url: string; close(): Promise<void> };

  /** A script as its platform runs it; `npx`, `npm` and `zenform` are this checkout. */
  async function sh(script: readonly string[], cwd: string, env: Readonly<Record<string, string>> = {}) {
    const child = spawn('/bin/sh', ['-ec', script.join('\n')], {
      cwd,
      env: { PATH: `${join(folder, 'bin')}:${process.env.PATH}`, HOME: folder, ZENFORM_API_URL: server.url, CI: 'true', ...env },
    });
    let log = '';
    for (const stream of [child.stdout, child.stderr])
      stream.setEncoding('utf8').on('data', (chunk: string) => {
        log += chunk;
      });
    const [code] = (await once(child, 'close')) as [number];
    return { code, log };
  }
  const git = (args: readonly string[], cwd: string) =>
    promisify(execFile)('git', ['-c', 'user.name=Ada', '-c', 'user.email=ada@acme.io', ...args], { cwd });
  const teams = () => (emulator.world().organizations?.[0]?.teams ?? []).map(({ name }) => name).sort();

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'zenform-pipelines-'));
    emulator = createEmulator({
      seed: {
        organizations: [
          {
            name: 'acme',
            service_accounts: [{ name: 'ci', keys: [{ name: 'main', value: key }] }],
            grants: [{ role: 'Organization Admin', service_account: 'ci' }],
          },
        ],
      },
    });
    server = await emulator.listen();
    await mkdir(join(folder, 'bin'));
    const program = `exec "${process.execPath}" "${join(root, 'dist/zenform.cjs')}" "$@"`;
    for (const [name, body] of [
      ['zenform', program],
      ['npx', `shift 2\n${program}`],
      ['npm', ':'],
    ]) {
      await writeFile(join(folder, 'bin', name ?? ''), `#!/bin/sh\n${body}\n`);
      await chmod(join(folder, 'bin', name ?? ''), 0o755);
    }
    await git(['init', '-q', '--bare', '-b', 'main', 'remote.git'], folder);
    await git(['clone', '-q', 'remote.git', 'work'], folder);
    await git(['checkout', '-q', '-b', 'main'], join(folder, 'work'));
    await writeFile(
      join(folder, 'work/zenform.yaml'),
      'organization: { name: acme }\nservice_accounts: { ci: { roles: [Organization Admin] } }\nteams: { ops: {}, web: {} }\n',
    );
    await git(['add', '.'], join(folder, 'work'));
    await git(['commit', '-qm', 'First'], join(folder, 'work'));
    await git(['push', '-q', 'origin', 'main'], join(folder, 'work'));
  });

  afterAll(async () => {
    await server?.close();
    await rm(folder, { recursive: true, force: true });
  });

  it('of GitLab check, plan, apply that plan, move the base, and find drift', async () => {
    const jobs = await yaml('examples/ci/gitlab.yml');
    const work = join(folder, 'work');
    // The remote is a folder here; everything else of the scripts is as it is.
    const script = (name: string): string[] =>
      [...jobs['.zenform'].before_script, ...jobs[name].script].map((line: string) =>
        line.replace(/"https:\/\/zenform:[^"]*"/, '"$CI_REMOTE"'),
      );
    const env = {
      ZENFORM_BASE: jobs.variables.ZENFORM_BASE,
      ZENFORM_API_KEY: key,
      ZENFORM_PLAN_KEY: key,
      CI_REMOTE: join(folder, 'remote.git'),
    };
    for (const name of ['zenform:validate', 'zenform:preview', 'zenform:plan', 'zenform:apply']) {
      const { code, log } = await sh(script(name), work, env);
      expect(code, `${name}\n${log}`).toBe(0);
    }
    expect(teams()).toEqual(['ops', 'web']);
    expect(await readFile(join(work, 'plan.md'), 'utf8')).toContain('team/web');
    expect(await readFile(join(work, 'zenform.xml'), 'utf8')).toContain('<testsuite');
    await writeFile(join(work, 'zenform.yaml'), (await readFile(join(work, 'zenform.yaml'), 'utf8')).replace(', web: {}', ''));
    await git(['commit', '-qam', 'Without'], work);
    const drift = await sh(script('zenform:drift'), work, env);
    expect(drift.code, drift.log).toBe(2);
    for (const name of ['zenform:plan', 'zenform:apply', 'zenform:drift']) {
      const { code, log } = await sh(script(name), work, env);
      expect(code, `${name}\n${log}`).toBe(0);
    }
    expect(teams()).toEqual(['ops']);
    await git(['push', '-q', 'origin', 'main'], work);
  });

  it('of the CronJob clone the repository, and look for drift', async () => {
    const cronJob = await yaml('examples/ci/cronjob.yaml');
    const [container] = cronJob.spec.jobTemplate.spec.template.spec.containers;
    const pod = async (name: string) => {
      const work = join(folder, name);
      await mkdir(work);
      await writeFile(join(work, 'key'), `${key}\n`);
      return sh(container.args, work, { REPOSITORY: join(folder, 'remote.git'), ZENFORM_API_KEY_FILE: join(work, 'key') });
    };
    const quiet = await pod('pod-1');
    expect(quiet.code, quiet.log).toBe(0);
    const world = emulator.world();
    Object.assign(world.organizations?.[0]?.teams?.[0] ?? {}, { description: 'By hand' });
    emulator.load({ ...world, organizations: [{ ...world.organizations?.[0], name: 'acme', teams: [] }] });
    const drift = await pod('pod-2');
    expect(drift.code, drift.log).toBe(2);
    expect(drift.log).toContain('team/ops');
  });

  it('of the pre-commit hook check the files', async () => {
    const [hook] = await yaml('.pre-commit-hooks.yaml');
    const { code, log } = await sh([hook.entry], join(folder, 'work'));
    expect(code, log).toBe(0);
    await writeFile(join(folder, 'work/zenform.yaml'), 'organization: { nme: acme }\n');
    expect((await sh([hook.entry], join(folder, 'work'))).code).toBe(1);
    const { bin, scripts } = JSON.parse(await readFile(join(root, 'package.json'), 'utf8'));
    // pre-commit packs the repository to install it, and what it calls is built by that.
    expect(Object.keys(bin)).toContain(hook.entry.split(' ')[0]);
    expect(scripts.prepack).toBe('npm run --silent build');
  });
});
