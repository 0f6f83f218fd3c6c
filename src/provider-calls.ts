// What the provider does once Terraform has found it: read only then, because the program has to answer at once when it is started.
import { readFile } from 'node:fs/promises';
import { apiUrlOf, findCredential } from './commands/credentials.ts';
import { service } from './terraform/plugin/service.ts';
import { provider } from './terraform/server.ts';

/** The calls of the provider in this process; `end` is told when Terraform is done with it. */
export function load(end: () => void) {
  const { env } = process;
  const place = { env, cwd: process.cwd(), now: () => new Date() };
  const calls = provider({
    env,
    now: Date.now,
    apiUrl: (apiUrl) => apiUrlOf({ apiUrl }, env),
    credential: (apiUrl) => findCredential(place, apiUrl),
    readFile: (path) => readFile(path, 'utf8'),
    ...(env.TF_LOG || env.TF_LOG_PROVIDER ? { onEvent: log } : {}),
  });
  return service(calls, end);
}

/** A line in the form in which Terraform takes logs from its plugins; it holds no header, query, body or secret. */
function log(event: { readonly type: string }): void {
  const { type, ...rest } = event;
  const line = { '@level': 'debug', '@message': type, '@module': 'zenmlpro', '@timestamp': new Date().toISOString(), ...rest };
  process.stderr.write(`${JSON.stringify(line)}\n`);
}
