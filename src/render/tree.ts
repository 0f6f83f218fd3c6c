import { type Address, nameOf, organization, parse } from '../core/address.ts';
import type { Change } from '../core/plan.ts';
import { byAddress } from './plan.ts';

/** A place in the hierarchy: a thing, or a heading that has things below it. */
export interface Node {
  /** What it is called below its parent. */
  readonly label: string;
  readonly address: Address | undefined;
  readonly change: Change | undefined;
  readonly children: readonly Node[];
}

const headings = {
  grant: 'Access',
  member: 'Members',
  service_account: 'Service accounts',
  role: 'Roles',
  team: 'Teams',
  workspace: 'Workspaces',
} as const;
const order = Object.keys(headings);

/** The hierarchy of an organization, as far as it changes, and as far as it is known to stay as it is. */
export function treeOf(name: string, changes: readonly Change[], unchanged: readonly Address[]): Node {
  const changed = new Map(changes.map((change) => [change.address, change]));
  const below = new Map<Address, Set<Address>>();
  const seen = new Set<Address>([organization]);
  const add = (address: Address) => {
    if (seen.has(address)) return;
    seen.add(address);
    const parent = parentOf(address);
    below.set(parent, (below.get(parent) ?? new Set()).add(address));
    add(parent);
  };
  for (const address of [...changed.keys(), ...unchanged]) add(address);
  const node = (address: Address): Node => {
    const children = [...(below.get(address) ?? [])].map((one) => ({ address: one })).sort(byAddress);
    return {
      label: address === organization ? name : labelOf(address),
      address,
      change: changed.get(address),
      children: grouped(children.map((one) => one.address))
        .map(({ heading, addresses }) => ({
          label: heading,
          address: undefined,
          change: undefined,
          children: addresses.map(node),
        }))
        .flatMap((group) => (group.label === '' ? group.children : [group])),
    };
  };
  return node(organization);
}

/** Things of one kind, below a heading where their kind is not plain. */
function grouped(addresses: readonly Address[]): { heading: string; addresses: Address[] }[] {
  const groups = new Map<string, Address[]>();
  for (const address of addresses) {
    const { kind } = parse(address);
    const known = groups.get(kind);
    if (known) known.push(address);
    else groups.set(kind, [address]);
  }
  const rank = (kind: string) => (order.indexOf(kind) + order.length) % order.length;
  return [...groups]
    .sort(([a], [b]) => rank(a) - rank(b))
    .map(([kind, found]) => ({ heading: kind in headings ? headings[kind as keyof typeof headings] : '', addresses: found }));
}

function parentOf(address: Address): Address {
  const parsed = parse(address);
  switch (parsed.kind) {
    case 'project':
      return parsed.workspace;
    case 'service_account_key':
      return parsed.account;
    case 'team_member':
      return parsed.team;
    case 'grant':
      return parsed.scope;
    default:
      return organization;
  }
}

function labelOf(address: Address): string {
  const parsed = parse(address);
  if (parsed.kind === 'grant') return `${parsed.role}: ${parsed.principal}`;
  if (parsed.kind === 'team_member') return parsed.principal;
  if (parsed.kind === 'service_account_key') return `key/${nameOf(address)}`;
  if (parsed.kind === 'project') return `project/${nameOf(address)}`;
  return nameOf(address);
}
