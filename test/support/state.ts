// What an organization holds, in a form that neither the program nor the emulator uses: things with their fields, and links between
// them. The laws compare such states; nothing here is taken from the code that is tested but the spelling of addresses.
import type { Address, Level } from '../../src/core/address.ts';
import * as address from '../../src/core/address.ts';
import type { World, WorldGrant, WorldOrganization, WorldTeam } from '../../src/emulator/world.ts';

export type Value = string | boolean | null | readonly Value[] | { readonly [key: string]: Value } | number;
export type Fields = Readonly<Record<string, Value>>;

/** The organization as the laws see it. */
export interface State {
  /** Named things with the fields that are set; people are told apart by links and invitations alone. */
  readonly things: Map<Address, Fields>;
  /** Grants and team memberships. */
  readonly links: Set<Address>;
  /** People with a pending invitation. */
  readonly invited: Set<Address>;
  /** Workspaces whose projects nobody can read. */
  readonly closed: Set<Address>;
  /** Those of them that an apply waits for. */
  readonly starting: Set<Address>;
  /** Those of them whose server failed, which another release may cure. */
  readonly failed: Set<Address>;
  /** Workspaces that never say how they are. */
  readonly quirky: Set<Address>;
  /** Names that several live things share. */
  readonly twins: Set<Address>;
  /** What has no address: grants on what is gone, things that share a name, other organizations. */
  readonly others: readonly Other[];
}

interface Other {
  readonly text: string;
  readonly mentions: readonly Address[];
}

/** The state of the organization `acme` in a world. */
export function stateOf(world: World): State {
  const own = world.organizations?.find((one) => one.name === 'acme');
  if (!own) throw new Error('a world without acme');
  const twins = twinsOf(own);
  const state = {
    things: things(own, twins),
    links: new Set<Address>(),
    closed: closedOf(own),
    starting: startingOf(own),
    failed: withStatus(own, 'failed'),
    quirky: new Set((own.workspaces ?? []).filter(({ quirk }) => quirk !== undefined).map(({ name }) => address.workspace(name))),
    twins,
  };
  const others: Other[] = (world.organizations ?? [])
    .filter((one) => one !== own)
    .map((one) => ({ text: JSON.stringify(one), mentions: [] }));
  const invited = new Set(
    (own.invitations ?? []).filter((one) => (one.status ?? 'pending') === 'pending').map((one) => address.member(one.email)),
  );
  const take = (link: Address, twin: boolean) => {
    if (twin) others.push({ text: `of a shared name: ${link}`, mentions: mentionedBy(link) });
    else state.links.add(link);
  };
  for (const team of own.teams ?? []) {
    const at = address.team(team.name);
    if (twins.has(at)) others.push({ text: `of a shared name: ${at} ${team.description ?? ''}`, mentions: [at] });
    for (const one of membersOf(team)) take(address.teamMember(at, one), twins.has(at));
  }
  for (const one of own.invitations ?? [])
    if (one.role && (one.status ?? 'pending') === 'pending')
      take(address.grant(address.organization, one.role, address.member(one.email)), false);
  for (const grant of own.grants ?? []) {
    const principal = principalOf(grant);
    const scope = principal && scopeOf(own, grant);
    if (principal && scope)
      take(address.grant(scope, grant.role, principal), twins.has(principal) || twins.has(address.role(grant.role)));
    else if (principal && scope === null)
      others.push({
        text: `${principal} holds ${grant.role} on ${grant.workspace}/${grant.project}`,
        mentions: [principal, ...(grant.workspace === undefined ? [] : [address.workspace(grant.workspace)])],
      });
  }
  return { ...state, invited, others };
}

/** The people who are members: those invited, and those who hold a role on the organization themselves. */
export function membersIn(state: Pick<State, 'links' | 'invited'>): Set<Address> {
  const found = new Set(state.invited);
  for (const link of state.links) {
    const parsed = address.parse(link);
    if (parsed.kind === 'grant' && parsed.level === 'organization' && parsed.principal.startsWith('member/'))
      found.add(parsed.principal);
  }
  return found;
}

/** An address and everything that it speaks of. */
export function mentionedBy(one: Address): Address[] {
  return [one, ...address.referencesOf(one).flatMap(mentionedBy)];
}

/** Whether the program can know anything about what stands at an address. */
export function isUnknown(state: Pick<State, 'closed' | 'twins'>, one: Address): boolean {
  return mentionedBy(one).some((part) => {
    const parsed = address.parse(part);
    return state.twins.has(part) || (parsed.kind === 'project' && state.closed.has(parsed.workspace));
  });
}

/** What a comparison leaves out: links of which nothing can be said, and what has no address and speaks of something that goes. */
export interface Leaving {
  readonly open: (one: Address) => boolean;
  readonly gone: (one: Address) => boolean;
}

const nothing: Leaving = { open: () => false, gone: () => false };

