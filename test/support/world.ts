import fc from 'fast-check';
import type { World, WorldGrant, WorldOrganization, WorldTeamMember, WorldWorkspace } from '../../src/emulator/world.ts';
import * as names from './names.ts';

/** The key with which the laws log in: of the service account `ci`, which is Organization Admin. */
export const adminKey = 'ZENPROKEY_planted-admin-key';
/** The key of a service account that holds what a law gives it. */
export const restrictedKey = 'ZENPROKEY_planted-restricted-key';

/** A world as a few numbers: every number picks from what there is, counted round, so that all recipes are valid and shrink well. */
export interface Recipe {
  readonly people: readonly {
    readonly name: number;
    readonly phase: 'account' | 'invited' | 'both' | 'outside';
    readonly roles: readonly number[];
  }[];
  readonly accounts: readonly { readonly name: number; readonly role: number; readonly text: number; readonly active: boolean }[];
  readonly roles: readonly number[];
  readonly teams: readonly { readonly name: number; readonly text: number; readonly members: readonly number[] }[];
  readonly workspaces: readonly {
    readonly name: number;
    readonly status: 'available' | 'deactivated' | 'pending' | 'failed';
    readonly quirk: 'none' | 'stuck' | 'no-server-url' | 'unknown-status';
    readonly text: number;
    readonly projects: readonly { readonly name: number; readonly text: number }[];
  }[];
  readonly grants: readonly {
    readonly level: 0 | 1 | 2;
    readonly role: number;
    readonly who: number;
    readonly workspace: number;
    readonly project: number;
  }[];
  readonly description: number;
  readonly foreign: boolean;
  readonly twin: boolean;
  readonly orphan: boolean;
}

const small = fc.nat(30);
const rarely = fc.nat(7).map((number) => number === 7);
/** A text in half of all cases; 0 stands for none. */
const perhaps = fc.nat(2 * names.texts.length).map((number) => Math.max(0, number - names.texts.length));

/** Recipes of live worlds, at most six of each kind. */
export const recipes = recipesOf('small');
/** Recipes of worlds in which there is some of everything. */
export const dense = recipesOf('max');

function recipesOf(size: 'small' | 'max'): fc.Arbitrary<Recipe> {
  return fc.record({
    people: distinct(
      fc.record({
        name: small,
        phase: fc.constantFrom('account', 'invited', 'both', 'outside'),
        roles: fc.array(small, { minLength: 1, maxLength: 2 }),
      }),
      names.people.length,
      size,
    ),
    accounts: distinct(
      fc.record({ name: small, role: small, text: perhaps, active: fc.nat(4).map((number) => number > 0) }),
      3,
      size,
    ),
    roles: fc.uniqueArray(fc.nat(names.customRoles.length - 1), { maxLength: 3 }),
    teams: distinct(fc.record({ name: small, text: perhaps, members: fc.array(small, { size, maxLength: 4 }) }), 4, size),
    workspaces: distinct(
      fc.record({
        name: small,
        status: fc.constantFrom('available', 'available', 'available', 'available', 'deactivated', 'pending', 'failed'),
        quirk: fc
          .nat(29)
          .map(
            (number) =>
              (number > 26 ? (['stuck', 'no-server-url', 'unknown-status'] as const)[number - 27] : undefined) ?? 'none',
          ),
        text: perhaps,
        projects: distinct(fc.record({ name: small, text: perhaps }), 3, size),
      }),
      3,
      size,
    ),
    grants: fc.array(
      fc.record({ level: fc.constantFrom(0, 1, 1, 2, 2), role: small, who: small, workspace: small, project: small }),
      { size, maxLength: size === 'max' ? 26 : 9 },
    ),
    description: perhaps,
    foreign: rarely,
    twin: size === 'max' ? fc.nat(2).map((number) => number === 2) : rarely,
    orphan: rarely,
  });
}

function distinct<T extends { readonly name: number }>(
  one: fc.Arbitrary<T>,
  maxLength: number,
  size: 'small' | 'max',
): fc.Arbitrary<T[]> {
  return fc.uniqueArray(one, { size, maxLength, selector: ({ name }) => name });
}

