resource "zenmlpro_team_member" "alan" {
  team   = zenmlpro_team.ml_platform.id
  member = zenmlpro_member.alan.email
}

resource "zenmlpro_team_member" "ci" {
  team            = zenmlpro_team.ml_platform.id
  service_account = zenmlpro_service_account.ci.id
}
