/** A file of an example: its text, or what stands for one that cannot be shown as text. */
export type FileText = string | { readonly latin1: string } | { readonly megabytes: number };
export type Files = Readonly<Record<string, FileText>>;

/** Something that the server does besides what its documents say. */
export interface Trouble {
  readonly match: { readonly method?: string; readonly path?: string };
  readonly do: 'drop' | { readonly status: number; readonly body?: unknown };
}

/** A story of one command, as data: a test carries each of them out against the emulator. */
export interface Example {
  readonly files?: Files;
  /** What git has as HEAD; without it, the folder is no repository. */
  readonly committed?: Files;
  /** Commands that come first, and the files that are changed after them. */
  readonly first?: { readonly run: readonly string[]; readonly edited: Files };
  /** What is live, as the seed of an emulator; without it, an organization `acme` with one service account, its admin. */
  readonly world?: string;
  readonly troubles?: readonly Trouble[];
  /** Environment variables; without any, the key of the admin is given. */
  readonly env?: Readonly<Record<string, string>>;
  readonly run: string;
}

/** What is said about a diagnostic beyond its one line: what is behind it, an example that causes it and one that does not. */
export interface Page {
  readonly more: string;
  readonly bad: Example;
  readonly good: Example;
}

/** A text without the indentation that all of its lines share, and without the empty lines around it. */
export function text(parts: TemplateStringsArray, ...values: readonly string[]): string {
  const lines = String.raw({ raw: parts }, ...values)
    .replace(/^\n/, '')
    .trimEnd()
    .split('\n');
  const indents = lines.filter((line) => line.trim() !== '').map((line) => line.length - line.trimStart().length);
  const common = Math.min(...indents);
  return `${lines.map((line) => line.slice(common)).join('\n')}\n`;
}

/** The file that most examples begin with: who applies it is declared. */
export const acme = text`
  organization: { name: acme }
  service_accounts: { admin: { roles: [Organization Admin] } }
`;

/** One file that begins as all do. */
export const zenform = (rest: string): Files => ({ 'zenform.yaml': `${acme}${rest}` });
