// The provider as a program: Terraform starts it, finds it by the one line that it prints, and asks the rest over the connection. It
// reads what it needs only when it is asked, because Terraform starts it several times for every command.
import { greetingIn, handshake, whenDeserted } from './terraform/plugin/listen.ts';

/** Put in by the build. */
declare const ZENFORM_VERSION: string | undefined;

const greeting = greetingIn(process.env);
if (greeting?.speaksOurs) void serve(greeting);
else {
  const version = typeof ZENFORM_VERSION === 'string' ? ` ${ZENFORM_VERSION}` : '';
  process.stderr.write(
    greeting
      ? 'This provider speaks version 6 of the plugin protocol: Terraform 1.0 or later is needed.\n'
      : `zenmlpro${version} is a provider of Terraform, which starts it by itself: \`zenform terraform install\` puts it where it is found.\n`,
  );
  process.exitCode = 1;
}

async function serve(found: NonNullable<typeof greeting>): Promise<void> {
  // Ctrl-C goes to the whole group of processes; Terraform says itself when to stop, and what is under way has to be finished.
  process.on('SIGINT', () => {});
  let service: Promise<(path: string, request: Uint8Array) => Promise<Uint8Array | 'open'>> | undefined;
  let ending = false;
  const end = () => {
    if (ending) return;
    ending = true;
    void listening.close().finally(() => process.exit(0));
  };
  const listening = await handshake(
    found,
    async (path, request) => {
      service ??= load(end);
      return (await service)(path, request);
    },
    process.platform,
    Date.now(),
  );
  whenDeserted(listening.server, end);
  process.on('SIGTERM', end);
  process.stdout.write(listening.line);
}

async function load(end: () => void) {
  const [{ provider }, { service }, { apiUrlOf, findCredential }, { readFile }] = await Promise.all([
    import('./terraform/server.ts'),
    import('./terraform/plugin/service.ts'),
    import('./commands/credentials.ts'),
    import('node:fs/promises'),
  ]);
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
