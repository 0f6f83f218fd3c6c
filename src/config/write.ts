import type { Address } from '../core/address.ts';
import { type Diagnostic, sortDiagnostics } from '../core/diagnostic.ts';
import type { LiveState } from '../core/resource.ts';
import { type Block, mapOf, organizationFields, record, viewOf } from './blocks.ts';
import { blockText, plainly } from './edit/render.ts';
import { fromJson } from './edit/tree.ts';
import { prune } from './prune.ts';

/** One file of an export: its name below the output folder, and its text. */
export interface WrittenFile {
  readonly name: string;
  readonly text: string;
}

/** The live organization in the configuration language, split into files; what the language cannot say is left alone and listed. */
export function writeConfig(
  live: LiveState,
  selected?: (address: Address) => boolean,
): { files: readonly WrittenFile[]; diagnostics: readonly Diagnostic[] } {
  if (!live.caller.seesEverything) return { files: [], diagnostics: [incomplete(live)] };
  const state = viewOf(live, selected);
  const tree: Block = Object.create(null);
  Object.assign(tree, {
    zenform: 1,
    organization: { name: state.organization?.name ?? '', ...organizationFields(state) },
    service_accounts: mapOf(state, 'service_account'),
    members: mapOf(state, 'member'),
    teams: mapOf(state, 'team'),
    workspaces: mapOf(state, 'workspace'),
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
const yamlText = (block: Block) => `${blockText(fromJson(block), 0, plainly)}\n`;

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
