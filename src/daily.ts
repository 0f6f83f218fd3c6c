import { type Adoption, adopt, type FileEdit, placesIn, type Want } from './config/adopt/index.ts';
import { blockOf, viewOf } from './config/blocks.ts';
import { checkFiles } from './config/check.ts';
import { displayName } from './config/files.ts';
import { loadTexts } from './config/load.ts';
import { resolve } from './config/resolve.ts';
import { connect } from './connect.ts';
import { type Address, kindOf } from './core/address.ts';
import type { Ignore } from './core/desired.ts';
import { compare, type Diagnostic, hasErrors, sortDiagnostics } from './core/diagnostic.ts';
import { matcher, selection } from './core/select.ts';
import { type Cause, causesOf } from './core/three-way.ts';
import type { Inputs, PlanResult } from './inputs.ts';
import { kindNamed } from './kinds/index.ts';
import { guarded, type Prepared, prepare } from './sync.ts';

export type { Cause } from './core/three-way.ts';

/** How live differs from the files. */
export interface DriftResult extends PlanResult {
  /** Who moved, for every change; empty without a base. */
  readonly causes: ReadonlyMap<Address, Cause>;
  /** The `ignore_drift` entries of the files that count today. */
  readonly ignores: readonly Ignore[];
  /** Everything that is declared or live. */
  readonly addresses: readonly Address[];
}

/** The difference between live and files, with who moved where a base tells. Reads only. */
export async function driftOrganization(inputs: Inputs): Promise<DriftResult> {
  const nothing = { causes: new Map(), ignores: [], addresses: [] };
  const result = await guarded(inputs, async () => surveyed(await prepare(inputs, connect(inputs), false), inputs));
  return { ...nothing, ...result };
}

function surveyed({ result, made, files }: Prepared, inputs: Inputs): DriftResult {
  const { ignores } = files.desired;
  const ended = ignores.filter(({ until }) => until !== undefined && until < inputs.now);
  return {
    ...result,
    diagnostics: sortDiagnostics([...result.diagnostics, ...ended.map(endedIgnore)]),
    causes: made && result.plan ? causesOf(result.plan.changes, made.scoped, files.desired, kindNamed) : new Map(),
    ignores: ignores.filter((one) => !ended.includes(one)),
    addresses: made ? [...made.scoped.all.keys(), ...made.scoped.declared] : [],
  };
}

const endedIgnore = ({ address, until, place }: Ignore): Diagnostic => ({
  code: 'ignore-expired',
  severity: 'note',
  summary: `what \`ignore_drift\` says about ${address} ended on ${until} and counts no longer`,
  hint: 'remove the entry, or write a later date',
  ...(place ? { place } : {}),
});

/** What is to be written into the files. */
export interface Wish {
  /** Patterns of addresses; none for everything that drifted. */
  readonly addresses: readonly string[];
  /** Whether a difference counts as drift. */
  readonly drifts: (result: DriftResult, address: Address) => boolean;
  /** Take in all that is live, too, managed or not. */
  readonly everything: boolean;
}

export interface AdoptResult extends DriftResult, Adoption {
  /** What only the files have changed: it waits to be applied. */
  readonly pending: Adoption['left'];
}

/**
 * Live's side of what differs, as edits of the files; writes nothing. What would still differ with the edited files is told: the plan of
 * the edits is made on the same live state.
 */
export async function adoptOrganization(inputs: Inputs, wish: Wish): Promise<AdoptResult> {
  const none: Adoption = { edits: [], adopted: [], left: [] };
  const result = await guarded(inputs, async (): Promise<AdoptResult> => {
    const prepared = await prepare(inputs, connect(inputs), false);
    const drift = surveyed(prepared, inputs);
    // What cannot be applied can still be adopted: a refusal, or an error in the plan, is about the way to the files' side.
    if (!prepared.made || !prepared.planFor || !drift.plan || hasErrors(prepared.files.diagnostics))
      return { ...drift, ...none, pending: [] };
    const { wants, left, pending } = wantsOf(drift, wish, prepared, selection(inputs.only, inputs.skip));
    if (!prepared.made.state.caller.seesEverything)
      return { ...drift, ...none, pending: [], diagnostics: [...drift.diagnostics, incomplete(prepared)] };
    const adoption = checked(wants, prepared, inputs);
    return { ...drift, ...adoption, pending, left: [...left, ...adoption.left].sort((a, b) => compare(a.address, b.address)) };
  });
  return { causes: new Map(), ignores: [], addresses: [], pending: [], ...none, ...result };
}

function incomplete({ made }: Prepared): Diagnostic {
  return {
    code: 'as-far-as-visible',
    severity: 'error',
    summary: `${made?.state.caller.name} does not see everything, and lists in the files are complete`,
    hint: 'run as an Organization Admin',
  };
}

