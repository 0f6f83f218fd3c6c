import type { ErrorObject, ValidateFunction } from 'ajv/dist/2020.js';
import { unknown, type Value, type Values } from './cty.ts';
import type { Problem } from './diagnostics.ts';
import { jsonIn } from './fields.ts';
import type { Attribute, ResourceSchema } from './schema.ts';

/** Everything that is wrong with a configuration and can be told from it alone; what is unknown is not judged. */
export async function checkConfig(schema: ResourceSchema, config: Values): Promise<Problem[]> {
  const problems: Problem[] = [];
  for (const attribute of schema.attributes) {
    const value = config[attribute.name] ?? null;
    if (value === null || value === unknown) continue;
    const wrong = attribute.json ? wrongJson(attribute, value) : await wrongValue(attribute, value);
    if (wrong) problems.push({ severity: 'error', summary: `\`${attribute.name}\` ${wrong}`, attribute: attribute.name });
  }
  return [...problems, ...together(schema, config)];
}

function wrongJson(attribute: Attribute, value: Value): string | undefined {
  const parsed = typeof value === 'string' ? jsonIn(value) : undefined;
  const object = typeof parsed === 'object' && parsed !== null && !Array.isArray(parsed);
  return object || (value === '' && attribute.clearable) ? undefined : 'has to be a JSON object: write `jsonencode({ … })`';
}

async function wrongValue(attribute: Attribute, value: Value): Promise<string | undefined> {
  if (!attribute.schema || (attribute.clearable && value === '')) return undefined;
  const judge = await judgeOf(attribute.schema);
  const [error] = judge(value);
  return error && wordsFor(error, attribute);
}

type Judge = (value: Value) => readonly ErrorObject[];
const judges = new WeakMap<object, Judge>();
let compiler: Promise<{ compile(schema: object): ValidateFunction }> | undefined;

/** The schemas of fields are the kinds' own, so they are judged by what judges them in files; it is loaded with the first one. */
async function judgeOf(schema: NonNullable<Attribute['schema']>): Promise<Judge> {
  const known = judges.get(schema);
  if (known) return known;
  // Formats and our own keywords are for people and editors.
  compiler ??= import('ajv/dist/2020.js').then(({ Ajv2020 }) => new Ajv2020({ strict: false, validateFormats: false }));
  const validate = (await compiler).compile(schema);
  const judge: Judge = (value) => (validate(value) ? [] : (validate.errors ?? []));
  judges.set(schema, judge);
  return judge;
}

function wordsFor({ keyword, params }: ErrorObject, attribute: Attribute): string {
  if (keyword === 'minLength') return `is too short: at least ${params.limit} characters`;
  if (keyword === 'maxLength') return `is too long: at most ${params.limit} characters`;
  if (keyword === 'enum') return `is none of ${(params.allowedValues as readonly unknown[]).join(', ')}`;
  if (keyword === 'pattern')
    return `has another form than it has to have: ${attribute.example ? `such as ${String(attribute.example)}` : params.pattern}`;
  if (keyword === 'uniqueItems') return 'has an entry twice';
  return `is not valid: ${keyword}`;
}

/** What attributes say together. */
function together(schema: ResourceSchema, config: Values): Problem[] {
  if (!schema.oneOf) return [];
  const given = schema.oneOf.names.filter((name) => (config[name] ?? null) !== null);
  const unsure = given.some((name) => config[name] === unknown);
  const names = schema.oneOf.names.map((name) => `\`${name}\``).join(', ');
  // Something unknown may turn out to be null.
  if (given.length === 1 || (given.length > 1 && unsure)) return [];
  const [attribute = schema.oneOf.names[0] ?? ''] = given.slice(1);
  return [
    {
      severity: 'error',
      summary: given.length === 0 ? `one of ${names} is needed` : `only one of ${names} can be given`,
      ...(given.length === 0 ? {} : { attribute }),
    },
  ];
}
