import { ApiError, type Client } from '../client/index.ts';
import type { OrganizationReference } from '../core/desired.ts';
import type { Diagnostic } from '../core/diagnostic.ts';

export interface Found {
  /** Absent when there is none of that name, and it is to be created. */
  readonly organization: { readonly id: string; readonly name: string } | undefined;
  readonly diagnostics: readonly Diagnostic[];
}

/** The name of the one organization that the caller can see; undefined where there are several, or none. */
export async function onlyOrganization(client: Client): Promise<string | undefined> {
  const [only, ...others] = await visible(client, undefined);
  return others.length === 0 ? only?.name : undefined;
}

/**
 * The organization that the files and the command line mean. Their pins must agree with each other and with the server; one is created
 * only when the files say so.
 */
export async function findOrganization(
  client: Client,
  files: OrganizationReference,
  asked: string | undefined,
  api: string,
): Promise<Found> {
  const wrong = (code: Diagnostic['code'], summary: string, hint: string): Found => ({
    organization: undefined,
    diagnostics: [
      {
        code,
        severity: 'error',
        summary,
        hint,
        address: 'organization' as never,
        ...(files.place ? { place: files.place } : {}),
      },
    ],
  });
  if (files.api && trimmed(files.api) !== trimmed(api))
    return wrong(
      'organization-mismatch',
      `the files are for ${files.api}, the target is ${api}`,
      'check --api-url, or the `api:` of the files',
    );
  const rows = await visible(client, files.id);
  const name = files.name ?? asked;
  if (!files.id && !name)
    return wrong(
      'organization-missing',
      'no organization is named',
      `write \`organization: { name: … }\`, or give --organization${seen(rows.map((one) => one.name))}`,
    );
  const row = rows.find((one) =>
    files.id ? one.id === files.id : one.name === name || (files.name === undefined && one.id === name),
  );
  if (!row) {
    if (files.create && files.name && !files.id && (asked === undefined || asked === files.name))
      return { organization: undefined, diagnostics: [] };
    const list = rows.map((one) => one.name).sort();
    return wrong(
      'organization-missing',
      `there is no organization \`${files.id ?? name}\` that the caller can see`,
      list.length === 0
        ? 'it sees none: use a key of that organization'
        : `it sees ${list.join(', ')}: correct the name, or use a key of that organization; \`create: true\` makes a new one`,
    );
  }
  if (files.name !== undefined && row.name !== files.name)
    return wrong(
      'organization-mismatch',
      `the organization with id ${row.id} is called \`${row.name}\`, not \`${files.name}\``,
      'correct `id` or `name`',
    );
  if (asked !== undefined && asked !== row.id && asked !== row.name)
    return wrong(
      'organization-mismatch',
      `--organization says \`${asked}\`, the files say \`${row.name}\``,
      'give the same organization in both',
    );
  return { organization: row, diagnostics: [] };
}

async function visible(client: Client, id: string | undefined): Promise<{ id: string; name: string }[]> {
  try {
    const rows =
      id === undefined
        ? await client.controlPlane.list('/organizations')
        : [await client.controlPlane.get(`/organizations/${id}`)];
    return rows.flatMap((row) => {
      const { id: found, name } = (row ?? {}) as { id?: unknown; name?: unknown };
      return typeof found === 'string' && typeof name === 'string' ? [{ id: found, name }] : [];
    });
  } catch (error) {
    if (error instanceof ApiError && (error.status === 404 || error.status === 403) && id !== undefined) return [];
    throw error;
  }
}

/** What there is to choose from. */
const seen = (names: readonly string[]) => (names.length === 0 ? '' : `; the caller sees ${[...names].sort().join(', ')}`);

const trimmed = (url: string) => url.replace(/\/+$/, '');
