import {
  ApiError,
  type Client,
  type Credential,
  compareDocuments,
  type Difference,
  readTargetDocument,
  type Session,
  type TargetDocument,
} from '../client/index.ts';
import type { OrganizationReference } from '../core/desired.ts';
import { type Live, type LiveState, unreadFor } from '../core/resource.ts';
import { type Identity, identify } from './caller.ts';
import { describe } from './describe.ts';
import { findOrganization } from './find.ts';
import { emailOf, type Observed, observe } from './observe.ts';
import { missingReads } from './probe-reads.ts';

/** One thing that was looked at before the first write. */
export interface Check {
  readonly name: string;
  readonly status: 'ok' | 'warning' | 'failed';
  readonly detail: string;
  /** What a report to others says instead: names of people and organizations stay here. */
  readonly shared?: string;
}

/** A difference, and the server that has it: `control-plane`, or the address of a workspace. */
export type Found = Difference & { readonly server: string };

/** All that was looked at, and what it comes to. */
export interface Examination {
  readonly checks: readonly Check[];
  readonly differences: readonly Found[];
  readonly observed: readonly Observed[];
  readonly ready: 'apply' | 'plan' | 'no';
  /** The last line, in words. */
  readonly verdict: string;
}

export interface Examined {
  readonly client: Client;
  readonly api: string;
  /** What the files name, and what was asked for. */
  readonly files: OrganizationReference;
  readonly asked: string | undefined;
  readonly read: (organization: { id: string; name: string }, identity: Identity) => Promise<LiveState>;
  /** What zenform relies on, and the documents that it was built from. */
  readonly relied: { readonly controlPlane: readonly string[]; readonly workspace: readonly string[] };
  readonly documents: { readonly controlPlane: TargetDocument; readonly workspace: TargetDocument };
  readonly credential: Credential;
  /** The connection and the credential, as they have shown themselves so far. */
  readonly connection: () => readonly Check[];
}

/** Looks, in the order in which one needs the other: can it be reached, who am I, which organization, what may I see, what differs. GET only. */
export async function examine(given: Examined): Promise<Examination> {
  const checks: Check[] = [];
  const differences: Found[] = [];
  let observed: readonly Observed[] = [];
  const { client } = given;
  try {
    const document = await readTargetDocument(client.controlPlane, 'control-plane');
    client.adapt(document);
    const identity = await identify(client.controlPlane);
    checks.push({ name: 'reach', status: 'ok', detail: `${given.api} answers`, shared: 'it answers' }, ...given.connection());
    checks.push(whoIs(identity));
    if (document)
      differences.push(...compared('control-plane', document, given.documents.controlPlane, given.relied.controlPlane));
    const found = await findOrganization(client, given.files, given.asked, given.api);
    const problem = found.diagnostics[0];
    if (problem)
      checks.push({
        name: 'organization',
        status: 'failed',
        detail: `${problem.summary}; ${problem.hint ?? ''}`,
        shared: problem.code,
      });
    else if (!found.organization)
      checks.push({
        name: 'organization',
        status: 'warning',
        detail: `\`${given.files.name}\` does not exist yet and will be created`,
        shared: 'not there yet',
      });
    else {
      const { name, id } = found.organization;
      checks.push({ name: 'organization', status: 'ok', detail: `${name} (${id})`, shared: 'found' });
      const state = await given.read(found.organization, identity);
      checks.push(rights(state));
      if (!document)
        differences.push(
          ...(await missingReads(client.controlPlane, id, state)).map((one) => ({ ...one, server: 'control-plane' })),
        );
      const workspaces = await examineWorkspaces(given, state);
      checks.push(...workspaces.checks);
      differences.push(...workspaces.differences);
      observed = await observe({ session: client.controlPlane, organizationId: id, state, email: emailOf(identity.address) });
    }
    checks.push(await version(client.controlPlane, document), aboutDocument(document, differences));
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    const name = error.status === undefined ? 'reach' : error.status === 401 ? 'identity' : 'rights';
    const { summary, hint } = describe(error, given);
    checks.push({
      name,
      status: 'failed',
      detail: hint === undefined ? summary : `${summary}; ${hint}`,
      shared: `failed (${error.status ?? 'no answer'})`,
    });
  }
  return { checks, differences, observed, ...conclusion(checks, differences) };
}

function whoIs({ address, id, superuser }: Identity): Check {
  const kind = address?.startsWith('service_account/') ? 'a service account' : 'a person';
  const more = superuser ? ', a super-user' : '';
  return { name: 'identity', status: 'ok', detail: `${address ?? id}${more}`, shared: `${kind}${more}` };
}

function rights({ caller, unread }: LiveState): Check {
  const hidden = unread.filter(({ prefix }) => !prefix.includes('/project/')).map(({ reason }) => reason);
  if (caller.seesEverything && hidden.length === 0)
    return {
      name: 'rights',
      status: 'ok',
      detail: caller.superuser ? 'a super-user: sees and may do everything' : 'Organization Admin: sees and may do everything',
    };
  const scopes = caller.adminOf.length > 0 ? `admin of ${caller.adminOf.join(', ')}; ` : '';
  const elsewhere = caller.adminOf.length > 0 ? ' elsewhere' : '';
  const detail = caller.seesEverything
    ? hidden.join('; ')
    : `${scopes}not Organization Admin, which a full apply needs: what is not listed may still exist, so nothing will be removed${elsewhere}`;
  return {
    name: 'rights',
    status: 'warning',
    detail,
    shared: caller.seesEverything ? 'something is hidden' : 'not Organization Admin',
  };
}

