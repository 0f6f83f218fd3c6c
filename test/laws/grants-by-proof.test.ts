import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { World, WorldGrant } from '../../src/emulator/index.ts';
import { stage } from '../support/run.ts';
import { often } from '../support/scenario.ts';
import { adminKey } from '../support/world.ts';

/** How an organization is shaped: projects in each workspace, and who holds what where, by numbers that are counted round. */
interface Shape {
  readonly projects: readonly number[];
  readonly workspaceGrants: readonly number[];
  readonly projectGrants: readonly number[];
  readonly custom: boolean;
}

const shapes: fc.Arbitrary<Shape> = fc.record({
  projects: fc.array(fc.nat(3), { maxLength: 3 }),
  workspaceGrants: fc.array(fc.nat(20), { maxLength: 4 }),
  projectGrants: fc.array(fc.nat(20), { maxLength: 4 }),
  custom: fc.boolean(),
});
const empty: Shape = { projects: [], workspaceGrants: [], projectGrants: [], custom: false };
const bare: Shape = { ...empty, projects: [2, 0, 1] };
const full: Shape = { projects: [3, 2, 1], workspaceGrants: [0, 1, 2, 7], projectGrants: [0, 1, 2, 3, 9], custom: true };

const workspaceRoles = ['Workspace Admin', 'Workspace Developer', 'Workspace Contributor', 'Workspace Viewer', 'Stack Admin'];
const projectRoles = ['Project Admin', 'Project Developer', 'Project Contributor', 'Project Viewer'];
const at = <T>(list: readonly T[], index: number) => list[index % list.length] as T;

function worldOf(shape: Shape): World {
  const workspaces = shape.projects.map((count, w) => ({
    name: `ws-${w}`,
    projects: Array.from({ length: count }, (_, p) => ({ name: `p-${p}` })),
  }));
  const projects = workspaces.flatMap((one) => one.projects.map(({ name }) => ({ workspace: one.name, project: name })));
  const grants = [
    ...(workspaces.length === 0 ? [] : shape.workspaceGrants).map((n) => ({
      role: at(workspaceRoles, n),
      team: 'ml',
      workspace: at(workspaces, n).name,
    })),
    ...(projects.length === 0 ? [] : shape.projectGrants).map((n) => ({
      role: at(projectRoles, n),
      team: 'ml',
      ...at(projects, n),
    })),
  ];
  const once = new Map<string, WorldGrant>(grants.map((one) => [JSON.stringify(one), one]));
  return {
    organizations: [
      {
        name: 'acme',
        service_accounts: [{ name: 'ci', keys: [{ name: 'main', value: adminKey }] }],
        ...(shape.custom ? { roles: [{ name: 'Release Manager', level: 'project', permissions: [] }] } : {}),
        teams: [{ name: 'ml' }],
        workspaces,
        grants: [{ role: 'Organization Admin', service_account: 'ci' }, ...once.values()],
      },
    ],
  };
}

/**
 * How many lists of assignments have to be read, from the world: one for each role, and where no row of a scope in them proves that
 * they hold all scopes of that level, one more for each role and scope.
 */
function listsNeeded(world: World, unscoped: boolean): number {
  const [own] = world.organizations ?? [];
  const grants = own?.grants ?? [];
  const workspaces = own?.workspaces?.length ?? 0;
  const projects = own?.workspaces?.reduce((sum, one) => sum + (one.projects?.length ?? 0), 0) ?? 0;
  const provenWorkspaces = !unscoped && grants.some(({ workspace, project }) => workspace && !project);
  const provenProjects = !unscoped && grants.some(({ project }) => project);
  const [organizationRoles, ofWorkspaces, ofProjects] = [5, 5, 4 + (own?.roles?.length ?? 0)];
  return (
    organizationRoles +
    ofWorkspaces * (1 + (provenWorkspaces ? 0 : workspaces)) +
    ofProjects * (1 + (provenProjects ? 0 : projects))
  );
}

describe('grants', () => {
  it('are read the same, with as many requests as their proof needs, whatever lists without a scope hold', async () => {
    await fc.assert(
      fc.asyncProperty(shapes, async (shape) => {
        const world = worldOf(shape);
        const seen = new Set<string>();
        for (const unscoped of ['all', 'unscoped'])
          for (const nested of ['exact', 'include-projects']) {
            const on = stage(world, { 'assignment-list-default': unscoped, 'assignment-list-workspace': nested });
            const { files } = await on.export();
            const lists = on.emulator.requests.filter(({ path }) => path.endsWith('/assignments'));
            expect({ unscoped, nested, lists: lists.length }).toEqual({
              unscoped,
              nested,
              lists: listsNeeded(world, unscoped === 'unscoped'),
            });
            seen.add(JSON.stringify(files));
            const text = files.map((one) => one.text).join('\n');
            for (const { role } of world.organizations?.[0]?.grants ?? []) expect(text).toContain(role);
          }
        expect(seen.size).toBe(1);
      }),
      { ...often(12), examples: [[empty], [bare], [full]] },
    );
  });
});
