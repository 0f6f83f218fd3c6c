data "zenmlpro_project" "churn" {
  workspace = "production"
  name      = "churn"
}

data "zenmlpro_project" "of_production" {
  workspace = "production"
}
