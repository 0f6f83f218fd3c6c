/** The identity of a resource in configuration, plan, log and report, such as `workspace/prod/project/fraud`. */
export type Address = string & { readonly [brand]: true };
declare const brand: unique symbol;

export type KindName =
  | 'organization'
  | 'member'
  | 'service_account'
  | 'service_account_key'
  | 'role'
  | 'team'
  | 'team_member'
  | 'workspace'
  | 'project'
  | 'grant';
export type Level = 'organization' | 'workspace' | 'project';
export type PrincipalKind = 'member' | 'team' | 'service_account';

/** What an address says, taken apart; every name decoded. */
export type Parsed =
  | { readonly kind: 'organization' }
  | { readonly kind: 'member' | 'service_account' | 'role' | 'team' | 'workspace'; readonly name: string }
  | { readonly kind: 'project'; readonly workspace: Address; readonly name: string }
  | { readonly kind: 'service_account_key'; readonly account: Address; readonly name: string }
  | { readonly kind: 'team_member'; readonly team: Address; readonly principal: Address }
  | {
      readonly kind: 'grant';
      readonly scope: Address;
      readonly level: Level;
      readonly role: string;
      readonly principal: Address;
    };

const encode = (name: string) => name.replaceAll('%', '%25').replaceAll('/', '%2F');
const decode = (part: string) => part.replaceAll('%2F', '/').replaceAll('%25', '%');
// The one place where a string becomes an address.
const brandAs = (text: string) => text as Address;

export const organization = brandAs('organization');
export const member = (email: string) => brandAs(`member/${encode(email.toLowerCase())}`);
export const serviceAccount = (name: string) => brandAs(`service_account/${encode(name)}`);
export const serviceAccountKey = (account: Address, name: string) => brandAs(`${account}/key/${encode(name)}`);
export const role = (name: string) => brandAs(`role/${encode(name)}`);
export const team = (name: string) => brandAs(`team/${encode(name)}`);
export const workspace = (name: string) => brandAs(`workspace/${encode(name)}`);
export const project = (workspaceAddress: Address, name: string) => brandAs(`${workspaceAddress}/project/${encode(name)}`);
export const teamMember = (teamAddress: Address, principal: Address) => brandAs(`${teamAddress}/${principal}`);
export const grant = (scope: Address, roleName: string, principal: Address) =>
  brandAs(`${scope}/grant/${encode(roleName)}/${principal}`);

/** The address of a thing that has nothing in its address but its kind and its name. */
export const named = (kind: KindName, name: string) => brandAs(`${kind}/${encode(name)}`);

const nameOnly = new Set(['member', 'service_account', 'role', 'team', 'workspace']);
const principals = new Set(['member', 'service_account', 'team']);

/** Takes an address apart, or answers undefined for text that is none. */
export function tryParse(text: string): Parsed | undefined {
  const parts = text.split('/');
  if (parts.some((part) => part === '')) return undefined;
  const [first = '', second = '', third = '', fourth = ''] = parts;
  const at = parts.length;
  const marker = at - 4;
  if (first === 'organization' && at === 1) return { kind: 'organization' };
  if (marker > 0 && parts[marker] === 'grant' && principals.has(parts[marker + 2] ?? '')) {
    const scope = tryParse(parts.slice(0, marker).join('/'));
    if (scope?.kind !== 'organization' && scope?.kind !== 'workspace' && scope?.kind !== 'project') return undefined;
    return {
      kind: 'grant',
      scope: brandAs(parts.slice(0, marker).join('/')),
      level: scope.kind,
      role: decode(parts[marker + 1] ?? ''),
      principal: brandAs(parts.slice(marker + 2).join('/')),
    };
  }
  if (at === 2 && nameOnly.has(first)) return { kind: first as 'member', name: decode(second) };
  if (at === 4 && first === 'workspace' && third === 'project')
    return { kind: 'project', workspace: brandAs(`${first}/${second}`), name: decode(fourth) };
  if (at === 4 && first === 'service_account' && third === 'key')
    return { kind: 'service_account_key', account: brandAs(`${first}/${second}`), name: decode(fourth) };
  if (at === 4 && first === 'team' && (third === 'member' || third === 'service_account'))
    return { kind: 'team_member', team: brandAs(`${first}/${second}`), principal: brandAs(`${third}/${fourth}`) };
  return undefined;
}

/** Takes an address apart. Throws for text that is none: addresses are only made here, so that is a fault of ours. */
export function parse(address: Address): Parsed {
  const parsed = tryParse(address);
  if (!parsed) throw new Error(`not an address: ${address}`);
  return parsed;
}

/** The kind of the resource that an address names. */
export function kindOf(address: Address): KindName {
  return parse(address).kind;
}

/** The server's name of a named thing; for a membership or a grant, the name of its principal. */
export function nameOf(address: Address): string {
  const parsed = parse(address);
  if (parsed.kind === 'organization') return 'organization';
  if (parsed.kind === 'team_member' || parsed.kind === 'grant') return nameOf(parsed.principal);
  return parsed.name;
}

/** What a resource cannot exist without: the addresses that its own address speaks of. */
export function referencesOf(address: Address): readonly Address[] {
  const parsed = parse(address);
  switch (parsed.kind) {
    case 'project':
      return [parsed.workspace];
    case 'service_account_key':
      return [parsed.account];
    case 'team_member':
      return [parsed.team, parsed.principal];
    case 'grant':
      return [parsed.scope, role(parsed.role), parsed.principal];
    default:
      return [];
  }
}

/** The same address after one thing it speaks of was renamed. */
export function renamed(address: Address, from: Address, to: Address): Address {
  if (address === from) return to;
  const parsed = parse(address);
  switch (parsed.kind) {
    case 'project':
      return project(renamed(parsed.workspace, from, to), parsed.name);
    case 'service_account_key':
      return serviceAccountKey(renamed(parsed.account, from, to), parsed.name);
    case 'team_member':
      return teamMember(renamed(parsed.team, from, to), renamed(parsed.principal, from, to));
    case 'grant':
      return grant(renamed(parsed.scope, from, to), parsed.role, renamed(parsed.principal, from, to));
    default:
      return address;
  }
}
