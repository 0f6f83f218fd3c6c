import type { ErrorObject } from 'ajv/dist/2020.js';
import type { Diagnostic, Place } from '../core/diagnostic.ts';
import { nearest } from '../core/nearest.ts';
import type { SourceScalar } from './nodes.ts';
import { at, itemsOf, type Mapping, type Tree, textOf } from './tree.ts';
import { actual, article, characterWords, expected, lengthWords, type Schema, show, showAll, typesOf } from './words.ts';

/** What ajv found (with `verbose`, so that schema and value are there). */
export type Found = ErrorObject;

interface Target {
  readonly error: Found;
  readonly schema: Schema;
  readonly path: readonly string[];
  readonly tree: Tree | undefined;
  readonly parent: Tree | undefined;
  readonly place: Place;
  /** The value in words: `` `description` ``, or `an entry of `members``. */
  readonly subject: string;
  /** The key of the value; undefined for an entry of a list. */
  readonly key: string | undefined;
}

/** An error of the schema in words of the language, at its place. */
export function describe(error: Found, root: Mapping): Diagnostic {
  const target = locate(error, root);
  const [code, summary, hint, place] = (error.propertyName === undefined ? (messages[error.keyword] ?? other) : wrongName)(
    target,
  );
  return { code, severity: 'error', summary, ...(hint ? { hint } : {}), place: place ?? target.place };
}

type Message = readonly [code: Diagnostic['code'], summary: string, hint?: string | undefined, place?: Place | undefined];

function locate(error: Found, root: Mapping): Target {
  const path = error.instancePath
    .split('/')
    .slice(1)
    .map((part) => part.replaceAll('~1', '/').replaceAll('~0', '~'));
  const tree = at(root, ...path);
  const parent = at(root, ...path.slice(0, -1));
  const last = path.at(-1);
  const key = parent?.type === 'list' ? undefined : last;
  const listKey = [...path].reverse().find((part) => !/^\d+$/.test(part));
  const subject = last === undefined ? 'the file' : key === undefined ? `an entry of ${show(listKey ?? '')}` : show(key);
  // A schema is data that ajv hands through.
  return {
    error,
    schema: (error.parentSchema ?? {}) as Schema,
    path,
    tree,
    parent,
    place: tree?.place ?? root.place,
    subject,
    key,
  };
}

const messages: Readonly<Record<string, (target: Target) => Message>> = {
  additionalProperties: unknownKey,
  required: missingKey,
  type: wrongType,
  anyOf: wrongType,
  enum: notAllowed,
  const: notAllowed,
  minLength: (target) => (target.tree?.type === 'scalar' && target.tree.value === '' ? emptyText(target) : wrongLength(target)),
  maxLength: wrongLength,
  pattern: wrongForm,
  format: wrongForm,
  uniqueItems: twice,
  minItems: ({ subject }) => [
    'schema-value',
    `${subject} is empty; at least one entry is needed`,
    'add one, or leave the key out',
  ],
};

function other({ error, subject }: Target): Message {
  return ['schema-value', `${subject} ${error.message ?? 'is not allowed'}`];
}

function unknownKey({ error, schema, path, tree, subject }: Target): Message {
  const key = String((error.params as { additionalProperty: string }).additionalProperty);
  const known = Object.keys(schema.properties ?? {}).filter((name) => name !== '$schema');
  const meant = nearest(key, known);
  const where =
    path.length === 0
      ? 'at the top of the file'
      : path.at(-1) === 'organization' && path.length === 1
        ? 'in `organization`'
        : inside(schema, subject);
  const hint = `${meant ? `did you mean ${show(meant)}? ` : ''}allowed: ${showAll(known)}`;
  const entry = tree?.type === 'mapping' ? tree.entries.get(key) : undefined;
  return ['schema-unknown-key', `unknown key ${show(key)} ${where}`, hint, entry?.keyPlace];
}

const inside = ({ title }: Schema, subject: string) => {
  if (title === undefined) return `in ${subject}`;
  if (title === 'Holders') return `in the holders of ${subject}`;
  return `in ${article(/^[A-Z]{2}/.test(title) ? title : title.charAt(0).toLowerCase() + title.slice(1))}`;
};

function missingKey({ error, path, parent, tree, subject, schema }: Target): Message {
  const key = (error.params as { missingProperty: string }).missingProperty;
  const owner = path.at(-1);
  const entry = parent?.type === 'mapping' && owner !== undefined ? parent.entries.get(owner) : undefined;
  const about = schema.properties?.[key]?.description;
  return [
    'schema-missing',
    `${show(key)} is missing in ${subject}`,
    about && `${show(key)}: ${about}`,
    entry?.keyPlace ?? tree?.place,
  ];
}

function wrongType(target: Target): Message {
  const { subject, schema, tree } = target;
  const wanted = expected(schema);
  const isEmpty = tree?.type === 'scalar' && tree.value === null;
  const what = isEmpty ? 'has no value' : `is ${actual(tree)}`;
  return ['schema-type', `${subject} ${what}; ${wanted} is expected`, isEmpty ? fillHint(target) : typeHint(target)];
}

function fillHint({ schema, key }: Target): string {
  if (key === undefined) return 'write a value, or remove the entry';
  const types = typesOf(schema);
  if (types.includes('array')) return `write \`${key}: []\` for none, or leave the key out`;
  if (types.includes('object')) return `write \`${key}: {}\`, or leave the key out`;
  return 'write a value, or leave the key out';
}

