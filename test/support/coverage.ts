import * as address from '../../src/core/address.ts';
import type { Change } from '../../src/core/plan.ts';
import type { World } from '../../src/emulator/index.ts';

const phases = ['account', 'invited', 'both'] as const;
const levels = ['organization', 'workspace', 'project'] as const;
const writings = ['single', 'merged'] as const;

/** Everything that changes can be of, as far as the API has it: kind, action, level, and who it is about. */
const possible: readonly string[] = [
  'organization update',
  ...['service_account', 'role', 'team', 'workspace', 'project'].flatMap((kind) => [
    `${kind} create`,
    `${kind} update`,
    `${kind} delete`,
  ]),
  // Somebody with an account and an invitation is a member already.
  'member create by account',
  'member create by invitation',
  ...phases.map((phase) => `member delete ${phase}`),
  ...[...phases, 'service_account'].flatMap((who) => [`team_member create ${who}`, `team_member delete ${who}`]),
  'team_member create new member',
  ...levels.flatMap((level) =>
    [...phases, 'service_account', 'team'].flatMap((who) => [`grant create ${level} ${who}`, `grant delete ${level} ${who}`]),
  ),
  ...levels.slice(1).map((level) => `grant create ${level} new member`),
];

/** Counts which cells of the table runs have filled. */
export interface Coverage {
  add(changes: readonly Change[], world: World, files: number): void;
  /** The cells that stayed empty. */
  empty(): string[];
  table(): string;
}

/** A table with nothing in it. */
export function coverage(): Coverage {
  const cells = new Map(possible.flatMap((cell) => writings.map((writing) => [`${cell} / ${writing}`, 0] as [string, number])));
  return {
    add(changes, world, files) {
      const phaseOf = phasesIn(world);
      for (const change of changes)
        for (const cell of cellsOf(change, phaseOf)) {
          const key = `${cell} / ${files > 1 ? 'merged' : 'single'}`;
          const count = cells.get(key);
          if (count !== undefined) cells.set(key, count + 1);
        }
    },
    empty: () => [...cells].filter(([, count]) => count === 0).map(([cell]) => cell),
    table: () =>
      possible
        .map(
          (cell) =>
            `${cell.padEnd(40)}${writings.map((writing) => String(cells.get(`${cell} / ${writing}`)).padStart(8)).join('')}`,
        )
        .join('\n'),
  };
}

type Phase = (one: address.Address) => string;

function cellsOf(change: Change, phaseOf: Phase): string[] {
  const parsed = address.parse(change.address);
  const head = `${change.kind} ${change.action}`;
  if (parsed.kind === 'team_member') return [`${head} ${phaseOf(parsed.principal)}`];
  if (parsed.kind === 'grant') return [`${head} ${parsed.level} ${phaseOf(parsed.principal)}`];
  if (parsed.kind !== 'member') return [head];
  const phase = phaseOf(change.address);
  if (change.action === 'delete') return [`${head} ${phase}`];
  return [`${head} by ${phase === 'known account' ? 'account' : 'invitation'}`];
}

/** Who somebody is at the start: a member in one of three phases, somebody with an account elsewhere, or nobody yet. */
function phasesIn(world: World): Phase {
  const own = world.organizations?.find(({ name }) => name === 'acme');
  const invited = new Set((own?.invitations ?? []).map(({ email }) => address.member(email)));
  const accounts = new Set((world.accounts ?? []).map(({ email }) => address.member(email)));
  const members = new Set(
    (own?.grants ?? []).flatMap(({ account, workspace }) =>
      account !== undefined && workspace === undefined ? [address.member(account)] : [],
    ),
  );
  return (one) => {
    const kind = address.kindOf(one);
    if (kind !== 'member') return kind;
    if (invited.has(one)) return accounts.has(one) ? 'both' : 'invited';
    if (members.has(one)) return 'account';
    return accounts.has(one) ? 'known account' : 'new member';
  };
}
