data "zenmlpro_team" "ml_platform" {
  name = "ml-platform"
}
