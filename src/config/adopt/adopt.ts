// Live's side, written into the files: which list, field or block of which file says what differs, and what it has to say instead. Works
// on what stands in the files, variables not replaced; the texts themselves are edited elsewhere.
import { type Address, kindOf, type Level, nameOf, organization, parse, referencesOf } from '../../core/address.ts';
import type { Desired } from '../../core/desired.ts';
import { compare } from '../../core/diagnostic.ts';
import type { Change } from '../../core/plan.ts';
import type { Json } from '../../core/resource.ts';
import { kinds } from '../../kinds/index.ts';
import { accessOf, type Block, blockOf, byRole, listOf, literal, membersOf, rolesOf, type View } from '../blocks.ts';
import { language } from '../language.ts';
import { itemsOf, type Mapping, type Tree, textOf } from '../tree.ts';
import type { Variables } from '../variables.ts';
import {
  amongNames,
  changed,
  find,
  fromVariable,
  indexIn,
  type OpenFile,
  type Path,
  step,
  withName,
  without,
  written,
} from './files.ts';
import { holding, homeFor, ownFileFor, type Places, sectionFileFor } from './locate.ts';

/** Something that is to be as it is live: a difference, or something live that the files do not have. */
export interface Want {
  readonly address: Address;
  readonly change?: Change;
}

/** What came of a want: the files with it, or why not. */
export type Result = { readonly files: readonly OpenFile[]; readonly touched: readonly string[] } | { readonly reason: string };

/** What adopting knows besides the files. */
export interface Ground {
  readonly desired: Desired;
  readonly live: View;
  readonly places: Places;
  readonly variables: Variables;
  /** Everything that is wanted. */
  readonly wanted: ReadonlySet<Address>;
  /** Whether a new file of that name would be read with the others. */
  readonly mayCreate: (file: string) => boolean;
}

/** The files as one want needs them. */
export function adoptOne(want: Want, files: readonly OpenFile[], ground: Ground): Result {
  const { change, address } = want;
  if (change?.action === 'update') return fieldsOf(change, files, ground);
  if (change?.action === 'create') return removed(address, files, ground);
  if (change?.because === 'expired') return { reason: 'its entry in the files has expired; write a later date, or revoke it' };
  if (change?.because === 'absent') return { reason: 'the files ask for it to be gone; take the `absent` out if it is to stay' };
  const gone = goneWith(address, ground.desired);
  if (gone) return { reason: `the files ask for ${gone} to be gone` };
  const { kind } = parse(address);
  if (kind === 'grant') return grantAdded(address, files, ground);
  if (kind === 'team_member') return memberAdded(address, files, ground);
  return thingAdded(address, files, ground);
}

/** What the files ask to be gone, of everything that an address cannot be without. */
function goneWith(address: Address, desired: Desired): Address | undefined {
  for (const one of referencesOf(address)) {
    const found = desired.gone.get(one)?.because === 'absent' ? one : goneWith(one, desired);
    if (found) return found;
  }
  return undefined;
}

/** Live's values of the fields that differ. */
function fieldsOf(change: Change, files: readonly OpenFile[], ground: Ground): Result {
  if (change.from) return { reason: `it is still called ${nameOf(change.from)}; take \`previously\` out, or apply the new name` };
  if (change.kind === 'service_account_key')
    return { reason: 'what a key is worth does not stand in the files; apply makes a new one' };
  return change.fields.reduce<Result>(
    (result, field) =>
      'reason' in result
        ? result
        : joined(result, setField(change.address, field.path.slice(1), field.before, result.files, ground)),
    { files, touched: [] },
  );
}

