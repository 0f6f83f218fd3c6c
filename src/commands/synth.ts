import { ConfigurationError, readStack } from '../constructs/from-yaml.ts';
import type { Gates } from '../constructs/gate-kinds.ts';
import { stackFiles, terraformText } from '../constructs/write.ts';
import { countText } from '../render/diagnostics.ts';
import { counted, safe } from '../render/paint.ts';
import type { Report } from '../render/report.ts';
import type { Run } from './command.ts';
import { exit } from './exit.ts';
import { fileInputs } from './inputs.ts';
import type { Options } from './options.ts';
import type { Output } from './output.ts';
import { writeFiles } from './write-files.ts';

interface SynthOptions extends Options {
  readonly out?: string;
  readonly gates?: Gates;
  readonly adoptExisting?: boolean;
}

/** What the files that are written say made them: the same for every release, so that only what changes in the files changes them. */
const maker = 'zenform';

/** `zenform synth`: the files as Terraform's JSON, without a network and without a construct library. */
export const run: Run<SynthOptions> = async (options, io, output) => {
  const inputs = await fileInputs(options, io);
  const made = await readStack(inputs, options).catch((error: unknown) => {
    if (error instanceof ConfigurationError) return error;
    throw error;
  });
  if (made instanceof ConfigurationError) return wrong(made, output);
  const { stack, diagnostics } = made;
  output.diagnostics(diagnostics);
  const files = stackFiles(stack, diagnostics, maker);
  if (options.out === undefined) {
    output.text(() => terraformText(stack, maker));
    return { subject: 'export', exitCode: exit.done, diagnostics, files };
  }
  const written = await writeFiles(files, options.out, io.cwd);
  output.text(() => written.map(({ name, status }) => `${status.padEnd(9)}  ${safe(name)}\n`).join(''));
  output.remark(
    `${counted(stack.resources.length, 'resource')}. To see what Terraform would do: cd ${options.out}/stacks/${stack.name} && terraform init && terraform plan\n`,
  );
  return { subject: 'export', exitCode: exit.done, diagnostics, files: written };
};

function wrong({ diagnostics }: ConfigurationError, output: Output): Report {
  output.diagnostics(diagnostics);
  output.remark(`${countText(diagnostics)}; nothing was written.\n`);
  return { subject: 'export', exitCode: exit.error, diagnostics, files: [] };
}
