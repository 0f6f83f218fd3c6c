import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Secret } from '../../src/client/index.ts';
import { redactor } from '../../src/client/redact.ts';
import { type Delivery, delivery } from '../../src/engine/deliver.ts';

const planted = 'planted-value-of-a-key';

describe('a secret', () => {
  let outside: string;
  let folder: string;
  let to: Delivery;

  beforeEach(() => {
    outside = mkdtempSync(join(tmpdir(), 'zenform-deliver-'));
    folder = join(outside, 'work');
    mkdirSync(folder);
    const redact = redactor();
    redact.know(new Secret(planted));
    to = delivery({ cwd: folder, env: { PATH: process.env.PATH } }, redact.clean);
  });
  afterEach(() => rmSync(outside, { recursive: true, force: true }));

  const deliver = (sink: Parameters<Delivery['deliver']>[0]) => to.deliver(sink, new Secret(planted));
  const read = (file: string) => readFileSync(join(folder, file), 'utf8');

  it('goes to a file that only its owner can read, also where a readable one was', async () => {
    await deliver({ file: 'a/b/key' });
    expect(read('a/b/key')).toBe(`${planted}\n`);
    expect(statSync(join(folder, 'a/b/key')).mode & 0o777).toBe(0o600);
    writeFileSync(join(folder, 'open'), 'old', { mode: 0o644 });
    await deliver({ file: 'open' });
    expect(statSync(join(folder, 'open')).mode & 0o777).toBe(0o600);
  });

  it.each([
    ['up', '../key'],
    ['up and down', 'a/../../key'],
    ['an absolute path', join(tmpdir(), 'zenform-key-elsewhere')],
    ['the folder itself', '.'],
    ['a folder that is there', 'there'],
    ['a link to a file', 'link'],
    ['a link to a folder outside', 'out/key'],
    ['a new folder behind a link to a folder outside', 'out/new/key'],
    ['below a file', 'file/key'],
  ])('goes to nothing else: %s', async (_what, file) => {
    mkdirSync(join(folder, 'there'));
    writeFileSync(join(folder, 'file'), '');
    writeFileSync(join(outside, 'target'), 'untouched');
    symlinkSync(join(outside, 'target'), join(folder, 'link'));
    mkdirSync(join(outside, 'elsewhere'));
    symlinkSync(join(outside, 'elsewhere'), join(folder, 'out'));
    await expect(to.prepare({ file })).rejects.toThrow();
    await expect(deliver({ file })).rejects.toThrow();
    expect(readFileSync(join(outside, 'target'), 'utf8')).toBe('untouched');
    expect(existsSync(join(outside, 'key'))).toBe(false);
    expect(existsSync(join(outside, 'elsewhere', 'key'))).toBe(false);
    expect(existsSync(join(outside, 'elsewhere', 'new'))).toBe(false);
  });

  it('goes to the standard input of a command, as it is, without a shell', async () => {
    const program =
      'let s="";process.stdin.on("data",d=>s+=d).on("end",()=>require("fs").writeFileSync("got",s+process.argv[1]))';
    await deliver({ exec: [process.execPath, '-e', program, '$HOME;|&'] });
    expect(read('got')).toBe(`${planted}$HOME;|&`);
  });

  it('is not delivered when the command fails, and what that says does not hold it', async () => {
    const echo = 'process.stdin.on("data",d=>{console.log(String(d));console.error("no: "+d)}).on("end",()=>process.exit(3))';
    await expect(deliver({ exec: [process.execPath, '-e', echo] })).rejects.toThrow(/ended with 3: no: \[secret\]$/);
  });

  it('is in no part of a long line either', async () => {
    const echo = 'process.stdin.on("data",d=>process.stderr.write(d+"x".repeat(3990))).on("end",()=>process.exit(3))';
    const error = await deliver({ exec: [process.execPath, '-e', echo] }).catch(String);
    expect(error).toContain('ended with 3');
    expect(error).not.toContain(planted.slice(-6));
  });

  it('is delivered when a command ends well without reading, and not when it ends badly', async () => {
    await deliver({ exec: [process.execPath, '-e', 'process.exit(0)'] });
    await expect(deliver({ exec: [process.execPath, '-e', 'process.exit(1)'] })).rejects.toThrow('ended with 1');
    await expect(deliver({ exec: [process.execPath, '-e', 'process.kill(process.pid)'] })).rejects.toThrow('SIGTERM');
  });

  it('is not made for a command that is not there', async () => {
    await expect(to.prepare({ exec: ['no-such-command-here'] })).rejects.toThrow('there is no command no-such-command-here');
    await expect(to.prepare({ exec: ['./no-such-script'] })).rejects.toThrow('there is no command');
    await to.prepare({ exec: [process.execPath] });
    await to.prepare({ exec: ['node'] });
  });
});
