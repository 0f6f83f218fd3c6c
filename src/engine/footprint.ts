import { type Footprint, normaliseBaseUrl, queryText } from '../client/index.ts';
import type { Address } from '../core/address.ts';
import type { Step } from '../core/plan.ts';
import type { Live } from '../core/resource.ts';
import { substitute } from '../core/symbol.ts';
import type { Ids } from './ids.ts';

type Leaving = Parameters<Footprint['allows']>[0];

/** The step that makes a secret worthless which this one could not deliver. */
export function withdrawalOf({ id, change, secret }: Step): Step | undefined {
  return secret?.otherwise && { id: `${id}/otherwise`, change, needs: [], ...secret.otherwise };
}

/** What the steps of a plan may write: each of them in one of its forms, to its server, with the ids that are known by then, once. */
export function footprint(
  steps: readonly Step[],
  ids: Ids,
  live: ReadonlyMap<Address, Live>,
  rules: { readonly insecureHttp?: boolean },
): Footprint {
  const open = new Map(steps.flatMap((step) => [step, withdrawalOf(step) ?? []].flat()).map((step) => [step.id, step]));
  const serverOf = ({ server }: Step) => {
    if (server === 'control-plane') return server;
    const url = ids.get(server, 'server_url') ?? live.get(server)?.facts?.server_url;
    return typeof url === 'string' ? normaliseBaseUrl(url, rules) : undefined;
  };
  const fits = (form: Step, write: Leaving) => {
    const ready = substitute(form, (address, name) => ids.get(address, name));
    return (
      ready !== undefined &&
      ready.method === write.method &&
      ready.path === write.path &&
      queryText(ready.query ?? {}) === (write.query ?? '') &&
      (ready.body === undefined ? undefined : JSON.stringify(ready.body)) === write.body
    );
  };
  return {
    allows: (write) => {
      const step = open.get(write.step ?? '');
      if (!step || serverOf(step) !== write.server) return false;
      return [step, ...(step.alternatives ?? []).map((other) => ({ ...step, ...other }))].some((form) => fits(form, write));
    },
    taken: ({ step = '' }) => void open.delete(step),
  };
}
