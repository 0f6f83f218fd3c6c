// One step, from its symbols to the certainty that it happened. A write is sent again only when it was refused, or when reading again
// has shown that it did not happen: what the server did with an unanswered request cannot be guessed.
import { ApiError, Secret } from '../client/index.ts';
import { organization, referencesOf } from '../core/address.ts';
import type { Step } from '../core/plan.ts';
import { substitute, symbolsOf } from '../core/symbol.ts';
import { withdrawalOf } from './footprint.ts';
import { learnCreated, relearn, sessionOf } from './learn.ts';
import type { Run } from './run.ts';
import { settled } from './settle.ts';
import { waitForWorkspace } from './wait.ts';

const attempts = 3;

/** Does a step, and answers the request as it was sent. Throws when it did not happen, or when that cannot be told. */
export async function perform(step: Step, run: Run): Promise<string> {
  if (step.secret) await prepared(step.secret.to, run);
  const key = run.uuid();
  let answer: unknown;
  let request = '';
  let sent = step;
  for (let attempt = 1; ; attempt++) {
    const ready = await withIds(sent, run);
    request = `${ready.method} ${ready.path}`;
    try {
      const session = await sessionOf(ready.server, run);
      answer = await session.write({
        method: ready.method,
        path: ready.path,
        ...(ready.query ? { query: ready.query } : {}),
        ...(ready.body === undefined ? {} : { body: ready.body }),
        idempotencyKey: key,
        step: step.id,
      });
      break;
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      const other = await alternative(sent, error, run);
      if (other) {
        sent = other;
        continue;
      }
      if (await happened(step, error, run)) {
        if (step.secret) throw new Error(lost(step, error));
        await finish(step, undefined, run);
        return request;
      }
      if (!error.ambiguous || attempt === attempts || run.signal?.aborted) throw error;
    }
  }
  await finish(step, answer, run);
  return request;
}

async function finish(step: Step, answer: unknown, run: Run): Promise<void> {
  const undelivered = step.secret && (await handOver(step.secret, answer, run));
  if (run.changes.get(step.change)?.action === 'create' && !step.fields) await learnCreated(step, answer, run);
  if (undelivered !== undefined) throw new Error(await withdrawn(step, undelivered, run));
  if (step.until) await waitForWorkspace(step.until, run);
}

type Handed = NonNullable<Step['secret']>;

async function prepared(sink: Handed['to'], run: Run): Promise<void> {
  try {
    await run.prepare(sink);
  } catch (error) {
    throw new Error(`nothing was sent, because its secret would have nowhere to go: ${messageOf(error)}`);
  }
}

/** Gives the secret of an answer to its sink; answers why that failed. */
async function handOver({ field, to }: Handed, answer: unknown, run: Run): Promise<string | undefined> {
  const value = (answer as Record<string, unknown> | null | undefined)?.[field];
  if (typeof value !== 'string' || value === '') return `the answer holds no \`${field}\``;
  const secret = run.client.redactor.know(new Secret(value));
  try {
    await run.deliver(to, secret);
    return undefined;
  } catch (error) {
    return run.client.redactor.clean(messageOf(error));
  }
}

/** Makes a secret worthless that nobody got, and says what is the case now. */
async function withdrawn(step: Step, why: string, run: Run): Promise<string> {
  const withdrawal = withdrawalOf(step);
  const head = `its secret was not delivered: ${why}`;
  if (!withdrawal) return `${head}; it is left as it is`;
  try {
    await perform(withdrawal, run);
    return `${head}; it was deactivated, and the next run gives it a new value`;
  } catch (error) {
    return `${head}; deactivating it failed too: ${messageOf(error)}`;
  }
}

function lost(step: Step, error: ApiError): string {
  const next = step.secret?.otherwise || step.secret?.shownBy ? '; the next run gives it a new value' : '';
  return `it happened, but the answer with its secret was lost (${error.message})${next}`;
}

const messageOf = (error: unknown) => (error instanceof Error ? error.message : String(error));

/** The step with real ids: in its own form, or in the first alternative whose ids are known. */
async function withIds(step: Step, run: Run): Promise<Step> {
  const idOf = (address: Parameters<Run['ids']['get']>[0], name: string) => run.ids.get(address, name);
  const forms = [step, ...(step.alternatives ?? []).map((other) => ({ ...step, ...other }))];
  for (const again of [false, true]) {
    if (again) for (const { address } of forms.flatMap(symbolsOf)) await relearn(address, run);
    for (const form of forms) {
      const ready = substitute(form, idOf);
      if (ready) return ready;
    }
  }
  throw new Error(
    `the server shows no id for ${symbolsOf(step)
      .map(({ address }) => address)
      .join(', ')}`,
  );
}

/** Another form of the call, when the answer says that this one does not fit the server or the person any more. */
async function alternative(step: Step, error: ApiError, run: Run): Promise<Step | undefined> {
  const [next, ...others] = step.alternatives ?? [];
  if (!next || error.ambiguous) return undefined;
  if (next.method) return error.status === 405 ? { ...step, ...next, alternatives: others } : undefined;
  if (error.status !== 404 && error.status !== 400 && error.status !== 422) return undefined;
  // An invitation that is gone may have been accepted: the person is the same, under another id.
  const principal = referencesOf(step.change).find((reference) => reference.startsWith('member/'));
  if (!principal) return undefined;
  await relearn(principal, run);
  const form = { ...step, ...next, alternatives: others };
  return substitute(form, (address, name) => run.ids.get(address, name)) ? form : undefined;
}

/** Whether the step has happened although, or because, the server answered an error. */
async function happened(step: Step, error: ApiError, run: Run): Promise<boolean> {
  if (step.method === 'DELETE' && error.status === 404) return true;
  if (!error.ambiguous && error.status !== 409) return false;
  if (step.change === organization && !run.ids.get(organization, 'id')) return false;
  if (error.status === undefined) await run.clock.sleep(1000, run.signal);
  return settled(step, error, run);
}
