# On the organization.
resource "zenmlpro_role_assignment" "ci" {
  role            = "Organization Viewer"
  service_account = zenmlpro_service_account.ci.id
}

# On a workspace.
resource "zenmlpro_role_assignment" "platform" {
  role      = "Workspace Admin"
  workspace = zenmlpro_workspace.production.id
  team      = zenmlpro_team.ml_platform.id
}

# On a project.
resource "zenmlpro_role_assignment" "alan" {
  role      = "Project Developer"
  workspace = zenmlpro_workspace.production.id
  project   = zenmlpro_project.churn.id
  member    = zenmlpro_member.alan.email
}
