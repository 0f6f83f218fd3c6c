import type { Address } from '../core/address.ts';
import { compare } from '../core/diagnostic.ts';
import type { Json, Live } from '../core/resource.ts';
import { type Block, blocksOf } from './blocks.ts';
import { importText, resourceText } from './hcl.ts';

/** The blocks of what is live: every import has an id that the provider finds, and says nothing that the server does not have. */
export function liveBlocks(live: Iterable<Live>, organizationName: string, wanted: (address: Address) => boolean): Block[] {
  const sources = [...live]
    .sort((a, b) => compare(a.address, b.address))
    .map(({ address, spec }) => ({ address, spec: Object.fromEntries(Object.entries(spec).filter(([, value]) => says(value))) }));
  // What a person is, is told by all of their roles, also those that are left out.
  return blocksOf(sources, { organizationName, wanted });
}

/** Nothing, an empty text, list or object: Terraform keeps what the server has there. */
function says(value: Json): boolean {
  if (value === null || value === '') return false;
  return typeof value !== 'object' || Object.keys(value).length > 0;
}

/** Import blocks as text, with the resources themselves where they are asked for. */
export function importBlocksText(blocks: readonly Block[], withResources: boolean): string {
  const byAddress = new Map<string, Block>(blocks.map((block) => [block.address, block]));
  const texts = blocks.flatMap((block) => [
    importText(block),
    ...(withResources ? [resourceText(block, (address) => byAddress.get(address))] : []),
  ]);
  return texts.join('\n');
}
