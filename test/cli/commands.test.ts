import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { afterAll, describe, expect, it } from 'vitest';
import type { Io } from '../../src/commands/io.ts';
import { eventSchema, planSchema, reportSchema } from '../../src/render/schemas.ts';
import { cleanUp, folderWith, type Ran, zenform } from './run.ts';

afterAll(cleanUp);

const world = `organizations:
- name: acme
  service_accounts: [{ name: ci, keys: [{ name: main }] }]
  teams: [{ name: ml, description: Owns it, members: [{ service_account: ci }] }, { name: other }]
  workspaces: [{ name: prod, projects: [{ name: churn, description: Who leaves }] }, { name: old, status: deactivated }]
  grants: [{ role: Organization Admin, service_account: ci }, { role: Workspace Viewer, team: ml, workspace: prod }]
`;
const same = `organization: { name: acme }
service_accounts: { ci: { roles: [Organization Admin] } }
teams: { ml: { description: Owns it, service_accounts: [ci] } }
`;
const files = {
  'world.yaml': world,
  'same.yaml': same,
  'changed.yaml': same.replace('Owns it', 'Owns more'),
  'unchecked.yaml': `${same}workspaces: { old: { projects: { gone: {} } } }\n`,
  'refused.yaml': `${same}workspaces: { prod: { projects: { churn: { absent: true } } } }\n`,
  'bad.yaml': 'organization: { nam: acme }\n',
};
const folder = folderWith(files);
const run = (argv: string, more: Partial<Io> = {}) => zenform(argv.split(' '), folder, more);
const on = (command: string, file: string, more = '') => `${command} -f ${file} --emulator world.yaml${more}`;
const terminal = (answer: string) => ({ ask: async () => answer });

describe('commands end with', () => {
  it.each([
    ['validate -f same.yaml', 0],
    ['validate -f bad.yaml', 1],
    ['validate -f nothing.yaml', 1],
    [on('plan', 'same.yaml'), 0],
    [on('plan', 'same.yaml', ' --detailed-exitcode'), 0],
    [on('plan', 'changed.yaml'), 0],
    [on('plan', 'changed.yaml', ' --detailed-exitcode'), 2],
    [on('plan', 'refused.yaml', ' --detailed-exitcode'), 3],
    [on('plan', 'refused.yaml', ' --allow-destroy workspace/prod/project/churn'), 0],
    [on('plan', 'bad.yaml', ' --detailed-exitcode'), 1],
    [on('drift', 'same.yaml'), 0],
    [on('drift', 'changed.yaml'), 2],
    [on('drift', 'changed.yaml', ' --ignore team/ml'), 0],
    [on('drift', 'changed.yaml', ' --ignore team/ml#/description'), 0],
    [on('drift', 'changed.yaml', ' --ignore team/ml#/name'), 2],
    [on('drift', 'unchecked.yaml'), 1],
    [on('drift', 'unchecked.yaml', ' --allow-unchecked workspace/old'), 0],
    [on('drift', 'unchecked.yaml', ' --allow-unchecked team/*'), 1],
    [on('drift', 'same.yaml', ' --fail-on-unmanaged team'), 2],
    [on('drift', 'same.yaml', ' --fail-on-unmanaged role'), 0],
    [on('apply', 'changed.yaml', ' --yes'), 0],
    [on('apply', 'same.yaml', ' --yes'), 0],
    [on('apply', 'refused.yaml', ' --yes'), 3],
    [on('apply', 'bad.yaml', ' --yes'), 1],
    [on('unmanaged', 'same.yaml'), 0],
    [on('doctor', 'same.yaml'), 0],
    [on('doctor', 'same.yaml', ' --organization nobody'), 1],
    ['synth -f same.yaml', 0],
    ['synth -f same.yaml --gates terraform_data --only team/ml', 0],
    ['synth -f same.yaml --gates wood', 1],
    ['synth -f bad.yaml', 1],
    ['export --emulator world.yaml --organization acme', 0],
    ['export --emulator world.yaml --organization nobody', 1],
  ])('%s: %i', async (argv, code) => {
    expect((await run(argv)).code).toBe(code);
  });
});

