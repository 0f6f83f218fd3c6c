// The real program, with a key that is planted, against a server that repeats what it is sent: no byte that any command writes holds it.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createEmulator, type Emulator } from '../../src/emulator/index.ts';

const program = fileURLToPath(new URL('../../dist/zenform.cjs', import.meta.url));
const key = 'ZENPROKEY_planted-0123456789';

const seed = {
  accounts: [{ email: 'ada@acme.io' }],
  organizations: [
    {
      name: 'acme',
      service_accounts: [{ name: 'ci', keys: [{ name: 'main', value: key }] }, { name: 'deployer' }],
      teams: [{ name: 'ops', description: 'By hand' }],
      workspaces: [{ name: 'prod', projects: [{ name: 'churn' }] }],
      grants: [
        { role: 'Organization Admin', service_account: 'ci' },
        { role: 'Organization Admin', account: 'ada@acme.io' },
      ],
    },
  ],
};
const files = `organization: { name: acme }
members: { ada@acme.io: { roles: [Organization Admin] } }
service_accounts:
  ci: { roles: [Organization Admin] }
  deployer: { roles: [Organization Member], keys: { main: { to: { file: deployer.key } } } }
teams: { ops: { description: From the files } }
workspaces: { prod: { projects: { churn: { description: New } } } }
`;

describe('a planted key', () => {
  let emulator: Emulator;
  let server: { readonly url: string; close(): Promise<void> };
  let folder: string;

  beforeAll(async () => {
    emulator = createEmulator({ seed });
    server = await emulator.listen();
    folder = await mkdtemp(join(tmpdir(), 'zenform-planted-'));
    await writeFile(join(folder, 'zenform.yaml'), files);
  });
  afterAll(async () => {
    await server?.close();
    await rm(folder, { recursive: true, force: true });
  });

  async function zenform(...argv: readonly string[]): Promise<string> {
    const child = spawn(process.execPath, [program, ...argv], {
      cwd: folder,
      env: { PATH: process.env.PATH, HOME: folder, ZENFORM_API_URL: server.url, ZENFORM_API_KEY: key, CI: 'true' },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let said = '';
    for (const stream of [child.stdout, child.stderr])
      stream.setEncoding('utf8').on('data', (text: string) => {
        said += text;
      });
    await once(child, 'close');
    return said;
  }

  const all = ['json', 'markdown', 'html', 'sarif', 'junit', 'github'];
  const formats = (command: string, names: readonly string[]) => names.flatMap((name) => ['-o', `${name}=${command}.${name}`]);
  const watching = (command: string) => ['--verbose', '--events', `${command}.ndjson`];
  const echo = (status: number) =>
    emulator.addFault({ nth: 4, when: 'before', do: { status, body: `{"detail": ["ValueError", "refused ${key}"]}` } });

  it('is in no byte that any command writes', async () => {
    const commands: readonly (readonly string[])[] = [
      ['validate', ...formats('validate', all)],
      ['plan', '--out', 'saved.plan', ...formats('plan', all), ...watching('plan')],
      ['show', 'saved.plan', ...formats('show', all)],
      ['drift', ...formats('drift', all), ...watching('drift')],
      ['adopt', '--print', ...watching('adopt')],
      ['apply', '--yes', ...formats('apply', all), ...watching('apply')],
      ['unmanaged', ...formats('unmanaged', ['json', 'markdown']), ...watching('unmanaged')],
      ['export', '--organization', 'acme', '--out', 'exported', ...watching('export')],
      ['doctor', '--report', 'report.json', ...formats('doctor', ['json', 'markdown']), ...watching('doctor')],
      ['synth', '--out', 'stack'],
      ['terraform', 'import-blocks', '--organization', 'acme'],
    ];
    const said: string[] = [];
    for (const status of [0, 401, 422])
      for (const command of commands) {
        if (status > 0) echo(status);
        said.push(await zenform(...command));
        emulator.clearFaults();
      }
    const written = (await readdir(folder, { recursive: true, withFileTypes: true })).filter((entry) => entry.isFile());
    const texts = await Promise.all(
      written.map(async ({ parentPath, name }) => ({ name, text: await readFile(join(parentPath, name), 'latin1') })),
    );
    // Values that were made for the files are in their sinks, and nowhere else.
    const made = texts.filter(({ name }) => name === 'deployer.key').map(({ text }) => text.trim());
    expect(made.filter((value) => value.startsWith('ZENPROKEY_'))).toHaveLength(1);
    const outputs = [...said, ...texts.flatMap(({ name, text }) => (name === 'deployer.key' ? [] : [text]))];
    expect(outputs.length).toBeGreaterThan(60);
    for (const secret of [key, ...made]) expect(outputs.filter((text) => text.includes(secret))).toEqual([]);
    // The server did repeat it, and people were told so without it.
    expect(said.some((text) => text.includes('[secret]'))).toBe(true);
  });
});