function setField(address: Address, field: string, live: Json | undefined, files: readonly OpenFile[], ground: Ground): Result {
  const path = [...ground.places.block(address), step(field)];
  const there = holding(files, path);
  const origin = there.at(-1);
  const blank = live === undefined || live === null ? kinds[kindOf(address)].cleared?.(field) : live;
  if (there.some(({ tree }) => fromVariable(find(tree, path))))
    return { reason: `\`${field}\` comes from a variable; change that` };
  if (blank === undefined)
    return there.reduce<Result>(
      (result, { file }) => ('reason' in result ? result : joined(result, put(file, path, undefined, result.files))),
      {
        files,
        touched: [],
      },
    );
  const home = origin ?? homeFor(files, path);
  return home ? put(home.file, path, written(literal(blank)), files) : { reason: 'no file has a place for it' };
}

/** What is no longer live goes from the files, with everything that speaks of it. */
function removed(address: Address, files: readonly OpenFile[], ground: Ground): Result {
  const going = new Set<Address>([address]);
  for (let grown = true; grown; ) {
    grown = false;
    // What is live without it, such as the grant of somebody who is no longer a member, stays written.
    for (const one of ground.desired.resources.keys())
      if (!going.has(one) && !ground.live.resources.has(one) && referencesOf(one).some((reference) => going.has(reference)))
        grown = Boolean(going.add(one));
  }
  const kept = [...going].find((one) => ground.desired.resources.get(one)?.protected);
  if (kept) return { reason: `the files protect ${kept === address ? 'it' : kept}; take \`protected\` out first` };
  const links = [...going].filter((one) => ['grant', 'team_member'].includes(kindOf(one)));
  const things = [...going].filter((one) => !links.includes(one)).sort(compare);
  return [...links, ...things].reduce<Result>(
    (result, one) =>
      'reason' in result
        ? result
        : joined(result, links.includes(one) ? linkRemoved(one, result.files, ground) : thingRemoved(one, result.files, ground)),
    { files, touched: [] },
  );
}

function thingRemoved(address: Address, files: readonly OpenFile[], ground: Ground): Result {
  if (address === organization) return { reason: 'the organization does not exist, and files without it say nothing' };
  const path = ground.places.block(address);
  return holding(files, path).reduce<Result>(
    (result, { file }) => ('reason' in result ? result : joined(result, put(file, path, undefined, result.files))),
    { files, touched: [] },
  );
}

function linkRemoved(address: Address, files: readonly OpenFile[], ground: Ground): Result {
  return listsOf(address, ground).reduce<Result>(
    (result, { path, name, fold, least }) => {
      if ('reason' in result) return result;
      return holding(result.files, path).reduce<Result>((inner, { file, tree }) => {
        const list = find(tree, path);
        const index = indexIn(list, name, ground.variables, fold);
        if ('reason' in inner || index < 0 || !list) return inner;
        if (fromVariable(itemsOf(list)[index])) return { reason: `\`${name}\` comes from a variable; change that` };
        const rest = without(list, index);
        return joined(inner, put(file, path, itemsOf(rest).length < least ? undefined : rest, inner.files));
      }, result);
    },
    { files, touched: [] },
  );
}

interface Entry {
  readonly path: Path;
  readonly name: string;
  readonly fold: boolean;
  /** A list with fewer entries may not be written. */
  readonly least: number;
}

/** The lists in which a grant or a membership may be written. */
function listsOf(address: Address, { places }: Ground): Entry[] {
  const parsed = parse(address);
  if (parsed.kind === 'team_member') {
    const path = [...places.block(parsed.team), step(listOf(parsed.principal))];
    return [{ path, name: nameOf(parsed.principal), fold: kindOf(parsed.principal) === 'member', least: 0 }];
  }
  if (parsed.kind !== 'grant') return [];
  const { scope, role, principal, level } = parsed;
  const person = kindOf(principal) === 'member';
  const held: Entry = { path: places.holders(scope, role, principal), name: nameOf(principal), fold: person, least: 0 };
  if (level !== 'organization') return [held];
  return [held, { path: [...places.block(principal), step('roles')], name: role, fold: true, least: person ? 1 : 0 }];
}

