import { appendFileSync } from 'node:fs';

const data = (text: string) => text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A');

/** A workflow annotation; what it holds cannot become a command. */
export const annotation = (level: 'error' | 'warning' | 'notice', text: string) => `::${level} title=zenform::${data(text)}\n`;

/** Appends `NAME=VALUE` to the outputs of a step; a value is one line. */
export function setOutput(file: string | undefined, name: string, value: string): void {
  if (/[\r\n]/.test(value)) throw new Error(`the output ${name} has several lines`);
  if (file) appendFileSync(file, `${name}=${value}\n`);
}

/** Appends Markdown to the page of the run. */
export function summarize(file: string | undefined, markdown: string): void {
  if (file) appendFileSync(file, `${markdown}\n`);
}
