/** A key of a service account or person; the value may be given so that it can log in. */
export interface WorldKey {
  readonly name: string;
  readonly id?: string;
  readonly value?: string;
  readonly description?: string | null;
  readonly active?: boolean;
  readonly expires_at?: string | null;
  readonly created?: string;
  readonly last_rotated?: string;
}

/** A person who has logged in once. */
export interface WorldAccount {
  readonly email: string;
  readonly id?: string;
  readonly name?: string | null;
  readonly username?: string;
  readonly super_user?: boolean;
  readonly active?: boolean;
  readonly password?: string;
  readonly keys?: readonly WorldKey[];
}

/** A role besides the predefined ones. */
export interface WorldRole {
  readonly name: string;
  readonly level: string;
  readonly id?: string;
  readonly description?: string | null;
  readonly permissions?: readonly unknown[];
}

/** A service account of an organization. */
export interface WorldServiceAccount {
  readonly name: string;
  readonly id?: string;
  readonly display_name?: string | null;
  readonly description?: string | null;
  readonly active?: boolean;
  readonly keys?: readonly WorldKey[];
}

/** An invitation; `role` names an organization-level role. */
export interface WorldInvitation {
  readonly email: string;
  readonly id?: string;
  readonly role?: string;
  readonly status?: 'pending' | 'accepted' | 'expired';
}

/** A member of a team: exactly one key is set. */
export interface WorldTeamMember {
  readonly account?: string;
  readonly service_account?: string;
  readonly invitation?: string;
}

/** A team. */
export interface WorldTeam {
  readonly name: string;
  readonly id?: string;
  readonly description?: string | null;
  readonly members?: readonly WorldTeamMember[];
}

/** A project of a workspace. */
export interface WorldProject {
  readonly name: string;
  readonly id?: string;
  readonly display_name?: string;
  readonly description?: string;
  readonly project_metadata?: Readonly<Record<string, unknown>>;
  readonly statistics?: { readonly pipelines?: number; readonly runs?: number };
}

/** A workspace-level service account, outside role checks. */
export interface WorldLegacyServiceAccount {
  readonly name: string;
  readonly id?: string;
  readonly description?: string;
  readonly active?: boolean;
  readonly keys?: readonly WorldKey[];
}

/** A workspace and the server behind it. */
export interface WorldWorkspace {
  readonly name: string;
  readonly id?: string;
  readonly display_name?: string;
  readonly description?: string | null;
  readonly status?: string;
  readonly desired_state?: string;
  readonly state_reason?: string;
  readonly version?: string;
  readonly managed?: boolean;
  readonly logo_url?: string | null;
  /** An external server; without it the emulator serves the workspace. */
  readonly server_url?: string;
  readonly enrollment_key?: string;
  readonly mode?: 'pro' | 'oss' | 'oss-inactive' | 'oss-limits';
  /** Misbehaviour of this one workspace. */
  readonly quirk?: 'stuck' | 'flapping' | 'no-server-url' | 'unknown-status';
  readonly projects?: readonly WorldProject[];
  readonly legacy_service_accounts?: readonly WorldLegacyServiceAccount[];
}

/** A role held by a principal, on the organization, a workspace or a project. */
export interface WorldGrant {
  readonly role: string;
  readonly level?: string;
  readonly account?: string;
  readonly service_account?: string;
  readonly team?: string;
  readonly invitation?: string;
  readonly workspace?: string;
  readonly project?: string;
}

/** An organization and everything in it. */
export interface WorldOrganization {
  readonly name: string;
  readonly id?: string;
  readonly description?: string | null;
  readonly logo_url?: string | null;
  readonly trusted_domains?: readonly string[];
  readonly roles?: readonly WorldRole[];
  readonly service_accounts?: readonly WorldServiceAccount[];
  readonly invitations?: readonly WorldInvitation[];
  readonly teams?: readonly WorldTeam[];
  readonly workspaces?: readonly WorldWorkspace[];
  readonly grants?: readonly WorldGrant[];
}

/** All organizations, accounts and switches of an emulator, in the form of a seed file. */
export interface World {
  readonly accounts?: readonly WorldAccount[];
  readonly organizations?: readonly WorldOrganization[];
  readonly switches?: Readonly<Record<string, string>>;
}

/** The world of an emulator that was given no seed. */
export const defaultWorld: World = {
  organizations: [
    {
      name: 'acme',
      service_accounts: [{ name: 'admin', keys: [{ name: 'main', value: 'ZENPROKEY_emulator' }] }],
      grants: [{ role: 'Organization Admin', service_account: 'admin' }],
    },
  ],
};
