import { Type } from 'typebox';
import { type Address, nameOf, organization } from '../core/address.ts';
import { text } from '../core/field.ts';
import type { Kind, Reading } from '../core/kind.ts';
import { organizationAssignments } from './parts/assignments.ts';
import { asRow, type Principal, principalOf, textOf } from './parts/decode.ts';
import { path as pathOf } from './parts/path.ts';

const spec = Type.Object({
  role: text({ max: 50, writeOnly: true, description: 'The first organization role: it makes the person a member.' }),
});

/**
 * A person of the organization: an account that holds an organization role, or an invitation until then. Both phases are one
 * resource, so that an accepted invitation is no difference.
 */
export const member: Kind<typeof spec> = {
  name: 'member',
  summary: 'A person of the organization: an account if there is one, an invitation until then.',
  plural: 'members',
  spec,
  examples: [{ role: 'Organization Member' }],
  reads: ['role'],
  irreversible: (action, live) => {
    if (action === 'create') return undefined;
    return live?.ids.user_id ? 'what was shared with the person individually is lost' : 'the invitation is withdrawn';
  },

  async list(read) {
    const [assignments, invitations, accounts] = await Promise.all([
      organizationAssignments(read),
      invitationsOf(read),
      read.of('service_account'),
    ]);
    const serviceAccounts = new Set(accounts.live.map((live) => live.ids.id));
    const found = new Map<Address, Record<string, string>>();
    const join = (principal: Principal) => {
      if (!principal.address.startsWith('member/') || serviceAccounts.has(principal.ids.user_id)) return;
      found.set(principal.address, { ...found.get(principal.address), ...principal.ids });
    };
    for (const row of assignments.rows) join(row.principal);
    for (const invitation of invitations.principals) join(invitation);
    const principals = new Map(found);
    await Promise.all(
      [...read.wanted]
        .filter((address) => address.startsWith('member/') && !found.has(address))
        .map(async (address) => {
          const id = await accountOf(read, nameOf(address));
          if (id) principals.set(address, { user_id: id });
        }),
    );
    const unread = [...invitations.unread, ...assignments.unread.map(({ reason }) => ({ prefix: 'member/', reason }))];
    return { live: [...found].map(([address, ids]) => ({ address, spec: {}, ids })), unread, principals };
  },

  create(resource, plan) {
    const roleId = plan.roleId(String(resource.spec.role), 'organization');
    const userId = plan.known(resource.address)?.user_id;
    if (userId)
      return [
        {
          server: 'control-plane',
          method: 'POST',
          path: pathOf('/roles/{role_id}/assignments', roleId),
          query: { user_id: userId },
        },
      ];
    const path = pathOf('/organizations/{organization_id}/invitations', plan.ref(organization));
    const body = { email: nameOf(resource.address), role_id: roleId };
    return [{ server: 'control-plane', method: 'POST', path, body, irreversible: 'an e-mail with an invitation is sent' }];
  },

  delete(live, plan) {
    const own = plan.ref(organization);
    const { user_id, invitation_id } = live.ids;
    return [
      ...(user_id
        ? [
            {
              server: 'control-plane' as const,
              method: 'DELETE' as const,
              path: pathOf('/organizations/{organization_id}/members', own),
              query: { user_id },
            },
          ]
        : []),
      ...(invitation_id
        ? [
            {
              server: 'control-plane' as const,
              method: 'DELETE' as const,
              path: pathOf('/organizations/{organization_id}/invitations/{invitation_id}', own, invitation_id),
            },
          ]
        : []),
    ];
  },

  async created(resource, _answer, read) {
    // Some servers add an existing account at once and keep no invitation, whatever they answer; only reading tells.
    const email = nameOf(resource.address);
    const pending = (await pendingInvitations(read, { email })).find((principal) => principal.address === resource.address);
    if (pending) return pending.ids;
    const members = await read.list('control-plane', pathOf('/organizations/{organization_id}/members', read.organizationId));
    const ids = members.map(principalOf).find((principal) => principal?.address === resource.address)?.ids;
    if (ids) return ids;
    const userId = await accountOf(read, email);
    return userId ? { user_id: userId } : {};
  },
};

async function invitationsOf(read: Parameters<Kind['list']>[0]): Promise<Pick<Reading, 'unread'> & { principals: Principal[] }> {
  try {
    return { principals: await pendingInvitations(read, {}), unread: [] };
  } catch (error) {
    return {
      principals: [],
      unread: [{ prefix: 'member/', reason: `the invitations cannot be read: ${read.unreadable(error)}` }],
    };
  }
}

async function pendingInvitations(read: Parameters<Kind['list']>[0], filter: { email?: string }): Promise<Principal[]> {
  const items = await read.list('control-plane', pathOf('/organizations/{organization_id}/invitations', read.organizationId), {
    ...filter,
    only_pending: true,
  });
  return items.flatMap((item) => principalOf({ invitation: item }) ?? []);
}

/** The account of an address, if the caller may see one: an empty answer proves nothing, and then an invitation is sent. */
async function accountOf(read: Parameters<Kind['list']>[0], email: string): Promise<string | undefined> {
  try {
    const users = await read.list('control-plane', pathOf('/users'), { email });
    const match = users
      .map(asRow)
      .find(
        (row) => row?.is_service_account !== true && (textOf(row, 'email') ?? textOf(row, 'username'))?.toLowerCase() === email,
      );
    return textOf(match, 'id');
  } catch (error) {
    read.unreadable(error);
    return undefined;
  }
}
