resource "zenmlpro_team" "ml_platform" {
  name        = "ml-platform"
  description = "Owns the platform"
}
