// What the files say and Terraform has no counterpart for: it is said, so that nobody believes it to hold there.
import { at, entriesOf, itemsOf, type Mapping, type Tree } from '../config/tree.ts';
import { type Address, kindOf } from '../core/address.ts';
import type { Desired } from '../core/desired.ts';
import type { Diagnostic, Place } from '../core/diagnostic.ts';
import { sibling } from '../core/rename.ts';
import type { Resource } from '../core/resource.ts';
import { resourceOf } from '../terraform/schema.ts';

/** The warnings about files that become a stack; `selected` tells what goes into it. */
export function cannot(tree: Mapping, desired: Desired, selected: (address: Address) => boolean): Diagnostic[] {
  const resources = [...desired.resources.values()].filter(({ address }) => selected(address));
  return [
    ...lists(desired),
    ...words(tree),
    ...[...desired.gone].flatMap(([address, gone]) =>
      gone.because === 'absent' && selected(address) ? [absent(address, gone.place)] : [],
    ),
    ...expiring(tree),
    ...shielded(resources),
    ...resources.flatMap((resource) => [...unknown(resource), ...secret(resource), ...reused(resource, desired)]),
  ];
}

/** Lists are complete for zenform; of Terraform's, only what it has made itself. */
function lists({ claims }: Desired): Diagnostic[] {
  if (claims.length === 0) return [];
  const count = claims.length === 1 ? '1 list of the files is complete' : `${claims.length} lists of the files are complete`;
  return [
    warning(
      `${count}, and Terraform takes back only what it has given itself: there, each \`access_mode\` is \`add\``,
      '`zenform drift` on the same files finds what else is live; what the state of Terraform has and the files no longer do is destroyed, as with `--base`',
    ),
  ];
}

/** Keys of the files that do nothing in Terraform, wherever they stand. */
function words(tree: Mapping): Diagnostic[] {
  const organization = at(tree, 'organization');
  const told = [
    [
      at(organization, 'prune'),
      '`prune` does nothing in Terraform, which destroys only what it has made itself',
      'remove what is unmanaged with `zenform apply`',
    ],
    [
      at(organization, 'allowed_domains'),
      '`allowed_domains` does nothing in Terraform',
      'run `zenform plan` on the same files before it',
    ],
    [
      at(tree, 'accept'),
      '`accept` does nothing in Terraform, which has no guards',
      'run `zenform plan` on the same files before it',
    ],
    [
      truth(at(organization, 'create')),
      'Terraform adopts the organization and never creates it',
      'create it with `zenform apply`',
    ],
  ] as const;
  return told.flatMap(([found, summary, hint]) => (found ? [warning(summary, hint, found.place)] : []));
}

const truth = (tree: Tree | undefined) => (tree?.type === 'scalar' && tree.value === true ? tree : undefined);

function absent(address: Address, place: Place | undefined): Diagnostic {
  const summary = `${address} is to be absent, and Terraform destroys only what it has made itself`;
  return warning(summary, 'use `zenform apply`, or take the block out where Terraform has made it', place, address);
}

/** Entries that end: Terraform sees what counts on the day of the synthesis. */
function expiring(tree: Mapping): Diagnostic[] {
  const ends = placesOf(tree, 'expires');
  const count = ends.length === 1 ? '1 entry ends' : `${ends.length} entries end`;
  return ends
    .slice(0, 1)
    .map((place) =>
      warning(`${count} on a day that is looked at here, and not by Terraform`, 'synthesize and apply every day', place),
    );
}

/** The places of all entries of lists that have such a key. */
function placesOf(tree: Tree, key: string): Place[] {
  if (tree.type === 'mapping') return entriesOf(tree).flatMap(([, { value }]) => placesOf(value, key));
  return itemsOf(tree).flatMap((item) => {
    const found = at(item, key);
    return found ? [found.place] : [];
  });
}

function shielded(resources: readonly Resource[]): Diagnostic[] {
  const all = resources.filter((one) => one.protected);
  return all
    .slice(0, 1)
    .map(({ address, place }) =>
      warning(
        `${address}${all.length > 1 ? ` and ${all.length - 1} more are` : ' is'} protected in Terraform as long as the block is there, and not against taking it out`,
        'look in every plan for what it destroys',
        place,
        address,
      ),
    );
}

/** The definition of a custom role. */
function unknown({ address, place }: Resource): Diagnostic[] {
  if (resourceOf(kindOf(address))) return [];
  return [
    warning(
      `${address} has no resource in Terraform`,
      'grants refer to it by name; keep it with `zenform apply`',
      place,
      address,
    ),
  ];
}

function secret({ address, sink, place }: Resource): Diagnostic[] {
  if (!sink) return [];
  const hint = 'keep the state where secrets may be, or keep the key with `zenform apply`';
  return [warning(`the value of ${address} goes into the state of Terraform, and not where the files say`, hint, place, address)];
}

/** An earlier name that something else has now: nothing can be moved away from what is declared. */
function reused({ address, previously = [], place }: Resource, desired: Desired): Diagnostic[] {
  return previously
    .filter((name) => desired.resources.has(sibling(address, name)))
    .map((name) =>
      warning(
        `the earlier name \`${name}\` of ${address} is that of something else now, and Terraform moves nothing away from there`,
        'use `terraform state mv`, or rename in two steps with an apply between them',
        place,
        address,
      ),
    );
}

function warning(summary: string, hint: string, place?: Place, address?: Address): Diagnostic {
  return {
    code: 'terraform-cannot',
    severity: 'warning',
    summary,
    hint,
    ...(address ? { address } : {}),
    ...(place ? { place } : {}),
  };
}
