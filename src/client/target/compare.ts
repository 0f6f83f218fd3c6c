import { fieldsOf, type Json, type Operation, shapeOf, type TargetDocument } from './document.ts';

/** What zenform does about a difference: goes along with it, does without the feature, refuses what needs it, or nothing has to be done. */
export type Consequence = 'adapted' | 'feature off' | 'refused' | 'none';

/** One thing in which a target differs from what zenform relies on. */
export interface Difference {
  readonly operation: string;
  readonly what: 'missing' | 'parameter' | 'limit' | 'enum' | 'required' | 'field';
  readonly detail: string;
  readonly consequence: Consequence;
}

/** The differences between a target's document and ours, as far as zenform relies on it: `METHOD /path?parameter&parameter`. */
export function compareDocuments(
  target: TargetDocument,
  ours: TargetDocument,
  reliedOn: readonly string[],
): readonly Difference[] {
  return reliedOn.flatMap((one) => {
    const [operation = '', query = ''] = one.split('?');
    const there = target.operations.get(shapeOf(operation));
    if (!there) return [missing(operation, target)];
    const here = ours.operations.get(shapeOf(operation));
    if (!here) return [];
    const write = !operation.startsWith('GET ') && !operation.endsWith('/login');
    return [
      ...parameters(operation, there, query === '' ? [] : query.split('&'), target),
      ...limits(operation, there, here),
      ...(write ? bodies(operation, { there, here, target, ours }) : []),
    ];
  });
}

/** Nothing can be done without knowing who asks and which organization is meant. */
const essential = ['GET /users/me', 'GET /organizations', 'GET /api/v1/projects'];

/** What nothing else needs: without them only definitions of custom roles are refused. */
const optional = ['POST /roles', 'PATCH /roles/{role_id}', 'DELETE /roles/{role_id}'];

function missing(operation: string, target: TargetDocument): Difference {
  const put = operation.replace(/^PATCH /, 'PUT ');
  if (operation.includes('/service_accounts/') && put !== operation && target.operations.has(shapeOf(put)))
    return { operation, what: 'missing', detail: 'is PUT there', consequence: 'adapted' };
  if (operation.endsWith('/login')) return { operation, what: 'missing', detail: 'is not there', consequence: 'adapted' };
  const read = (operation.startsWith('GET ') && !essential.includes(operation)) || optional.includes(operation);
  return { operation, what: 'missing', detail: 'is not there', consequence: read ? 'feature off' : 'refused' };
}

function parameters(operation: string, there: Operation, names: readonly string[], target: TargetDocument): Difference[] {
  const { fields } = fieldsOf(there.body, target.root);
  return names
    .filter((name) => !there.query.has(name))
    .map((name): Difference => {
      const what = 'parameter';
      if (fields.has(name))
        return { operation, what, detail: `takes \`${name}\` in the body, not in the query`, consequence: 'adapted' };
      // What a list does not filter is filtered here; a list that is not paged is read whole.
      const consequence = operation.startsWith('GET ') ? 'none' : 'refused';
      return { operation, what, detail: `does not know the parameter \`${name}\``, consequence };
    });
}

function limits(operation: string, there: Operation, here: Operation): Difference[] {
  const [a, b] = [there, here].map(({ query }) => (query.get('limit') ?? query.get('size'))?.schema.maximum);
  if (typeof a !== 'number' || a === b) return [];
  const ours = b === undefined ? 'no limit' : `${b}`;
  return [
    { operation, what: 'limit', detail: `gives at most ${a} rows at once, and ${ours} was expected`, consequence: 'adapted' },
  ];
}

function bodies(
  operation: string,
  { there, here, target, ours }: { there: Operation; here: Operation; target: TargetDocument; ours: TargetDocument },
): Difference[] {
  const [a, b] = [fieldsOf(there.body, target.root), fieldsOf(here.body, ours.root)];
  // What servers are known to declare as required, and zenform always sends, although they do without.
  const declared = here.body?.['x-declared-required'];
  const known = new Set([...b.required, ...here.query.keys(), ...(Array.isArray(declared) ? declared : [])]);
  const added = [...a.required].filter((name) => !known.has(name));
  const demanded = [...there.query]
    .filter(([name, { required }]) => required && !here.query.get(name)?.required)
    .map(([name]) => name);
  return [
    ...added.map(
      (name): Difference => ({ operation, what: 'required', detail: `demands \`${name}\` in the body`, consequence: 'refused' }),
    ),
    ...demanded.map(
      (name): Difference => ({
        operation,
        what: 'required',
        detail: `demands the parameter \`${name}\``,
        consequence: 'refused',
      }),
    ),
    ...[...b.fields].flatMap(([name, field]) => fieldDifferences(operation, name, a.fields.get(name), field, there)),
  ];
}

const bounds = ['maxLength', 'minLength', 'maximum', 'minimum', 'pattern', 'maxItems'] as const;

function fieldDifferences(
  operation: string,
  name: string,
  there: Json | undefined,
  here: Json,
  { query, body }: Operation,
): Difference[] {
  if (!there) {
    if (query.has(name))
      return [
        { operation, what: 'parameter', detail: `takes \`${name}\` in the query, not in the body`, consequence: 'adapted' },
      ];
    if (body === undefined || body.additionalProperties !== false) return [];
    return [{ operation, what: 'field', detail: `does not know the field \`${name}\``, consequence: 'refused' }];
  }
  const [theirs, ours] = [there.enum, here.enum].map((values) => (Array.isArray(values) ? values.map(String) : undefined));
  const lacking = theirs && ours ? ours.filter((value) => !theirs.includes(value)) : [];
  const more = theirs && ours ? theirs.filter((value) => !ours.includes(value)) : [];
  return [
    ...(lacking.length > 0
      ? [
          {
            operation,
            what: 'enum' as const,
            detail: `\`${name}\` cannot be ${lacking.join(' or ')}`,
            consequence: 'refused' as const,
          },
        ]
      : []),
    ...(more.length > 0
      ? [
          {
            operation,
            what: 'enum' as const,
            detail: `\`${name}\` can be ${more.join(' or ')} besides`,
            consequence: 'none' as const,
          },
        ]
      : []),
    ...bounds
      .filter((bound) => there[bound] !== undefined && there[bound] !== here[bound])
      .map((bound) => ({
        ...{ operation, what: 'limit' as const, consequence: 'refused' as const },
        detail: `\`${name}\` has ${bound} ${String(there[bound])}, and ${here[bound] === undefined ? 'none' : String(here[bound])} was expected`,
      })),
  ];
}
