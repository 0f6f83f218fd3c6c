import type { Address } from '../../core/address.ts';
import type { ReadContext, Reading, ServerName } from '../../core/kind.ts';
import type { Live } from '../../core/resource.ts';

/**
 * Looks by name for what the files declare and a list does not show: lists leave out silently what the caller may not read. "Not
 * found" is absent; any other refusal means that something is there, about which nothing is known.
 */
export async function probe(
  read: ReadContext,
  missing: readonly { readonly address: Address; readonly server: ServerName; readonly path: string }[],
  decode: (item: unknown) => Live | undefined,
): Promise<Reading> {
  const found = await Promise.all(
    missing.map(async ({ address, server, path }): Promise<Reading> => {
      try {
        const live = decode(await read.get(server, path));
        return { live: live?.address === address ? [live] : [], unread: [] };
      } catch (error) {
        if (read.absent(error)) return { live: [], unread: [] };
        return {
          live: [],
          unread: [
            {
              prefix: address,
              reason: `the name is taken, and the caller may not read what has it: ${read.unreadable(error)}`,
              hint: 'run as an Organization Admin, who sees everything',
            },
          ],
        };
      }
    }),
  );
  return { live: found.flatMap(({ live }) => live), unread: found.flatMap(({ unread }) => unread) };
}
