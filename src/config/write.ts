import { Document, isScalar, visit } from 'yaml';
import { type Address, kindOf, nameOf, organization, type Parsed, parse } from '../core/address.ts';
import { compare, type Diagnostic, sortDiagnostics } from '../core/diagnostic.ts';
import type { Json, Live, LiveState } from '../core/resource.ts';
import { mistakenFor } from './nodes.ts';
import { prune } from './prune.ts';

type Block = { [key: string]: Json };

/** What lies on, or is held by, each thing: grants by scope and by holder, memberships by team, projects by workspace. */
type Index = ReadonlyMap<Address, readonly (Parsed & { readonly address: Address })[]>;

/** The live state with its index. */
interface View extends LiveState {
  readonly under: Index;
}

/** One file of an export: its name below the output folder, and its text. */
export interface WrittenFile {
  readonly name: string;
  readonly text: string;
}

/** The live organization in the configuration language, split into files; what the language cannot say is left alone and listed. */
export function writeConfig(live: LiveState): { files: readonly WrittenFile[]; diagnostics: readonly Diagnostic[] } {
  if (!live.caller.seesEverything) return { files: [], diagnostics: [incomplete(live)] };
  const state: View = { ...live, under: indexOf(live) };
  const tree: Block = Object.create(null);
  Object.assign(tree, {
    zenform: 1,
    organization: { name: state.organization?.name ?? '', ...fields(state.resources.get(organization)) },
    service_accounts: mapOf(state, 'service_account', (live) => ({ ...fields(live), ...rolesOf(state, live.address) })),
    members: mapOf(state, 'member', (live) => {
      const { roles } = rolesOf(state, live.address) as { roles?: readonly Json[] };
      return roles && roles.length > 0 ? { roles } : {};
    }),
    teams: mapOf(state, 'team', (live) => ({
      ...fields(live),
      ...membersOf(state, live.address),
      ...rolesOf(state, live.address),
    })),
    workspaces: mapOf(state, 'workspace', (live) => ({
      ...fields(live),
      ...accessOf(state, live.address),
      ...projectsOf(state, live.address),
    })),
  });
  const left = prune(tree);
  const files = split(left.tree as Block).map(([name, block]) => ({
    name,
    text: yamlText(block),
  }));
  return {
    files,
    diagnostics: sortDiagnostics([
      ...left.diagnostics,
      ...unreadNotes(state),
      ...state.oddities.map((oddity): Diagnostic => ({ ...oddity, severity: 'note' })),
    ]),
  };
}

/** A block as YAML that every reader reads alike: what an older one would take for a boolean or a number stands in quotes. */
function yamlText(block: Block): string {
  const document = new Document(block);
  visit(document, {
    Scalar(_, node) {
      if (isScalar(node) && typeof node.value === 'string' && mistakenFor(node.value)) node.type = 'QUOTE_DOUBLE';
    },
  });
  return document.toString({ lineWidth: 0, indentSeq: true });
}

function indexOf(state: LiveState): Index {
  const under = new Map<Address, (Parsed & { address: Address })[]>();
  const add = (key: Address, one: Parsed & { address: Address }) => {
    const list = under.get(key);
    if (list) list.push(one);
    else under.set(key, [one]);
  };
  for (const address of [...state.resources.keys()].sort(compare)) {
    const parsed = { ...parse(address), address };
    if (parsed.kind === 'project') add(parsed.workspace, parsed);
    if (parsed.kind === 'team_member') add(parsed.team, parsed);
    if (parsed.kind === 'grant') add(parsed.level === 'organization' ? parsed.principal : parsed.scope, parsed);
  }
  return under;
}

function mapOf(state: View, kind: 'member' | 'service_account' | 'team' | 'workspace', block: (live: Live) => Block): Block {
  const found = [...state.resources.values()]
    .filter((live) => kindOf(live.address) === kind)
    .sort((a, b) => compare(a.address, b.address));
  return record(found.map((live) => [nameOf(live.address), block(live)]));
}

