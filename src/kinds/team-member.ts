import { Type } from 'typebox';
import { teamMember as address, parse } from '../core/address.ts';
import type { Kind, Reading } from '../core/kind.ts';
import type { Live } from '../core/resource.ts';
import { principalOf } from './parts/decode.ts';
import { path as pathOf } from './parts/path.ts';

const spec = Type.Object({});

/** The membership of a person, an invited person or a service account in a team. */
export const teamMember: Kind<typeof spec> = {
  name: 'team_member',
  summary: 'The membership of a person or a service account in a team.',
  plural: 'team memberships',
  spec,
  examples: [{}],
  reads: ['team'],

  async list(read) {
    const teams = await read.of('team');
    const readings = await Promise.all(
      teams.live.map(async (team): Promise<Reading> => {
        try {
          const items = await read.list(
            'control-plane',
            pathOf('/teams/{team_id}/members', team.ids.id ?? ''),
            {},
            { paged: false },
          );
          const principals = items.flatMap((item) => principalOf(item) ?? []);
          return {
            live: principals.map((principal) => ({
              address: address(team.address, principal.address),
              spec: {},
              ids: principal.ids,
            })),
            unread: [],
            principals: new Map(principals.map((principal) => [principal.address, principal.ids])),
          };
        } catch (error) {
          return {
            live: [],
            unread: [{ prefix: `${team.address}/`, reason: `the members cannot be read: ${read.unreadable(error)}` }],
          };
        }
      }),
    );
    return {
      live: joined(readings.flatMap((reading) => reading.live)),
      unread: readings.flatMap((reading) => reading.unread),
      principals: new Map(readings.flatMap((reading) => [...(reading.principals ?? [])])),
    };
  },

  create(resource, plan) {
    const { team, principal } = parsed(resource);
    const { query, alternatives } = plan.principal(principal);
    return [
      {
        server: 'control-plane',
        method: 'POST',
        path: pathOf('/teams/{team_id}/members', plan.ref(team)),
        query,
        ...(alternatives.length > 0 ? { alternatives: alternatives.map((other) => ({ query: other })) } : {}),
      },
    ];
  },

  delete(live, plan, deleted) {
    const { team } = parsed(live);
    if (deleted(team)) return [];
    return holders(live).map((query) => ({
      server: 'control-plane',
      method: 'DELETE',
      path: pathOf('/teams/{team_id}/members', plan.ref(team)),
      query,
    }));
  },
};

/** One entry per address: a person may be in a list twice, as an account and as an invitation. */
export function joined(live: readonly Live[]): Live[] {
  const byAddress = new Map<string, Live>();
  for (const one of live) {
    const known = byAddress.get(one.address);
    byAddress.set(one.address, known ? { ...known, ids: { ...known.ids, ...one.ids } } : one);
  }
  return [...byAddress.values()];
}

/** The query that names each phase in which a principal holds something. */
export function holders(live: Live): Record<string, string>[] {
  return ['user_id', 'team_id', 'invitation_id'].flatMap((name) => {
    const id = live.ids[name];
    return id ? [{ [name]: id }] : [];
  });
}

function parsed(one: { address: Live['address'] }) {
  const result = parse(one.address);
  if (result.kind !== 'team_member') throw new Error(`not a team membership: ${one.address}`);
  return result;
}
