import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import * as nullModule from '@cdktf/provider-null';
import * as cdktf from 'cdktf';
import * as cdktn from 'cdktn';
import { type FilesOptions, stackOf } from '../../src/constructs/from-yaml.ts';
import { constructs } from '../../src/constructs/index.ts';
import { stackFiles } from '../../src/constructs/write.ts';

/** The ways in which files become Terraform's JSON. */
export const makers = ['own', 'cdktf', 'cdktf with provider-null', 'cdktn'] as const;
export type Maker = (typeof makers)[number];

/** Makes a stack of files below a folder; answers the files that came out, by name. */
export async function synthesize(maker: Maker, folder: string, options: FilesOptions): Promise<Record<string, string>> {
  const inputs = { ...options, cwd: folder };
  if (maker === 'own') {
    const { stack, diagnostics } = await stackOf('files', inputs);
    return Object.fromEntries(stackFiles(stack, diagnostics, 'zenform').map(({ name, text }) => [name, text]));
  }
  const outdir = mkdtempSync(join(tmpdir(), 'zenform-synth-'));
  try {
    const app = maker === 'cdktn' ? new cdktn.App({ outdir }) : new cdktf.App({ outdir });
    if (app instanceof cdktn.App) await constructs(cdktn).fromYaml(app, 'files', inputs);
    else await constructs(cdktf).fromYaml(app, 'files', { ...inputs, ...(maker === 'cdktf' ? {} : { nullModule }) });
    app.synth();
    const { stacks } = JSON.parse(readFileSync(join(outdir, 'manifest.json'), 'utf8')) as Manifest;
    const names = ['manifest.json', ...Object.values(stacks).map(({ synthesizedStackPath }) => synthesizedStackPath)];
    return Object.fromEntries(names.map((name) => [name, readFileSync(join(outdir, name), 'utf8')]));
  } finally {
    rmSync(outdir, { recursive: true, force: true });
  }
}

interface Manifest {
  readonly stacks: Readonly<Record<string, { readonly synthesizedStackPath: string }>>;
}

/** The same without the versions of who made it, and in one layout; the order of keys stays. */
export function comparable(files: Readonly<Record<string, string>>): string {
  const plain = Object.entries(files).map(([name, text]): [string, unknown] => {
    const document = JSON.parse(text) as { version?: string; '//'?: { metadata: { version?: string } } };
    if (name === 'manifest.json') document.version = 'VERSION';
    else if (document['//']) document['//'].metadata.version = 'VERSION';
    return [name, document];
  });
  return JSON.stringify(
    plain.sort(([a], [b]) => (a < b ? -1 : 1)),
    null,
    2,
  );
}

/** Runs with a folder that holds files below `files`. */
export async function withFiles<T>(files: Readonly<Record<string, string>>, work: (folder: string) => Promise<T>): Promise<T> {
  const folder = mkdtempSync(join(tmpdir(), 'zenform-files-'));
  try {
    for (const [name, text] of Object.entries(files)) {
      mkdirSync(dirname(join(folder, 'files', name)), { recursive: true });
      writeFileSync(join(folder, 'files', name), text);
    }
    return await work(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