/** The state as sorted lines, so that two can be compared and read. */
export function linesOf(state: State, { open, gone } = nothing): string[] {
  const lines: string[] = [];
  for (const [one, fields] of state.things) {
    lines.push(one);
    for (const [field, value] of Object.entries(fields)) lines.push(`${one}#${field} = ${canonical(value)}`);
  }
  for (const link of state.links) if (!open(link)) lines.push(link);
  for (const one of membersIn(state)) if (!open(one)) lines.push(one);
  for (const other of state.others) if (!other.mentions.some(gone)) lines.push(`other: ${other.text}`);
  return [...new Set(lines)].sort();
}

/** JSON with sorted keys. */
export function canonical(value: Value): string {
  return JSON.stringify(value, (_, part) =>
    part !== null && typeof part === 'object' && !Array.isArray(part)
      ? Object.fromEntries(Object.entries(part).sort(([a], [b]) => (a < b ? -1 : 1)))
      : part,
  );
}

/** The level of a scope. */
export function levelOf(scope: Address): Level {
  const parsed = address.parse(scope);
  return parsed.kind === 'workspace' ? 'workspace' : parsed.kind === 'project' ? 'project' : 'organization';
}

function things(own: WorldOrganization, twins: ReadonlySet<Address>): Map<Address, Fields> {
  const found = new Map<Address, Fields>();
  const put = (at: Address, fields: Record<string, Value | undefined>) => {
    if (!twins.has(at)) found.set(at, set(fields));
  };
  put(address.organization, { description: own.description, logo_url: own.logo_url });
  for (const one of own.roles ?? [])
    put(address.role(one.name), {
      level: one.level,
      description: one.description,
      permissions: one.permissions && [...(one.permissions as Value[])].sort((a, b) => (canonical(a) < canonical(b) ? -1 : 1)),
    });
  for (const one of own.service_accounts ?? [])
    put(address.serviceAccount(one.name), {
      name: one.display_name,
      description: one.description,
      active: one.active === false ? false : null,
    });
  for (const one of own.teams ?? []) put(address.team(one.name), { description: one.description });
  for (const one of own.workspaces ?? []) {
    if (one.status === 'deleted' || one.desired_state === 'deleted') continue;
    const at = address.workspace(one.name);
    const off = one.desired_state === 'deactivated' || one.status === 'deactivated';
    const { description, logo_url, version = '0.98.0', display_name = one.name } = one;
    put(at, { display_name, description, logo_url, version, active: off ? false : null });
    for (const project of one.projects ?? [])
      put(address.project(at, project.name), {
        display_name: project.display_name === '' ? null : project.display_name,
        description: project.description === '' ? null : project.description,
        project_metadata: project.project_metadata as Value | undefined,
      });
  }
  return found;
}

/** The fields that say something. */
function set(fields: Record<string, Value | undefined>): Fields {
  const said = Object.entries(fields).filter((entry): entry is [string, Value] => {
    const [, value] = entry;
    if (value === undefined || value === null) return false;
    return typeof value !== 'object' || Object.keys(value).length > 0;
  });
  return Object.fromEntries(said);
}

function twinsOf(own: WorldOrganization): Set<Address> {
  const seen = new Set<Address>();
  const twins = new Set<Address>();
  const names = [
    ...(own.teams ?? []).map((one) => address.team(one.name)),
    ...(own.roles ?? []).map((one) => address.role(one.name)),
  ];
  for (const name of names) (seen.has(name) ? twins : seen).add(name);
  return twins;
}

function closedOf(own: WorldOrganization): Set<Address> {
  return new Set(
    (own.workspaces ?? [])
      .filter((one) => (one.status ?? 'available') !== 'available' || one.quirk !== undefined)
      .map((one) => address.workspace(one.name)),
  );
}

function withStatus(own: WorldOrganization, status: string): Set<Address> {
  return new Set((own.workspaces ?? []).filter((one) => one.status === status).map((one) => address.workspace(one.name)));
}

function startingOf(own: WorldOrganization): Set<Address> {
  const starting = (own.workspaces ?? []).filter(
    (one) => one.status === 'pending' && one.managed !== false && one.quirk === undefined,
  );
  return new Set(starting.map((one) => address.workspace(one.name)));
}

function membersOf(team: WorldTeam): Address[] {
  return (team.members ?? []).flatMap((one) => principalOf(one) ?? []);
}

function principalOf(one: Pick<WorldGrant, 'account' | 'service_account' | 'team' | 'invitation'>): Address | undefined {
  if (one.team !== undefined) return address.team(one.team);
  if (one.service_account !== undefined) return address.serviceAccount(one.service_account);
  const email = one.account ?? one.invitation;
  return email === undefined ? undefined : address.member(email);
}

/** The scope of a grant; null when it is gone, undefined when it lies in a deleted workspace. */
function scopeOf(own: WorldOrganization, grant: WorldGrant): Address | null | undefined {
  if (grant.workspace === undefined) return address.organization;
  const workspace = own.workspaces?.find(
    (one) => one.status !== 'deleted' && one.desired_state !== 'deleted' && one.name === grant.workspace,
  );
  if (!workspace) return undefined;
  const at = address.workspace(workspace.name);
  if (grant.project === undefined) return at;
  return workspace.projects?.some((one) => one.name === grant.project) ? address.project(at, grant.project) : null;
}
