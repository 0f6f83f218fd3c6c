import { language } from '../../src/config/language.ts';

// biome-ignore lint/suspicious/noExplicitAny: a schema is JSON of any shape
type Schema = any;

/** Every key of the language as Markdown: a table for each block, in the order in which they are met. */
export function languagePages(): string {
  const pages: string[] = [];
  const seen = new Set<string>();
  const walk = (title: string, path: string, schema: Schema) => {
    if (seen.has(title)) return;
    seen.add(title);
    const inner: (readonly [string, string, Schema])[] = [];
    const rows = Object.entries<Schema>(schema.properties).map(([key, value]) => {
      const block = blockOf(value);
      if (block) inner.push([block.title ?? key, `${path}${key}.${block === value ? '' : 'NAME.'}`, block]);
      return `| \`${key}\` | ${typeOf(value, block, key)} | ${meaningOf(value)} |`;
    });
    const about = schema.description ? `\n${schema.description}\n` : '';
    const where = path === '' ? '' : `\nAt \`${path.slice(0, -1)}\`.\n`;
    pages.push(`## ${title}\n${about}${where}\n| key | value | meaning |\n| --- | --- | --- |\n${rows.join('\n')}\n`);
    for (const one of inner) walk(...one);
  };
  walk('A file', '', { ...language, description: 'Any part may be missing; all files together are one tree.' });
  return pages.join('\n');
}

/** The block that a value is, or that the values of a mapping or the entries of a list are. */
function blockOf(schema: Schema): Schema | undefined {
  if (schema.properties) return schema;
  const inner = typeof schema.additionalProperties === 'object' ? schema.additionalProperties : schema.items;
  return inner?.properties ? inner : undefined;
}

function typeOf(schema: Schema, block: Schema | undefined, key = ''): string {
  const linked = block ? `[${block.title ?? key}](#${anchor(block.title ?? key)})` : undefined;
  if (typeof schema.additionalProperties === 'object')
    return `mapping of ${linked ?? typeOf(schema.additionalProperties, undefined)}`;
  if (schema.type === 'array') return `list of ${linked ?? typeOf(schema.items, undefined)}`;
  if (block) return linked ?? 'block';
  if (schema.const !== undefined) return `\`${JSON.stringify(schema.const)}\``;
  if (schema.enum) return schema.enum.map((one: unknown) => `\`${String(one)}\``).join(', ');
  if (schema['x-word']) return schema['x-word'].replaceAll('|', '\\|');
  if (schema.anyOf) return [...new Set(schema.anyOf.map((one: Schema) => typeOf(one, undefined)))].join(' or ');
  const kind = {
    string: 'text',
    boolean: '`true` or `false`',
    integer: 'whole number',
    number: 'number',
    null: '`null`',
    object: 'mapping',
  };
  const types = (Array.isArray(schema.type) ? schema.type : [schema.type]).map(
    (one: keyof typeof kind) => kind[one] ?? 'any value',
  );
  return schema.format === 'date' ? 'date' : types.join(' or ');
}

function meaningOf(schema: Schema): string {
  const limits = [
    ...(schema.maxLength === undefined ? [] : [`at most ${schema.maxLength} characters`]),
    ...(schema['x-immutable'] ? ['cannot be changed later'] : []),
    ...(schema.default === undefined ? [] : [`default \`${JSON.stringify(schema.default)}\``]),
    ...(schema.examples?.length > 0 && typeof schema.examples[0] === 'string' ? [`such as \`${schema.examples[0]}\``] : []),
  ];
  const text = (schema.description ?? schema.title ?? '').replaceAll('|', '\\|').replaceAll('\n', ' ');
  return limits.length === 0 ? text : `${text} ${limits.join('; ').replace(/^./, (first) => first.toUpperCase())}.`;
}

const anchor = (title: string) =>
  title
    .toLowerCase()
    .replaceAll(/[^a-z0-9_ -]/g, '')
    .replaceAll(' ', '-');