/** The world of a recipe, in the form of a seed. */
export function worldOf(recipe: Recipe): World {
  const people = unique(
    recipe.people.map((one) => ({ ...one, email: names.people[one.name % names.people.length] ?? '' })),
    ({ email }) => email,
  );
  const own = recipe.accounts.map((one) => ({ ...one, username: names.accounts[one.name % names.accounts.length] ?? '' }));
  const accounts = unique(own, ({ username }) => username);
  const roles = recipe.roles.flatMap((index) => names.customRoles[index] ?? []);
  const teams = unique(
    recipe.teams.map((one) => ({ ...one, title: names.teams[one.name % names.teams.length] ?? '' })),
    ({ title }) => title,
  );
  const places = unique(
    recipe.workspaces.map((one) => ({ ...one, slug: names.workspaces[one.name % names.workspaces.length] ?? '' })),
    ({ slug }) => slug,
  );
  const workspaces = places.map((one): WorldWorkspace => {
    const projects = unique(
      one.projects.map((project) => ({ ...project, slug: names.projects[project.name % names.projects.length] ?? '' })),
      ({ slug }) => slug,
    );
    return {
      name: one.slug,
      status: one.quirk === 'none' ? one.status : one.quirk === 'stuck' ? 'pending' : 'available',
      ...(one.quirk === 'none' ? {} : { quirk: one.quirk }),
      version: one.text % 2 === 0 ? '0.98.0' : '0.97.1',
      ...(one.text % 3 === 0 ? {} : { display_name: names.labels[one.text % names.labels.length] ?? '' }),
      ...described(one.text),
      projects: projects.map((project) => ({
        name: project.slug,
        ...(project.text % 2 === 0 ? {} : { display_name: names.labels[project.text % names.labels.length] ?? '' }),
        ...(project.text % 3 === 0 ? {} : { project_metadata: { owner: 'x', n: project.text } }),
        ...described(project.text),
      })),
    };
  });
  const members = (picks: readonly number[]): WorldTeamMember[] => {
    const holders: WorldTeamMember[] = [
      ...people.flatMap(phases),
      ...accounts.map(({ username }) => ({ service_account: username })),
    ];
    return unique(
      picks.flatMap((index) => names.pick(holders, index) ?? []),
      (one) => JSON.stringify(one),
    );
  };
  const acme: WorldOrganization = {
    name: 'acme',
    ...described(recipe.description),
    roles: roles.map((role) => ({ ...role, permissions: names.permissions })),
    service_accounts: [
      { name: 'ci', keys: [{ name: 'main', value: adminKey }] },
      ...accounts.map((one) => ({
        name: one.username,
        active: one.active,
        ...described(one.text),
        ...(one.text % 2 === 0 ? {} : { display_name: names.pick(names.texts, one.text) ?? 'Shown' }),
      })),
    ],
    invitations: people
      .filter(({ phase }) => phase === 'invited' || phase === 'both')
      .map((one) => ({
        email: one.email,
        ...(isRoleless(one) ? {} : { role: names.pick(names.organizationRoles, one.roles[0] ?? 0) ?? '' }),
      })),
    teams: [
      ...teams.map((one) => ({ name: one.title, members: members(one.members), ...described(one.text) })),
      ...(recipe.twin && teams[0] ? [{ name: teams[0].title, description: 'A second one of that name' }] : []),
    ],
    workspaces,
    grants: [],
  };
  const grants = grantsOf(recipe, acme, people, accounts);
  return {
    accounts: people.filter(({ phase }) => phase !== 'invited').map(({ email }) => ({ email, name: 'Some Body' })),
    organizations: [{ ...acme, grants }, ...(recipe.foreign ? [foreign(people)] : [])],
  };
}

/** Whether a person's invitation has lost its role since it was sent. */
export function isRoleless({ phase, roles }: Pick<Recipe['people'][number], 'phase' | 'roles'>): boolean {
  return phase === 'invited' && roles.length === 1 && (roles[0] ?? 0) % 6 === 5;
}

