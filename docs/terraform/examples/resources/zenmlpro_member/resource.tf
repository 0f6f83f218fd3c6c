# An invitation is sent to whoever has no account yet.
resource "zenmlpro_member" "alan" {
  email = "alan@acme.io"
  role  = "Organization Member"
}
