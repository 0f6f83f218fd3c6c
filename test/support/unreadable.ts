import { expect } from 'vitest';
import type { Address } from '../../src/core/address.ts';
import * as address from '../../src/core/address.ts';
import type { World } from '../../src/emulator/index.ts';
import { pick } from './names.ts';
import { stage } from './run.ts';
import { type Scenario, unfold } from './scenario.ts';
import { mentionedBy } from './state.ts';
import { restrictedKey } from './world.ts';

interface Blindness {
  readonly path: string;
  /** The workspace in which it lies. */
  readonly within?: string;
  /** Whether an address is something that this list would have shown, or speaks of it. */
  readonly hides: (one: Address) => boolean;
}

/** A list that cannot be read removes its subtree from the comparison: nothing is created or deleted there, and the plan says so. */
export async function isNotEmpty(scenario: Scenario, which: number, status: 403 | 404 | 500): Promise<void> {
  const { world, draft, files, more } = unfold(scenario);
  const seeing = await stage(world, scenario.switches).plan(files, more);
  const on = stage(world, scenario.switches);
  const blindness = pick(blindnesses(on.emulator.world()), which);
  if (!blindness) throw new Error('there are always lists');
  on.emulator.addFault({
    match: { method: 'GET', path: blindness.path },
    do: { status, body: { detail: ['IllegalOperationError', 'no'] } },
  });
  const blind = await on.plan(files, more);
  expect(on.writes()).toEqual([]);
  if (blind.verdict === 'error' && !blind.plan) return;
  // Projects of a workspace that no file speaks of are nobody's business.
  const block = blindness.within === undefined ? {} : draft.workspaces[blindness.within];
  const declared = block !== undefined && !block.absent;
  if (declared) expect(blind.plan?.notChecked.length).toBeGreaterThan(0);
  // A role that is new cannot have holders that nobody sees.
  const changes = blind.plan?.changes ?? [];
  const fresh = new Set(
    changes.filter(({ action, kind }) => action === 'create' && kind === 'role').map((change) => change.address),
  );
  const known = changes.filter((change) => !address.referencesOf(change.address).some((one) => fresh.has(one)));
  const touched = known.filter((change) => mentionedBy(change.address).some(blindness.hides)).map(label);
  expect(touched).toEqual([]);
  const seen = new Set((seeing.plan?.changes ?? []).map(label));
  expect(changes.map(label).filter((change) => !seen.has(change))).toEqual([]);
}

/** Who does not see everything removes nothing, but below a scope of which they are admin. */
export async function removesNothing(scenario: Scenario, role: number, place: number): Promise<void> {
  const { world, files, more } = unfold(scenario);
  const [own, ...others] = world.organizations ?? [];
  if (!own) throw new Error('a world has an organization');
  const workspace = pick(own.workspaces ?? [], place)?.name;
  const lower =
    role % 2 === 1 && workspace !== undefined ? [{ role: 'Workspace Admin', service_account: 'restricted', workspace }] : [];
  const held = pick(['Organization Member', 'Organization Viewer', 'Organization Manager', 'Billing Admin'], role) ?? '';
  const restricted: World = {
    ...world,
    organizations: [
      {
        ...own,
        service_accounts: [
          ...(own.service_accounts ?? []),
          { name: 'restricted', keys: [{ name: 'main', value: restrictedKey }] },
        ],
        grants: [...(own.grants ?? []), { role: held, service_account: 'restricted' }, ...lower],
      },
      ...others,
    ],
  };
  const on = stage(restricted, { ...scenario.switches, 'team-name-unique': 'off' }, { key: restrictedKey });
  const scope = lower.length > 0 && workspace !== undefined ? `${address.workspace(workspace)}/` : undefined;
  const planned = await on.plan(files, more);
  const removed = (planned.plan?.changes ?? []).filter(
    ({ action, address: one }) => action === 'delete' && !(scope && one.startsWith(scope)),
  );
  expect(removed.map(label)).toEqual([]);
  expect(on.writes()).toEqual([]);
  const exported = await on.export();
  expect({ files: exported.files, codes: exported.diagnostics.map(({ code }) => code) }).toEqual({
    files: [],
    codes: ['as-far-as-visible'],
  });
}

const label = (change: { readonly action: string; readonly address: Address }) => `${change.action} ${change.address}`;

/** Every list that a run reads, with what it hides when it cannot be read. */
function blindnesses(world: World): Blindness[] {
  const own = world.organizations?.find(({ name }) => name === 'acme');
  const below = (prefix: string) => (one: Address) => one.startsWith(prefix);
  const grantsOf = (role: string) => (one: Address) => {
    const parsed = address.parse(one);
    return parsed.kind === 'grant' && parsed.role === role;
  };
  return [
    { path: '/organizations/*/teams', hides: below('team/') },
    { path: '/organizations/*/invitations', hides: below('member/') },
    { path: '/organizations/*/service_accounts', hides: below('service_account/') },
    { path: '/organizations/*/roles', hides: (one) => address.kindOf(one) === 'grant' || one.startsWith('role/') },
    { path: '/roles/*/assignments', hides: (one) => address.kindOf(one) === 'grant' },
    { path: '/workspaces', hides: below('workspace/') },
    ...(own?.teams ?? []).map(({ id, name }) => ({ path: `/teams/${id}/members`, hides: below(`${address.team(name)}/`) })),
    ...(own?.roles ?? []).map(({ id, name }) => ({ path: `/roles/${id}/assignments`, hides: grantsOf(name) })),
    ...(own?.workspaces ?? [])
      .filter(({ status }) => status === 'available')
      .map(({ id, name }) => ({
        path: `/_workspace/${id}/api/v1/projects`,
        within: name,
        hides: below(`${address.workspace(name)}/project/`),
      })),
  ];
}
