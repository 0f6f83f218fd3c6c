import { type Conditions, conditionsOf } from './access/conditions.ts';
import { type Address, type KindName, kindOf, parse } from './address.ts';
import { planContext } from './context.ts';
import type { Desired } from './desired.ts';
import { type Diagnostic, sortDiagnostics } from './diagnostic.ts';
import { diff } from './diff.ts';
import { type Accepted, unaccepted } from './guards/accept.ts';
import { allowedDomainsGuard } from './guards/allowed-domains.ts';
import { destroyGuard } from './guards/destroy.ts';
import { execGuard } from './guards/exec.ts';
import { lockOutGuard, ownKeyGuard } from './guards/lock-out.ts';
import { massChangeGuard } from './guards/mass-change.ts';
import { protectedGuard } from './guards/protected.ts';
import { rightsGuard } from './guards/rights.ts';
import { unsafeOrderGuard } from './guards/unsafe-order.ts';
import type { Call, Kind } from './kind.ts';
import { order } from './order.ts';
import { placeOfRemoval } from './place-of-removal.ts';
import type { Change, Plan } from './plan.ts';
import { checkReferences } from './references.ts';
import type { LiveState } from './resource.ts';
import { organizationAdmin } from './roles.ts';
import { type Scoped, scope } from './scope.ts';

export interface PlanOptions {
  readonly base?: Desired;
  readonly selected: (address: Address) => boolean;
  readonly allowDestroy: (address: Address) => boolean;
  /** Whether commands of the files may run. */
  readonly allowExec: boolean;
  /** What was accepted besides what the files accept. */
  readonly accepts: readonly Accepted[];
  /** What is lost with a deletion, in words, where that was looked up. */
  readonly losses?: ReadonlyMap<Address, string>;
  readonly api: string;
  /** `YYYY-MM-DD`. */
  readonly now: string;
  readonly memberRole: string;
  /** The people who are invited again although an earlier invitation has come to nothing. */
  readonly reinvite: (address: Address) => boolean;
  /** Whether the target is known to take definitions of custom roles. */
  readonly customRoles: boolean;
  readonly kindNamed: (name: KindName) => Kind;
  /** What is known of the target's own ways. */
  readonly target?: {
    /** A call with its arguments where the target takes them. */
    readonly placed: (call: Call) => Call;
    /** Why the target would refuse a call, in words. */
    readonly refuses: (call: Call) => string | undefined;
  };
}

/** A plan, what is live outside it, and whether it may run. */
export interface Made {
  readonly plan: Plan;
  readonly verdict: 'ok' | 'error' | 'refused';
  readonly unmanaged: Scoped['unmanaged'];
  readonly scoped: Scoped;
}

/** The plan that brings live to desired: scope, diff, order, guards. Pure. */
export function makePlan(files: Desired, state: LiveState, options: PlanOptions): Made {
  const { kindNamed } = options;
  const scoped = scope(files, state, {
    ...options,
    cleared: (kind, field) => kindNamed(kind).cleared?.(field),
    defers: (resource, live) => kindNamed(kindOf(resource.address)).defers?.(resource, live),
  });
  const difference = diff(scoped, kindNamed);
  const organizationName = state.organization?.name ?? files.organization.name ?? '';
  const context = planContext(scoped, state, difference.changes, organizationName);
  const conditions = conditionsOf(scoped.all, state.caller.address, difference.changes);
  const going = new Set(difference.changes.filter((change) => change.action === 'delete').map((change) => change.address));
  const planned = difference.changes.map((bare) => {
    const place = bare.action === 'delete' ? placeOfRemoval(bare, files, scoped.desired) : undefined;
    const change = place ? { ...bare, place } : bare;
    const made = callsOf(change, scoped, context, kindNamed, (address) => going.has(address));
    const calls = options.target ? made.map(options.target.placed) : made;
    return { change: withEffects(change, calls, conditions, options.losses), calls };
  });
  const changes = planned.map(({ change }) => change);
  const problems = [
    ...scoped.diagnostics,
    ...difference.diagnostics,
    ...checkReferences(scoped, state, changes),
    ...[...scoped.desired.values()].flatMap((resource) => kindNamed(kindOf(resource.address)).check?.(resource, context) ?? []),
    ...unmanagedAdmins(scoped),
    ...(options.customRoles ? [] : definedRoles(scoped)),
    ...(options.target ? planned.flatMap((one) => refusedByTarget(one, options.target?.refuses)) : []),
    ...state.oddities.map((oddity): Diagnostic => ({ ...oddity, severity: 'note' })),
  ];
  const failed = problems.some(({ severity }) => severity === 'error');
  const ordered = failed ? undefined : order(planned, conditions);
  const { refused, notes } = unaccepted(
    [
      ...massChangeGuard(changes, files, scoped.live, kindNamed),
      ...lockOutGuard(conditions.populations, conditions.callerLoss, ordered?.afterCallerLoss ?? []),
      ...ownKeyGuard(changes, state.caller.address),
      ...allowedDomainsGuard(changes, files),
      ...rightsGuard(changes, state.caller, state.roles),
      ...unsafeOrderGuard(ordered?.broken ?? []),
    ],
    [...files.accepts, ...options.accepts],
  );
  const refusals = [
    ...protectedGuard(changes, files, protectedBase(files, options.base)),
    ...(options.allowExec ? [] : execGuard(planned)),
    ...destroyGuard(changes, files, (change) => options.allowDestroy(change.address), kindNamed),
    ...refused,
  ];
  const diagnostics = sortDiagnostics([...problems, ...refusals, ...notes]);
  const count = (action: Change['action']) => changes.filter((change) => change.action === action).length;
  const verdict = failed ? 'error' : refusals.length > 0 ? 'refused' : 'ok';
  const plan: Plan = {
    format: 'zenform.plan/1',
    organization: { id: state.organization?.id ?? '', name: organizationName },
    api: options.api,
    now: options.now,
    summary: {
      create: count('create'),
      update: count('update'),
      delete: count('delete'),
      unchanged: difference.unchanged,
      unmanaged: scoped.unmanaged.length,
    },
    changes,
    steps: ordered?.steps ?? [],
    access: conditions.access,
    unmanaged: countByKind(scoped.unmanaged),
    notChecked: scoped.notChecked,
    diagnostics,
  };
  return { plan, verdict, unmanaged: scoped.unmanaged, scoped };
}

