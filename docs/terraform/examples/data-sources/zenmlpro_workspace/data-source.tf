data "zenmlpro_workspace" "production" {
  name = "production"
}

data "zenmlpro_workspace" "all" {}

output "servers" {
  value = { for name, workspace in data.zenmlpro_workspace.all.all : name => workspace.server_url }
}
