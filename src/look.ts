import { writeConfig } from './config/write.ts';
import { allKinds, connect } from './connect.ts';
import { type Diagnostic, hasErrors, sortDiagnostics } from './core/diagnostic.ts';
import { type Identity, identify } from './engine/caller.ts';
import { type Check, examine } from './engine/doctor.ts';
import { findOrganization } from './engine/find.ts';
import { readLive } from './engine/read.ts';
import { describe } from './engine/trouble.ts';
import type { Inputs } from './inputs.ts';
import { validateFiles } from './sync.ts';

/** The live organization as files whose plan is empty; what has no name that the language can say is listed. */
export async function exportOrganization(
  inputs: Inputs,
): Promise<{ files: readonly { name: string; text: string }[]; diagnostics: readonly Diagnostic[] }> {
  try {
    const client = connect(inputs);
    const found = await findOrganization(client, { create: false }, inputs.organization, inputs.target.apiUrl);
    if (hasErrors(found.diagnostics)) return { files: [], diagnostics: found.diagnostics };
    const state = await readLive(client, {
      kinds: allKinds,
      organization: found.organization,
      identity: await identify(client.controlPlane),
      wanted: new Set(),
      onEvent: inputs.onEvent ?? (() => {}),
    });
    return writeConfig(state);
  } catch (error) {
    return { files: [], diagnostics: [describe(error)] };
  }
}

/** What a user should know before the first write: reach, identity, organization, rights. */
export async function diagnose(inputs: Inputs): Promise<{ checks: readonly Check[]; diagnostics: readonly Diagnostic[] }> {
  const files = await validateFiles(inputs);
  try {
    const reference = hasErrors(files.diagnostics) ? { create: false } : files.desired.organization;
    const client = connect(inputs);
    const read = (organization: { id: string; name: string }, identity: Identity) =>
      readLive(client, { kinds: allKinds, organization, identity, wanted: new Set(), onEvent: inputs.onEvent ?? (() => {}) });
    const checks = await examine(client, inputs.target.apiUrl, reference, inputs.organization, read);
    return { checks, diagnostics: sortDiagnostics(files.diagnostics) };
  } catch (error) {
    return { checks: [], diagnostics: [describe(error)] };
  }
}
