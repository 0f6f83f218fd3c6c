import type { Report } from './report.ts';

/** Every output format. */
export const formats = ['text', 'json', 'markdown', 'html', 'sarif', 'junit', 'github'] as const;
export type Format = (typeof formats)[number];

/** A report in a format other than text, which is shown as it comes: the same bytes for the same report. */
export async function rendered(format: Exclude<Format, 'text'>, report: Report): Promise<string> {
  switch (format) {
    case 'json': {
      const { documentOf, jsonText } = await import('./json.ts');
      return jsonText(documentOf(report));
    }
    case 'markdown':
      return (await import('./markdown.ts')).markdown(report);
    case 'html':
      return (await import('./html.ts')).html(report);
    case 'sarif': {
      const [{ sarifDocument }, { jsonText }] = await Promise.all([import('./sarif.ts'), import('./json.ts')]);
      return jsonText(sarifDocument(report));
    }
    case 'junit':
      return (await import('./junit.ts')).junit(report);
    case 'github':
      return (await import('./github.ts')).github(report);
  }
}
