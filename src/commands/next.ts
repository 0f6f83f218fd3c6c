import { countText } from '../render/diagnostics.ts';
import type { PlanResult } from '../sync.ts';
import type { Options } from './options.ts';

/** The last line: what to do next. */
export function nextStep(command: 'plan' | 'drift', result: PlanResult, options: Options): string {
  if (result.verdict === 'error') return `\nNothing was changed: ${countText(result.diagnostics)}. Mend them and run again.\n`;
  if (result.verdict === 'refused')
    return '\nA guard refuses this plan; nothing was changed. Each refusal above says how to let it through.\n';
  if ((result.plan?.changes.length ?? 0) === 0) return '';
  const again = commandLine(options);
  if (command === 'drift') return `\nThe live organization differs from the files. \`zenform apply${again}\` brings it back.\n`;
  return `\nTo do this: zenform apply${again}\n`;
}

/** The options that say what is planned, for the command that does it. */
function commandLine(options: Options): string {
  const quoted = (text: string) =>
    /^[\w@%+=:,./-][\w@%+=:,./~^-]*$/.test(text) ? text : `'${text.replaceAll("'", String.raw`'\''`)}'`;
  const list = (name: string, values: readonly string[] = []) => values.map((value) => ` ${name} ${quoted(value)}`).join('');
  return [
    list('-f', options.file),
    list('--overlay', options.overlay),
    list('--only', options.only),
    list('--skip', options.skip),
    options.base === undefined ? '' : ` --base ${quoted(options.base)}`,
    list('--allow-destroy', options.allowDestroy),
  ].join('');
}
