import { reliedOn } from './api/relied-on.ts';
import { type Client, documentOf, type TargetDocument } from './client/index.ts';
import { writeConfig } from './config/write.ts';
import { allKinds, connect } from './connect.ts';
import { type Address, kindOf, serviceAccountKey } from './core/address.ts';
import { type Diagnostic, hasErrors, sortDiagnostics } from './core/diagnostic.ts';
import type { LiveState } from './core/resource.ts';
import { emptyPatterns, selection } from './core/select.ts';
import { identify } from './engine/caller.ts';
import { connection } from './engine/connection.ts';
import { describe } from './engine/describe.ts';
import { type Examination, examine } from './engine/doctor.ts';
import { findOrganization, onlyOrganization } from './engine/find.ts';
import { readContext, readLive } from './engine/read.ts';
import type { Inputs } from './inputs.ts';
import { validateFiles } from './sync.ts';

/** An export: its files by name, and what they cannot say. */
export interface Export {
  readonly files: readonly { readonly name: string; readonly text: string }[];
  readonly diagnostics: readonly Diagnostic[];
  readonly organization: string | undefined;
}

/** The live organization as files whose plan is empty; what has no name that the language can say is listed. */
export async function exportOrganization(inputs: Inputs): Promise<Export> {
  const { state, diagnostics } = await lookAt(inputs);
  if (!state) return { files: [], diagnostics, organization: undefined };
  const written = writeConfig(state, selection(inputs.only, inputs.skip));
  const patterns = emptyPatterns([...inputs.only, ...inputs.skip], [...state.resources.keys()]);
  return {
    ...written,
    diagnostics: sortDiagnostics([...written.diagnostics, ...patterns]),
    organization: state.organization?.name,
  };
}

/** The live organization, or why there is none; with `keys`, the API keys of its service accounts too. */
export async function lookAt(
  inputs: Inputs,
  how: { readonly keys?: boolean } = {},
): Promise<{ state: LiveState | undefined; diagnostics: readonly Diagnostic[] }> {
  try {
    const client = connect(inputs);
    const asked = inputs.organization ?? (await onlyOrganization(client));
    const found = await findOrganization(client, { create: false }, asked, inputs.target.apiUrl);
    if (hasErrors(found.diagnostics)) return { state: undefined, diagnostics: found.diagnostics };
    const options = {
      kinds: allKinds,
      organization: found.organization,
      identity: await identify(client.controlPlane),
      wanted: new Set<Address>(),
      mentioned: new Set<Address>(),
      onEvent: inputs.onEvent ?? (() => {}),
    };
    const state = await readLive(client, options);
    return { state: how.keys ? await withKeys(state, client, options) : state, diagnostics: [] };
  } catch (error) {
    return { state: undefined, diagnostics: [describe(error, inputs.target)] };
  }
}

/** Keys are read for accounts that somebody speaks of: here of all. */
async function withKeys(state: LiveState, client: Client, options: Parameters<typeof readLive>[1]): Promise<LiveState> {
  const accounts = [...state.resources.keys()].filter((address) => kindOf(address) === 'service_account');
  if (accounts.length === 0 || !state.organization) return state;
  const mentioned = new Set(accounts.map((account) => serviceAccountKey(account, 'any')));
  const reading = await readContext(client, { ...options, mentioned }, state.organization.id).of('service_account_key');
  const resources = new Map([...state.resources, ...reading.live.map((live) => [live.address, live] as const)]);
  return { ...state, resources, unread: [...state.unread, ...reading.unread] };
}

/** What a user should know before the first write: reach, identity, organization, rights, and where the server differs. GET only. */
export async function diagnose(
  inputs: Inputs,
): Promise<{ examination: Examination | undefined; diagnostics: readonly Diagnostic[] }> {
  const files = await validateFiles(inputs);
  try {
    const seen = connection(inputs.target.credential);
    const client = connect(inputs, seen);
    const examination = await examine({
      client,
      api: inputs.target.apiUrl,
      files: hasErrors(files.diagnostics) ? { create: false } : files.desired.organization,
      asked: inputs.organization,
      read: (organization, identity) =>
        readLive(client, {
          kinds: allKinds,
          organization,
          identity,
          wanted: new Set(),
          mentioned: new Set(),
          onEvent: inputs.onEvent ?? (() => {}),
        }),
      relied: { controlPlane: reliedOn['control-plane'], workspace: reliedOn.workspace },
      documents: await ownDocuments(),
      credential: inputs.target.credential,
      connection: seen.checks,
    });
    return { examination, diagnostics: sortDiagnostics(files.diagnostics) };
  } catch (error) {
    return { examination: undefined, diagnostics: [describe(error, inputs.target)] };
  }
}

/** The documents that zenform was built from. */
async function ownDocuments() {
  const [controlPlane, workspace] = await Promise.all([
    import('./api/control-plane.openapi.json', { with: { type: 'json' } }),
    import('./api/workspace.openapi.json', { with: { type: 'json' } }),
  ]);
  const read = (module: { readonly default: unknown }) => documentOf(module.default) as TargetDocument;
  return { controlPlane: read(controlPlane), workspace: read(workspace) };
}
