// `previously` as `moved`: what was renamed, and whatever has that name in its own, moves to where it is now.
//
// Nobody remembers which of several renames a state has seen already, and Terraform takes only one move to each place. But it follows
// moves one after the other, and a thing has only one name in a state: so all the names that it may have there, in every combination of
// earlier and present ones, become one chain that ends at the name of today.
import { type Address, renamed } from '../core/address.ts';
import { sibling } from '../core/rename.ts';
import type { Resource } from '../core/resource.ts';
import type { Block } from '../terraform/blocks.ts';
import { blockNames } from '../terraform/names.ts';

/** A resource that had another name, such as `zenmlpro_team.ds`. */
export interface Move {
  readonly from: string;
  readonly to: string;
}

/** The moves that renames make necessary among some blocks. */
export function movesOf(blocks: readonly Block[], resources: ReadonlyMap<Address, Resource>): Move[] {
  const renames = [...resources.values()].filter(({ previously = [] }) => previously.length > 0);
  const chains = blocks.flatMap(({ address, schema, name }) => {
    const earlier = addressesOf(address, renames).map((one) => `${schema.type}.${blockNames([one]).get(one)}`);
    const names = [...earlier.slice(0, -1), `${schema.type}.${name}`];
    return names.slice(1).map((to, index): Move => ({ from: names[index] ?? to, to }));
  });
  return possible(chains, new Set(blocks.map(({ schema, name }) => `${schema.type}.${name}`)));
}

/** All addresses that something may have had, the present one last. */
function addressesOf(address: Address, renames: readonly Resource[]): Address[] {
  return renames.reduce<Address[]>(
    (known, { address: now, previously = [] }) => {
      const ever = [...previously.map((name) => sibling(now, name)), now];
      return [...new Set(known.flatMap((one) => ever.map((before) => renamed(one, now, before))))];
    },
    [address],
  );
}

/** What Terraform takes: nothing moves away from where something is declared, and no two from or to one place. */
function possible(moves: readonly Move[], declared: ReadonlySet<string>): Move[] {
  const [left, reached] = [new Set(declared), new Set<string>()];
  return moves.filter(({ from, to }) => {
    if (left.has(from) || reached.has(to)) return false;
    left.add(from);
    reached.add(to);
    return true;
  });
}
