import { readFile, stat } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { findFiles, isWithin } from '../config/files.ts';
import type { Diagnostic } from '../core/diagnostic.ts';
import { adoptOrganization } from '../daily.ts';
import { exportOrganization } from '../look.ts';
import type { Inputs } from '../sync.ts';
import type { TextEdit } from './edits.ts';
import { oneDocument } from './one-document.ts';
import { usage } from './usage.ts';

/** What an export would write, and what it cannot say. */
export interface Exported {
  readonly files: readonly TextEdit[];
  readonly diagnostics: readonly Diagnostic[];
  /** The name of the organization; undefined when there is nothing to export. */
  readonly organization: string | undefined;
}

export const isFileName = (out: string) => /\.(?:ya?ml|json)$/.test(out);

/**
 * The live organization as files below a folder, or as one file. Files that are there already keep their layout and comments: only what
 * changed is edited, unless `anew`. `line` is what a new file begins with, by its name below the folder.
 */
export async function exportTo(
  out: string,
  inputs: Inputs,
  how: { readonly anew: boolean; readonly line: (name: string) => string },
): Promise<Exported> {
  const there = await stat(resolve(inputs.cwd, out)).catch(() => undefined);
  if (there && there.isDirectory() === isFileName(out))
    throw usage(`${out} is ${there.isDirectory() ? 'a folder' : 'a file'}`, 'export to another place');
  const found = there ? (await findFiles([out], inputs.cwd, false)).files : [];
  if (found.length > 0 && !how.anew) return again(out, inputs);
  const { files, diagnostics, organization } = await exportOrganization(inputs);
  if (files.length === 0) return { files: [], diagnostics, organization };
  const texts = isFileName(out)
    ? [{ name: '', text: `${how.line('')}${oneDocument(files.map(({ text }) => text))}` }]
    : files.map(({ name, text }) => ({ name, text: `${how.line(name)}${text}` }));
  const edits = await Promise.all(
    texts.map(async ({ name, text }): Promise<TextEdit> => {
      const file = join(out, name).replaceAll('\\', '/').replace(/\/$/, '');
      const path = resolve(inputs.cwd, file);
      // The names of workspaces are the server's: none of them may lead elsewhere.
      if (!isWithin(resolve(inputs.cwd, out), path))
        throw usage(`\`${name}\` would be outside ${out}`, 'export to standard output instead');
      return { file, before: await readFile(path, 'utf8').catch(() => undefined), after: text };
    }),
  );
  return { files: edits, diagnostics, organization };
}

/** What changed in live since the files were written, as edits of them. */
async function again(out: string, inputs: Inputs): Promise<Exported> {
  const result = await adoptOrganization({ ...inputs, files: [out] }, { addresses: [], everything: true, drifts: () => true });
  const failed = !result.plan;
  const told = result.diagnostics.filter(
    ({ code, severity }) => failed || listing.has(code) || (code === 'as-far-as-visible' && severity === 'error'),
  );
  const left = result.left.map(
    ({ address, reason }): Diagnostic => ({
      code: 'not-adopted',
      severity: 'warning',
      summary: `${address} is not in the export: ${reason}`,
      address,
    }),
  );
  return { files: result.edits, diagnostics: [...told, ...left], organization: result.plan?.organization.name };
}

const listing = new Set<Diagnostic['code']>([
  'not-checked',
  'orphan-grant',
  'name-duplicate-live',
  'schema-value',
  'selection-empty',
]);
