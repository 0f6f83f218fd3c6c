import { type Address, kindOf, nameOf, organization, parse } from '../../core/address.ts';
import { listOf } from '../blocks.ts';
import { at, entriesOf, type Mapping, textOf } from '../tree.ts';
import { find, folded, type OpenFile, type Path, step } from './files.ts';

/** Where things stand in the files. */
export interface Places {
  /** The path of the block of a named thing. */
  block(address: Address): Path;
  /** The path of the list in which a grant on a scope is written. */
  holders(scope: Address, role: string, principal: Address): Path;
}

/** The places that a merged tree has; a workspace stands under a key that need not be its name. */
export function placesIn(merged: Mapping): Places {
  const keys = new Map(entriesOf(at(merged, 'workspaces')).map(([key, { value }]) => [textOf(at(value, 'name')) ?? key, key]));
  const block = (address: Address): Path => {
    const parsed = parse(address);
    switch (parsed.kind) {
      case 'organization':
        return [step('organization')];
      case 'member':
        return [step('members'), folded(parsed.name)];
      case 'service_account':
        return [step('service_accounts'), step(parsed.name)];
      case 'team':
        return [step('teams'), step(parsed.name)];
      case 'role':
        return [step('roles'), step(parsed.name)];
      case 'workspace':
        return [step('workspaces'), step(keys.get(parsed.name) ?? parsed.name)];
      case 'project':
        return [...block(parsed.workspace), step('projects'), step(parsed.name)];
      case 'service_account_key':
        return [...block(parsed.account), step('keys'), step(parsed.name)];
      default:
        throw new Error(`${kindOf(address)} has no block`);
    }
  };
  const holders = (scope: Address, role: string, principal: Address): Path => [
    ...block(scope === organization ? organization : scope),
    step('access'),
    folded(role),
    step(listOf(principal)),
  ];
  return { block, holders };
}

/** The files that hold a path, the one that counts last. */
export const holding = (files: readonly OpenFile[], path: Path) => files.filter(({ tree }) => find(tree, path) !== undefined);

/** The file into which something new goes: where what is around it stands, and most of it. */
export function homeFor(files: readonly OpenFile[], path: Path): OpenFile | undefined {
  for (let length = path.length - 1; length >= 0; length -= 1) {
    const around = path.slice(0, length);
    const found = files
      .filter(({ tree }) => find(tree, around)?.type === 'mapping' && (length > 0 || tree.entries.size > 0))
      .map((file) => ({
        file,
        size: length === 0 ? Number(file.tree.entries.has('organization')) : entriesOf(find(file.tree, around)).length,
      }));
    const own = found.filter(({ file }) => !file.overlay);
    // An overlay is where others are overridden: what is new goes there only when nothing else is known of it.
    const chosen = (own.length > 0 ? own : length >= 2 ? found : []).reduce<(typeof found)[number] | undefined>(
      (best, one) => (best && best.size >= one.size ? best : one),
      undefined,
    );
    if (chosen) return chosen.file;
  }
  return files.find(({ overlay }) => !overlay);
}

const sections: Readonly<Record<string, string>> = {
  members: 'people.yaml',
  service_accounts: 'service-accounts.yaml',
  teams: 'teams.yaml',
};

/** The file for the first thing of its kind, where the files are laid out as an export lays them out; undefined elsewhere. */
export function sectionFileFor(files: readonly OpenFile[], path: Path): string | undefined {
  const [section = '', name = ''] = path.map(({ key }) => key);
  const root = files.find(({ file, overlay }) => !overlay && /(?:^|\/)organization\.yaml$/.test(file));
  if (!root || holding(files, path.slice(0, 1)).length > 0) return undefined;
  const own = section === 'workspaces' ? `workspaces/${name}.yaml` : sections[section];
  return own === undefined ? undefined : `${root.file.slice(0, -'organization.yaml'.length)}${own}`;
}

/**
 * The file for a new workspace, where every workspace has a file of its own that is called like it; undefined where they share.
 */
export function ownFileFor(files: readonly OpenFile[], workspace: Address): string | undefined {
  const own = files.filter(({ overlay, tree }) => !overlay && entriesOf(at(tree, 'workspaces')).length > 0);
  const called = (file: OpenFile) => {
    const keys = entriesOf(at(file.tree, 'workspaces')).map(([key]) => key);
    return (
      keys.length === 1 && file.tree.entries.size <= 2 && new RegExp(`(?:^|/)${escaped(keys[0] ?? '')}\\.ya?ml$`).test(file.file)
    );
  };
  const [first] = own;
  if (!first || !own.every(called)) return undefined;
  return `${first.file.slice(0, first.file.lastIndexOf('/') + 1)}${nameOf(workspace)}${/\.ya?ml$/.exec(first.file)?.[0] ?? '.yaml'}`;
}

const escaped = (text: string) => text.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&');
