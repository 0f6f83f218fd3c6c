resource "zenmlpro_project" "churn" {
  workspace        = zenmlpro_workspace.production.id
  name             = "churn"
  display_name     = "Churn"
  description      = "Who leaves, and why"
  project_metadata = jsonencode({ owner = "risk" })
}
