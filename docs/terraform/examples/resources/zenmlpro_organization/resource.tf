resource "zenmlpro_organization" "own" {
  description = "Acme ML platform"
}
