import { type Core, switchOf } from '../core.ts';
import { makeProject } from '../make.ts';
import type { Workspace } from '../state.ts';
import { quirkOf } from '../views.ts';

/** Lets a workspace reach a state. */
export function become(core: Core, workspace: Workspace, status: string): void {
  workspace.status = status;
  workspace.pending = null;
  workspace.stateReason = status === 'failed' ? 'The last operation failed.' : '';
  workspace.statusUpdated = core.now();
  if (status === 'available' && workspace.isNew) {
    workspace.isNew = false;
    if (switchOf(core, 'seed-default-project') === 'yes') makeProject(core.state, core.now(), workspace, 'default', {});
  }
}

/** Starts the infrastructure work that leads to a desired state; a workspace of one's own has none and changes at once. */
export function begin(core: Core, workspace: Workspace, desired: string): void {
  workspace.desiredState = desired;
  workspace.updated = core.now();
  if (!workspace.managed) {
    become(core, workspace, desired);
    return;
  }
  workspace.status = 'pending';
  workspace.statusUpdated = core.now();
  if (quirkOf(core, workspace) === 'stuck') return;
  const to = desired === 'available' ? switchOf(core, 'provision-outcome') : desired;
  workspace.pending = { to, polls: Number(switchOf(core, 'provision-delay')) };
}

/** Ends the work of every workspace that has been polled often enough. */
export function settle(core: Core): void {
  for (const workspace of core.state.workspaces.values()) {
    if (workspace.pending && workspace.pending.polls <= 0) become(core, workspace, workspace.pending.to);
  }
}

/** Counts one GET of a workspace. */
export function poll(workspace: Workspace): void {
  workspace.polls += 1;
  if (workspace.pending) workspace.pending.polls -= 1;
}

/** Marks an enrolled workspace as up, as its server reports. */
export function report(core: Core, workspace: Workspace, url: string | undefined): void {
  workspace.serverUrl = url ?? workspace.serverUrl;
  workspace.desiredState = 'available';
  become(core, workspace, 'available');
}
