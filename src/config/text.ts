import type { Diagnostic, Place } from '../core/diagnostic.ts';
import { codePoint } from './characters.ts';
import type { ConfigDocument, Tree } from './tree.ts';
import { textOf } from './tree.ts';
import { show } from './words.ts';

/** Parts of the tree that hold anybody's data, not names. */
const free = new Set(['project_metadata', 'permissions']);
const nameLists = new Set(['members', 'teams', 'service_accounts', 'roles', 'previously']);

interface Name {
  readonly text: string;
  readonly place: Place;
  readonly email: boolean;
}

/**
 * Names that do not read as what they are: e-mail addresses with letters that only look like Latin ones, invisible characters and
 * spaces at the ends of any name.
 */
export function checkText(document: ConfigDocument): Diagnostic[] {
  const found: Diagnostic[] = [];
  for (const name of namesIn(document.tree, [])) {
    const problem = checkName(name);
    if (problem) found.push(problem);
  }
  return found;
}

function* namesIn(tree: Tree, path: readonly string[]): Generator<Name> {
  const owner = path.at(-1) ?? '';
  if (free.has(owner)) return;
  if (tree.type === 'mapping')
    for (const [key, { keyPlace, value }] of tree.entries) {
      const people = path.length === 1 && owner === 'members';
      yield { text: key, place: keyPlace, email: people };
      const text = textOf(value);
      // A service account is named by its key; its `name` is only shown.
      const isName = key === 'email' || (key === 'name' && path[0] !== 'service_accounts');
      if (text !== undefined && isName && path.length > 0) yield { text, place: value.place, email: key === 'email' };
      yield* namesIn(value, [...path, key]);
    }
  if (tree.type === 'list')
    for (const item of tree.items) {
      const text = textOf(item);
      if (text !== undefined && nameLists.has(owner)) yield { text, place: item.place, email: owner === 'members' };
      yield* namesIn(item, path);
    }
}

function checkName({ text, place, email }: Name): Diagnostic | undefined {
  const wrong = (code: Diagnostic['code'], summary: string, hint: string): Diagnostic => ({
    code,
    severity: 'error',
    summary,
    hint,
    place,
  });
  if (text !== text.trim() && text.trim() !== '')
    return wrong('schema-value', `${show(text)} starts or ends with a space`, `write ${show(text.trim())}`);
  const offset = oddOffset(text, email);
  if (offset < 0) return undefined;
  const point = codePoint(text, offset);
  const nth = [...text.slice(0, offset)].length + 1;
  const character = String.fromCodePoint(text.codePointAt(offset) ?? 0);
  if (!email)
    return wrong('name-lookalike', `${show(text)} holds the invisible character ${point} at position ${nth}`, 'remove it');
  const latin = lookalikes[character.toLowerCase()];
  const looks = latin ? `, which looks like \`${latin}\`` : invisible.test(character) ? ', which is invisible' : '';
  return wrong(
    'name-lookalike',
    `the e-mail address ${show(text)} holds ${point} at position ${nth}${looks}`,
    'type it again with ASCII letters; write an international domain as xn--…',
  );
}

const invisible = /\p{Cf}|\p{Zl}|\p{Zp}|\p{Default_Ignorable_Code_Point}|(?! )\p{Zs}/u;
const ofEmoji = /[\u200d\ufe0f]/gu;

function oddOffset(text: string, email: boolean): number {
  if (email) return text.search(/[^\x20-\x7e]/u);
  // Emoji are joined by invisible characters, and everybody sees them.
  const rest = /\p{Extended_Pictographic}/u.test(text) ? text.replace(ofEmoji, 'x') : text;
  return rest.search(invisible);
}

/** Letters that a reader takes for Latin ones: Cyrillic, Greek, Armenian, full width and dotless ones. */
const lookalikes: Readonly<Record<string, string>> = Object.fromEntries(
  [
    ['аɑα', 'a'],
    ['сϲ', 'c'],
    ['ԁ', 'd'],
    ['еҽε', 'e'],
    ['ɡց', 'g'],
    ['һհ', 'h'],
    ['іıι', 'i'],
    ['јϳ', 'j'],
    ['кκ', 'k'],
    ['ӏⅼ', 'l'],
    ['мⅿ', 'm'],
    ['ոпη', 'n'],
    ['оοσօ', 'o'],
    ['рρ', 'p'],
    ['ԛ', 'q'],
    ['ѕ', 's'],
    ['тτ', 't'],
    ['υս', 'u'],
    ['ѵν', 'v'],
    ['ԝѡ', 'w'],
    ['хχ', 'x'],
    ['уγ', 'y'],
    ['＠', '@'],
    ['．。', '.'],
    ['‐‑‒–', '-'],
  ].flatMap(([letters = '', latin = '']) => [...letters].map((letter) => [letter, latin])),
);
