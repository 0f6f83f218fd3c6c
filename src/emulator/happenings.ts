import { accept } from './control/invitations.ts';
import { become } from './control/lifecycle.ts';
import { type Core, switchOf } from './core.ts';
import { invitationStatus } from './views.ts';

/** What happens at a count of requests, by its switch; the count begins when the switch is set. */
export interface Happenings {
  /** Counts a request, and lets happen what is due before it is answered. */
  before(): void;
  /** Whether the request of now is refused because there were too many. */
  tooMany(): boolean;
  /** Whether the request of now never arrives. */
  losesRequest(): boolean;
  /** Whether the answer to the write of now is lost. */
  losesAnswer(): boolean;
  /** Begins to count anew for these switches. */
  restart(names: readonly string[]): void;
}

function acceptAll(core: Core): void {
  for (const invitation of [...core.state.invitations.values()])
    if (invitationStatus(core, invitation) === 'pending') accept(core, invitation);
}

function failAll(core: Core): void {
  for (const workspace of core.state.workspaces.values()) if (workspace.status === 'available') become(core, workspace, 'failed');
}

/** Counts requests for one emulator. */
export function happenings(core: Core): Happenings {
  const counts = new Map<string, number>();
  const count = (name: string): number => {
    const next = (counts.get(name) ?? 0) + 1;
    counts.set(name, next);
    return next;
  };
  const due = (name: string, value: string): boolean => value !== 'off' && count(name) === Number(value);
  /** True once for every so many, and then from the beginning. */
  const recurs = (name: string, value: string): boolean => {
    if (value === 'off' || count(name) <= Number(value)) return false;
    counts.delete(name);
    return true;
  };
  return {
    before: () => {
      if (due('accept-invitation', switchOf(core, 'accept-invitation'))) acceptAll(core);
      if (due('revoke-tokens', switchOf(core, 'revoke-tokens'))) core.state.sessions.clear();
      if (due('workspace-fails', switchOf(core, 'workspace-fails'))) failAll(core);
    },
    tooMany: () => recurs('rate-limit', switchOf(core, 'rate-limit')),
    losesRequest: () => recurs('lost-request', switchOf(core, 'lost-request')),
    losesAnswer: () => recurs('lost-answer', switchOf(core, 'lost-answer')),
    restart: (names) => {
      for (const name of names) counts.delete(name);
    },
  };
}
