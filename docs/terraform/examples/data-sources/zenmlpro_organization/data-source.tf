data "zenmlpro_organization" "own" {}
