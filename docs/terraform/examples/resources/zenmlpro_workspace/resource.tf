resource "zenmlpro_workspace" "production" {
  name         = "production"
  display_name = "Production"
  description  = "Serves the models"

  # Deleting a workspace destroys everything in it. `allow_destroy = true` has to be applied before it can be destroyed.
  protected = true
}
