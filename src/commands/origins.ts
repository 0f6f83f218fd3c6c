import type { LoadedConfig } from '../config/load.ts';
import { entriesOf, type Tree } from '../config/tree.ts';
import type { Place } from '../core/diagnostic.ts';

/** Where a value comes from, and what it replaced when an overlay did. */
export interface Origin {
  readonly path: string;
  readonly place: Place;
  readonly overrides?: Place;
}

/** The origin of every value of a merged configuration, in the order of the files. */
export function originsOf(loaded: LoadedConfig): Origin[] {
  const replaced = new Map(loaded.overrides.map(({ path, from }) => [path, from]));
  const origins: Origin[] = [];
  const walk = (tree: Tree, path: string) => {
    const entries = entriesOf(tree);
    if (tree.type === 'mapping' && entries.length > 0)
      for (const [key, { value }] of entries) walk(value, `${path}/${key.replaceAll('~', '~0').replaceAll('/', '~1')}`);
    else {
      const overrides = replaced.get(path);
      origins.push({ path, place: tree.place, ...(overrides ? { overrides } : {}) });
    }
  };
  walk(loaded.tree, '');
  return origins;
}