function typeHint({ schema, tree, key }: Target): string | undefined {
  const types = typesOf(schema);
  const prefix = key === undefined ? '' : `${key}: `;
  if (tree?.type === 'scalar' && typeof tree.value !== 'string' && types.includes('string'))
    return `write it with quotes: "${(tree as SourceScalar).source || tree.value}"`;
  const text = textOf(tree);
  if (types.includes('boolean') && text !== undefined) {
    const yes = /^(?:y|yes|on|true)$/i.test(text);
    return yes || /^(?:n|no|off|false)$/i.test(text) ? `write \`${prefix}${yes}\`` : undefined;
  }
  if (types.includes('array') && text !== undefined && !text.includes('${')) return `write a list: \`${prefix}[${text}]\``;
  if (types.includes('array') && tree?.type === 'mapping') return 'start every entry with `- `';
  const first = textOf(itemsOf(tree)[0]);
  if (types.includes('object') && typeof schema.additionalProperties === 'object' && first !== undefined)
    return `write every name as a key: \`${first}: {}\``;
  if (types.includes('object') && schema.properties) return `its keys are ${showAll(Object.keys(schema.properties))}`;
  return undefined;
}

function notAllowed({ error, subject, tree, key }: Target): Message {
  const params = error.params as { allowedValues?: readonly unknown[]; allowedValue?: unknown };
  const allowed = params.allowedValues ?? [params.allowedValue];
  if (error.keyword === 'const' && key !== undefined)
    return [
      'schema-value',
      `${subject} is ${actual(tree)}, which is not allowed`,
      `write \`${key}: ${allowed[0]}\`, or leave the key out`,
    ];
  const text = textOf(tree);
  const meant =
    text === undefined
      ? undefined
      : nearest(
          text,
          allowed.filter((value) => typeof value === 'string'),
        );
  return [
    'schema-value',
    `${subject} is ${actual(tree)}, which is not allowed`,
    `${meant ? `did you mean ${show(meant)}? ` : ''}allowed: ${showAll(allowed)}`,
  ];
}

function emptyText({ subject, schema, key }: Target): Message {
  const nullable = typesOf(schema).includes('null');
  const hint = nullable
    ? `write \`${key}: null\` to clear it`
    : key === undefined
      ? 'remove the entry'
      : 'write a value, or leave the key out';
  return ['schema-value', `${subject} is empty`, hint];
}

function wrongLength({ subject, schema, tree, error }: Target): Message {
  const length = [...(textOf(tree) ?? '')].length;
  const { limit } = error.params as { limit: number };
  const bound = error.keyword === 'maxLength' ? `${limit} are the limit` : `at least ${limit} are needed`;
  const excess = length - (schema.maxLength ?? length);
  return ['schema-value', `${subject} has ${length} characters; ${bound}`, excess > 0 ? `shorten it by ${excess}` : undefined];
}

const emailHint = 'it looks like ada@acme.io';

const formats: Readonly<Record<string, readonly [word: string, hint: string]>> = {
  date: ['a date', 'write YYYY-MM-DD, such as 2027-01-31'],
  uuid: ['a UUID', 'it looks like 8e02b7c4-1f6c-4c1e-9d53-0f4f1c8b0c55'],
  uri: ['a URL', 'it looks like https://cloudapi.zenml.io'],
};

function wrongForm({ error, subject, schema, tree }: Target): Message {
  const text = textOf(tree) ?? '';
  const format = error.keyword === 'format' ? formats[(error.params as { format: string }).format] : undefined;
  if (format?.[0] === 'a date') {
    const hint = /^\d{4}-\d{2}-\d{2}$/.test(text) ? 'that day does not exist' : format[1];
    return ['date-invalid', `${subject} is not a date: ${show(text).replaceAll('`', '')}`, hint];
  }
  if (format) return ['schema-value', `${subject} is not ${format[0]}: ${show(text)}`, format[1]];
  const characters = characterWords(schema.pattern ?? '');
  if (!characters && schema['x-word'])
    return ['schema-value', `${subject} is not ${article(schema['x-word'])}: ${show(text)}`, formHint(schema)];
  const form = [characters, lengthWords(schema)].filter(Boolean).join(', ');
  return ['schema-value', `${subject} cannot be ${show(text)}${characters ? `: ${form}` : ''}`, formHint(schema)];
}

const formHint = (schema: Schema) => {
  if (schema['x-word'] === 'e-mail address') return emailHint;
  const description = characterWords(schema.pattern ?? '') ? '' : (schema.description ?? '').replace(/\.$/, '');
  const examples = schema.examples?.length && !description.includes('such as') ? `such as ${showAll(schema.examples)}` : '';
  return [description, examples].filter(Boolean).join(', ') || undefined;
};

/** A key that cannot be the name it is used as. */
function wrongName({ error, schema, tree }: Target): Message {
  const name = error.propertyName ?? '';
  const word = schema['x-word'] ?? 'name';
  const place = tree?.type === 'mapping' ? tree.entries.get(name)?.keyPlace : undefined;
  if (name === '') return ['schema-value', `${article(word)} is empty`, 'write a name', place];
  if (error.keyword === 'maxLength') {
    const { limit } = error.params as { limit: number };
    return [
      'schema-value',
      `the ${word} ${show(name)} has ${[...name].length} characters; ${limit} are the limit`,
      undefined,
      place,
    ];
  }
  const characters = characterWords(schema.pattern ?? '');
  const form = characters ? `: ${[characters, lengthWords(schema)].filter(Boolean).join(', ')}` : '';
  const subject = word.endsWith('name') ? `the name ${show(name)}` : show(name);
  return ['schema-value', `${subject} is not ${article(word)}${form}`, formHint(schema), place];
}

function twice({ error, subject, tree }: Target): Message {
  const { i } = error.params as { i: number };
  const item = itemsOf(tree)[i];
  return [
    'schema-value',
    `${subject} holds ${item?.type === 'scalar' ? show(item.value) : 'the same entry'} twice`,
    'remove one of them',
    item?.place,
  ];
}
