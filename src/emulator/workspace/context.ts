import { mayOnProject, type Rights, rightsOf } from '../access.ts';
import { type Core, switchOf } from '../core.ts';
import { refuse, refuseWith } from '../refusal.ts';
import type { Received } from '../request.ts';
import type { Server, ServerUser, Session, Workspace } from '../state.ts';

/** One checked request to a workspace server. */
export interface Call {
  readonly core: Core;
  readonly workspace: Workspace;
  readonly server: Server;
  readonly request: Received;
  readonly params: Readonly<Record<string, string>>;
  // biome-ignore lint/suspicious/noExplicitAny: JSON enters here
  readonly query: Readonly<Record<string, any>>;
  // biome-ignore lint/suspicious/noExplicitAny: JSON enters here
  readonly body: any;
  /** The caller; null only for operations without login. */
  readonly user: ServerUser;
  readonly session: Session | null;
}

/** Answers one operation of a workspace server with a JSON value or a whole answer. */
export type CallHandlers = Readonly<Record<string, (call: Call) => unknown>>;

/** The shape of an unexpected failure. */
export function unexpected(): Error {
  return refuseWith({ status: 500, body: { detail: 'An unexpected error occurred.', request_id: '00000000' } });
}

/** A time in microseconds as workspace servers write it. */
export function microTime(micros: number): string {
  const millis = Math.floor(micros / 1000);
  return `${new Date(millis).toISOString().slice(0, -1)}${String(Math.round(micros - millis * 1000)).padStart(3, '0')}`;
}

/** Passes the failure of a call to the control plane on to the caller, as a server in Pro mode does. */
export function askControlPlane(call: Call, method: string, path: string): void {
  if (call.server.mode !== 'pro') return;
  const reported = path !== '/usage-event' || switchOf(call.core, 'usage-report') !== 'fails';
  const failure = call.core.internalCall(method, path) ?? (reported ? null : { status: 500, isJson: true });
  if (failure === null || failure.status < 300) return;
  if (failure.status === 402 || failure.status === 403) {
    // Recorded: these are read as JSON, and what is none is the caller's fault.
    if (!failure.isJson) throw refuse(422, 'Expecting value: line 1 column 1 (char 0)');
    throw refuse(failure.status, 'The control plane refused.');
  }
  throw refuse(500, 'The control plane failed.');
}

/** The rights of the caller in the control plane; null where no role checks are made. */
export function rightsIn(call: Call): Rights | null {
  if (call.server.mode !== 'pro' || call.user.externalId === null) return null;
  const account = call.core.state.accounts.get(call.user.externalId);
  if (!account) throw refuse(403, 'Insufficient permissions.');
  return rightsOf(call.core, account);
}

/** Refuses with 403 unless the caller may do something to a project (null: to projects as such). */
export function mustOnProject(call: Call, projectId: string | null, action: string): void {
  const rights = rightsIn(call);
  if (rights === null) return;
  askControlPlane(call, 'POST', '/rbac/check_permissions');
  if (!mayOnProject(rights, call.workspace, projectId, action)) {
    throw refuse(403, `Insufficient permissions to ${action.toUpperCase()} resource 'project'.`);
  }
}

/** One page of rows, in the envelope of workspace servers. */
export function envelope<T>(call: Call, rows: readonly T[], read: (row: T) => unknown): unknown {
  const size = Number(call.query.size ?? 20);
  const index = Number(call.query.page ?? 1);
  const pages = Math.max(1, Math.ceil(rows.length / size));
  if (index > pages) {
    throw refuse(400, `Invalid page ${index}. There are ${rows.length} items and the maximum page is ${pages}.`);
  }
  const items = rows.slice((index - 1) * size, index * size).map(read);
  return { index, max_size: size, total_pages: pages, total: rows.length, items };
}
