import { safe } from '../render/paint.ts';
import { planOrganization } from '../sync.ts';
import { exit } from './exit.ts';
import type { Io } from './io.ts';
import { type Options, serverInputs } from './options.ts';
import { outputOf } from './output.ts';
import { progressOf } from './progress.ts';

/** `zenform unmanaged`: what is live and not in the files. */
export async function run(options: Options, io: Io): Promise<number> {
  const output = outputOf(options, io);
  const progress = progressOf(options, io);
  const result = await planOrganization(await serverInputs(options, io, progress.onEvent));
  progress.clear();
  const code = result.plan ? exit.done : exit.error;
  output.diagnostics(
    result.diagnostics.filter(
      ({ severity, code }) =>
        severity === 'error' || code === 'unmanaged-admin' || code === 'orphan-grant' || code === 'name-duplicate-live',
    ),
  );
  const lines = result.unmanaged.map(({ address }) => `${safe(address)}\n`).join('');
  const notChecked = (result.plan?.notChecked ?? [])
    .map(({ address, reason }) => `not checked: ${safe(address)}: ${safe(reason)}\n`)
    .join('');
  const text = result.plan ? `${lines}${notChecked}${lines === '' ? 'Everything that is live is in the files.\n' : ''}` : '';
  const document = {
    format: 'zenform.report/1',
    unmanaged: result.unmanaged,
    notChecked: result.plan?.notChecked ?? [],
    diagnostics: result.diagnostics,
    exitCode: code,
  };
  await output.result(text, document);
  return code;
}
