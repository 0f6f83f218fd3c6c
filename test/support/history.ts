// Promise 3, read off the server: everybody's rights after every write, by ids and not by addresses, so that a rename is no difference
// and nothing is taken from the code that puts steps in order.
import { expect } from 'vitest';
import type { Emulator, State } from '../../src/emulator/index.ts';
import type { Accept } from './run.ts';

/** Everybody's rights at one moment. */
interface Moment {
  readonly after: string;
  /** `who holds which role where`. */
  readonly held: ReadonlySet<string>;
  /** Accounts that are Organization Admin and can log in: people, and all. */
  readonly admins: { readonly people: ReadonlySet<string>; readonly accounts: ReadonlySet<string> };
  /** Service accounts by name. */
  readonly named: ReadonlyMap<string, string>;
  /** Workspaces of which the projects cannot be read. */
  readonly unseen: readonly string[];
}

/** What happened on a server since it was watched. */
export interface History {
  readonly moments: readonly Moment[];
}

/** Watches a server from now on. */
export function watched(on: Emulator): History {
  const moments = [momentOf('nothing', on.state())];
  on.onWrite(({ request }) => moments.push(momentOf(`${request.method} ${request.path}`, on.state())));
  return { moments };
}

/**
 * At every moment everybody's rights lie within those before and after, nobody lacks what they hold on both sides, the admins never
 * fall below two (or as many as there were), and the caller stays one. What was accepted is exempt, for the person it is about.
 */
export function expectSafe(moments: readonly Moment[], accepted: readonly Accept[], caller = 'ci'): void {
  const [before, after] = [moments[0], moments.at(-1)];
  if (!before || !after) return;
  const about = (guard: string) =>
    new Set(accepted.filter((one) => one.guard === guard).flatMap(({ address }) => everyNameOf(address, moments)));
  const [exempt, lockOut] = [about('unsafe-order'), about('lock-out')];
  const running = before.named.get(caller) ?? caller;
  // What is inside a workspace that does not answer cannot be seen, so that no order can look after it.
  const unseen = (right: string) => before.unseen.some((id) => right.includes(` on ${id}/`) && !right.endsWith('/all'));
  const wrong: string[] = [];
  for (const { after: request, held, admins } of moments) {
    const note = (text: string) => wrong.push(`${text}, after ${request}`);
    for (const right of held)
      if (!before.held.has(right) && !after.held.has(right) && !exempt.has(whoseIs(right)) && !unseen(right))
        note(`too much: ${right}`);
    for (const right of before.held)
      if (after.held.has(right) && !held.has(right) && !exempt.has(whoseIs(right))) note(`lost: ${right}`);
    for (const of of ['people', 'accounts'] as const)
      if (admins[of].size < Math.min(2, before.admins[of].size) && !lockOut.has('organization'))
        note(`${admins[of].size} of ${before.admins[of].size} ${of} are left as admins`);
    if (before.admins.accounts.has(running) && !admins.accounts.has(running) && !lockOut.has(running)) note(`${caller} is out`);
  }
  expect(wrong).toEqual([]);
}

const whoseIs = (right: string) => right.split(' holds ')[0] ?? '';

function everyNameOf(address: string, moments: readonly Moment[]): string[] {
  const name = decodeURIComponent(address.replace(/^(member|service_account)\//, ''));
  if (!address.startsWith('service_account/')) return [name];
  return moments.flatMap(({ named }) => named.get(name) ?? []);
}

function momentOf(after: string, state: Readonly<State>): Moment {
  const own = [...state.organizations.values()].find(({ name }) => name === 'acme')?.id;
  const held = new Set<string>();
  const people = new Set<string>();
  const accounts = new Set<string>();
  for (const row of state.assignments) {
    if (row.organizationId !== own) continue;
    const role = state.roles.get(row.roleId);
    const holders =
      row.kind === 'team' ? (state.teams.get(row.principalId)?.members ?? []) : [{ kind: row.kind, id: row.principalId }];
    for (const holder of holders) {
      const account = holder.kind === 'user' ? state.accounts.get(holder.id) : undefined;
      const own = account && account.organizationId !== null ? account.id : undefined;
      const who = own ?? (account ? (account.email ?? account.username) : state.invitations.get(holder.id)?.email)?.toLowerCase();
      if (who === undefined) continue;
      const what = role?.systemManaged ? role.name : row.roleId;
      held.add(`${who} holds ${what} on ${row.workspaceId ?? 'all'}/${row.projectId ?? 'all'}`);
      if (role?.name !== 'Organization Admin' || row.workspaceId !== null || !account?.isActive) continue;
      accounts.add(who);
      if (account.organizationId === null) people.add(who);
    }
  }
  const named = new Map(
    [...state.accounts.values()].filter((one) => one.organizationId === own).map((one) => [one.username, one.id]),
  );
  const unseen = [...state.workspaces.values()].filter(({ status }) => status !== 'available').map(({ id }) => id);
  return { after, held, admins: { people, accounts }, named, unseen };
}