function grantAdded(address: Address, files: readonly OpenFile[], ground: Ground): Result {
  const parsed = parse(address);
  if (parsed.kind !== 'grant') return { reason: 'it is no grant' };
  const { scope, role, principal, level } = parsed;
  const { places, live, desired } = ground;
  if (level === 'organization') {
    const roles = [...places.block(principal), step('roles')];
    const [own] = holding(files, roles);
    if (own) return put(own.file, roles, roleAdded(find(own.tree, roles), role), files);
    const lists = [step('organization'), step('access')];
    if (holding(files, lists).length > 0) return holderAdded(address, files, ground);
    if (desired.gone.has(principal)) return { reason: `the files ask for ${principal} to be gone` };
    // A list of roles is complete, so it holds all of them.
    return placed(roles, written(rolesOf(live, principal).roles ?? []), files, ground);
  }
  if (holding(files, places.block(scope)).length === 0) return { reason: `${scope} is not in the files; adopt that` };
  return holderAdded(address, files, ground);
}

/** A role among roles: in the order of the roles where they are in order. */
function roleAdded(list: Tree | undefined, role: string): Tree {
  const items = itemsOf(list);
  const names = items.map((item) => textOf(item) ?? '');
  if (list && names.some((one) => one.toLowerCase() === role.toLowerCase())) return list;
  const order = byRole('organization');
  const sorted = names.every((one, index) => index === 0 || order(names[index - 1] ?? '', one) <= 0);
  const index = sorted ? names.findIndex((one) => order(one, role) > 0) : -1;
  const place = index < 0 ? items.length : index;
  return {
    type: 'list',
    items: [...items.slice(0, place), written(literal(role)), ...items.slice(place)],
    place: list?.place ?? written('').place,
  };
}

/** A holder in the `access` of a scope. One that is not written yet speaks only for what is added, unless all is. */
function holderAdded(address: Address, files: readonly OpenFile[], ground: Ground): Result {
  const parsed = parse(address);
  if (parsed.kind !== 'grant') return { reason: 'it is no grant' };
  const { scope, role, principal } = parsed;
  const { places, live, wanted } = ground;
  const block = places.block(scope);
  const access = [...block, step('access')];
  const path = places.holders(scope, role, principal);
  const [there] = holding(files, path);
  if (there) return put(there.file, path, withName(find(there.tree, path), String(literal(nameOf(principal)))), files);
  if (holding(files, access).length > 0)
    return put(homeFor(files, path)?.file, path, written([literal(nameOf(principal))]), files);
  const all = (live.under.get(scope) ?? []).filter(({ kind }) => kind === 'grant');
  const home = homeFor(files, access)?.file;
  if (all.every((one) => wanted.has(one.address))) return put(home, access, written(accessOf(live, scope).access ?? {}), files);
  const first = put(home, path, written([literal(nameOf(principal))]), files);
  return 'reason' in first ? first : joined(first, put(home, [...block, step('access_mode')], written('add'), first.files));
}

const amongRoles = (level: Level) => (keys: readonly string[], key: string) => {
  const order = byRole(level);
  const sorted = keys.every((one, index) => index === 0 || order(keys[index - 1] ?? '', one) <= 0);
  const index = sorted ? keys.findIndex((one) => order(one, key) > 0) : -1;
  return index < 0 ? keys.length : index;
};

function memberAdded(address: Address, files: readonly OpenFile[], ground: Ground): Result {
  const parsed = parse(address);
  if (parsed.kind !== 'team_member') return { reason: 'it is no membership' };
  const { team, principal } = parsed;
  const block = ground.places.block(team);
  if (holding(files, block).length === 0) return { reason: `${team} is not in the files; adopt that` };
  const path = [...block, step(listOf(principal))];
  const [there] = holding(files, path);
  if (there) return put(there.file, path, withName(find(there.tree, path), String(literal(nameOf(principal)))), files);
  // A list that is written is complete, so it holds all of them.
  const all = membersOf(ground.live, team)[listOf(principal)];
  return all === undefined
    ? { reason: 'the members cannot be read' }
    : put(homeFor(files, path)?.file, path, written(all), files);
}

