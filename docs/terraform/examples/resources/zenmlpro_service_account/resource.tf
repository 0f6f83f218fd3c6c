resource "zenmlpro_service_account" "ci" {
  username    = "ci-deployer"
  name        = "CI deployer"
  description = "Runs the pipelines of this repository"
}
