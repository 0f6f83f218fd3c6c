import { hasErrors } from '../core/diagnostic.ts';
import { countText, placeText } from '../render/diagnostics.ts';
import { counted, safe, widthOf } from '../render/paint.ts';
import { validateFiles } from '../sync.ts';
import type { Run } from './command.ts';
import { exit } from './exit.ts';
import { fileInputs } from './inputs.ts';
import type { Options } from './options.ts';
import { type Origin, originsOf } from './origins.ts';

/** `zenform validate`: the files alone, without a network; all problems at once. */
export const run: Run<Options & { readonly explain?: boolean }> = async (options, io, output) => {
  const { diagnostics, loaded, desired } = await validateFiles(await fileInputs(options, io));
  const origins = options.explain ? originsOf(loaded) : [];
  const exitCode = hasErrors(diagnostics) ? exit.error : exit.done;
  const files = counted(loaded.documents.length, 'file');
  output.diagnostics(diagnostics);
  if (options.explain) output.text(() => explained(origins));
  if (exitCode === exit.done) output.text(() => `Valid: ${files}, ${counted(desired.resources.size, 'resource')}.\n`);
  else output.remark(`Not valid: ${countText(diagnostics)} in ${files}.\n`);
  const checked = { files: loaded.documents.map(({ file }) => file), resources: desired.resources.size };
  return { subject: 'validate', exitCode, diagnostics, checked, ...(options.explain ? { origins } : {}) };
};

/** A line for each value: never the value itself, which may come from a variable that is secret. */
function explained(origins: readonly Origin[]): string {
  const rows = origins.map((origin) => ({ ...origin, shown: safe(origin.path) }));
  const width = Math.max(0, ...rows.map(({ shown }) => widthOf(shown)));
  return rows
    .map(({ shown, place, overrides }) => {
      const over = overrides ? `, in place of ${placeText(overrides)}` : '';
      return `${shown}${' '.repeat(width - widthOf(shown))}  ${placeText(place)}${over}\n`;
    })
    .join('');
}
