data "zenmlpro_role" "all" {}

output "project_roles" {
  value = [for name, role in data.zenmlpro_role.all.all : name if role.level == "project"]
}
