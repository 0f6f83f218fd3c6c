import { refuse } from '../refusal.ts';
import type { Project } from '../state.ts';

type Query = ReadonlyMap<string, readonly string[]>;
type Test = (project: Project) => boolean;

const textOperations = [
  'equals',
  'notequals',
  'contains',
  'startswith',
  'endswith',
  'oneof',
  'notoneof',
  'notcontains',
  'isnull',
  'isnotnull',
  'gt',
  'gte',
  'lt',
  'lte',
];
const timeOperations = ['equals', 'notequals', 'gt', 'gte', 'lt', 'lte', 'in', 'isnull', 'isnotnull'];
const everyOperation = new Set([...textOperations, ...timeOperations]);

const texts: Readonly<Record<string, (project: Project) => string>> = {
  id: (project) => project.id.replaceAll('-', ''),
  name: (project) => project.name,
  display_name: (project) => project.displayName,
};
const times: Readonly<Record<string, (project: Project) => number>> = {
  created: (project) => project.created,
  updated: (project) => project.updated,
};

function like(pattern: string): (text: string) => boolean {
  const source = pattern
    .replace(/[.*+?^${}()|[\]\\]/g, '\\$&')
    .replace(/%/g, '.*')
    .replace(/_/g, '.');
  const expression = new RegExp(`^${source}$`, 'is');
  return (text) => expression.test(text);
}

function listOf(value: string): string[] {
  try {
    const list: unknown = JSON.parse(value);
    if (Array.isArray(list)) return list.map(String);
  } catch {
    // falls through to the refusal, which is the same for every other value
  }
  throw refuse(
    422,
    "When you are using the 'oneof:'/'notoneof:' filtering make sure that the provided value is a json formatted list.",
  );
}

function compare(operation: string, left: string | number, right: string | number): boolean {
  if (operation === 'gt') return left > right;
  if (operation === 'gte') return left >= right;
  if (operation === 'lt') return left < right;
  return left <= right;
}

function textTest(field: string, operation: string, raw: string): Test {
  const read = texts[field] ?? (() => '');
  const isId = field === 'id';
  const value = isId ? raw.replaceAll('-', '').toLowerCase() : raw;
  const plain = (text: string) => (isId ? text.replaceAll('-', '').toLowerCase() : text);
  const on =
    (test: (text: string) => boolean): Test =>
    (project) =>
      test(read(project));
  const pattern = { contains: `%${value}%`, notcontains: `%${value}%`, startswith: `${value}%`, endswith: `%${value}` }[
    operation
  ];
  if (pattern !== undefined) {
    const matches = like(pattern);
    return on((text) => matches(text) === (operation !== 'notcontains'));
  }
  if (operation === 'oneof' || operation === 'notoneof') {
    const list = new Set(listOf(raw).map(plain));
    return on((text) => list.has(text) === (operation === 'oneof'));
  }
  if (operation === 'isnull') return () => false;
  if (operation === 'isnotnull') return () => true;
  if (operation === 'equals') return on((text) => text === value);
  if (operation === 'notequals') return on((text) => text !== value);
  // Recorded: such a comparison finds nothing for names.
  return isId ? on((text) => compare(operation, text, value)) : () => false;
}

function microsOf(text: string): number {
  const millis = /^\d{4}-\d{2}-\d{2} \d{2}:\d{2}:\d{2}$/.test(text) ? Date.parse(`${text.replace(' ', 'T')}Z`) : Number.NaN;
  if (Number.isNaN(millis))
    throw refuse(422, 'The datetime filter only works with values in the following format: %Y-%m-%d %H:%M:%S');
  return millis * 1000;
}

function timeTest(field: string, operation: string, raw: string): Test {
  const read = times[field] ?? (() => 0);
  if (operation === 'isnull') return () => false;
  if (operation === 'isnotnull') return () => true;
  if (operation === 'in') {
    const [from = 0, to = 0] = raw.split(',').map(microsOf);
    return (project) => read(project) >= from && read(project) <= to;
  }
  const value = microsOf(raw);
  if (operation === 'equals') return (project) => read(project) === value;
  if (operation === 'notequals') return (project) => read(project) !== value;
  return (project) => compare(operation, read(project), value);
}

function testOf(field: string, given: string): Test {
  const cut = given.indexOf(':');
  const word = cut < 0 ? '' : given.slice(0, cut);
  const known = everyOperation.has(word);
  const operation = known ? word : 'equals';
  const value = known ? given.slice(cut + 1) : given;
  const isTime = field in times;
  if (!(isTime ? timeOperations : textOperations).includes(operation)) {
    if (isTime) microsOf(given);
    throw refuse(422, `This datatype can not be filtered using this operation: '${operation}'.`);
  }
  return isTime ? timeTest(field, operation, value) : textTest(field, operation, value);
}

/** The projects that fit the filters of a query. */
export function filterProjects(projects: readonly Project[], query: Query, logicalOperator: string): Project[] {
  const tests: Test[] = [];
  for (const field of [...Object.keys(texts), ...Object.keys(times)]) {
    for (const given of query.get(field) ?? []) tests.push(testOf(field, given));
  }
  if (tests.length === 0) return [...projects];
  const any = logicalOperator === 'or';
  return projects.filter((project) => (any ? tests.some((test) => test(project)) : tests.every((test) => test(project))));
}

/** The projects in the order that a query asks for; ties are broken by id. */
export function sortProjects(projects: readonly Project[], sortBy: string): Project[] {
  const cut = sortBy.indexOf(':');
  const column = cut < 0 ? sortBy : sortBy.slice(cut + 1);
  const read = texts[column] ?? times[column];
  if (!read) throw refuse(422, 'You can only sort by valid fields of this resource');
  const sign = sortBy.startsWith('desc:') ? -1 : 1;
  return [...projects].sort((left, right) => {
    const [a, b] = [read(left), read(right)];
    if (a !== b) return a < b ? -sign : sign;
    return left.id < right.id ? -sign : sign;
  });
}
