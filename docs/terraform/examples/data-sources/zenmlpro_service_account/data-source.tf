data "zenmlpro_service_account" "ci" {
  username = "ci-deployer"
}
