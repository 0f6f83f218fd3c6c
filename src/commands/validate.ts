import { hasErrors } from '../core/diagnostic.ts';
import { countText, placeText } from '../render/diagnostics.ts';
import { safe } from '../render/paint.ts';
import { validateFiles } from '../sync.ts';
import { exit } from './exit.ts';
import { originsOf } from './explain.ts';
import type { Io } from './io.ts';
import { fileInputs, type Options } from './options.ts';
import { outputOf } from './output.ts';

/** `zenform validate`: the files alone, without a network; all problems at once. */
export async function run(options: Options & { readonly explain?: boolean }, io: Io): Promise<number> {
  const output = outputOf(options, io);
  const { diagnostics, loaded, desired } = await validateFiles(await fileInputs(options, io));
  const code = hasErrors(diagnostics) ? exit.error : exit.done;
  output.diagnostics(diagnostics);
  const origins = options.explain ? originsOf(loaded) : [];
  const explained = origins
    .map(
      ({ path, place, overrides }) =>
        `${safe(path)}  ${placeText(place)}${overrides ? ` (overrides ${placeText(overrides)})` : ''}\n`,
    )
    .join('');
  const files = `${loaded.documents.length} file${loaded.documents.length === 1 ? '' : 's'}`;
  const sum =
    code === exit.done
      ? `Valid: ${files}, ${desired.resources.size} resources.\n`
      : `Not valid: ${countText(diagnostics)} in ${files}.\n`;
  const document = { format: 'zenform.report/1', diagnostics, ...(options.explain ? { origins } : {}), exitCode: code };
  await output.result(`${explained}${sum}`, document);
  return code;
}
