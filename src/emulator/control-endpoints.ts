import type { Core } from './core.ts';
import { faultProblems } from './faults.ts';
import type { Emulator } from './index.ts';
import { type Answer, isRefusal } from './refusal.ts';
import { jsonOf, type Received } from './request.ts';
import { checkWorld } from './world-schema.ts';

const done: Answer = { status: 200, body: null };

function jsonBody(request: Received): unknown {
  return request.body === '' ? null : jsonOf(request.body);
}

function carryOut(emulator: Emulator, core: Core, request: Received): Answer {
  const call = `${request.method} ${request.path.slice('/_emulator/'.length)}`;
  if (call === 'GET requests') return { status: 200, body: emulator.requests };
  if (call === 'DELETE requests') emulator.clearRequests();
  else if (call === 'GET world') return { status: 200, body: emulator.world() };
  else if (call === 'PUT world') emulator.load(checkWorld(jsonBody(request), 'world'));
  else if (call === 'GET switches') return { status: 200, body: core.switches };
  else if (call === 'PUT switches') emulator.setSwitches((jsonBody(request) ?? {}) as Record<string, string>);
  else if (call === 'DELETE faults') emulator.clearFaults();
  else if (call === 'DELETE tokens') core.state.sessions.clear();
  else if (call === 'POST faults') {
    const value = jsonBody(request);
    const faults = Array.isArray(value) ? value : [value];
    const problems = faults.flatMap(faultProblems);
    if (problems.length > 0) throw new Error(problems.join('\n'));
    for (const fault of faults) emulator.addFault(fault);
  } else if (call === 'POST accept') {
    const { email, organization } = (jsonBody(request) ?? {}) as { email?: string; organization?: string };
    if (organization === undefined) emulator.acceptInvitation(email ?? '');
    else emulator.acceptInvitation(email ?? '', organization);
  } else return { status: 404, body: { detail: 'Not Found' } };
  return done;
}

/** Serves the endpoints outside of the API that tests use. */
export function serveControlEndpoint(emulator: Emulator, core: Core, request: Received): Answer {
  try {
    return carryOut(emulator, core, request);
  } catch (error) {
    const message = isRefusal(error) ? 'the body is not JSON' : error instanceof Error ? error.message : String(error);
    return { status: 400, body: { detail: message } };
  }
}
