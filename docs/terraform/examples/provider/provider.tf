terraform {
  required_providers {
    zenmlpro = {
      source  = "zenml-io/zenmlpro"
      version = "0.1.0"
    }
  }
}

# The key is ZENFORM_API_KEY, or what `zenml login` has stored.
provider "zenmlpro" {
  organization = "acme"
}