function callsOf(
  change: Change,
  scoped: Scoped,
  context: ReturnType<typeof planContext>,
  kindNamed: PlanOptions['kindNamed'],
  deleted: (address: Address) => boolean,
) {
  const kind = kindNamed(change.kind);
  const resource = scoped.desired.get(change.address);
  const live = scoped.live.get(change.address);
  if (change.action === 'create' && resource) return kind.create(resource, context);
  if (change.action === 'update' && resource && live) return kind.update?.(resource, live, change.fields, context) ?? [];
  return live ? (kind.delete?.(live, context, deleted) ?? []) : [];
}

/** A change with everything about it that cannot be undone. */
function withEffects(change: Change, calls: readonly Call[], { leaving }: Conditions, losses: PlanOptions['losses']): Change {
  const workspace = leaving.get(change.address);
  const lost = losses?.get(change.address);
  const effects = [
    ...(lost === undefined ? [] : [lost]),
    ...(change.effects ?? []),
    ...calls.flatMap(({ irreversible = [] }) => irreversible),
    ...(workspace ? [`what was shared with them individually in ${workspace} is lost`] : []),
  ];
  return effects.length > 0 ? { ...change, effects } : change;
}

/** What the target's own document says that it would refuse: known before the first write instead of in the middle of a run. */
function refusedByTarget(
  { change, calls }: { readonly change: Change; readonly calls: readonly Call[] },
  refuses: ((call: Call) => string | undefined) | undefined,
): Diagnostic[] {
  const why = calls.map((call) => refuses?.(call)).find((text) => text !== undefined);
  if (why === undefined) return [];
  return [
    {
      code: 'target-differs',
      severity: 'error',
      summary: `${change.address} cannot be ${change.action}d: by its own document the target would refuse it: ${why}`,
      hint: '`zenform doctor` lists all differences',
      address: change.address,
      ...(change.place ? { place: change.place } : {}),
    },
  ];
}

/** Definitions of custom roles are a guess at an API that nobody has documented, so they need a target that says it takes them. */
function definedRoles(scoped: Scoped): Diagnostic[] {
  return [...scoped.desired.values()]
    .filter(({ address }) => kindOf(address) === 'role')
    .map(({ address, place }) => ({
      code: 'custom-roles-unsupported',
      severity: 'error',
      summary: `${address} is defined here, and the target is not known to take definitions of custom roles`,
      hint: 'make the role in the dashboard and remove its definition; it can be granted all the same',
      address,
      ...(place ? { place } : {}),
    }));
}

/** What the base protected, and what the files protect and still ask to be gone through a wider deletion. */
function protectedBase(files: Desired, base: Desired | undefined): Desired {
  return { ...files, resources: new Map([...(base?.resources ?? []), ...files.resources]) };
}

/** Whoever may do everything is never merely unmanaged. */
function unmanagedAdmins(scoped: Scoped): Diagnostic[] {
  return scoped.unmanaged.flatMap(({ address }): Diagnostic[] => {
    const parsed = parse(address);
    if (parsed.kind !== 'grant' || parsed.role !== organizationAdmin || parsed.level !== 'organization') return [];
    return [
      {
        code: 'unmanaged-admin',
        severity: 'warning',
        summary: `${parsed.principal} is Organization Admin and not in the files`,
        hint: 'declare it, or remove it',
        address,
      },
    ];
  });
}

function countByKind(unmanaged: Scoped['unmanaged']): Partial<Record<KindName, number>> {
  const counts: Partial<Record<KindName, number>> = {};
  for (const { kind } of [...unmanaged].sort((a, b) => (a.kind < b.kind ? -1 : 1))) counts[kind] = (counts[kind] ?? 0) + 1;
  return counts;
}
