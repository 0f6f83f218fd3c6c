import { type Address, member, serviceAccount, team } from '../../core/address.ts';
import type { Json } from '../../core/resource.ts';

/** An object of an answer. Its fields are looked at one by one: the documents are reconstructions, so nothing is taken for granted. */
export type Row = Readonly<Record<string, unknown>>;

/** The value as an object, or undefined. */
export function asRow(value: unknown): Row | undefined {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Row) : undefined;
}

/** A text field that is there and not empty. */
export function textOf(row: Row | undefined, field: string): string | undefined {
  const value = row?.[field];
  return typeof value === 'string' && value !== '' ? value : undefined;
}

/** A field as the API has it, with "not there" told apart from null. */
export function jsonOf(row: Row | undefined, field: string): Json | undefined {
  return row?.[field] as Json | undefined;
}

/** Only the entries that are there. */
export function defined(fields: Readonly<Record<string, Json | undefined>>): Record<string, Json> {
  return Object.fromEntries(Object.entries(fields).filter((entry): entry is [string, Json] => entry[1] !== undefined));
}

/** Somebody who can hold a role or belong to a team, with the server's ids. */
export interface Principal {
  readonly address: Address;
  readonly ids: Readonly<Record<string, string>>;
}

/**
 * The principal of a membership or assignment, in either form: wrapped as `{user|team|invitation}`, or flat. A flat user always has
 * the key `username`, a flat invitation never.
 */
export function principalOf(item: unknown): Principal | undefined {
  const row = asRow(item);
  if (!row) return undefined;
  const user = asRow(row.user);
  if (user) return userOf(user);
  const invitation = asRow(row.invitation);
  if (invitation) return invitationOf(invitation);
  const group = asRow(row.team);
  if (group) return teamOf(group);
  if ('user' in row || 'team' in row || 'invitation' in row) return undefined;
  if ('username' in row) return userOf(row);
  return 'email' in row ? invitationOf(row) : teamOf(row);
}

function userOf(row: Row): Principal | undefined {
  const id = textOf(row, 'id');
  const username = textOf(row, 'username');
  if (!id) return undefined;
  if (row.is_service_account === true) return username ? { address: serviceAccount(username), ids: { user_id: id } } : undefined;
  const name = textOf(row, 'email') ?? username;
  return name ? { address: member(name), ids: { user_id: id } } : undefined;
}

function invitationOf(row: Row): Principal | undefined {
  const id = textOf(row, 'id');
  const email = textOf(row, 'email');
  return id && email ? { address: member(email), ids: { invitation_id: id } } : undefined;
}

function teamOf(row: Row): Principal | undefined {
  const id = textOf(row, 'id');
  const name = textOf(row, 'name');
  return id && name ? { address: team(name), ids: { team_id: id } } : undefined;
}