describe('with -o json, standard output', () => {
  const ajv = new Ajv2020({ strict: false });
  const valid = { 'zenform.plan/1': ajv.compile(planSchema), 'zenform.report/1': ajv.compile(reportSchema) };
  const documentOf = ({ stdout, code }: Ran) => {
    const document = JSON.parse(stdout) as { format: keyof typeof valid; exitCode: number };
    expect(document.exitCode).toBe(code);
    const validate = valid[document.format];
    expect([validate(document), validate.errors]).toEqual([true, null]);
    return document;
  };

  it.each([
    ['validate -f same.yaml --explain', 'report'],
    ['validate -f bad.yaml', 'report'],
    [on('plan', 'changed.yaml'), 'plan'],
    [on('plan', 'refused.yaml'), 'plan'],
    [on('plan', 'bad.yaml'), 'report'],
    [on('drift', 'unchecked.yaml'), 'plan'],
    [on('apply', 'changed.yaml', ' --yes'), 'report'],
    [on('apply', 'refused.yaml', ' --yes'), 'report'],
    [on('apply', 'changed.yaml'), 'report'],
    [on('unmanaged', 'same.yaml'), 'report'],
    [on('doctor', 'same.yaml'), 'report'],
    ['synth -f same.yaml', 'report'],
    ['synth -f bad.yaml', 'report'],
    ['export --emulator world.yaml --organization acme', 'report'],
    ['plan --emulator nothing.yaml', 'report'],
    ['plan --no-such-option', 'report'],
    ['pln', 'report'],
    ['plan -f same.yaml', 'report'],
  ])('is one document that fits its schema: %s', async (argv, kind) => {
    expect(documentOf(await run(`${argv} -o json`)).format).toBe(`zenform.${kind}/1`);
  });

  it('is the same bytes for the same inputs', async () => {
    const first = await run(on('plan', 'refused.yaml', ' -o json --now 2026-11-23'));
    expect(first.stdout).toBe((await run(on('plan', 'refused.yaml', ' -o json --now 2026-11-23'))).stdout);
  });

  it('is left to text when JSON goes to a file', async () => {
    const text = await run(on('plan', 'changed.yaml'));
    const saved = await run(on('plan', 'changed.yaml', ' --out reviewed.plan -o json'));
    expect(readFileSync(join(folder, 'reviewed.plan'), 'utf8')).toBe(saved.stdout);
    expect((await run('show reviewed.plan -o json')).stdout).toBe(saved.stdout);
    expect((await run(on('plan', 'changed.yaml', ' --out no/such/folder/x'))).stderr).toContain(
      'cannot be written to no/such/folder/x (ENOENT)',
    );
    expect((await run(on('plan', 'changed.yaml', ' -o json=plan.json'))).stdout).toBe(text.stdout);
    expect(documentOf({ ...text, stdout: readFileSync(join(folder, 'plan.json'), 'utf8') }).format).toBe('zenform.plan/1');
  });

  it('says in an apply what became of each step', async () => {
    const document = documentOf(await run(on('apply', 'changed.yaml', ' --yes -o json')));
    expect(document).toMatchObject({
      changes: [{ address: 'team/ml', action: 'update' }],
      outcomes: [{ address: 'team/ml', status: 'applied', request: expect.stringMatching(/^PATCH \/teams\//) }],
      verified: true,
    });
  });

  it('has nothing to do with the events, which are lines that fit their schema', async () => {
    const { code } = await run(on('apply', 'changed.yaml', ' --yes --events events.ndjson --quiet'));
    expect(code).toBe(0);
    const events = readFileSync(join(folder, 'events.ndjson'), 'utf8')
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line));
    const validate = ajv.compile(eventSchema as object);
    for (const event of events) expect([event, validate(event)]).toEqual([event, true]);
    expect(events.filter(({ event }) => event === 'step').map(({ status }) => status)).toEqual(['started', 'applied']);
  });
});

describe('apply asks', () => {
  it('and does nothing without a clear yes', async () => {
    for (const answer of ['', 'y', 'no', 'YES']) {
      const { code, stderr, stdout } = await run(on('apply', 'changed.yaml'), terminal(answer));
      expect([code, stderr.includes('Nothing was changed')]).toEqual([1, true]);
      expect(stdout).toContain('Plan: 0 to create, 1 to update, 0 to delete');
    }
    expect((await run(on('apply', 'changed.yaml'), terminal('yes'))).stdout).toContain('verified: nothing left to do.');
  });

  it('not without a terminal, and says so', async () => {
    const { code, stderr, stdout } = await run(on('apply', 'changed.yaml'));
    expect([code, stdout]).toEqual([1, '']);
    expect(stderr).toContain('give --yes');
  });

  it('beside a document: the plan is shown where the question is', async () => {
    const { stdout, stderr } = await run(on('apply', 'changed.yaml', ' -o json'), terminal('no'));
    expect(JSON.parse(stdout)).toMatchObject({ exitCode: 1, outcomes: [] });
    expect(stderr).toContain('Plan: 0 to create, 1 to update');
  });
});

describe('what is printed', () => {
  it('is quiet when asked: results and errors only', async () => {
    const { stderr, stdout } = await run(on('plan', 'changed.yaml', ' --quiet'));
    expect([stderr, stdout.includes('~ team/ml')]).toEqual(['', true]);
  });

  it('names the requests when asked, and never the key', async () => {
    const { stderr } = await run(on('plan', 'changed.yaml', ' --verbose'));
    expect(stderr).toContain('GET /organizations on control-plane: 200');
    expect(stderr).not.toContain('ZENPROKEY');
  });

  it('ends with the command that does it', async () => {
    expect((await run(on('plan', 'changed.yaml', ' --only team/*'))).stdout).toMatch(
      /^To do this: zenform apply -f changed.yaml --emulator world.yaml --only 'team\/\*'\n$/m,
    );
  });

  it('is coloured on a terminal only, and not with NO_COLOR', async () => {
    const stdout = (env: Io['env']) => {
      const written: string[] = [];
      const stream = { write: (text: string) => void written.push(text), isTTY: true, columns: 80 };
      return run(on('plan', 'changed.yaml'), { stdout: stream, env }).then(() => written.join(''));
    };
    expect(await stdout({})).toContain('\u001b[33m~ team/ml');
    expect(await stdout({ NO_COLOR: '1' })).not.toContain('\u001b');
    expect((await run(on('plan', 'changed.yaml'))).stdout).not.toContain('\u001b');
  });
});

describe('an interruption', () => {
  it('before any write ends with the code of the signal', async () => {
    const controller = new AbortController();
    controller.abort(143);
    const { code, stderr } = await run(on('plan', 'changed.yaml'), { signal: controller.signal });
    expect([code, stderr.includes('unreachable'), stderr.includes('Nothing was changed')]).toEqual([143, false, true]);
  });
});

describe('export', () => {
  it('writes files whose plan is empty, and leaves what people write beside it', async () => {
    const first = await run('export --emulator world.yaml --organization acme --out out');
    expect(first.code).toBe(0);
    expect((await run(on('plan', 'out', ' --detailed-exitcode'))).code).toBe(0);
    const teams = join(folder, 'out', 'teams.yaml');
    const text = readFileSync(teams, 'utf8');
    writeFileSync(teams, `${text}# mine\n`);
    const again = await run('export --emulator world.yaml --organization acme --out out');
    expect([again.code, again.stdout]).toEqual([0, 'Nothing to write: the files say what is live.\n']);
    expect(readFileSync(teams, 'utf8')).toBe(`${text}# mine\n`);
    expect((await run('export --emulator world.yaml --organization acme --out out --force')).code).toBe(0);
    expect(readFileSync(teams, 'utf8')).toBe(text);
  });

  it('to standard output is one file whose plan is empty', async () => {
    writeFileSync(join(folder, 'one.yaml'), (await run('export --emulator world.yaml --organization acme')).stdout);
    expect((await run(on('plan', 'one.yaml', ' --detailed-exitcode'))).code).toBe(0);
  });
});

describe('schema', () => {
  it.each(['config', 'plan', 'report', 'events'])('%s is a JSON Schema', async (name) => {
    const schema = JSON.parse((await run(`schema ${name}`)).stdout);
    expect(() => new Ajv2020({ strict: false, validateFormats: false }).compile(schema)).not.toThrow();
  });

  it('is the one of the files by default, as it is checked in', async () => {
    const checkedIn = readFileSync(new URL('../../configs/zenform.schema.json', import.meta.url), 'utf8');
    expect(JSON.parse((await run('schema')).stdout)).toEqual(JSON.parse(checkedIn));
  });
});

describe('emulate', () => {
  it('says where it listens, serves, keeps what was written, and ends with an interruption', async () => {
    const controller = new AbortController();
    let listening: (line: string) => void = () => {};
    const line = new Promise<string>((resolve) => {
      listening = resolve;
    });
    const stdout = { write: listening, isTTY: false, columns: undefined };
    mkdirSync(join(folder, 'kept'));
    const running = run('emulate --seed world.yaml --state kept/state.json -o json', { signal: controller.signal, stdout });
    const { url, key, organization } = JSON.parse(await line);
    expect([new URL(url).hostname, organization]).toEqual(['127.0.0.1', 'acme']);
    const env = { ZENFORM_API_URL: url, ZENFORM_API_KEY: key };
    expect((await run('apply -f changed.yaml --yes', { env })).code).toBe(0);
    controller.abort(130);
    expect((await running).code).toBe(0);
    expect(existsSync(join(folder, 'kept', 'state.json'))).toBe(true);
    expect((await run('plan -f changed.yaml --emulator kept/state.json --detailed-exitcode')).code).toBe(0);
  });
});
