import { createHash } from 'node:crypto';
import { mkdir, readdir, readFile, realpath } from 'node:fs/promises';
import { arch, homedir, platform } from 'node:os';
import { dirname, join } from 'node:path';
import writeFileAtomic from 'write-file-atomic';
import type { Report } from '../render/report.ts';
import { providerSource } from '../terraform/schema.ts';
import { exit } from './exit.ts';
import type { Io } from './io.ts';
import type { Output } from './output.ts';
import { usage } from './usage.ts';

const architectures: Readonly<Record<string, string>> = { x64: 'amd64', arm64: 'arm64', ia32: '386', arm: 'arm' };

/** Puts the provider into the folder of the user's home where Terraform looks before it asks a registry. */
export async function installProvider(io: Io, output: Output): Promise<Report> {
  if (platform() === 'win32')
    throw usage(
      'the provider is a script of Node, which Terraform cannot start on Windows',
      'use it in WSL, or on another machine',
    );
  const { path, version } = await builtProvider(io);
  const home = io.env.HOME ?? homedir();
  const target = `${platform()}_${architectures[arch()] ?? arch()}`;
  const folder = join(home, '.terraform.d', 'plugins', ...providerSource.split('/'), version, target);
  const file = join(folder, `terraform-provider-zenmlpro_v${version}`);
  const content = await readFile(path);
  const before = await readFile(file).catch(() => undefined);
  const status = before === undefined ? 'written' : before.equals(content) ? 'unchanged' : 'replaced';
  if (status !== 'unchanged') {
    await mkdir(folder, { recursive: true });
    await writeFileAtomic(file, content, { mode: 0o755 });
  }
  const sha256 = createHash('sha256').update(content).digest('hex');
  output.text(() => `${status.padEnd(9)}  ${file}\nsha256     ${sha256}\n`);
  output.remark(
    `${status === 'replaced' ? 'Folders that were initialized with the one before need `terraform init -upgrade`.\n' : ''}To use it: source = "${providerSource.split('/').slice(1).join('/')}", version = "${version}"; then terraform init.\n`,
  );
  return { subject: 'export', exitCode: exit.done, diagnostics: [], files: [{ name: file, status }] };
}

/** The provider that was built with this program. */
async function builtProvider(io: Io): Promise<{ path: string; version: string }> {
  const program = io.program === undefined ? undefined : await realpath(io.program).catch(() => undefined);
  const folder = join(dirname(program ?? '.'), 'provider');
  const names = program === undefined ? [] : await readdir(folder).catch(() => []);
  const name = names.find((one) => /^terraform-provider-zenmlpro_v\d/.test(one));
  if (!name) throw usage(`there is no provider in ${folder}`, 'run it from the package, or build it: `npm run build:provider`');
  return { path: join(folder, name), version: name.slice(name.indexOf('_v') + 2) };
}
