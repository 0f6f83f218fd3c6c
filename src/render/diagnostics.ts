import type { Diagnostic, Place } from '../core/diagnostic.ts';
import { counted, paints, paragraph, type Style, safe, widthOf } from './paint.ts';

/** Diagnostics for a person: `file:line:column: error[code]: summary`, and below it what to do. Empty for none. */
export function diagnosticsText(diagnostics: readonly Diagnostic[], style: Style): string {
  return diagnostics.map((diagnostic) => diagnosticText(diagnostic, style)).join('');
}

function diagnosticText({ severity, code, summary, hint, place, related = [] }: Diagnostic, style: Style): string {
  const paint = paints(style);
  const color = { error: paint.red, warning: paint.yellow, note: paint.cyan }[severity];
  const where = place ? placeText(place) : undefined;
  const head = `${where === undefined ? '' : `${paint.bold(where)}: `}${color(`${severity}[${code}]`)}:`;
  const taken = widthOf(`${where === undefined ? '' : `${where}: `}${severity}[${code}]:`);
  const others = related.map((other) => `    also at ${placeText(other)}\n`);
  const hints = hint ? lines(safe(hint), 4, style).map((line) => `${paint.dim(`    ${line}`)}\n`) : [];
  const [first, ...rest] = lines(safe(summary), 0, style, taken);
  return [`${head}${first === '' ? '' : ` ${first}`}\n`, ...rest.map((line) => `${line}\n`), ...others, ...hints].join('');
}

/** A text as a terminal shall show it: broken between words, behind its indentation; a log has no width, and gets one line. */
function lines(text: string, indent: number, { width }: Style, taken = 0): string[] {
  if (width === undefined) return [text];
  // What stands before the first word is a word as long.
  const [first = '', ...rest] = paragraph(`${'x'.repeat(taken)} ${text}`, width - indent - 1);
  return [first.slice(taken + 1), ...rest];
}

/** `file:line:column`. */
export function placeText({ file, line, column }: Place): string {
  return `${safe(file)}:${line}:${column}`;
}

/** `2 errors, 1 warning`; empty when there is neither. */
export function countText(diagnostics: readonly Diagnostic[]): string {
  return (['error', 'warning'] as const)
    .map((severity) => [severity, diagnostics.filter((one) => one.severity === severity).length] as const)
    .filter(([, count]) => count > 0)
    .map(([severity, count]) => counted(count, severity))
    .join(', ');
}
