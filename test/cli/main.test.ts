import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import type { Io } from '../../src/commands/io.ts';
import { main } from '../../src/commands/main.ts';

const folder = mkdtempSync(join(tmpdir(), 'zenform-cli-'));
afterAll(() => rmSync(folder, { recursive: true }));

const good = 'organization: { name: acme }\nservice_accounts: { admin: { roles: [Organization Admin] } }\n';
const file = (name: string, text: string) => {
  writeFileSync(join(folder, name), text);
  return name;
};
file('zenform.yaml', good);
file('more.yaml', `${good}teams: { ml: { description: Owns it } }\n`);
file('bad.yaml', 'teams: { ml: { descripton: x } }\n');
file(
  'gone.yaml',
  'organization: { name: acme }\nservice_accounts: { admin: { roles: [Organization Admin] }, bot: { absent: true } }\n',
);
file(
  'bot.json',
  JSON.stringify({
    organizations: [
      {
        name: 'acme',
        service_accounts: [{ name: 'admin', keys: [{ name: 'k' }] }, { name: 'bot' }],
        workspaces: [{ name: 'idle', status: 'deactivated' }],
        grants: [{ role: 'Organization Admin', service_account: 'admin' }],
      },
    ],
  }),
);
file('off.yaml', `${good}workspaces: { idle: { projects: { p: {} } } }\n`);
file('accept.yaml', `${good}accept: [{ guard: mass, address: team/x, reason: because }]\n`);

interface Ran {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

async function zenform(line: string, io: Partial<Io> & { readonly terminal?: number } = {}): Promise<Ran> {
  let [out, err] = ['', ''];
  const stream = (write: (text: string) => void) => ({ write, isTTY: io.terminal !== undefined, columns: io.terminal });
  const code = await main(line === '' ? [] : line.split(' '), {
    stdout: stream((text) => {
      out += text;
    }),
    stderr: stream((text) => {
      err += text;
    }),
    env: {},
    cwd: folder,
    ask: undefined,
    signal: new AbortController().signal,
    now: () => new Date('2026-11-23T00:00:00Z'),
    ...io,
  });
  return { code, out, err };
}

describe('exit codes', () => {
  it.each([
    ['validate', 0],
    ['validate -f bad.yaml', 1],
    ['validate -f nothing.yaml', 1],
    ['plan --emulator', 0],
    ['plan --emulator -f more.yaml', 0],
    ['plan --emulator -f more.yaml --detailed-exitcode', 2],
    ['plan --emulator --detailed-exitcode', 0],
    ['plan --emulator -f bad.yaml --detailed-exitcode', 1],
    ['plan --emulator bot.json -f gone.yaml --detailed-exitcode', 3],
    ['plan --emulator bot.json -f gone.yaml --allow-destroy service_account/*', 0],
    ['plan --emulator -f accept.yaml', 1],
    ['plan --emulator --organization other', 1],
    ['plan', 1],
    ['apply --emulator', 1],
    ['apply --emulator --yes', 0],
    ['apply --emulator -f more.yaml --yes', 0],
    ['apply --emulator bot.json -f gone.yaml --yes', 3],
    ['drift --emulator', 0],
    ['drift --emulator -f more.yaml', 2],
    ['drift --emulator -f more.yaml --ignore team/ml', 0],
    ['drift --emulator bot.json -f off.yaml', 1],
    ['drift --emulator bot.json -f off.yaml --allow-unchecked workspace/idle', 0],
    ['drift --emulator bot.json', 0],
    ['drift --emulator bot.json --fail-on-unmanaged service_account', 2],
    ['drift --emulator --fail-on-unmanaged nothing', 1],
    ['unmanaged --emulator bot.json', 0],
    ['doctor --emulator', 0],
    ['doctor --emulator --organization other', 1],
    ['export --emulator --organization acme', 0],
    ['export --emulator --organization other', 1],
    ['schema', 0],
    ['', 0],
    ['--help', 0],
    ['plna', 1],
    ['plan --nope', 1],
    ['plan --out x', 1],
    ['show x', 1],
    ['plan --emulator -o nope', 1],
    ['plan --emulator --rate 0', 1],
    ['plan --emulator --var x', 1],
  ])('%s ends with %i', async (line, code) => {
    const ran = await zenform(line);
    expect({ code: ran.code, err: ran.err }).toEqual({ code, err: ran.err });
  });
});

describe('output', () => {
  it.each([
    'validate',
    'validate -f bad.yaml',
    'plan --emulator',
    'plan --emulator -f bad.yaml',
    'plan',
    'apply --emulator --yes -f more.yaml',
    'apply --emulator',
    'drift --emulator',
    'unmanaged --emulator',
    'doctor --emulator',
    'plan --nope',
  ])('`%s -o json` is exactly one JSON document', async (line) => {
    const { out, code } = await zenform(`${line} -o json`);
    const document = JSON.parse(out);
    expect(document.format).toMatch(/^zenform\.(plan|report)\/1$/);
    expect(document.exitCode).toBe(code);
    expect(Array.isArray(document.diagnostics)).toBe(true);
  });

  it('is the same bytes for the same input', async () => {
    const [a, b] = [await zenform('plan --emulator -f more.yaml -o json'), await zenform('plan --emulator -f more.yaml -o json')];
    expect(a.out).toBe(b.out);
  });

  it('holds outcomes and whether all was verified after an apply', async () => {
    const { out } = await zenform('apply --emulator --yes -f more.yaml -o json');
    expect(JSON.parse(out)).toMatchObject({
      verified: true,
      outcomes: [{ step: 's1', address: 'team/ml', status: 'applied', request: 'POST /teams' }],
    });
  });

  it('has no colours where there is no terminal, and none where they are unwanted', async () => {
    // biome-ignore lint/suspicious/noControlCharactersInRegex: looking for them
    const colour = /\u001b/;
    expect((await zenform('plan --emulator -f more.yaml')).out).not.toMatch(colour);
    expect((await zenform('plan --emulator -f more.yaml', { terminal: 80 })).out).toMatch(colour);
    expect((await zenform('plan --emulator -f more.yaml --no-color', { terminal: 80 })).out).not.toMatch(colour);
    expect((await zenform('plan --emulator -f more.yaml', { terminal: 80, env: { NO_COLOR: '1' } })).out).not.toMatch(colour);
  });

  it.each(['', '--help', 'plan --help', 'apply --help', 'drift --help', 'emulate --help', 'export --help'])(
    'help of `%s` fits a screen and shows an example',
    async (line) => {
      const { out } = await zenform(line);
      expect(out.split('\n').length).toBeLessThanOrEqual(45);
      expect(out).toContain('Example');
    },
  );

  it('suggests what was meant', async () => {
    expect((await zenform('plna')).err).toContain('Did you mean plan?');
    expect((await zenform('plan --bse x')).err).toContain('Did you mean --base?');
  });
});

describe('asking', () => {
  it.each([
    ['yes', 0, 'verified'],
    ['y', 1, ''],
    ['', 1, ''],
  ])('takes %j for an answer', async (answer, code, text) => {
    const ran = await zenform('apply --emulator -f more.yaml', { ask: async () => answer });
    expect(ran.code).toBe(code);
    expect(ran.out).toContain(text);
    if (code === 1) expect(ran.err).toContain('Nothing was changed.');
  });
});
