data "zenmlpro_member" "alan" {
  email = "alan@acme.io"
}

data "zenmlpro_member" "all" {}

output "invited" {
  value = [for email, member in data.zenmlpro_member.all.all : email if member.invited]
}