function projectsOf(state: View, workspace: Address): Block {
  if (state.unread.some(({ prefix }) => prefix === `${workspace}/project/` || prefix === '*/project/')) return {};
  const found = (state.under.get(workspace) ?? []).flatMap(({ kind, address }) =>
    kind === 'project' ? (state.resources.get(address) ?? []) : [],
  );
  return { projects: record(found.map((live) => [nameOf(live.address), { ...fields(live), ...accessOf(state, live.address) }])) };
}

/** The fields that say something: what is empty, or what everything has unless told otherwise, is left out. */
function fields(live: Live | undefined): Block {
  const said = Object.entries(live?.spec ?? {}).filter(([field, value]) => {
    // A release that is written is a wish; what happens to run is none.
    if (value === null || value === '' || field === 'version' || (field === 'active' && value === true)) return false;
    if (Array.isArray(value)) return value.length > 0;
    return typeof value !== 'object' || Object.keys(value).length > 0;
  });
  return record(said);
}

/** The direct grants of a scope as one complete list, empty ones too: an export speaks for all that it saw. */
function accessOf(state: View, scope: Address): Block {
  if (grantsUnread(state)) return {};
  const access = new Map<string, Map<string, string[]>>();
  for (const parsed of state.under.get(scope) ?? []) {
    if (parsed.kind !== 'grant') continue;
    const list = `${kindOf(parsed.principal)}s`;
    const holders = access.get(parsed.role) ?? new Map<string, string[]>();
    holders.set(list, [...(holders.get(list) ?? []), nameOf(parsed.principal)]);
    access.set(parsed.role, holders);
  }
  return { access: record([...access].sort(([a], [b]) => compare(a, b)).map(([role, holders]) => [role, record([...holders])])) };
}

function rolesOf(state: View, principal: Address): Block {
  if (grantsUnread(state)) return {};
  const roles = (state.under.get(principal) ?? []).flatMap((held) => (held.kind === 'grant' ? [held.role] : []));
  return { roles: roles.sort(compare) };
}

function membersOf(state: View, team: Address): Block {
  if (state.unread.some(({ prefix }) => prefix === `${team}/`)) return {};
  const principals = (state.under.get(team) ?? []).flatMap((one) => (one.kind === 'team_member' ? [one.principal] : []));
  const named = (kind: string) =>
    principals
      .filter((one) => kindOf(one) === kind)
      .map(nameOf)
      .sort(compare);
  return { members: named('member'), service_accounts: named('service_account') };
}

const grantsUnread = (state: LiveState) => state.unread.some(({ prefix }) => prefix.startsWith('*/grant/') || prefix === 'role/');

/** People, teams and every workspace in files of their own. */
function split(tree: Block): [string, Block][] {
  const { zenform = 1, organization: block = {}, members = {}, service_accounts = {}, teams = {}, workspaces = {} } = tree;
  const files: [string, Block][] = [['organization.yaml', { zenform, organization: block }]];
  if (Object.keys(members as Block).length > 0) files.push(['people.yaml', { members }]);
  if (Object.keys(service_accounts as Block).length > 0) files.push(['service-accounts.yaml', { service_accounts }]);
  if (Object.keys(teams as Block).length > 0) files.push(['teams.yaml', { teams }]);
  for (const [name, workspace] of Object.entries(workspaces as Block))
    files.push([`workspaces/${name}.yaml`, { workspaces: record([[name, workspace]]) }]);
  return files;
}

function unreadNotes(state: LiveState): Diagnostic[] {
  return state.unread.map(({ prefix, reason }) => ({
    code: 'not-checked',
    severity: 'warning',
    summary: `${prefix}${prefix.endsWith('/') ? '*' : ''} is not in the export: ${reason}`,
  }));
}

function incomplete(state: LiveState): Diagnostic {
  return {
    code: 'as-far-as-visible',
    severity: 'error',
    summary: `${state.caller.name} does not see everything, and an export writes complete lists`,
    hint: 'run as an Organization Admin',
  };
}

/** An object whose keys are the user's: it has no prototype that one of them could mean. */
function record(entries: readonly (readonly [string, Json])[]): Block {
  const object: Block = Object.create(null);
  for (const [key, value] of entries) object[key] = value;
  return object;
}