function wantsOf(
  drift: DriftResult,
  wish: Wish,
  prepared: Prepared,
  selected: (address: Address) => boolean,
): { wants: Want[]; left: Adoption['left']; pending: Adoption['left'] } {
  const named = matcher(wish.addresses);
  const isNamed = (address: Address) => wish.addresses.length > 0 && named(address);
  const changes = drift.plan?.changes ?? [];
  const admins = new Set(
    drift.diagnostics.flatMap(({ code, address }) => (code === 'unmanaged-admin' && address ? [address] : [])),
  );
  const wants: Want[] = [];
  const left: { address: Address; reason: string }[] = [];
  const pending: { address: Address; reason: string }[] = [];
  for (const change of changes) {
    if (wish.addresses.length > 0 && !isNamed(change.address)) continue;
    const changed = drift.causes.get(change.address)?.changed;
    if (isNamed(change.address) || wish.everything) wants.push({ address: change.address, change });
    else if (!wish.drifts(drift, change.address)) continue;
    else if (changed === 'files')
      pending.push({
        address: change.address,
        reason: 'the files changed, and that is not applied yet; name it to take it back',
      });
    else if (changed === 'both')
      left.push({ address: change.address, reason: "files and live both changed; name it to take live's side" });
    else wants.push({ address: change.address, change });
  }
  for (const { address } of drift.unmanaged) {
    const bare = wish.addresses.length === 0 && admins.has(address);
    if (selected(address) && (isNamed(address) || wish.everything || bare)) wants.push({ address });
  }
  if (wish.everything) addUnsaid(wants, prepared, selected);
  return { wants, left, pending };
}

/** What live says of declared things in fields that the files leave out. */
function addUnsaid(wants: Want[], { made, files }: Prepared, selected: (address: Address) => boolean): void {
  if (!made) return;
  const view = viewOf({ ...made.state, resources: made.scoped.all });
  for (const [address, { spec }] of files.desired.resources) {
    if (!selected(address) || !made.scoped.all.has(address) || !named.has(kindOf(address))) continue;
    const known = Object.keys(kindNamed(kindOf(address)).spec.properties);
    const unsaid = Object.entries(blockOf(view, address)).filter(([field]) => known.includes(field) && !(field in spec));
    const fields = unsaid.map(([field]) => ({
      path: `/${field}`,
      before: made.scoped.all.get(address)?.spec[field],
      after: undefined,
    }));
    if (fields.length === 0) continue;
    const index = wants.findIndex((want) => want.address === address);
    const change = wants[index]?.change;
    if (change && change.action !== 'update') continue;
    const want = {
      address,
      change: { address, kind: kindOf(address), action: 'update' as const, fields: [...(change?.fields ?? []), ...fields] },
    };
    if (index < 0) wants.push(want);
    else wants[index] = want;
  }
}

const named = new Set(['organization', 'service_account', 'team', 'workspace', 'project']);

function adoptOn({ made, files }: Prepared, wants: readonly Want[], inputs: Inputs): Adoption {
  if (!made) return { edits: [], adopted: [], left: [] };
  return adopt(files.loaded.documents, wants, {
    // Under the names that live has: what is renamed in the files only is no business of adopting.
    live: viewOf({ ...made.state, resources: made.scoped.all }),
    desired: files.desired,
    places: placesIn(files.loaded.tree),
    variables: inputs.variables,
    wanted: new Set(wants.map(({ address }) => address)),
    // Only in a folder that was named is a new file found again.
    mayCreate: (file) =>
      inputs.files.some((one) => one === '.' || file.startsWith(`${displayName(one, inputs.cwd).replace(/\/$/, '')}/`)),
  });
}

/** As much of what is wanted as gives files that are valid and say it; what does not is told. Few tries when little is wrong. */
function checked(wants: readonly Want[], prepared: Prepared, inputs: Inputs): Adoption {
  const refused: { address: Address; reason: string }[] = [];
  let best: Adoption = { edits: [], adopted: [], left: [] };
  const add = (accepted: readonly Want[], group: readonly Want[]): readonly Want[] => {
    if (group.length === 0) return accepted;
    const all = [...accepted, ...group];
    const adoption = adoptOn(prepared, all, inputs);
    const faults = faultsIn(adoption, prepared, inputs);
    if (faults.size === 0) {
      best = adoption;
      return all;
    }
    if (group.length === 1 && group[0]) {
      refused.push({ address: group[0].address, reason: [...faults.values()][0] ?? '' });
      return accepted;
    }
    const half = group.length >> 1;
    return add(add(accepted, group.slice(0, half)), group.slice(half));
  };
  add([], wants);
  return { ...best, left: [...best.left, ...refused] };
}

/** What would be wrong with the edited files: an error in them, or an adopted address that still differs. */
function faultsIn(adoption: Adoption, { files, planFor }: Prepared, inputs: Inputs): ReadonlyMap<string, string> {
  if (adoption.edits.length === 0 || !planFor) return new Map();
  const after = planOf(adoption.edits, files, inputs);
  const [problem] = after.diagnostics.filter(({ severity }) => severity === 'error');
  if (problem) return new Map([['', `the files would no longer be valid: ${problem.summary}`]]);
  const open = new Set(planFor(after.desired).plan.changes.map(({ address }) => address));
  const differing = adoption.adopted.filter((address) => open.has(address));
  return new Map(differing.map((address) => [address, 'no edit of the files makes them say it']));
}

/** The desired state of the edited files, and what is wrong with them. */
function planOf(edits: readonly FileEdit[], files: Prepared['files'], inputs: Inputs) {
  const texts = new Map(edits.map(({ file, after }) => [file, Buffer.from(after)]));
  const known = files.loaded.documents.map(({ file, bytes, overlay }) => ({ file, bytes: texts.get(file) ?? bytes, overlay }));
  const fresh = edits
    .filter(({ before }) => before === undefined)
    .map(({ file, after }) => ({ file, bytes: Buffer.from(after), overlay: false }));
  const own = known.filter(({ overlay }) => !overlay);
  const loaded = loadTexts([...own, ...fresh, ...known.filter(({ overlay }) => overlay)], inputs.variables);
  const { desired, diagnostics } = resolve(loaded.tree, inputs.now);
  return { desired, diagnostics: [...loaded.diagnostics, ...diagnostics, ...checkFiles(desired)] };
}
