import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { createEmulator, parseWorld } from '../../src/emulator/index.ts';
import type { Example } from '../../src/explain/index.ts';
import type { Files } from '../../src/explain/page.ts';
import { type Ran, zenform } from '../cli/run.ts';

/** Carries an example out against an emulator, and answers what its command came to and which codes it told. */
export async function played(example: Example): Promise<Ran & { readonly codes: readonly string[] }> {
  const folder = mkdtempSync(join(tmpdir(), 'zenform-explain-'));
  const emulator = createEmulator(example.world === undefined ? {} : { seed: parseWorld(example.world) });
  for (const trouble of example.troubles ?? []) emulator.addFault(trouble);
  const server = await emulator.listen();
  const given = example.env?.ZENFORM_API_KEY ?? (example.env && Object.keys(example.env).length === 0 ? '' : emulator.adminKey());
  const env = { HOME: folder, XDG_CONFIG_HOME: folder, ...example.env, ZENFORM_API_URL: server.url, ZENFORM_API_KEY: given };
  const run = (line: string) => zenform([...words(line).slice(1)], folder, { env });
  try {
    if (example.committed) {
      write(folder, example.committed);
      for (const args of [
        ['init', '-q'],
        ['add', '.'],
        ['commit', '-qm', 'As it was'],
      ])
        execFileSync('git', ['-c', 'user.name=A', '-c', 'user.email=a@example.com', ...args], { cwd: folder });
    }
    write(folder, example.files ?? {});
    for (const line of example.first?.run ?? []) {
      const { code, stderr } = await run(line);
      if (code !== 0) throw new Error(`${line} ended with ${code}: ${stderr}`);
    }
    write(folder, example.first?.edited ?? {});
    const ran = await run(example.run);
    const codes = [...ran.stderr.matchAll(/(?:error|warning|note)\[([a-z-]+)\]: /g)].map(([, code]) => code ?? '');
    return { ...ran, codes: [...new Set(codes)] };
  } finally {
    await server.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

function write(folder: string, files: Files): void {
  for (const [name, content] of Object.entries(files)) {
    const path = join(folder, name);
    mkdirSync(dirname(path), { recursive: true });
    if (typeof content === 'string') writeFileSync(path, content);
    else if ('latin1' in content) writeFileSync(path, content.latin1, 'latin1');
    else writeFileSync(path, '#'.repeat(content.megabytes * 1024 * 1024));
  }
}

const words = (line: string) => [...line.matchAll(/'([^']*)'|(\S+)/g)].map(([, quoted, bare]) => quoted ?? bare ?? '');
