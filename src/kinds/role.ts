import { Type } from 'typebox';
import { role as address, type Level } from '../core/address.ts';
import { text } from '../core/field.ts';
import type { Kind } from '../core/kind.ts';
import type { Json, LiveRole } from '../core/resource.ts';
import { asRow, textOf } from './parts/decode.ts';
import { ordinary } from './parts/ordinary.ts';
import { path as pathOf } from './parts/path.ts';
import { predefinedLevel } from './parts/predefined-roles.ts';

const spec = Type.Object({
  level: Type.Unsafe<'workspace' | 'project'>({
    enum: ['workspace', 'project'],
    'x-immutable': true,
    description: 'Where the role can be granted.',
  }),
  description: text({ max: 256, nullable: true, description: 'What the role is for; null clears it.' }),
  permissions: Type.Array(Type.Unknown(), {
    uniqueItems: true,
    description: 'What the role allows, in the terms of the server; zenform does not interpret it.',
  }),
});

const definition = ordinary({
  name: 'role',
  summary: 'A custom role of the organization.',
  plural: 'custom roles',
  spec,
  examples: [{ level: 'project', description: 'May promote models', permissions: [] }],
  address,
  nameField: 'name',
  paths: { list: '/organizations/{organization_id}/roles', create: '/roles', one: '/roles/{role_id}' },
  organizationInBody: true,
  skip: (row) => row.system_managed === true || predefinedLevel(textOf(row, 'name') ?? '') === row.level,
});

/** A custom role. Grants name any role, predefined or custom; only the definition of custom ones is a resource. */
export const role: Kind<typeof spec> = {
  ...definition,

  // A server that shows permissions nowhere leaves them unknown, which is not the same as none.
  unsupported: (field, live) => field === 'permissions' && (live.spec.permissions ?? null) === null,

  async list(read) {
    const rows = await read.list('control-plane', pathOf('/organizations/{organization_id}/roles', read.organizationId));
    const roles = rows.flatMap((item): LiveRole[] => {
      const row = asRow(item);
      const [id, name, level] = [textOf(row, 'id'), textOf(row, 'name'), textOf(row, 'level')];
      // Unnamed roles and levels that nobody documented are the server's own business.
      if (!row || !id || !name || !isLevel(level)) return [];
      return [{ id, name, level, predefined: row.system_managed === true || predefinedLevel(name) === level }];
    });
    const reading = await definition.list({
      ...read,
      list: async () => rows.filter((item) => isLevel(textOf(asRow(item), 'level'))),
    });
    const live = await Promise.all(
      reading.live.map(async (one) => {
        if (one.spec.permissions || !read.wanted.has(one.address)) return one;
        // The list need not show permissions; unknown is not the same as none.
        const permissions = asRow(await read.get('control-plane', pathOf('/roles/{role_id}', one.ids.id ?? '')))?.permissions as
          | Json
          | undefined;
        return permissions ? { ...one, spec: { ...one.spec, permissions } } : one;
      }),
    );
    return { ...reading, live, roles };
  },
};

function isLevel(level: string | undefined): level is Level {
  return level === 'organization' || level === 'workspace' || level === 'project';
}
