import type { Level } from '../../core/address.ts';

/** The roles that every organization has, by level (the documented names, current since the tenant era ended). */
export const predefinedRoles: Readonly<Record<Level, readonly string[]>> = {
  organization: ['Organization Admin', 'Organization Manager', 'Organization Viewer', 'Billing Admin', 'Organization Member'],
  workspace: ['Workspace Admin', 'Workspace Developer', 'Workspace Contributor', 'Workspace Viewer', 'Stack Admin'],
  project: ['Project Admin', 'Project Developer', 'Project Contributor', 'Project Viewer'],
};

/** The level of a predefined role, or undefined for any other name. */
export function predefinedLevel(name: string): Level | undefined {
  for (const level of ['organization', 'workspace', 'project'] as const) if (predefinedRoles[level].includes(name)) return level;
  return undefined;
}

/** The least that makes a person a member, and what someone declared without roles becomes. */
export const organizationMember = 'Organization Member';
