/** What gates are made of: a resource of the provider `hashicorp/null`, the one that is built into Terraform, or nothing. */
export const gateKinds = ['null_resource', 'terraform_data', 'none'] as const;
export type Gates = (typeof gateKinds)[number];
