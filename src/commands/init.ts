import { readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { language } from '../config/language.ts';
import { type Diagnostic, hasErrors } from '../core/diagnostic.ts';
import { countText } from '../render/diagnostics.ts';
import { safe } from '../render/paint.ts';
import { planText } from '../render/plan.ts';
import { planOrganization } from '../sync.ts';
import { interruption, type Run } from './command.ts';
import { type TextEdit, writeEdits } from './edits.ts';
import { exit } from './exit.ts';
import { exportTo, isFileName } from './export-files.ts';
import { serverInputs } from './inputs.ts';
import type { Io } from './io.ts';
import type { Options } from './options.ts';
import { progressOf } from './progress.ts';
import { exampleFiles, pipelineFiles } from './templates.ts';
import { usage } from './usage.ts';

interface InitOptions extends Options {
  readonly fromLive?: boolean;
  readonly out?: string;
  readonly yes?: boolean;
}

/** `zenform init`: a first set of files, the editor schema and the pipelines; from live, files whose plan is empty. */
export const run: Run<InitOptions> = async (options, io, output) => {
  const { fromLive = false, yes = false, out = 'configs' } = options;
  if (isFileName(out)) throw usage(`--out ${out} is a file`, 'name a folder');
  const line = (name: string) =>
    `# yaml-language-server: $schema=${'../'.repeat(name.split('/').length - 1) || './'}zenform.schema.json\n`;
  const progress = progressOf(options, io);
  const inputs = fromLive ? await serverInputs(options, io, progress.onEvent, { withoutFiles: true }) : undefined;
  const exported = inputs && (await exportTo(out, inputs, { anew: false, line }));
  progress.pause();
  const { code, diagnostics } = interruption(io, exported?.diagnostics ?? []);
  output.diagnostics(diagnostics);
  if (code !== undefined || hasErrors(diagnostics)) {
    progress.end();
    const exitCode = code ?? exit.error;
    output.remark(
      code === undefined ? `${countText(diagnostics)}; nothing was written.\n` : 'Interrupted. Nothing was changed.\n',
    );
    return { subject: 'init', exitCode, diagnostics, files: [] };
  }
  const given = exported
    ? exported.files
    : await compared(
        exampleFiles().map(({ name, text }) => ({ file: join(out, name), text: `${line(name)}${text}` })),
        io,
      );
  const beside = await compared(
    [
      { file: join(out, 'zenform.schema.json'), text: `${JSON.stringify(language, null, 2)}\n` },
      ...pipelineFiles(exported?.organization ?? 'acme').map(({ name, text }) => ({ file: name, text })),
    ],
    io,
  );
  const edits = [...given, ...beside];
  await permission(edits, yes, io);
  await writeEdits(
    edits.filter(({ before, after }) => before !== after),
    io.cwd,
  );
  const files = edits.map((edit) => ({ name: edit.file, status: statusOf(edit) }));
  output.text(() => files.map(({ name, status }) => `${status.padEnd(9)}  ${safe(name)}\n`).join(''));
  if (!inputs) {
    output.remark(`Edit them, then: zenform validate; zenform plan --emulator\n`);
    return { subject: 'init', exitCode: exit.done, diagnostics, files };
  }
  const { plan, diagnostics: found } = await planOrganization({ ...inputs, files: [out] });
  progress.end();
  const shown = found.filter(
    ({ severity, code }) => severity === 'error' || (severity === 'warning' && !told(diagnostics, code)),
  );
  output.diagnostics(shown);
  if (plan) output.text((style) => `\n${planText(plan, style)}`);
  const exitCode = !plan || hasErrors(found) ? exit.error : plan.changes.length > 0 ? exit.changes : exit.done;
  return { subject: 'init', exitCode, diagnostics: [...diagnostics, ...shown], files };
};

const told = (diagnostics: readonly Diagnostic[], code: Diagnostic['code']) => diagnostics.some((one) => one.code === code);
const statusOf = ({ before, after }: TextEdit) =>
  before === undefined ? 'written' : before === after ? 'unchanged' : 'replaced';

/** Files to come, with what is there. */
function compared(files: readonly { readonly file: string; readonly text: string }[], io: Io): Promise<TextEdit[]> {
  return Promise.all(
    files.map(async ({ file, text }) => ({
      file: file.replaceAll('\\', '/'),
      before: await readFile(resolve(io.cwd, file), 'utf8').catch(() => undefined),
      after: text,
    })),
  );
}

/** Nothing that is there is written over unless somebody says so. */
async function permission(edits: readonly TextEdit[], yes: boolean, io: Io): Promise<void> {
  const others = edits.filter((edit) => statusOf(edit) === 'replaced').map(({ file }) => file);
  if (others.length === 0 || yes) return;
  const names = others.join(', ');
  if (!io.ask)
    throw usage(`there already, and different: ${names}`, 'give --yes to write over them, or --out for another folder');
  const answer = await io.ask(`There already, and different: ${safe(names)}\nWrite over them? Only 'yes' is accepted: `);
  if (answer.trim() !== 'yes') throw usage('not confirmed; nothing was written');
}
