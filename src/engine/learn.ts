import type { Session } from '../client/index.ts';
import { type Address, kindOf, organization, parse } from '../core/address.ts';
import type { ServerName } from '../core/kind.ts';
import type { Step } from '../core/plan.ts';
import { readContext } from './read.ts';
import type { Run } from './run.ts';
import { WorkspaceNotUp } from './wait.ts';

/** Where a step's server answers: the control plane, or the server of a workspace, asked for if it was not running before. */
export async function sessionOf(server: ServerName, run: Run): Promise<Session> {
  if (server === 'control-plane') return run.client.controlPlane;
  const known = run.ids.get(server, 'server_url') ?? run.live.get(server)?.facts?.server_url;
  if (typeof known === 'string') return run.client.workspace(known);
  await relearn(server, run);
  const url = run.ids.get(server, 'server_url');
  if (!url) throw new WorkspaceNotUp(`${server} has no running server`);
  return run.client.workspace(url);
}

/** Keeps the ids of what a step created, where its answer tells them; others are read again when something needs them. */
export async function learnCreated(step: Step, answer: unknown, run: Run): Promise<void> {
  const resource = run.desired.get(step.change);
  const kind = run.kindNamed(kindOf(step.change));
  const id = (answer as { id?: unknown } | null | undefined)?.id;
  if (kind.created && resource) run.ids.learn(step.change, await kind.created(resource, answer, freshContext(run)));
  else if (typeof id === 'string') run.ids.learn(step.change, { id });
}

/** Reads again what is known of one thing. */
export async function relearn(address: Address, run: Run): Promise<void> {
  if (address === organization) return;
  const reading = await freshContext(run).of(kindOf(address));
  const parsed = parse(address);
  if (parsed.kind === 'role')
    for (const role of reading.roles ?? [])
      if (role.name === parsed.name)
        run.ids.learn(address, { [role.level]: role.id, ...(role.predefined ? {} : { id: role.id }) });
  const live = reading.live.find((one) => one.address === address);
  if (live) run.ids.learn(address, live.ids);
  if (typeof live?.facts?.server_url === 'string') run.ids.learn(address, { server_url: live.facts.server_url });
}

/** A new look at the server, with nothing remembered. */
export function freshContext(run: Run) {
  const id = run.ids.get(organization, 'id');
  if (!id) throw new Error('the organization is not there yet');
  const wanted = new Set(run.desired.keys());
  const mentioned = new Set([...wanted, ...run.changes.keys()]);
  return readContext(run.client, { kinds: run.kinds, wanted, mentioned, onEvent: () => {} }, id);
}
