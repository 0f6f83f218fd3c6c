import { mkdtemp, rm } from 'node:fs/promises';
import type { Http2Server, SecureServerOptions } from 'node:http2';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { selfSigned } from './certificate.ts';
import { grpcServer, type Handler } from './grpc.ts';

/** Where Terraform reaches a provider. */
export interface Listening {
  readonly network: 'unix' | 'tcp';
  readonly address: string;
  readonly server: Http2Server;
  readonly close: () => Promise<void>;
}

const cookie = 'd602bf8f470bc67ca7faa0386276bbdd4330efaf76d1a219cb4d6991ca9872b2';

/** What Terraform says to the process that it starts; undefined when it was somebody else. */
export interface Greeting {
  /** PEM of the only client that may come in; absent where Terraform was told to use no TLS. */
  readonly clientCert: string | undefined;
  readonly speaksOurs: boolean;
}

/** The greeting in an environment. */
export function greetingIn(env: Readonly<Record<string, string | undefined>>): Greeting | undefined {
  if (env.TF_PLUGIN_MAGIC_COOKIE !== cookie) return undefined;
  const versions = env.PLUGIN_PROTOCOL_VERSIONS?.split(',') ?? ['6'];
  return { clientCert: env.PLUGIN_CLIENT_CERT || undefined, speaksOurs: versions.includes('6') };
}

/** Listens in a folder of its own that nobody else can look into; on Windows, which has no such sockets for Go, on loopback. */
export async function listen(handle: Handler, platform: string, tls?: SecureServerOptions): Promise<Listening> {
  const server = grpcServer(handle, tls);
  const folder = platform === 'win32' ? undefined : await mkdtemp(join(tmpdir(), 'zenmlpro-'));
  const path = folder && join(folder, 's');
  await new Promise<void>((listening, failed) => {
    server.once('error', failed);
    if (path === undefined) server.listen(0, '127.0.0.1', listening);
    else server.listen(path, listening);
  });
  const bound = server.address();
  const address = path ?? (typeof bound === 'object' && bound ? `127.0.0.1:${bound.port}` : '');
  const close = async () => {
    server.close();
    if (folder) await rm(folder, { recursive: true, force: true });
  };
  return { network: path === undefined ? 'tcp' : 'unix', address, server, close };
}

/** Listens for the Terraform that greeted us, and answers the line by which it finds us. */
export async function handshake(
  greeting: Greeting,
  handle: Handler,
  platform: string,
  now: number,
): Promise<Listening & { readonly line: string }> {
  const own = greeting.clientCert === undefined ? undefined : selfSigned(now);
  const tls = own && { key: own.key, cert: own.cert, ca: greeting.clientCert };
  const listening = await listen(handle, platform, tls as SecureServerOptions | undefined);
  // Without padding: that is how Go reads it.
  const cert = own ? `|${Buffer.from(own.der).toString('base64').replace(/=+$/, '')}` : '';
  return { ...listening, line: `1|6|${listening.network}|${listening.address}|grpc${cert}\n` };
}

/** How long somebody may take to come, in milliseconds. */
const patience = 60_000;

/** Calls back when the last of the sessions that came has closed, or when none came: whoever started us is gone. */
export function whenDeserted(server: Http2Server, deserted: () => void): void {
  let open = 0;
  const alone = setTimeout(deserted, patience);
  server.on('session', (session) => {
    clearTimeout(alone);
    open += 1;
    session.once('close', () => {
      open -= 1;
      if (open === 0) deserted();
    });
  });
}
