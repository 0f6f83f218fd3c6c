import { compare, type Diagnostic, type Place } from '../core/diagnostic.ts';
import type { ConfigDocument, Entry, List, Mapping, Scalar, Tree } from './tree.ts';
import { ownerWords, show } from './words.ts';

/** A single value that an overlay replaced: where it was, where it is now, and what it is now. */
export interface Override {
  /** A JSON pointer into the merged tree. */
  readonly path: string;
  readonly from: Place;
  readonly to: Place;
  readonly before: Scalar['value'];
  readonly value: Scalar['value'];
}

interface Merging {
  readonly diagnostics: Diagnostic[];
  readonly overrides: Override[];
  readonly overlay: boolean;
}
type Path = readonly string[];

/**
 * One tree out of all files. The order of `documents` means nothing: they are sorted by file. `overlays` come after them in the order
 * given; each may replace single values, which is listed, and add keys.
 */
export function mergeDocuments(
  documents: readonly ConfigDocument[],
  overlays: readonly ConfigDocument[] = [],
): { tree: Mapping; diagnostics: Diagnostic[]; overrides: readonly Override[] } {
  const diagnostics: Diagnostic[] = [];
  const overrides: Override[] = [];
  const sorted = [...documents].sort((a, b) => compare(a.file, b.file));
  let tree: Mapping = { type: 'mapping', entries: new Map(), place: { file: '', line: 1, column: 1 } };
  for (const [index, document] of [...sorted, ...overlays].entries()) {
    const own = withLowerCasePeople(document.tree, diagnostics);
    const into: Merging = { diagnostics, overrides, overlay: index >= sorted.length };
    tree = index === 0 ? own : mergeMappings(tree, own, [], into);
  }
  return { tree, diagnostics: [...diagnostics, ...caseProblems(tree)], overrides };
}

/** A document with people's e-mail addresses in lower case, which is how they are compared. */
function withLowerCasePeople(tree: Mapping, diagnostics: Diagnostic[]): Mapping {
  const members = tree.entries.get('members');
  if (members?.value.type !== 'mapping') return tree;
  const people = new Map<string, Entry>();
  const written = new Map<string, string>();
  for (const [key, entry] of members.value.entries) {
    const email = key.toLowerCase();
    const first = people.get(email);
    if (first) diagnostics.push(sameButCase('e-mail address', written.get(email) ?? email, key, first.keyPlace, entry.keyPlace));
    else people.set(email, entry);
    if (!first) written.set(email, key);
  }
  const entries = new Map(tree.entries);
  entries.set('members', { ...members, value: { ...members.value, entries: people } });
  return { ...tree, entries };
}

function mergeMappings(first: Mapping, second: Mapping, path: Path, into: Merging): Mapping {
  const entries = new Map(first.entries);
  for (const [key, entry] of second.entries) {
    const known = entries.get(key);
    const value = known ? mergeValues(known.value, entry.value, [...path, key], into, entry.keyPlace) : entry.value;
    entries.set(key, known ? { ...known, value } : entry);
  }
  return { ...first, entries };
}

function mergeValues(first: Tree, second: Tree, path: Path, into: Merging, keyPlace: Place): Tree {
  if (first.type === 'mapping' && second.type === 'mapping') return mergeMappings(first, second, path, into);
  if (path.length === 1 && repeatable.has(path[0] ?? '') && first.type === 'scalar' && second.type === 'scalar') {
    if (path[0] === '$schema' || first.value === second.value) return first;
  } else if (path.length === 1 && joined.has(path[0] ?? '') && first.type === 'list' && second.type === 'list')
    return { ...first, items: [...first.items, ...second.items] } satisfies List;
  else if (into.overlay && first.type === 'scalar' && second.type === 'scalar') {
    if (first.value === second.value) return first;
    const pointer = path.map((part) => `/${part.replaceAll('~', '~0').replaceAll('/', '~1')}`).join('');
    into.overrides.push({ path: pointer, from: first.place, to: second.place, before: first.value, value: second.value });
    return second;
  }
  into.diagnostics.push(conflict(first, second, path, into.overlay, keyPlace));
  return first;
}

/** Lists of which every file may have a part. */
const joined = new Set(['accept', 'ignore_drift']);

/** What every file may say about itself. */
const repeatable = new Set(['zenform', '$schema']);

function conflict(first: Tree, second: Tree, path: Path, overlay: boolean, keyPlace: Place): Diagnostic {
  const what = `${show(path.at(-1) ?? '')}${ownerWords(path.slice(0, -1))}`;
  const where = `${first.place.file}:${first.place.line}`;
  const lists = first.type === 'list' && second.type === 'list';
  const [summary, hint] =
    first.type !== second.type
      ? [`${what} is ${words[first.type]} in ${where} and ${words[second.type]} here`, 'keep one of them']
      : overlay && lists
        ? [
            `${what} is a list, and ${where} gives one too`,
            'an overlay replaces single values, not lists; leave the list to one of them',
          ]
        : [`${what} is given twice`, `the first is in ${where}; ${lists ? 'write one list' : 'keep one of them'}`];
  return { code: 'merge-conflict', severity: 'error', summary, hint, place: keyPlace, related: [first.place] };
}

const words: Readonly<Record<Tree['type'], string>> = { scalar: 'a single value', list: 'a list', mapping: 'a mapping' };

function sameButCase(what: string, first: string, second: string, firstPlace: Place, place: Place): Diagnostic {
  return {
    code: 'name-case',
    severity: 'error',
    summary: `the ${what} ${show(second)} differs from ${show(first)} only by case`,
    hint: `the first is in ${firstPlace.file}:${firstPlace.line}; if they are the same, write them the same way`,
    place,
    related: [firstPlace],
  };
}

const namedMaps: Readonly<Record<string, string>> = {
  service_accounts: 'service account name',
  teams: 'team name',
  roles: 'role name',
  workspaces: 'workspace name',
};

function caseProblems(tree: Mapping): Diagnostic[] {
  const workspaces = tree.entries.get('workspaces')?.value;
  const blocks = workspaces?.type === 'mapping' ? [...workspaces.entries.values()] : [];
  return [
    ...Object.entries(namedMaps).flatMap(([section, what]) => caseProblemsIn(tree.entries.get(section)?.value, what)),
    ...blocks.flatMap(({ value }) =>
      value.type === 'mapping' ? caseProblemsIn(value.entries.get('projects')?.value, 'project name') : [],
    ),
  ];
}

function caseProblemsIn(names: Tree | undefined, what: string): Diagnostic[] {
  const seen = new Map<string, readonly [string, Entry]>();
  const found: Diagnostic[] = [];
  for (const [name, entry] of names?.type === 'mapping' ? names.entries : []) {
    const first = seen.get(name.toLowerCase());
    if (first) found.push(sameButCase(what, first[0], name, first[1].keyPlace, entry.keyPlace));
    else seen.set(name.toLowerCase(), [name, entry]);
  }
  return found;
}
