import type { Step } from '../core/plan.ts';
import type { Run } from './run.ts';

/** How long a workspace may take, in seconds; a run that gives up is continued by the next one. */
const patience = 600;
const pauses = [500, 1000, 2000, 4000];
const longestPause = 5000;

/** A workspace did not become what a step waits for. */
export class WorkspaceNotUp extends Error {
  override readonly name = 'WorkspaceNotUp';
}

/** Reads a workspace again and again until it is in a state, reporting on the way. Throws when it fails or takes too long. */
export async function waitForWorkspace(
  until: NonNullable<Step['until']>,
  run: Pick<Run, 'client' | 'ids' | 'clock' | 'onEvent' | 'signal'>,
): Promise<void> {
  const id = run.ids.get(until.workspace, 'id');
  const start = run.clock.now();
  for (let round = 0; ; round++) {
    const answer = (await run.client.controlPlane.get(`/workspaces/${id}`)) as Record<string, unknown>;
    const status = String(answer.status);
    const seconds = Math.round((run.clock.now() - start) / 1000);
    if (status === until.status) {
      const url = ((answer.zenml_service as Record<string, unknown> | null)?.status as Record<string, unknown> | null)
        ?.server_url;
      if (typeof url === 'string') run.ids.learn(until.workspace, { server_url: url });
      return;
    }
    run.onEvent({ event: 'wait', address: until.workspace, status, seconds, limit: patience });
    if (status === 'failed')
      throw new WorkspaceNotUp(`the workspace failed: ${String(answer.state_reason || 'the server gives no reason')}`);
    if (seconds >= patience) throw new WorkspaceNotUp(`the workspace is still ${status} after ${patience} s; run again to go on`);
    if (run.signal?.aborted) throw new Error(`interrupted while the workspace is ${status}; run again to go on`);
    await run.clock.sleep(pauses[round] ?? longestPause, run.signal);
  }
}
