import type { SourceScalar } from './nodes.ts';
import type { Tree } from './tree.ts';

/** A JSON Schema as far as messages need it. */
export interface Schema {
  readonly type?: string | readonly string[];
  readonly title?: string;
  readonly description?: string;
  readonly examples?: readonly unknown[];
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly additionalProperties?: boolean | Schema;
  readonly anyOf?: readonly Schema[];
  readonly enum?: readonly unknown[];
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly pattern?: string;
  readonly format?: string;
  readonly 'x-word'?: string;
}

/** A name or text from a file in a message: on one line, between back quotes, not longer than a line takes. */
export function show(value: unknown): string {
  const text = (typeof value === 'string' ? value : (JSON.stringify(value) ?? '')).slice(0, 200).replaceAll(/\s/g, ' ');
  return `\`${text.length > 60 ? `${text.slice(0, 60)}…` : text}\``;
}

/** Several values in a message. */
export function showAll(values: readonly unknown[]): string {
  return values.map(show).join(', ');
}

/** The noun with its article. */
export function article(noun: string): string {
  return /^[`{]/.test(noun) ? noun : /^[aeiou]/i.test(noun) ? `an ${noun}` : `a ${noun}`;
}

const sections: Readonly<Record<string, string>> = {
  members: 'person',
  service_accounts: 'service account',
  teams: 'team',
  roles: 'custom role',
  workspaces: 'workspace',
  projects: 'project',
  access: 'role',
  keys: 'key',
};

/** Whose a value is, as ` of team `ml``; empty at the top of a file. */
export function ownerWords(path: readonly string[]): string {
  const words: string[] = [];
  for (let at = 0; at < path.length; at += 1) {
    const part = path[at] ?? '';
    const noun = sections[part];
    const name = path[at + 1];
    if (noun && name !== undefined) {
      words.unshift(` of ${noun} ${show(name)}`);
      at += 1;
    } else if (part === 'organization') words.unshift(' of the organization');
    else words.unshift(` of ${show(part)}`);
  }
  return words.slice(0, 2).join('');
}

/** What a value is, in words. */
export function actual(tree: Tree | undefined): string {
  if (!tree) return 'missing';
  if (tree.type === 'list') return 'a list';
  if (tree.type === 'mapping') return 'a mapping';
  const source = (tree as SourceScalar).source || String(tree.value);
  if (typeof tree.value === 'string') return `the text ${show(tree.value)}`;
  return typeof tree.value === 'number' ? `the number ${source}` : show(source);
}

const typeWords: Readonly<Record<string, string>> = {
  string: 'a text',
  array: 'a list',
  object: 'a mapping',
  boolean: '`true` or `false`',
  number: 'a number',
  integer: 'a whole number',
  null: '`null`',
};

/** What a schema wants, in words. */
export function expected(schema: Schema): string {
  if (schema['x-word']) return article(schema['x-word']);
  const types = typeof schema.type === 'string' ? [schema.type] : (schema.type ?? []);
  if (types.length > 0) return types.map((type) => typeWords[type] ?? type).join(' or ');
  return (schema.anyOf ?? []).map(expected).join(' or ') || 'something else';
}

/** The types that a schema allows, over all its branches. */
export function typesOf(schema: Schema): readonly string[] {
  if (schema.type !== undefined) return typeof schema.type === 'string' ? [schema.type] : schema.type;
  return (schema.anyOf ?? []).flatMap(typesOf);
}

const ranges: Readonly<Record<string, string>> = {
  'a-zA-Z': 'letters',
  'A-Za-z': 'letters',
  'a-z': 'lower-case letters',
  'A-Z': 'upper-case letters',
  '0-9': 'digits',
  '-': 'hyphens',
  '\\-': 'hyphens',
  _: 'underscores',
  '.': 'dots',
};

/** What a text may be made of, read off a pattern such as `^[a-z0-9-]+$`; undefined for other patterns. */
export function characterWords(pattern: string): string | undefined {
  const set = /^\^\[([^\]^]+)\][+*]\$$/.exec(pattern)?.[1];
  if (set === undefined) return undefined;
  const parts = set.match(/a-zA-Z|A-Za-z|a-z|A-Z|0-9|\\.|./g) ?? [];
  const words = parts.map((part) => ranges[part] ?? show(part.replace('\\', '')));
  return words.length < 2 ? words.join('') : `${words.slice(0, -1).join(', ')} and ${words.at(-1)}`;
}

/** How long a text may be. */
export function lengthWords({ minLength = 0, maxLength }: Schema): string | undefined {
  return maxLength === undefined ? undefined : `${minLength}–${maxLength} characters`;
}
