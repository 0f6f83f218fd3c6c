/** Names of the predefined roles by level. */
export const predefinedRoles: Readonly<Record<string, readonly string[]>> = {
  organization: ['Organization Admin', 'Organization Manager', 'Organization Viewer', 'Billing Admin', 'Organization Member'],
  workspace: ['Workspace Admin', 'Workspace Developer', 'Workspace Contributor', 'Workspace Viewer', 'Stack Admin'],
  project: ['Project Admin', 'Project Developer', 'Project Contributor', 'Project Viewer'],
};

/** The names that old installations show; a predefined role that is missing here is hidden there. */
export const legacyRoleNames: Readonly<Record<string, string>> = {
  'Organization Admin': 'Admin',
  'Organization Manager': 'Editor',
  'Organization Viewer': 'Viewer',
  'Workspace Admin': 'Admin',
  'Workspace Developer': 'Editor',
  'Workspace Viewer': 'Viewer',
  'Project Admin': 'Admin',
  'Project Developer': 'Editor',
  'Project Viewer': 'Viewer',
};
