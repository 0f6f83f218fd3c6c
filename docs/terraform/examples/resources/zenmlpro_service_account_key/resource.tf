resource "zenmlpro_service_account_key" "ci" {
  service_account = zenmlpro_service_account.ci.id
  name            = "main"
  expires_in      = "365d"

  # A new value when it is older than that, or when this text changes.
  rotate_after = "90d"
  rotate_when  = "2026-11"
}

output "ci_key" {
  value     = zenmlpro_service_account_key.ci.key
  sensitive = true
}
