import { isAlias, isMap, isSeq } from 'yaml';
import { at, itemsOf, type Tree } from '../tree.ts';
import type { Pairing } from './align.ts';
import { type Node, partsOf, type Source } from './source.ts';
import { same, scalar } from './tree.ts';

/** What becomes of aliases whose anchor no longer says what they have to say. */
export interface Aliases {
  /** Aliases that are written out; with a name they take the anchor over. */
  readonly written: ReadonlyMap<unknown, { readonly anchor: string | undefined }>;
  /** Nodes that lose their anchor to an alias. */
  readonly stripped: ReadonlySet<unknown>;
}

interface Anchor {
  readonly node: unknown;
  readonly name: string;
  readonly value: Tree | undefined;
  readonly users: { readonly node: unknown; readonly wanted: Tree | undefined }[];
}

/**
 * Looks at every anchor with the aliases that follow it. One that still says what some alias needs stays; otherwise the first alias
 * that stays takes the name over with its value, so that those behind it need not change.
 */
export function aliasesOf(source: Source, target: Tree, pairings: (node: Node, target: Tree) => readonly Pairing[]): Aliases {
  const written = new Map<unknown, { anchor: string | undefined }>();
  const stripped = new Set<unknown>();
  if (!/\*[^\s]/.test(source.text)) return { written, stripped };
  const anchors: Anchor[] = [];
  const open = new Map<string, Anchor>();
  const note = (node: unknown, name: string | undefined, value: Tree | undefined) => {
    if (name === undefined) return;
    const anchor = { node, name, value, users: [] };
    anchors.push(anchor);
    open.set(name, anchor);
  };
  const walk = (node: Node | null, wanted: Tree | undefined): void => {
    if (isAlias(node)) {
      open.get(node.source)?.users.push({ node, wanted });
      return;
    }
    if (!node) return;
    if (node.items) {
      const parts = partsOf(node, source.text);
      const before = isSeq(node) && wanted?.type === 'list' ? pairings(node, wanted) : [];
      const to = new Map(before.flatMap((pair) => (pair.from === undefined ? [] : [[pair.from, pair.to] as const])));
      for (const [index, part] of parts.entries()) {
        const keeps = wanted?.type === (isMap(node) ? 'mapping' : 'list') ? wanted : undefined;
        const inner = part.key === undefined ? itemsOf(keeps)[to.get(index) ?? -1] : at(keeps, part.key);
        note(part, part.keyAnchor, inner && part.key !== undefined ? scalar(part.key) : undefined);
        walk(part.value, inner);
      }
    }
    note(node, node.anchor, wanted);
  };
  walk(source.root, target);
  for (const anchor of anchors) settle(anchor, written, stripped);
  return { written, stripped };
}

function settle(
  { node, name, value, users }: Anchor,
  written: Map<unknown, { anchor: string | undefined }>,
  stripped: Set<unknown>,
): void {
  const left = users.filter(({ wanted }) => wanted !== undefined);
  const odd = left.filter(({ wanted }) => !same(wanted, value));
  if (odd.length === 0) return;
  const [first] = odd;
  const followers = odd.filter(({ wanted }) => same(wanted, first?.wanted));
  const handsOver = odd.length === left.length && followers.length > 1;
  for (const user of odd) {
    if (handsOver && user === first) written.set(user.node, { anchor: name });
    else if (!handsOver || !followers.includes(user)) written.set(user.node, { anchor: undefined });
  }
  if (handsOver && value !== undefined) stripped.add(node);
}