/** Every workspace: its state, its server and, once for each version, the server's own document. */
async function examineWorkspaces(given: Examined, state: LiveState) {
  const workspaces = [...state.resources.values()].filter(({ address }) => /^workspace\/[^/]+$/.test(address));
  const seen = new Map<string, Promise<TargetDocument | undefined>>();
  const looked = await Promise.all(
    workspaces.map(async (live, at) => {
      const url = live.facts?.server_url;
      const label = `workspace ${at + 1}`;
      if (typeof url !== 'string') return { check: standing(live, state, label), differences: [] };
      const session = given.client.workspace(url);
      try {
        const info = (await session.get('/api/v1/info')) as { readonly version?: unknown } | null;
        const version = typeof info?.version === 'string' ? info.version : 'of unknown version';
        const known = seen.has(version);
        const reading = seen.get(version) ?? readTargetDocument(session, 'workspace');
        seen.set(version, reading);
        const document = known ? undefined : await reading;
        const unread = unreadFor(state.unread, `${live.address}/project/x` as Live['address']);
        const silent = !known && document === undefined ? ', and serves no openapi.json: what it takes is not known' : '';
        const detail = unread ? unread.reason : `server ${version} answers${silent}`;
        return {
          check: {
            name: live.address,
            status: unread ? ('warning' as const) : ('ok' as const),
            detail,
            shared: `${label}: ${unread ? 'not readable' : detail}`,
          },
          differences: document ? compared(live.address, document, given.documents.workspace, given.relied.workspace) : [],
        };
      } catch (error) {
        if (!(error instanceof ApiError)) throw error;
        return {
          check: {
            name: live.address,
            status: 'warning' as const,
            detail: error.message,
            shared: `${label}: ${error.status ?? 'no answer'}`,
          },
          differences: [],
        };
      }
    }),
  );
  return { checks: looked.map(({ check }): Check => check), differences: looked.flatMap((one) => one.differences) };
}

function standing(live: Live, state: LiveState, label: string): Check {
  const reason = unreadFor(state.unread, `${live.address}/project/x` as Live['address'])?.reason;
  const status = String(live.facts?.status ?? 'of unknown state');
  return { name: live.address, status: 'warning', detail: reason ?? `it is ${status}`, shared: `${label}: ${status}` };
}

async function version(session: Session, document: TargetDocument | undefined): Promise<Check> {
  const info = (await session.get('/server/info').catch(() => undefined)) as { readonly version?: unknown } | null | undefined;
  const said = typeof info?.version === 'string' ? info.version : document?.version;
  return {
    name: 'version',
    status: 'ok',
    detail: said === undefined ? 'the control plane does not tell its version' : `control plane ${said}`,
  };
}

function aboutDocument(document: TargetDocument | undefined, differences: readonly Found[]): Check {
  if (!document)
    return {
      name: 'api',
      status: 'warning',
      detail:
        'the control plane serves no openapi.json: what it reads was tried, what it writes remains unknown until the first apply',
    };
  const count = differences.filter(({ consequence }) => consequence !== 'none').length;
  return count === 0
    ? { name: 'api', status: 'ok', detail: 'by its own document it has all that zenform relies on' }
    : {
        name: 'api',
        status: 'warning',
        detail: `by its own document it differs in ${count} ${count === 1 ? 'point' : 'points'}, listed below`,
      };
}

const compared = (server: string, document: TargetDocument, ours: TargetDocument, relied: readonly string[]): Found[] =>
  compareDocuments(document, ours, relied).map((one) => ({ ...one, server }));

function conclusion(checks: readonly Check[], differences: readonly Found[]): Pick<Examination, 'ready' | 'verdict'> {
  const failed = checks.filter(({ status }) => status === 'failed');
  const blocking = differences.filter(
    ({ what, consequence, operation }) => what === 'missing' && consequence === 'refused' && operation.startsWith('GET '),
  );
  if (failed.length + blocking.length > 0) {
    const why = [
      ...failed.map(({ name, detail }) => `${name}: ${detail}`),
      ...blocking.map(({ operation }) => `${operation} is not there`),
    ];
    return { ready: 'no', verdict: `not ready: ${why.join('; ')}` };
  }
  const refused = differences.filter(({ consequence }) => consequence === 'refused').length;
  const few = checks.find(({ name, status }) => name === 'rights' && status !== 'ok');
  if (few) return { ready: 'plan', verdict: `ready to plan; what an apply can do is limited: ${few.detail}` };
  const but =
    refused === 0
      ? ''
      : `, except for what the ${refused} refused ${refused === 1 ? 'point' : 'points'} above ${refused === 1 ? 'needs' : 'need'}`;
  return { ready: 'apply', verdict: `ready to apply${but}` };
}
