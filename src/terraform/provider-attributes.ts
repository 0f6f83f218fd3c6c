import type { AttributeType } from './schema.ts';

/** One attribute of the provider block. */
interface ProviderAttribute {
  readonly name: string;
  readonly type: AttributeType;
  readonly description: string;
  readonly sensitive?: boolean;
}

/** The attributes of the provider block; none is required. */
export const providerAttributes = [
  {
    name: 'organization',
    type: 'string',
    description: 'The organization to work on: its name, or its id. By default `ZENFORM_ORGANIZATION`.',
  },
  {
    name: 'api_url',
    type: 'string',
    description:
      'The base URL of the control plane. By default `ZENFORM_API_URL`, then `ZENML_PRO_API_URL`, then the one of ZenML itself.',
  },
  {
    name: 'api_key',
    type: 'string',
    sensitive: true,
    description:
      'The key of a service account, or a token. Better left out: then it is `ZENFORM_API_KEY`, the file that `ZENFORM_API_KEY_FILE` names, or what `zenml login` has stored.',
  },
  {
    name: 'ca_file',
    type: 'string',
    description: 'A file with certificates (PEM) of authorities to trust besides the usual ones. TLS is always verified.',
  },
  { name: 'insecure_http', type: 'bool', description: 'Allows plain http to other hosts than this one.' },
  { name: 'concurrency', type: 'number', description: 'Requests in flight at once (8).' },
  { name: 'rate', type: 'number', description: 'Requests a second, at most.' },
  {
    name: 'adopt_existing',
    type: 'bool',
    description:
      'Take over what is there already under the name of something to be created, and bring it in line, instead of asking for an import.',
  },
  {
    name: 'accept_lock_out',
    type: 'bool',
    description:
      'Let the last Organization Admins, or the one who runs this, lose their rights. Without it, such a step is refused.',
  },
] as const satisfies readonly ProviderAttribute[];
