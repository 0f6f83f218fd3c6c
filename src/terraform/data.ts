// Data sources: one thing by name, or all of them.
import { type Address, nameOf, parse } from '../core/address.ts';
import type { Live } from '../core/resource.ts';
import type { Value, Values } from './cty.ts';
import { Failed } from './diagnostics.ts';
import { attributeValue } from './fields.ts';
import type { Organization } from './organization.ts';
import { addressIn, later, placeAttributes } from './place.ts';
import { organizationRoles } from './read.ts';
import type { ResourceSchema } from './schema.ts';

/** What a data source tells. Throws `Failed` when there is nothing of that name. */
export async function readData(schema: ResourceSchema, config: Values, org: Organization): Promise<Values> {
  const name = nameAttributeOf(schema);
  const { name: organizationName } = await org.open();
  if (schema.kind === 'organization' && typeof config.name === 'string' && config.name !== organizationName)
    throw new Failed(`the provider works on \`${organizationName}\`, not on \`${config.name}\``, undefined, 'name');
  if (schema.kind !== 'organization' && config[name] === null) return { ...config, all: await allOf(schema, config, org) };
  if (schema.kind === 'role') return role(config, String(config.name), schema, org);
  if (schema.kind === 'project' && config.workspace === null)
    throw new Failed('a project is known by its name in a workspace', 'Write `workspace` as well.', 'workspace');
  const address = await addressIn(schema, config, org);
  const live = address === undefined || address === later ? undefined : await org.find(address);
  if (!live) throw new Failed(`there is no ${schema.kind} \`${String(config[name])}\` that can be seen`, undefined, name);
  return {
    ...(await valuesOf(schema, live, org)),
    ...given(schema, config),
    ...(schema.kind === 'organization' ? {} : { all: null }),
  };
}

/** What was asked with stays as it was written. */
function given(schema: ResourceSchema, config: Values): Values {
  const names = schema.attributes.filter(({ mode }) => mode === 'optional').map(({ name }) => name);
  return Object.fromEntries(names.flatMap((name) => (config[name] === null ? [] : [[name, config[name] ?? null]])));
}

const nameAttributeOf = (schema: ResourceSchema) => schema.attributes.find(({ source }) => source === 'name')?.name ?? 'name';

async function allOf(schema: ResourceSchema, config: Values, org: Organization): Promise<Values> {
  if (schema.kind === 'role') {
    const all = (await org.all('role')).roles ?? [];
    const pairs = await Promise.all(all.map(async (one) => [one, await roleValues(one, schema, org)] as const));
    const first = new Set<string>();
    return Object.fromEntries(
      pairs.map(([{ name, level }, values]) => {
        const key = first.has(name) ? `${name} (${level})` : name;
        first.add(name);
        return [key, values];
      }),
    );
  }
  const within = await scopeOf(schema, config, org);
  const { live } = await org.all(schema.kind);
  const wanted = live.filter(({ address }) => within === undefined || address.startsWith(`${within}/`));
  const pairs = wanted.map(async (one) => {
    const parsed = parse(one.address);
    const key = parsed.kind === 'project' && !within ? `${nameOf(parsed.workspace)}/${parsed.name}` : nameOf(one.address);
    return [key, await valuesOf(schema, one, org)] as const;
  });
  return Object.fromEntries(await Promise.all(pairs));
}

/** The workspace that projects are asked of, if only of one. */
async function scopeOf(schema: ResourceSchema, config: Values, org: Organization): Promise<Address | undefined> {
  if (schema.kind !== 'project' || config.workspace === null) return undefined;
  const some = await addressIn(schema, { ...config, name: 'x' }, org);
  const parsed = some === undefined || some === later ? undefined : parse(some);
  if (parsed?.kind !== 'project')
    throw new Failed(`there is no workspace \`${String(config.workspace)}\``, undefined, 'workspace');
  return parsed.workspace;
}

/** All attributes of one thing but `all`. */
async function valuesOf(schema: ResourceSchema, live: Live, org: Organization): Promise<Values> {
  const { name } = await org.open();
  const place = placeAttributes(schema, live.address, name);
  const values: Record<string, Value> = {};
  for (const attribute of schema.attributes) {
    if (attribute.name === 'all') continue;
    if (attribute.source === 'id') values.id = live.ids.id ?? live.address;
    else if (attribute.source === 'name' || attribute.source === 'reference')
      values[attribute.name] = place[attribute.name] ?? null;
    else if (attribute.source === 'field') values[attribute.name] = attributeValue(attribute, live.spec[attribute.name]);
    else values[attribute.name] = (live.facts?.[attribute.name] as Value | undefined) ?? null;
  }
  if (schema.kind !== 'member') return values;
  const [first = null] = await organizationRoles(live.address, org);
  return { ...values, id: live.address, role: first, invited: live.ids.user_id === undefined };
}

type Role = NonNullable<Awaited<ReturnType<Organization['all']>>['roles']>[number];

async function role(config: Values, name: string, schema: ResourceSchema, org: Organization): Promise<Values> {
  const found = ((await org.all('role')).roles ?? []).find((one) => one.name === name);
  if (!found) throw new Failed(`there is no role \`${name}\``, undefined, 'name');
  return { ...config, ...(await roleValues(found, schema, org)), all: null };
}

/** A role that is granted need not be one that can be defined: only of those is more known. */
async function roleValues({ id, name, level, predefined }: Role, schema: ResourceSchema, org: Organization): Promise<Values> {
  const { live } = await org.all('role');
  const own = predefined ? undefined : live.find((one) => one.ids.id === id);
  const fields = schema.attributes
    .filter(({ source }) => source === 'field')
    .map((attribute) => [attribute.name, attributeValue(attribute, own?.spec[attribute.name])] as const);
  return { ...Object.fromEntries(fields), id, name, level, predefined };
}
