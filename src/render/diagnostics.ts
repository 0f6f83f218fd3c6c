import type { Diagnostic, Place } from '../core/diagnostic.ts';
import { counted, paints, paragraph, type Style, safe } from './paint.ts';

/** Diagnostics for a person: `file:line:column: error[code]: summary`, and below it what to do. Empty for none. */
export function diagnosticsText(diagnostics: readonly Diagnostic[], style: Style): string {
  return diagnostics.map((diagnostic) => diagnosticText(diagnostic, style)).join('');
}

function diagnosticText({ severity, code, summary, hint, place, related = [] }: Diagnostic, style: Style): string {
  const paint = paints(style);
  const color = { error: paint.red, warning: paint.yellow, note: paint.cyan }[severity];
  const where = place ? `${paint.bold(placeText(place))}: ` : '';
  const others = related.map((other) => `    also at ${placeText(other)}\n`);
  // On a terminal, a long hint stays behind its indentation.
  const lines = hint ? (style.width === undefined ? [safe(hint)] : paragraph(safe(hint), style.width - 5)) : [];
  const hints = lines.map((line) => `${paint.dim(`    ${line}`)}\n`);
  return [`${where}${color(`${severity}[${code}]`)}: ${safe(summary)}\n`, ...others, ...hints].join('');
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