type Person = Recipe['people'][number] & { readonly email: string };

/** The forms in which a person can hold something. */
function phases({ email, phase }: Person): WorldTeamMember[] {
  const account = { account: email };
  const invitation = { invitation: email };
  if (phase === 'both') return [account, invitation];
  return phase === 'invited' ? [invitation] : [account];
}

function grantsOf(
  recipe: Recipe,
  acme: WorldOrganization,
  people: readonly Person[],
  accounts: readonly { username: string; role: number }[],
): WorldGrant[] {
  const holders = [
    ...people.flatMap(phases),
    ...accounts.map(({ username }) => ({ service_account: username })),
    ...(acme.teams ?? [])
      .filter(({ name }) => !recipe.twin || name !== acme.teams?.[0]?.name)
      .map(({ name }) => ({ team: name })),
  ];
  const custom = (level: string) => (acme.roles ?? []).filter((role) => role.level === level).map(({ name }) => name);
  const workspaces = acme.workspaces ?? [];
  const found: WorldGrant[] = [{ role: 'Organization Admin', service_account: 'ci' }];
  for (const { email, phase, roles } of people) {
    const own = phase === 'both' || phase === 'account' ? { account: email } : { invitation: email };
    if (phase === 'outside') continue;
    for (const role of phase === 'account' ? roles : roles.slice(1))
      found.push({ role: names.pick(names.organizationRoles, role) ?? '', ...own });
    if (phase === 'both') found.push({ role: 'Organization Member', account: email });
  }
  for (const { username, role } of accounts)
    found.push({ role: names.pick(names.organizationRoles, role) ?? '', service_account: username });
  for (const { level, role, who, workspace, project } of recipe.grants) {
    const holder = names.pick(holders, who);
    const place = names.pick(workspaces, workspace);
    const inside = names.pick(place?.projects ?? [], project);
    if (!holder) continue;
    if (level === 0) found.push({ role: names.pick(names.organizationRoles, role) ?? '', ...holder });
    else if (level === 1 && place)
      found.push({
        role: names.pick([...names.workspaceRoles, ...custom('workspace')], role) ?? '',
        ...holder,
        workspace: place.name,
      });
    else if (place && inside) {
      const chosen = names.pick([...names.projectRoles, ...custom('project')], role) ?? '';
      found.push({ role: chosen, ...holder, workspace: place.name, project: inside.name });
    }
  }
  const [first] = workspaces;
  if (recipe.orphan && first && holders[0])
    found.push({ role: 'Project Viewer', ...holders[0], workspace: first.name, project: '00000000-0000-4000-8000-000000000009' });
  const invited = new Map((acme.invitations ?? []).map(({ email, role }) => [email, role]));
  const meant = found.filter(
    (one) => one.invitation === undefined || one.workspace !== undefined || invited.get(one.invitation) !== one.role,
  );
  return unique(meant, (one) => JSON.stringify(Object.entries(one).sort()));
}

/** Another organization with things of the same names, which nobody may touch. */
function foreign(people: readonly Person[]): WorldOrganization {
  const [first] = people.filter(({ phase }) => phase !== 'invited');
  return {
    name: 'umbrella',
    roles: [{ name: 'Release Manager', level: 'project' }],
    service_accounts: [{ name: 'ci' }, { name: 'bot' }],
    teams: [{ name: 'ml', members: [{ service_account: 'bot' }] }],
    workspaces: [{ name: 'elsewhere', projects: [{ name: 'churn' }] }],
    grants: [
      { role: 'Organization Admin', service_account: 'ci' },
      { role: 'Workspace Admin', team: 'ml', workspace: 'elsewhere' },
      ...(first ? [{ role: 'Organization Member', account: first.email }] : []),
    ],
  };
}

function described(index: number): { description?: string } {
  const text = index === 0 ? undefined : names.pick(names.texts, index);
  return text === undefined ? {} : { description: text };
}

function unique<T>(list: readonly T[], key: (one: T) => string): T[] {
  return [...new Map(list.map((one) => [key(one), one])).values()];
}
