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
      service ??= import('./provider-calls.ts').then(({ load }) => load(end));
      return (await service)(path, request);
    },
    process.platform,
    Date.now(),
  );
  whenDeserted(listening.server, end);
  process.on('SIGTERM', end);
  process.stdout.write(listening.line);
}
