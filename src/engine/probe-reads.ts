import { ApiError, type Difference, type Session } from '../client/index.ts';
import { kindOf } from '../core/address.ts';
import type { LiveState } from '../core/resource.ts';

/** The reading operations that a server without a document does not have, found by asking for each of them once. */
export async function missingReads(session: Session, organizationId: string, state: LiveState): Promise<readonly Difference[]> {
  const first = (kind: string) => [...state.resources.values()].find(({ address }) => kindOf(address) === kind)?.ids.id;
  const below = `/organizations/${organizationId}`;
  const paths: readonly (readonly [operation: string, path: string | undefined])[] = [
    ['GET /users', '/users'],
    ['GET /organizations/{organization_id}', below],
    ...['roles', 'teams', 'members', 'invitations', 'service_accounts'].map(
      (list) => [`GET /organizations/{organization_id}/${list}`, `${below}/${list}`] as const,
    ),
    ['GET /workspaces', '/workspaces'],
    ['GET /workspaces/{workspace_id}', at('/workspaces', first('workspace'))],
    ['GET /teams/{team_id}/members', at('/teams', first('team'), '/members')],
    ['GET /roles/{role_id}', at('/roles', state.roles[0]?.id)],
    ['GET /roles/{role_id}/assignments', at('/roles', state.roles[0]?.id, '/assignments')],
  ];
  const found = await Promise.all(
    paths.map(async ([operation, path]): Promise<Difference[]> => {
      if (path === undefined) return [];
      try {
        await session.get(path);
        return [];
      } catch (error) {
        if (!(error instanceof ApiError)) throw error;
        const gone = error.status === 404 || error.status === 405;
        return gone ? [{ operation, what: 'missing', detail: `answers ${error.status}`, consequence: 'feature off' }] : [];
      }
    }),
  );
  return found.flat();
}

const at = (list: string, id: string | undefined, rest = '') => (id === undefined ? undefined : `${list}/${id}${rest}`);