/** A thing as an export would write it. */
function thingAdded(address: Address, files: readonly OpenFile[], ground: Ground): Result {
  const parsed = parse(address);
  const path = ground.places.block(address);
  if (parsed.kind === 'organization') return { reason: 'the files have it already' };
  if (parsed.kind === 'service_account_key') return { reason: 'where its value goes is not known; write `to:` by hand' };
  if (parsed.kind === 'role') return { reason: 'definitions of custom roles are not adopted; they can be granted without' };
  if (ground.desired.gone.has(address))
    return { reason: 'the files ask for it to be gone; take the `absent` out if it is to stay' };
  if (parsed.kind === 'project' && holding(files, ground.places.block(parsed.workspace)).length === 0)
    return { reason: `${parsed.workspace} is not in the files; adopt that` };
  // Its roles may have been written before it.
  if (holding(files, path).length > 0) return { files, touched: [] };
  const block: Block = blockOf(ground.live, address);
  const own = parsed.kind === 'workspace' ? ownFileFor(files, address) : undefined;
  return placed(path, written(block), files, ground, own);
}

/** Puts a block where its siblings are, or into a file of its own where that is the way of the files. */
function placed(path: Path, block: Tree, files: readonly OpenFile[], ground: Ground, ownFile?: string): Result {
  const own = ownFile ?? sectionFileFor(files, path);
  if (own === undefined || !ground.mayCreate(own) || files.some(({ file }) => file === own))
    return put(homeFor(files, path)?.file, path, block, files);
  const empty: OpenFile = { file: own, overlay: false, tree: written({}) as Mapping };
  return put(own, path, block, [...files, empty]);
}

/** Puts a value into a file, or takes it out. */
function put(file: string | undefined, path: Path, value: Tree | undefined, files: readonly OpenFile[]): Result {
  const found = files.find((one) => one.file === file);
  if (!found || file === undefined) return { reason: 'no file has a place for it' };
  const tree = changed(found.tree, path, value, orderOf) as Mapping;
  return { files: files.map((one) => (one === found ? { ...one, tree } : one)), touched: [file] };
}

const sections: readonly string[] = Object.keys(language.properties);
const lists = ['members', 'teams', 'service_accounts'];
const parts = [
  'name',
  ...new Set(Object.values(kinds).flatMap(({ spec }) => Object.keys(spec.properties))),
  ...['previously', 'members', 'service_accounts', 'roles', 'keys', 'access', 'access_mode', 'projects'],
];

/** Where a new key goes: names among names, roles among roles, fields before lists, sections as the language has them. */
function orderOf(path: Path): (keys: readonly string[], key: string) => number {
  const [section = '', , inner] = path.map(({ key }) => key);
  if (path.length === 1) return amongWords(sections);
  const lead = section === 'organization' ? 1 : inner === 'projects' ? 4 : 2;
  const isAccess = path[lead]?.key === 'access' && ['organization', 'workspaces'].includes(section);
  if (isAccess && path.length === lead + 2) return amongRoles(lead === 1 ? 'organization' : lead === 4 ? 'project' : 'workspace');
  if (isAccess && path.length > lead + 2) return amongWords(lists);
  if (section !== 'organization' && (path.length === 2 || (path.length === 4 && ['projects', 'keys'].includes(inner ?? ''))))
    return amongNames;
  return amongWords(parts);
}

const amongWords = (words: readonly string[]) => (keys: readonly string[], key: string) => {
  const rank = words.indexOf(key);
  const next = rank < 0 ? -1 : keys.findIndex((one) => words.indexOf(one) > rank);
  return next < 0 ? keys.length : next;
};

function joined(first: Extract<Result, { files: unknown }>, second: Result): Result {
  return 'reason' in second ? second : { files: second.files, touched: [...first.touched, ...second.touched] };
}
