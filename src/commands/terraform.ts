import type { Diagnostic } from '../core/diagnostic.ts';
import { hasErrors } from '../core/diagnostic.ts';
import { selection } from '../core/select.ts';
import { lookAt } from '../look.ts';
import { countText } from '../render/diagnostics.ts';
import { importBlocksText, liveBlocks } from '../terraform/import-blocks.ts';
import { interruption, type Run } from './command.ts';
import { exit } from './exit.ts';
import { serverInputs } from './inputs.ts';
import { installProvider } from './install-provider.ts';
import type { Options } from './options.ts';
import { progressOf } from './progress.ts';

interface TerraformOptions extends Options {
  readonly what: 'import-blocks' | 'install';
  readonly withResources?: boolean;
}

/** `zenform terraform`: what somebody needs who keeps an organization, or a part of it, in Terraform. */
export const run: Run<TerraformOptions> = async (options, io, output) => {
  if (options.what === 'install') return installProvider(io, output);
  const progress = progressOf(options, io);
  const inputs = await serverInputs(options, io, progress.onEvent, { withoutFiles: true });
  const looked = await lookAt(inputs, { keys: true });
  progress.end();
  const unread = (looked.state?.unread ?? []).map(
    ({ prefix, reason }): Diagnostic => ({
      code: 'not-checked',
      severity: 'warning',
      summary: `${prefix} is left out: ${reason}`,
    }),
  );
  const oddities = (looked.state?.oddities ?? []).map((oddity): Diagnostic => ({ ...oddity, severity: 'warning' }));
  const partly: Diagnostic[] =
    looked.state?.caller.seesEverything === false
      ? [
          {
            code: 'as-far-as-visible',
            severity: 'warning',
            summary: `${looked.state.caller.name} does not see everything: what it does not see has no block`,
            hint: 'run as an Organization Admin',
          },
        ]
      : [];
  const { code, diagnostics } = interruption(io, [...looked.diagnostics, ...partly, ...unread, ...oddities]);
  output.diagnostics(diagnostics);
  const { state } = looked;
  if (code !== undefined || !state || hasErrors(diagnostics)) {
    const exitCode = code ?? exit.error;
    output.remark(
      code === undefined ? `${countText(diagnostics)}; there are no blocks.\n` : 'Interrupted. Nothing was changed.\n',
    );
    return { subject: 'export', exitCode, diagnostics, files: [] };
  }
  const chosen = selection(inputs.only, inputs.skip);
  const blocks = liveBlocks(state.resources.values(), state.organization?.name ?? '', chosen);
  const text = importBlocksText(blocks, options.withResources === true);
  output.text(() => text);
  return { subject: 'export', exitCode: exit.done, diagnostics, files: [{ name: 'import.tf', text }] };
};
