import { ApiError, type Client } from '../client/index.ts';
import type { OrganizationReference } from '../core/desired.ts';
import type { LiveState } from '../core/resource.ts';
import { type Identity, identify } from './caller.ts';
import { findOrganization } from './find.ts';

/** One thing that was looked at before the first write. */
export interface Check {
  readonly name: 'reach' | 'identity' | 'organization' | 'rights' | 'workspaces';
  readonly status: 'ok' | 'warning' | 'failed';
  readonly detail: string;
}

/** Looks, in the order in which one needs the other: can it be reached, who am I, which organization, what may I see. GET only. */
export async function examine(
  client: Client,
  api: string,
  files: OrganizationReference,
  asked: string | undefined,
  read: (organization: { id: string; name: string }, identity: Identity) => Promise<LiveState>,
): Promise<readonly Check[]> {
  const checks: Check[] = [];
  try {
    const identity = await identify(client.controlPlane);
    checks.push({ name: 'reach', status: 'ok', detail: `${api} answers` });
    checks.push({
      name: 'identity',
      status: 'ok',
      detail: `${identity.address ?? identity.id}${identity.superuser ? ', a super-user' : ''}`,
    });
    const found = await findOrganization(client, files, asked, api);
    const problem = found.diagnostics[0];
    if (problem)
      return [...checks, { name: 'organization', status: 'failed', detail: `${problem.summary}; ${problem.hint ?? ''}` }];
    if (!found.organization)
      return [
        ...checks,
        { name: 'organization', status: 'warning', detail: `\`${files.name}\` does not exist yet and will be created` },
      ];
    checks.push({ name: 'organization', status: 'ok', detail: `${found.organization.name} (${found.organization.id})` });
    const state = await read(found.organization, identity);
    return [...checks, rights(state), workspaces(state)];
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    const name = error.status === undefined ? 'reach' : error.status === 401 ? 'identity' : 'rights';
    return [...checks, { name, status: 'failed', detail: error.message }];
  }
}

function rights({ caller, unread }: LiveState): Check {
  const hidden = unread.filter(({ prefix }) => !prefix.includes('/project/')).map(({ reason }) => reason);
  if (caller.seesEverything && hidden.length === 0)
    return {
      name: 'rights',
      status: 'ok',
      detail: caller.superuser ? 'a super-user: sees and may do everything' : 'Organization Admin: sees and may do everything',
    };
  const scopes = caller.adminOf.length > 0 ? `admin of ${caller.adminOf.join(', ')}; ` : '';
  const detail = caller.seesEverything
    ? hidden.join('; ')
    : `${scopes}not Organization Admin: what is not listed may still exist, so nothing will be removed`;
  return { name: 'rights', status: 'warning', detail };
}

function workspaces({ resources, unread }: LiveState): Check {
  const count = [...resources.keys()].filter((address) => /^workspace\/[^/]+$/.test(address)).length;
  const closed = unread.filter(({ prefix }) => prefix.includes('/project/'));
  if (closed.length === 0)
    return {
      name: 'workspaces',
      status: 'ok',
      detail: `${count} ${count === 1 ? 'workspace, its server answers' : 'workspaces, all servers answer'}`,
    };
  return {
    name: 'workspaces',
    status: 'warning',
    detail: closed.map(({ prefix, reason }) => `${prefix.replace(/\/project\/$/, '')}: ${reason}`).join('; '),
  };
}
