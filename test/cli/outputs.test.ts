import { existsSync, lstatSync, readdirSync, readFileSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { cleanUp, folderWith, zenform } from './run.ts';

afterAll(cleanUp);

const good = `organization: { name: acme }
members: { "Eve@acme.io": { roles: [Organization Admin] } }
service_accounts: { admin: { roles: [Organization Admin] } }
teams: { ml: { description: Owns it } }
`;
const files = { 'zenform.yaml': good, 'bad.yaml': 'teams: { ml: { descripton: x } }\n' };

const all = ['json=o.json', 'markdown=o.md', 'html=o.html', 'sarif=o.sarif', 'junit=o.xml', 'github=o.github', 'text=o.txt'];
const asking = (formats: readonly string[]) => formats.flatMap((format) => ['-o', format]);

describe('several outputs at once', () => {
  it.each([
    ['plan', ['plan', '--emulator'], 0],
    ['drift', ['drift', '--emulator'], 2],
    ['apply', ['apply', '--emulator', '--yes'], 0],
    ['validate', ['validate'], 0],
    ['validate of bad files', ['validate', '-f', 'bad.yaml'], 1],
    ['plan of bad files', ['plan', '--emulator', '-f', 'bad.yaml'], 1],
  ] as const)('of %s are all there, and the text on the screen as if nobody had asked for more', async (_, argv, code) => {
    const [alone, folder] = [folderWith(files), folderWith(files)];
    const plain = await zenform(argv, alone);
    const ran = await zenform([...argv, ...asking(all)], folder);
    const timeless = (text: string) => text.replace(/in \d+\.\d s/, 'in N s');
    expect([ran.code, timeless(ran.stdout)]).toEqual([code, timeless(plain.stdout)]);
    const text = (name: string) => readFileSync(join(folder, name), 'utf8');
    expect(text('o.txt')).toBe(ran.stdout);
    expect(JSON.parse(text('o.json')).exitCode).toBe(code);
    expect(text('o.md')).toMatch(/^## /);
    expect(text('o.html')).toMatch(/^<!doctype html>/);
    expect(JSON.parse(text('o.sarif')).runs[0].invocations[0].exitCode).toBe(code);
    expect(text('o.xml')).toMatch(/^<\?xml/);
    expect(text('o.github')).toMatch(/^::(notice|error|warning) title=zenform%3A /);
    expect(readdirSync(folder).sort()).toEqual([...Object.keys(files), ...all.map((one) => one.split('=')[1])].sort());
  });

  it.each(['json', 'markdown', 'html', 'sarif', 'junit', 'github'])(
    'as %s on the screen is what the file has',
    async (format) => {
      const folder = folderWith(files);
      const argv = ['plan', '--emulator', '-o', format, '-o', `${format}=again`];
      const { stdout, stderr } = await zenform(argv, folder);
      expect(stdout).toBe(readFileSync(join(folder, 'again'), 'utf8'));
      expect(stderr).toContain('Reading the organization');
      expect((await zenform(argv, folder)).stdout).toBe(stdout);
    },
  );

  it('say who becomes Organization Admin', async () => {
    const { stdout } = await zenform(['plan', '--emulator', '-o', 'markdown'], folderWith(files));
    expect(stdout).toContain('> **1 becomes Organization Admin**:\n>\n> - `eve@acme.io`\n');
  });

  it('show a saved plan as it was shown when it was made', async () => {
    const folder = folderWith(files);
    await zenform(['plan', '--emulator', '--out', 'p.plan', '--quiet', ...asking(['markdown=a.md'])], folder);
    const { stdout } = await zenform(['show', 'p.plan', '-o', 'markdown'], folder);
    const upToNext = (text: string) => text.slice(text.indexOf('\n'), text.indexOf('\nNext:'));
    const made = readFileSync(join(folder, 'a.md'), 'utf8');
    expect(stdout.slice(stdout.indexOf('\n'))).toContain(upToNext(made));
  });
});

describe('an output file', () => {
  it('is left as it was when the command line is wrong', async () => {
    const folder = folderWith({ ...files, 'o.json': 'before' });
    const { code } = await zenform(['plan', '--emulator', '-o', 'json=o.json', '-o', 'json', '-o', 'text'], folder);
    expect([code, readFileSync(join(folder, 'o.json'), 'utf8')]).toEqual([1, 'before']);
  });

  it('that cannot be written is found out before anything is asked of a server', async () => {
    const folder = folderWith(files);
    const { code, stdout, stderr } = await zenform(['plan', '--emulator', '-o', 'html=no/such/o.html'], folder);
    expect([code, stdout]).toEqual([1, '']);
    expect(stderr).toContain('error[usage]: no/such/o.html cannot be written (ENOENT)');
    expect(stderr).not.toContain('Reading');
  });

  it('may be a device or a link, which it stays', async () => {
    const folder = folderWith({ ...files, 'real.md': '' });
    symlinkSync('real.md', join(folder, 'link.md'));
    const { code } = await zenform(['plan', '--emulator', '-o', 'json=/dev/null', '-o', 'markdown=link.md'], folder);
    expect(code).toBe(0);
    expect(lstatSync('/dev/null').isCharacterDevice()).toBe(true);
    expect(lstatSync(join(folder, 'link.md')).isSymbolicLink()).toBe(true);
    expect(readFileSync(join(folder, 'real.md'), 'utf8')).toMatch(/^## Plan/);
  });

  it('takes one format', async () => {
    const folder = folderWith(files);
    const { code, stderr } = await zenform(['plan', '--emulator', '-o', 'json=o', '-o', 'html=o'], folder);
    expect([code, existsSync(join(folder, 'o'))]).toEqual([1, false]);
    expect(stderr).toContain('o can take one format');
  });
});

it.each(['json', 'sarif'])('prints exactly one %s document also on failure', async (format) => {
  const folder = folderWith(files);
  for (const argv of [
    ['validate', '-f', 'bad.yaml'],
    ['validate', '-f', 'nothing.yaml'],
    ['plan'],
    ['plan', '--emulator', '--organization', 'other'],
    ['apply', '--emulator'],
    ['show', 'nothing.plan'],
  ]) {
    const { code, stdout } = await zenform([...argv, '-o', format], folder);
    expect(code).toBe(1);
    const document = JSON.parse(stdout);
    expect(format === 'json' ? document.exitCode : document.runs[0].invocations[0].exitCode).toBe(1);
  }
});
