import { Ajv2020, type ErrorObject } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import type { Diagnostic } from '../core/diagnostic.ts';
import type { Json } from '../core/resource.ts';
import { badCharacter } from './characters.ts';
import { language } from './language.ts';

type Node = { [key: string]: Json } | Json[];

/**
 * Takes out of a tree what the language cannot say, such as a name with characters that no file may hold. A list that loses an entry
 * would no longer be complete, so it goes as a whole, and `access` becomes additive.
 */
export function prune(tree: { [key: string]: Json }): { tree: { [key: string]: Json }; diagnostics: Diagnostic[] } {
  const ajv = new Ajv2020({ allErrors: true, strict: false });
  addFormats.default(ajv);
  const valid = ajv.compile(language);
  const diagnostics: Diagnostic[] = [];
  // Every round removes at least one thing, so the number of things bounds the rounds.
  while (!valid(tree)) {
    const removed = (valid.errors ?? []).map((error) => remove(tree, pathOf(error))).filter((path) => path !== undefined);
    if (removed.length === 0) throw new Error(`an export that the language cannot say: ${ajv.errorsText(valid.errors)}`);
    for (const path of new Set(removed)) diagnostics.push(leftOut(path, 'its name or value is not allowed'));
  }
  for (const path of unreadable(tree)) {
    const removed = remove(tree, path);
    if (removed !== undefined) diagnostics.push(leftOut(removed, 'it holds what a file may not hold there'));
  }
  return { tree, diagnostics };
}

/** The paths of texts, and of keys, with characters that reading would refuse. */
function unreadable(node: Json, path: readonly string[] = []): string[][] {
  if (typeof node === 'string') return odd(node) ? [[...path]] : [];
  if (typeof node !== 'object' || node === null) return [];
  // Backwards, so that a path stays right while what comes after it in a list goes.
  return Object.entries(node)
    .reverse()
    .flatMap(([key, value]) => (odd(key) || key.includes('${var:') ? [[...path, key]] : unreadable(value, [...path, key])));
}

const odd = (text: string) => badCharacter(text) !== undefined || /\p{Surrogate}/u.test(text);

const leftOut = (path: string, why: string): Diagnostic => ({
  code: 'schema-value',
  severity: 'warning',
  summary: `${path} cannot be said in the language and is left out of the export: ${why}`,
  hint: 'it stays as it is on the server',
});

function pathOf(error: ErrorObject): string[] {
  const path = error.instancePath
    .split('/')
    .slice(1)
    .map((part) => part.replaceAll('~1', '/').replaceAll('~0', '~'));
  const name =
    (error.params as { propertyName?: string; additionalProperty?: string }).propertyName ??
    (error.params as { additionalProperty?: string }).additionalProperty;
  return name === undefined ? path : [...path, name];
}

/** Removes what a path names, and answers the path of what went; undefined when it is gone already. */
function remove(tree: Node, path: readonly string[]): string | undefined {
  const index = path.findIndex((part) => /^\d+$/.test(part) && Array.isArray(at(tree, path.slice(0, path.indexOf(part)))));
  const access = path.lastIndexOf('access');
  const isHolder = access >= 0 && path.length > access + 1;
  if (isHolder) {
    const owner = at(tree, path.slice(0, access));
    if (owner && !Array.isArray(owner)) owner.access_mode = 'add';
  }
  const list = index >= 0 && !isHolder ? path.slice(0, index) : path;
  const parent = at(tree, list.slice(0, -1));
  const last = list.at(-1);
  if (parent === undefined || last === undefined) return undefined;
  if (Array.isArray(parent)) {
    if (Number(last) >= parent.length) return undefined;
    parent.splice(Number(last), 1);
  } else {
    if (!(last in parent)) return undefined;
    delete parent[last];
  }
  return list.join('/');
}

function at(tree: Node, path: readonly string[]): Node | undefined {
  let node: Json | Node | undefined = tree;
  for (const part of path) node = typeof node === 'object' && node !== null ? (node as { [key: string]: Json })[part] : undefined;
  return typeof node === 'object' && node !== null ? (node as Node) : undefined;
}
