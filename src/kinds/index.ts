import type { KindName } from '../core/address.ts';
import type { Kind } from '../core/kind.ts';
import { grant } from './grant.ts';
import { member } from './member.ts';
import { organization } from './organization.ts';
import { project } from './project.ts';
import { role } from './role.ts';
import { serviceAccount } from './service-account.ts';
import { serviceAccountKey } from './service-account-key.ts';
import { team } from './team.ts';
import { teamMember } from './team-member.ts';
import { workspace } from './workspace.ts';

/** Every kind there is: one line each. */
export const kinds = {
  organization,
  workspace,
  project,
  service_account: serviceAccount,
  service_account_key: serviceAccountKey,
  member,
  team,
  team_member: teamMember,
  role,
  grant,
} as const satisfies Record<KindName, unknown>;

/** The kind of that name, seen through the interface that all share. */
export function kindNamed(name: KindName): Kind {
  return kinds[name] as unknown as Kind;
}
