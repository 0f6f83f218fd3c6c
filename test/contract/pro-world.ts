import type { Emulator, World, WorldGrant } from '../../src/emulator/index.ts';
import { type Replay, type Row, translate } from './replay.ts';

/** Ids that a server of ZenML Pro is told before it starts. */
export const proIds = {
  organization: 'aaaaaaaa-0000-4000-8000-000000000000',
  workspace: 'aaaaaaaa-0000-4000-8000-000000000001',
};

/** The control plane of the recorded rows of mode `pro`: one workspace, its server here or elsewhere, and people who hold little. */
export function proWorld(elsewhere?: { readonly serverUrl: string; readonly enrollmentKey: string }): World {
  const people = ['lead', 'developer', 'viewer', 'owner', 'nobody'];
  return {
    accounts: people.map((name) => ({ email: `${name}@acme.io`, name, keys: [{ name: 'pat', value: `ZENPROKEY_${name}` }] })),
    organizations: [
      {
        name: 'acme',
        id: proIds.organization,
        service_accounts: [{ name: 'admin', keys: [{ name: 'main', value: 'ZENPROKEY_admin' }] }],
        workspaces: [
          {
            name: 'peer',
            id: proIds.workspace,
            managed: false,
            ...(elsewhere
              ? { status: 'pending', server_url: elsewhere.serverUrl, enrollment_key: elsewhere.enrollmentKey }
              : { status: 'available' }),
          },
        ],
        grants: [
          { role: 'Organization Admin', service_account: 'admin' },
          { role: 'Workspace Admin', account: 'lead@acme.io', workspace: 'peer' },
          { role: 'Workspace Developer', account: 'developer@acme.io', workspace: 'peer' },
          ...people.map((name) => ({ role: 'Organization Member', account: `${name}@acme.io` })),
        ],
      },
    ],
  };
}

/** Makes the control plane what a row wants it to be: its faults are those of the row only, its switches stay, its grants are more. */
export function prepare(emulator: Emulator, replay: Replay, { control_plane: wanted }: Row): void {
  emulator.clearFaults();
  for (const fault of wanted?.faults ?? []) emulator.addFault(fault);
  if (wanted?.switches) emulator.setSwitches(wanted.switches);
  if (!wanted?.grants) return;
  const more = JSON.parse(translate(replay, JSON.stringify(wanted.grants))) as readonly WorldGrant[];
  const world = emulator.world();
  const organizations = (world.organizations ?? []).map((one) => ({ ...one, grants: [...(one.grants ?? []), ...more] }));
  emulator.load({ ...world, organizations });
}
