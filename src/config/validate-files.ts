import { sortDiagnostics } from '../core/diagnostic.ts';
import { checkFiles } from './check.ts';
import { type ConfigInputs, loadConfig } from './load.ts';
import { resolve } from './resolve.ts';

/** load, validate, resolve: the desired state that the files describe, with every problem of every file; no network. */
export async function validateFiles(inputs: ConfigInputs & { readonly now: string }) {
  const loaded = await loadConfig(inputs);
  const { desired, diagnostics } = resolve(loaded.tree, inputs.now);
  // What stands where something is wrong already would only be said twice.
  const told = new Set(loaded.diagnostics.map(({ place }) => place && `${place.file}:${place.line}:${place.column}`));
  const further = [...diagnostics, ...checkFiles(desired)].filter(
    ({ place }) => !place || !told.has(`${place.file}:${place.line}:${place.column}`),
  );
  return { desired, diagnostics: sortDiagnostics([...loaded.diagnostics, ...further]), loaded };
}
