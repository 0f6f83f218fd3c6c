import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Io } from '../../src/commands/io.ts';
import { main } from '../../src/commands/main.ts';

/** What a command printed and ended with. */
export interface Ran {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

const folders: string[] = [];

/** A folder with files, removed by `cleanUp`. */
export function folderWith(files: Readonly<Record<string, string>>): string {
  const folder = mkdtempSync(join(tmpdir(), 'zenform-cli-'));
  folders.push(folder);
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
  return folder;
}

export function cleanUp(): void {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
}

/** Runs a command line in this process, without a terminal unless `more` says otherwise. */
export async function zenform(argv: readonly string[], cwd: string, more: Partial<Io> = {}): Promise<Ran> {
  const written = { stdout: '', stderr: '' };
  const stream = (name: keyof typeof written) => ({
    write: (text: string) => {
      written[name] += text;
    },
    isTTY: false,
    columns: undefined,
  });
  const code = await main(argv, {
    stdout: stream('stdout'),
    stderr: stream('stderr'),
    env: { HOME: cwd, XDG_CONFIG_HOME: cwd },
    cwd,
    ask: undefined,
    signal: new AbortController().signal,
    now: () => new Date('2026-11-23T12:00:00Z'),
    ...more,
  });
  return { code, ...written };
}
