// Gates between levels: resources that do nothing, and that others wait for. What they are made of is the user's choice; what they stand
// between is not.
//
// `workspaces_ready` waits for all workspaces, and all projects wait for it.
//
// `access_granted` waits for all role assignments and memberships, and is made anew, before the old one goes, whenever there are others.
// The old one depends on what it was made of, so that Terraform destroys it before it takes any of that away: everything is granted
// before anything is revoked. Nothing refers to it.
import { type KindName, kindOf } from '../core/address.ts';
import type { Block } from '../terraform/blocks.ts';
import type { Gates } from './gate-kinds.ts';
import type { StackResource } from './stack.ts';
import { escaped, referenceTo } from './text.ts';

const access: ReadonlySet<KindName> = new Set(['grant', 'team_member']);

/** The gates of some blocks, and what has to wait for the first of them. */
export function gatesOf(blocks: readonly Block[], kind: Gates) {
  const of = (wanted: (kind: KindName) => boolean) => blocks.filter(({ address }) => wanted(kindOf(address)));
  const [workspaces, projects, held] = [
    of((one) => one === 'workspace'),
    of((one) => one === 'project'),
    of((one) => access.has(one)),
  ];
  if (kind === 'none') return { gates: [], waiting: new Map<Block, string>() };
  const ready = workspaces.length > 0 && projects.length > 0 ? [gate(kind, 'workspaces_ready', workspaces)] : [];
  const granted = held.length > 0 ? [gate(kind, 'access_granted', held)] : [];
  return {
    gates: [...ready, ...granted.map((one) => ({ ...one, lifecycle: { create_before_destroy: true as const } }))],
    waiting: new Map(ready.flatMap(({ type, name }) => projects.map((project) => [project, `${type}.${name}`] as const))),
  };
}

function gate(type: Exclude<Gates, 'none'>, name: string, after: readonly Block[]): StackResource {
  const triggers = Object.fromEntries(after.map((block) => [escaped(block.address), referenceTo(block, waitedFor(block))]));
  return { type, name, values: { [type === 'null_resource' ? 'triggers' : 'triggers_replace']: triggers } };
}

/** The attribute that a gate refers to. Whatever has an address for an id gets another one when something is renamed, and is the same. */
function waitedFor({ address, schema }: Block): string {
  const required = schema.attributes.find(({ mode }) => mode === 'required');
  return access.has(kindOf(address)) && required ? required.name : 'id';
}
