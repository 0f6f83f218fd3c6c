import { Type } from 'typebox';
import { serviceAccount as address } from '../core/address.ts';
import { text } from '../core/field.ts';
import { ordinary } from './parts/ordinary.ts';

const spec = Type.Object({
  name: text({ max: 50, nullable: true, description: 'The name to show; the key is the user name.', examples: ['CI deployer'] }),
  description: text({ max: 256, nullable: true, description: 'What the account is for; null clears it.' }),
  active: Type.Boolean({ default: true, description: 'Whether its keys can log in.' }),
});

/** An identity of a program, with API keys. */
export const serviceAccount = ordinary({
  name: 'service_account',
  summary: 'An identity of a program, with API keys.',
  plural: 'service accounts',
  spec,
  examples: [{ description: 'Applies this repository', active: true }],
  address,
  nameField: 'username',
  apiField: { active: 'is_active' },
  paths: {
    list: '/organizations/{organization_id}/service_accounts',
    create: '/organizations/{organization_id}/service_accounts',
    one: '/organizations/{organization_id}/service_accounts/{service_account_name_or_id}',
  },
  updateVerbs: ['PATCH', 'PUT'],
  holdsData: true,
  irreversible: (action) => (action === 'delete' ? 'its API keys stop working and cannot be restored' : undefined),
});
