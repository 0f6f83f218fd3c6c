/** People, as the world spells them; the configuration compares them without regard to case. */
export const people = [
  'ada@acme.io',
  'Grace@Acme.io',
  'no@acme.io',
  'x+y%2Fz@acme.io',
  '123@acme.io',
  'eve@else.example',
] as const;

/** Service accounts besides `ci`, one of them called like a person. */
export const accounts = ['bot', '123', 'a.b-c_d', 'ada@acme.io', 'no'] as const;

/** Teams; the language allows nearly everything, and some names are those of JavaScript's own properties or of symbols. */
export const teams = [
  'ml',
  'no',
  '123',
  'Data Science',
  '100% real',
  'équipe.α',
  'x/y',
  'x%2Fy',
  'constructor',
  '${team/ml.id}',
] as const;

/** Workspaces, global in the emulator. */
export const workspaces = ['prod', 'no', '123', 'a-b', 'w1'] as const;

/** Projects. */
export const projects = ['churn', 'no', '1', 'a_b', 'default'] as const;

/** Custom roles and their levels. */
export const customRoles = [
  { name: 'Release Manager', level: 'project' },
  { name: 'Ops/On-call', level: 'workspace' },
  { name: '50% off', level: 'project' },
  { name: 'no', level: 'workspace' },
] as const;

/** What custom roles allow; the order means nothing. */
export const permissions = [
  { action: 'create', resource: 'artifact' },
  { action: 'read', resource: 'project' },
];

/** Texts for descriptions. */
export const texts = ['Owns it', 'no', '123', 'a: b # c', '- x', '"quoted" \\ é', '${team/ml.id}', ' padded '] as const;

/** Names to show. */
export const labels = ['Production', 'no', 'Ünï', '1.0'] as const;

/** The roles of the organization level that people hold in generated worlds; the first makes nobody an admin. */
export const organizationRoles = [
  'Organization Member',
  'Organization Viewer',
  'Organization Manager',
  'Organization Admin',
  'Billing Admin',
] as const;
export const workspaceRoles = ['Workspace Viewer', 'Workspace Admin', 'Workspace Developer', 'Stack Admin'] as const;
export const projectRoles = ['Project Viewer', 'Project Admin', 'Project Developer', 'Project Contributor'] as const;

/** The element that a number picks, counted round. */
export function pick<T>(list: readonly T[], index: number): T | undefined {
  return list.length === 0 ? undefined : list[index % list.length];
}
