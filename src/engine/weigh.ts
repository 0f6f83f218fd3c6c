import { ApiError, type Client } from '../client/index.ts';
import type { Address, KindName } from '../core/address.ts';
import type { Kind } from '../core/kind.ts';
import type { Change } from '../core/plan.ts';
import type { Live } from '../core/resource.ts';

/** What deletions would destroy, in words, as far as the servers say: looked up before anybody is asked. GET only. */
export async function weigh(
  changes: readonly Change[],
  live: ReadonlyMap<Address, Live>,
  client: Client,
  kindNamed: (name: KindName) => Kind,
): Promise<ReadonlyMap<Address, string>> {
  const losses = await Promise.all(
    changes.map(async ({ action, kind, address }): Promise<[Address, string][]> => {
      const question = kindNamed(kind).holds;
      const thing = live.get(address);
      if (action !== 'delete' || !question || !thing) return [];
      const { server, path, words } = question(thing);
      const url = server === 'control-plane' ? undefined : live.get(server)?.facts?.server_url;
      if (server !== 'control-plane' && typeof url !== 'string') return [];
      const session = typeof url === 'string' ? client.workspace(url) : client.controlPlane;
      try {
        const said = words(await session.get(path));
        return said === undefined ? [] : [[address, said]];
      } catch (error) {
        if (!(error instanceof ApiError)) throw error;
        return [[address, `what is in it could not be counted (${error.message})`]];
      }
    }),
  );
  return new Map(losses.flat());
}
