import { createHash } from 'node:crypto';

/** A key of an account. */
export interface Key {
  id: string;
  name: string;
  value: string;
  description: string | null;
  active: boolean;
  expires: number | null;
  retain: number;
  previous: { value: string; until: number } | null;
  lastLogin: number | null;
  lastRotated: number | null;
  created: number;
  updated: number;
}

/** A person or a service account. */
export interface Account {
  id: string;
  username: string;
  email: string | null;
  name: string | null;
  description: string | null;
  avatarUrl: string | null;
  company: string | null;
  jobTitle: string | null;
  metadata: Record<string, unknown> | null;
  password: string | null;
  isActive: boolean;
  isSuperuser: boolean;
  /** Set for service accounts only. */
  organizationId: string | null;
  keys: Key[];
  created: number;
  updated: number;
}

/** An organization. */
export interface Organization {
  id: string;
  name: string;
  description: string | null;
  logoUrl: string | null;
  trustedDomains: string[];
  ownerId: string | null;
  created: number;
  updated: number;
}

/** A role of an organization. */
export interface Role {
  id: string;
  organizationId: string;
  name: string | null;
  level: string;
  description: string | null;
  systemManaged: boolean;
  permissions: unknown[];
}

/** Who can hold a role. */
export type PrincipalKind = 'user' | 'team' | 'invitation';

/** A role held by a principal in a scope; it has no id. */
export interface Assignment {
  roleId: string;
  organizationId: string;
  kind: PrincipalKind;
  principalId: string;
  workspaceId: string | null;
  projectId: string | null;
  created: number;
}

/** A team; its members are accounts and invitations. */
export interface Team {
  id: string;
  organizationId: string;
  name: string;
  description: string | null;
  members: { kind: 'user' | 'invitation'; id: string }[];
  created: number;
  updated: number;
}

/** An invitation; what it carries are assignments and team memberships that name it. */
export interface Invitation {
  id: string;
  organizationId: string;
  email: string;
  status: 'pending' | 'accepted' | 'expired';
  created: number;
  updated: number;
}

/** A project; the times are microseconds. */
export interface Project {
  id: string;
  name: string;
  displayName: string;
  description: string;
  metadata: Record<string, unknown>;
  pipelines: { id: string; name: string }[];
  pipelineCount: number;
  runs: number;
  created: number;
  updated: number;
}

/** An account on a workspace server; the times are microseconds. */
export interface ServerUser {
  id: string;
  name: string;
  fullName: string;
  email: string | null;
  /** The control-plane account, on Pro. */
  externalId: string | null;
  isAdmin: boolean;
  isServiceAccount: boolean;
  active: boolean;
  description: string;
  password: string | null;
  passwordChanged: number | null;
  defaultProjectId: string | null;
  userMetadata: Record<string, unknown>;
  keys: Key[];
  created: number;
  updated: number;
}

/** What a workspace server stores. */
export interface Server {
  mode: 'pro' | 'oss' | 'oss-inactive' | 'oss-limits';
  active: boolean;
  name: string;
  analytics: boolean;
  projects: Map<string, Project>;
  users: Map<string, ServerUser>;
  /** Answers kept for 300 s by method, path and key. */
  replays: Map<string, { until: number; status: number; body: string; contentType: string }>;
  failedLogins: number[];
  created: number;
}

/** A workspace as the control plane knows it, and its server. */
export interface Workspace {
  id: string;
  organizationId: string;
  name: string;
  displayName: string;
  description: string | null;
  logoUrl: string | null;
  status: string;
  desiredState: string;
  stateReason: string;
  version: string;
  managed: boolean;
  serverUrl: string | null;
  enrollmentKey: string | null;
  ownerId: string | null;
  quirk: string | null;
  /** Where pending leads, after so many more GETs. */
  pending: { to: string; polls: number } | null;
  polls: number;
  /** Never was available. */
  isNew: boolean;
  server: Server;
  created: number;
  updated: number;
  statusUpdated: number;
}

/** A token that was handed out. */
export interface Session {
  token: string;
  /** `control-plane`, or the id of the workspace whose server made it. */
  audience: string;
  accountId: string | null;
  /** Set for a workspace server that logged in with its enrollment key. */
  workspaceId: string | null;
  serverUserId: string | null;
  /** The key behind the token, and its value at that time. */
  keyId: string | null;
  keyValue: string | null;
  expires: number | null;
}

/** A device of the device flow. */
export interface Device {
  id: string;
  clientId: string;
  deviceCode: string;
  userCode: string;
  accountId: string | null;
  workspaceId: string | null;
  status: 'pending' | 'verified' | 'active' | 'locked';
  trusted: boolean;
  expires: number;
  created: number;
  updated: number;
}

/** Everything the emulator holds. */
export interface State {
  accounts: Map<string, Account>;
  organizations: Map<string, Organization>;
  roles: Map<string, Role>;
  teams: Map<string, Team>;
  invitations: Map<string, Invitation>;
  workspaces: Map<string, Workspace>;
  assignments: Assignment[];
  sessions: Map<string, Session>;
  devices: Map<string, Device>;
  usedIds: Set<string>;
  counters: Map<string, number>;
  lastMicros: number;
}

/** A state with nothing in it. */
export function emptyState(): State {
  return {
    accounts: new Map(),
    organizations: new Map(),
    roles: new Map(),
    teams: new Map(),
    invitations: new Map(),
    workspaces: new Map(),
    assignments: [],
    sessions: new Map(),
    devices: new Map(),
    usedIds: new Set(),
    counters: new Map(),
    lastMicros: 0,
  };
}

/** A hexadecimal digest, the source of every made-up value. */
export function digest(...parts: readonly string[]): string {
  return createHash('sha1').update(parts.join('\u0000')).digest('hex');
}

/** The UUID that belongs to some words; the same words give the same UUID. */
export function uuidOf(...parts: readonly string[]): string {
  const hex = digest(...parts);
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-a${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}

/** Counts how often something was made, so that a second object of the same name differs. */
export function occurrence(state: State, ...parts: readonly string[]): number {
  const key = parts.join('\u0000');
  const count = (state.counters.get(key) ?? 0) + 1;
  state.counters.set(key, count);
  return count;
}

/** A new id for an object; it depends on its kind, parents and name, and not on the order of calls. */
export function newId(state: State, kind: string, ...parts: readonly string[]): string {
  for (;;) {
    const id = uuidOf('zenform', kind, ...parts, String(occurrence(state, kind, ...parts)));
    if (!state.usedIds.has(id)) {
      state.usedIds.add(id);
      return id;
    }
  }
}

/** The time in microseconds, always later than the time before. */
export function nextMicros(state: State, now: number): number {
  state.lastMicros = Math.max(state.lastMicros + 1, now * 1000);
  return state.lastMicros;
}
