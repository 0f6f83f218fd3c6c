import { Type } from 'typebox';
import { organization as address } from '../core/address.ts';
import { text } from '../core/field.ts';
import type { FieldChange, Kind, ReadContext } from '../core/kind.ts';
import type { Json, Live, Spec } from '../core/resource.ts';
import { asRow, defined, jsonOf, textOf } from './parts/decode.ts';
import { path as pathOf } from './parts/path.ts';

const spec = Type.Object({
  description: text({
    max: 256,
    nullable: true,
    description: 'What the organization is; null clears it.',
    examples: ['Acme ML platform'],
  }),
  logo_url: text({ max: 2048, nullable: true, description: 'Where its logo is; null clears it.' }),
  trusted_domains: Type.Array(Type.String({ minLength: 1 }), {
    uniqueItems: true,
    description: 'E-mail domains whose people may join by themselves. Only super-users may set them; elsewhere expect a refusal.',
    examples: [['acme.io']],
  }),
});

const fields = ['description', 'logo_url', 'trusted_domains'] as const;

/** The organization itself: adopted by id or name, created only when the files say so, never deleted. */
export const organization: Kind<typeof spec> = {
  name: 'organization',
  summary: 'The organization: adopted by id or name, created only on request, never deleted.',
  plural: 'organizations',
  spec,
  examples: [{ description: 'Acme ML platform' }],
  nameField: 'name',
  reads: [],

  async list(read) {
    const row = asRow(await organizationRow(read));
    const id = textOf(row, 'id');
    if (!row || !id) return { live: [], unread: [] };
    const found: Live = {
      address,
      ids: { id },
      spec: defined(Object.fromEntries(fields.map((field) => [field, jsonOf(row, field)]))),
    };
    return { live: [found], unread: [] };
  },

  create: (resource, plan) => [
    {
      server: 'control-plane',
      method: 'POST',
      path: pathOf('/organizations'),
      body: { name: plan.organizationName, ...present(resource.spec) },
    },
  ],

  update: (_resource, _live, changes, plan) => [
    {
      server: 'control-plane',
      method: 'PATCH',
      path: pathOf('/organizations/{organization_id}', plan.ref(address)),
      body: bodyOf(changes),
    },
  ],

  cleared: (field) => (field === 'trusted_domains' ? [] : null),
};

/** The organization as the server shows it; read once a run. */
export function organizationRow(read: Pick<ReadContext, 'get' | 'once' | 'organizationId'>): Promise<unknown> {
  return read.once('organization', () =>
    read.get('control-plane', pathOf('/organizations/{organization_id}', read.organizationId)),
  );
}

const present = (fields: Spec): Record<string, Json> =>
  Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== null));
const bodyOf = (changes: readonly FieldChange[]): Record<string, Json> =>
  Object.fromEntries(changes.map((change) => [change.path.slice(1), change.after ?? null]));
