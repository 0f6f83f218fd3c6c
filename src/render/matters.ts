import { type Address, kindOf, nameOf, organization, parse } from '../core/address.ts';
import { compare } from '../core/diagnostic.ts';
import type { AccessChange, Change, Plan } from '../core/plan.ts';
import { organizationAdmin } from '../core/roles.ts';
import type { Subject } from './report.ts';

/** Somebody, and the teams by which a role comes or goes. */
export interface Holder {
  readonly principal: Address;
  readonly via: readonly Address[];
}

/** What of a plan a reviewer has to see before everything else. */
export interface Matters {
  /** People and service accounts that become, or stop being, Organization Admin; people first. */
  readonly gain: readonly Holder[];
  readonly lose: readonly Holder[];
  /** Whether the teams' live members were known, too: otherwise only what the changes themselves say. */
  readonly whole: boolean;
  /** What cannot be undone: data, keys and teams that are deleted. */
  readonly destructive: readonly Change[];
  /** Who else gets or loses roles; wider scopes first. */
  readonly access: readonly AccessChange[];
  /** Who gets an e-mail. */
  readonly mailed: readonly string[];
}

/** How the two lists of Organization Admins are called, and which of them is the alarming one: drift is told from where live is. */
export function adminWords(
  subject: Subject,
  side: 'gain' | 'lose',
  count: number,
): { readonly text: string; readonly alarm: boolean } {
  const one = count === 1;
  const words =
    subject === 'drift'
      ? {
          gain: `${one ? 'is' : 'are'} not Organization Admin, and should be by the files`,
          lose: `${one ? 'is' : 'are'} Organization Admin, and should not be by the files`,
        }
      : { gain: `${one ? 'becomes' : 'become'} Organization Admin`, lose: `${one ? 'is' : 'are'} no longer Organization Admin` };
  return { text: `${count} ${words[side]}`, alarm: side === (subject === 'drift' ? 'lose' : 'gain') };
}

const destroyed = new Set<Change['kind']>([
  'workspace',
  'project',
  'service_account',
  'service_account_key',
  'team',
  'member',
  'role',
]);

/** What of a plan matters most. */
export function mattersOf(plan: Plan): Matters {
  const { gain, lose } = plan.access ? fromAccess(plan.access) : fromChanges(plan.changes);
  const admins = new Set([...gain, ...lose].map(({ principal }) => principal));
  const access = (plan.access ?? []).filter(({ scope, principal }) => scope !== organization || !admins.has(principal));
  const lossy = ({ action, kind, effects = [] }: Change) => action === 'delete' && (destroyed.has(kind) || effects.length > 0);
  return {
    gain: gain.sort(peopleFirst),
    lose: lose.sort(peopleFirst),
    whole: plan.access !== undefined,
    destructive: plan.changes.filter(lossy).sort((a, b) => weight(a) - weight(b) || compare(a.address, b.address)),
    access: access.sort((a, b) => width(a.scope) - width(b.scope)),
    mailed: plan.steps
      .filter(({ method, path }) => method === 'POST' && path.endsWith('/invitations'))
      .map(({ change }) => nameOf(change)),
  };
}

const weights: readonly Change['kind'][] = [
  'workspace',
  'project',
  'service_account',
  'service_account_key',
  'member',
  'team',
  'role',
];
const weight = ({ kind }: Change) => (weights.indexOf(kind) + weights.length + 1) % (weights.length + 1);
const width = (scope: Address) => ['organization', 'workspace', 'project'].indexOf(kindOf(scope));

function peopleFirst(a: Holder, b: Holder): number {
  const rank = ({ principal }: Holder) => ['member', 'service_account', 'team'].indexOf(kindOf(principal));
  return rank(a) - rank(b) || compare(a.principal, b.principal);
}

function fromAccess(access: readonly AccessChange[]): { gain: Holder[]; lose: Holder[] } {
  const on = access.filter(({ scope }) => scope === organization);
  const holds = (roles: readonly string[]) => roles.includes(organizationAdmin);
  const holder = ({ principal, by }: AccessChange): Holder => ({
    principal,
    // Whoever has it directly needs no team for it.
    via: by[organizationAdmin]?.includes(principal) ? [] : (by[organizationAdmin] ?? []),
  });
  return {
    gain: on.filter(({ before, after }) => !holds(before) && holds(after)).map(holder),
    lose: on.filter(({ before, after }) => holds(before) && !holds(after)).map(holder),
  };
}

/** What the changes alone say: role assignments, first roles, and memberships in teams that get or lose the role with the same plan. */
function fromChanges(changes: readonly Change[]): { gain: Holder[]; lose: Holder[] } {
  const sides = { create: new Map<Address, Set<Address>>(), delete: new Map<Address, Set<Address>>() };
  const add = (side: keyof typeof sides, principal: Address, via?: Address) => {
    const teams = sides[side].get(principal) ?? new Set();
    sides[side].set(principal, via ? teams.add(via) : teams);
  };
  for (const { address, action, fields } of changes) {
    if (action === 'update') continue;
    const parsed = parse(address);
    if (parsed.kind === 'grant' && parsed.scope === organization && parsed.role === organizationAdmin)
      add(action, parsed.principal);
    const first = fields.find(({ path }) => path === '/role');
    if (parsed.kind === 'member' && action === 'create' && first?.after === organizationAdmin) add(action, address);
  }
  for (const { address, action } of changes) {
    const parsed = parse(address);
    if (parsed.kind === 'team_member' && action !== 'update' && sides[action].has(parsed.team))
      add(action, parsed.principal, parsed.team);
  }
  const holders = (side: keyof typeof sides) =>
    [...sides[side]].map(([principal, teams]): Holder => ({ principal, via: [...teams].sort(compare) }));
  return { gain: holders('create'), lose: holders('delete') };
}
