import type { Option } from 'commander';
import { commands, type Definition } from '../../src/commands/table.ts';

/** Every command as Markdown, from the table that the command line itself is made of. */
export function commandPages(): string {
  return Object.entries(commands())
    .map(([name, definition]) => page(name, definition))
    .join('\n');
}

function page(name: string, { summary, example, argument, options }: Definition): string {
  const word = argument ? ` ${argument.required ? `<${argument.name()}>` : `[${argument.name()}]`}` : '';
  const about = argument ? row(word.trim(), argument.description, argument.argChoices, argument.defaultValue) : '';
  const rows = [about, ...options.map(optionRow)].filter((line) => line !== '');
  const table = rows.length === 0 ? '' : `\n| option | meaning |\n| --- | --- |\n${rows.join('\n')}\n`;
  return `## zenform ${name}\n\n${summary.charAt(0).toUpperCase()}${summary.slice(1)}.\n\n\`\`\`sh\n${example}\n\`\`\`\n\n    zenform ${name}${word}${options.length > 0 ? ' [options]' : ''}\n${table}`;
}

const optionRow = ({ flags, description, argChoices, defaultValue }: Option) => row(flags, description, argChoices, defaultValue);

function row(words: string, description: string, choices: readonly string[] | undefined, standard: unknown): string {
  const more = [
    ...(choices ? [`one of ${choices.map((one) => `\`${one}\``).join(', ')}`] : []),
    ...(standard === undefined ? [] : [`default \`${String(standard)}\``]),
  ];
  return `| \`${words.replaceAll('|', '\\|')}\` | ${[description.replaceAll('|', '\\|'), ...more].join('; ')} |`;
}
