import { Ajv2020, type ErrorObject, type ValidateFunction } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import type { Diagnostic } from '../core/diagnostic.ts';
import { canonical } from '../core/field.ts';
import type { Json } from '../core/resource.ts';
import { language } from './language.ts';
import { describe, type Found } from './messages.ts';
import { type ConfigDocument, toJson } from './tree.ts';

export { checkText } from './text.ts';

const maxProblems = 500;
let compiled: { readonly schema: object; readonly validate: ValidateFunction } | undefined;

/** Everything in a file that the language does not allow, each problem once, with the place of the key or value at fault. */
export function validateDocument(document: ConfigDocument, schema: object = language): Diagnostic[] {
  if (compiled?.schema !== schema) compiled = { schema, validate: compile(schema) };
  const { validate } = compiled;
  if (validate(toJson(document.tree))) return [];
  const found = single(collapse(validate.errors ?? [])).map((error) => describe(error, document.tree));
  const rest = found.length - maxProblems;
  const [last] = found.slice(maxProblems);
  return last
    ? [...found.slice(0, maxProblems), { ...last, summary: `${rest} more problems like the ones before, this one first` }]
    : found;
}

function compile(schema: object): ValidateFunction {
  const ajv = new Ajv2020({ allErrors: true, verbose: true, strict: true, strictRequired: false, allowUnionTypes: true });
  ajv.addVocabulary([...ownKeywords(schema)]);
  // The one that is built in takes the values' own `valueOf` for a function, which a file may define.
  ajv.removeKeyword('uniqueItems');
  ajv.addKeyword({ keyword: 'uniqueItems', type: 'array', schemaType: 'boolean', validate: uniqueItems, errors: true });
  addFormats.default(ajv);
  return ajv.compile(schema);
}

/** Our keywords (`x-…`), wherever they stand in a schema. */
function ownKeywords(schema: unknown, into = new Set<string>()): Set<string> {
  if (schema === null || typeof schema !== 'object') return into;
  for (const [key, value] of Object.entries(schema)) {
    if (key.startsWith('x-')) into.add(key);
    ownKeywords(value, into);
  }
  return into;
}

/** Reports every item that stood before; `errors` on the function is how ajv asks for it. */
function uniqueItems(wanted: boolean, items: readonly Json[]): boolean {
  const seen = new Map<string, number>();
  const errors: Partial<ErrorObject>[] = [];
  for (const [i, item] of items.entries()) {
    const text = canonical(item);
    const j = seen.get(text);
    if (j !== undefined) errors.push({ keyword: 'uniqueItems', params: { i, j } });
    else seen.set(text, i);
  }
  Object.assign(uniqueItems, { errors });
  return !wanted || errors.length === 0;
}

/**
 * Leaves of every `anyOf` only the branch that is meant. Ajv lists the errors of the branches right before the `anyOf` that they belong
 * to, so one pass with a stack does it.
 */
function collapse(errors: readonly ErrorObject[]): ErrorObject[] {
  const kept: ErrorObject[] = [];
  for (const error of errors) {
    if (error.keyword === 'propertyNames') continue;
    if (error.keyword !== 'anyOf') {
      kept.push(error);
      continue;
    }
    const branches: ErrorObject[][] = [];
    for (let last = kept.at(-1); last && belongs(last, error); last = kept.at(-1)) {
      const branch = Number(last.schemaPath.slice(error.schemaPath.length + 1).split('/')[0]);
      const before = branches[branch];
      if (before) before.push(last);
      else branches[branch] = [last];
      kept.pop();
    }
    for (const inner of meant(Object.values(branches), error)) kept.push(inner);
  }
  return kept;
}

function belongs(inner: ErrorObject, outer: ErrorObject): boolean {
  return (
    inner.schemaPath.startsWith(`${outer.schemaPath}/`) &&
    inner.propertyName === outer.propertyName &&
    (inner.instancePath === outer.instancePath || inner.instancePath.startsWith(`${outer.instancePath}/`))
  );
}

/** The errors of the branch that the value was meant for: it fits in kind, and has the fewest; the whole where that is not clear. */
function meant(branches: readonly (readonly ErrorObject[])[], whole: ErrorObject): readonly ErrorObject[] {
  const otherKind = ({ keyword, instancePath }: ErrorObject) =>
    ['type', 'enum', 'const'].includes(keyword) && instancePath === whole.instancePath;
  const fitting = branches.filter((errors) => !errors.some(otherKind)).sort((a, b) => a.length - b.length);
  const [best, next] = fitting;
  return best && best.length !== next?.length ? best.toReversed() : [whole];
}

const ofValues = ['type', 'enum', 'const', 'anyOf', 'minLength', 'maxLength', 'pattern', 'format'];

/** One error a value, and no missing key where it is only misspelt. */
function single(errors: readonly ErrorObject[]): Found[] {
  const first = new Map<string, Found>();
  const target = ({ instancePath, propertyName }: ErrorObject) => JSON.stringify([instancePath, propertyName]);
  const misspelt = new Set(
    errors.flatMap((error) => (error.keyword === 'additionalProperties' ? [`${error.instancePath}`] : [])),
  );
  for (const error of [...errors].sort((a, b) => ofValues.indexOf(a.keyword) - ofValues.indexOf(b.keyword))) {
    if (error.keyword === 'required' && misspelt.has(error.instancePath)) continue;
    const key = ofValues.includes(error.keyword)
      ? target(error)
      : `${target(error)} ${error.keyword} ${JSON.stringify(error.params)}`;
    if (!first.has(key)) first.set(key, error);
  }
  return [...first.values()];
}
