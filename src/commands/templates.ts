import texts from './templates.generated.json' with { type: 'json' };

/** A file of a template: its name, and its text. */
export interface TemplateFile {
  readonly name: string;
  readonly text: string;
}

const templates: Readonly<Record<string, string>> = texts;

/** The small commented example, by its names below the folder of the configuration. */
export const exampleFiles = (): TemplateFile[] =>
  Object.entries(templates)
    .filter(([name]) => name.startsWith('init/'))
    .map(([name, text]) => ({ name: name.slice('init/'.length), text }));

/** The files of the pipelines, by their names in the repository. This is the one place that knows where they go. */
export function pipelineFiles(organization: string): TemplateFile[] {
  // The name stands in a git ref, in the name of a concurrency group, and in what the action calls its things.
  const word = organization.replaceAll(/[^A-Za-z0-9_-]+/g, '-').replaceAll(/^-+|-+$/g, '') || 'organization';
  const text = templates['ci/github.yml'] ?? '';
  return [{ name: '.github/workflows/zenform.yml', text: text.replaceAll(/(\bzenform[/-]|\{ name: )acme\b/g, `$1${word}`) }];
}
