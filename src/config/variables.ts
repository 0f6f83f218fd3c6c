import { compare, type Diagnostic, type Place } from '../core/diagnostic.ts';
import { nearest } from '../core/nearest.ts';
import type { Entry, Mapping, Tree } from './tree.ts';

/** Values for `${var:name}`, by name in lower case: names are compared without regard to case, as some systems do with theirs. */
export type Variables = ReadonlyMap<string, string>;

const opening = '${var:';
const name = /^[a-z_][a-z0-9_-]{0,99}$/i;
const prefix = 'ZENFORM_VAR_';

/**
 * Collects the variables: the environment's `ZENFORM_VAR_NAME`, then the lines `NAME=VALUE` of variable files, then `--var`; later wins.
 * `given` are the names that somebody passed on purpose, not by environment. Values are never part of a diagnostic.
 */
export function readVariables(sources: {
  readonly vars?: readonly string[];
  readonly varFiles?: readonly { readonly file: string; readonly text: string }[];
  readonly environment?: Readonly<Record<string, string | undefined>>;
}): { variables: Variables; given: ReadonlySet<string>; diagnostics: Diagnostic[] } {
  const diagnostics: Diagnostic[] = [];
  const variables = new Map<string, string>();
  const wrong = (summary: string, place?: Place) =>
    diagnostics.push({ code: 'usage', severity: 'error', summary, hint: 'write NAME=VALUE', ...(place ? { place } : {}) });
  for (const [key, value] of Object.entries(sources.environment ?? {}).sort(([a], [b]) => compare(a, b))) {
    const known = key.slice(prefix.length).toLowerCase();
    if (!key.startsWith(prefix) || value === undefined || !name.test(known)) continue;
    if (variables.has(known) && variables.get(known) !== value)
      wrong(`\`${key}\` is in the environment twice, in upper and lower case, with different values`);
    variables.set(known, value);
  }
  const given = new Set<string>();
  const set = (key: string, value: string) => {
    variables.set(key.toLowerCase(), value);
    given.add(key.toLowerCase());
  };
  for (const { file, text } of sources.varFiles ?? [])
    for (const [index, line] of text
      .replace(/^\ufeff/, '')
      .split('\n')
      .entries()) {
      const [key, value] = assignment(line.trim());
      if (line.trim() === '' || line.trimStart().startsWith('#')) continue;
      if (name.test(key) && value !== undefined) set(key, unquoted(value.trimStart()));
      else wrong('the line is not NAME=VALUE', { file, line: index + 1, column: line.length - line.trimStart().length + 1 });
    }
  for (const text of sources.vars ?? []) {
    const [key, value] = assignment(text);
    if (name.test(key) && value !== undefined) set(key, value);
    else if (value === undefined) wrong('a `--var` has no `=`');
    else wrong(`\`--var ${key}=…\` has no proper name: letters, digits, \`_\` and \`-\` are allowed`);
  }
  return { variables, given, diagnostics };
}

function assignment(text: string): [string, string | undefined] {
  const at = text.indexOf('=');
  return at < 0 ? [text, undefined] : [text.slice(0, at).trimEnd(), text.slice(at + 1)];
}

function unquoted(text: string): string {
  const quote = text[0];
  const isQuoted = text.length > 1 && (quote === '"' || quote === "'") && text.endsWith(quote);
  return isQuoted ? text.slice(1, -1) : text;
}

/** Replaces every `${var:name}` in the text values of a tree; `$${var:` stays as `${var:`. `used` are the names that it met. */
export function expandVariables(
  tree: Mapping,
  variables: Variables,
): { tree: Mapping; diagnostics: Diagnostic[]; used: ReadonlySet<string> } {
  const diagnostics: Diagnostic[] = [];
  const used = new Set<string>();
  const expand = <T extends Tree>(node: T): T => {
    if (node.type === 'list') return { ...node, items: node.items.map(expand) };
    if (node.type === 'mapping') {
      const entries = new Map<string, Entry>();
      for (const [key, entry] of node.entries) {
        if (key.includes(opening)) diagnostics.push(inKey(key, entry.keyPlace));
        entries.set(key, { ...entry, value: expand(entry.value) });
      }
      return { ...node, entries };
    }
    if (typeof node.value !== 'string' || !node.value.includes(opening)) return node;
    const { text, names, problems } = replace(node.value, variables, node.place);
    for (const problem of problems) diagnostics.push(problem);
    for (const found of names) used.add(found);
    return { ...node, value: text };
  };
  return { tree: expand(tree), diagnostics, used };
}

/**
 * One pass from left to right, so that a value that looks like a variable is not looked at again. Each problem of a text is told once,
 * however often it stands in it.
 */
function replace(text: string, variables: Variables, place: Place): { text: string; names: Set<string>; problems: Diagnostic[] } {
  const parts: string[] = [];
  const names = new Set<string>();
  const problems = new Map<string, Diagnostic>();
  let done = 0;
  for (let at = text.indexOf(opening); at >= 0; at = text.indexOf(opening, done)) {
    const start = at + opening.length;
    if (at > done && text[at - 1] === '$') {
      parts.push(text.slice(done, at - 1), opening);
      done = start;
      continue;
    }
    parts.push(text.slice(done, at));
    const variable = /^[^}]{0,100}(?=\})/.exec(text.slice(start, start + 101))?.[0] ?? '';
    const known = variable.toLowerCase();
    const value = variables.get(known);
    const isName = name.test(variable);
    done = isName ? start + variable.length + 1 : start;
    if (isName) names.add(known);
    if (!isName) problems.set('', malformed(place));
    else if (value === undefined && !problems.has(known)) problems.set(known, missing(variable, variables, place));
    parts.push(isName && value !== undefined ? value : text.slice(at, done));
  }
  parts.push(text.slice(done));
  return { text: parts.join(''), names, problems: [...problems.values()] };
}

const malformed = (place: Place): Diagnostic => ({
  code: 'variable-missing',
  severity: 'error',
  summary: '`${var:` is not followed by a name and `}`',
  hint: 'write `${var:name}`, or `$${var:` for the text itself',
  place,
});

function missing(variable: string, variables: Variables, place: Place): Diagnostic {
  const close = nearest(variable, [...variables.keys()].sort(compare));
  const upper = variable.toUpperCase().replaceAll('-', '_');
  return {
    code: 'variable-missing',
    severity: 'error',
    summary: `\`\${var:${variable}}\` has no value`,
    hint: `${close ? `did you mean \`${close}\`? ` : ''}give it with \`--var ${variable}=…\`, in a \`--var-file\`${variable.includes('-') ? '' : ` or as ${prefix}${upper}`}`,
    place,
  };
}

const inKey = (key: string, place: Place): Diagnostic => ({
  code: 'variable-missing',
  severity: 'error',
  summary: `the key \`${key}\` holds a variable; variables are replaced in values only`,
  hint: 'write the key out; a workspace can take its name from `name:` inside',
  place,
});
