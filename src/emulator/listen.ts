import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { EmulatorRequest, Outcome } from './index.ts';

async function textOf(message: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of message) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString('utf8');
}

function headersOf(message: IncomingMessage): Record<string, string> {
  return Object.fromEntries(
    Object.entries(message.headers).map(([name, value]) => [name, Array.isArray(value) ? value.join(', ') : (value ?? '')]),
  );
}

function send(response: ServerResponse, outcome: Outcome, isHead: boolean): void {
  if (outcome.kind === 'hang') return;
  if (outcome.kind === 'drop') {
    response.socket?.destroy();
    return;
  }
  const { status, headers, body } = outcome.response;
  const bytes = Buffer.from(body, 'utf8');
  response.writeHead(status, { ...headers, 'content-length': String(bytes.length) });
  if (outcome.kind === 'truncate') {
    response.write(bytes.subarray(0, Math.floor(bytes.length / 2)), () => response.socket?.destroy());
    return;
  }
  response.end(isHead ? '' : bytes);
}

/** Serves on a loopback port; `started` learns the URL. */
export async function listenOn(
  exchange: (request: EmulatorRequest) => Promise<Outcome>,
  port: number,
  started: (url: string) => void,
): Promise<{ readonly url: string; close(): Promise<void> }> {
  const server = createServer((message, response) => {
    textOf(message)
      .then((body) => exchange({ method: message.method ?? 'GET', url: message.url ?? '/', headers: headersOf(message), body }))
      .then((outcome) => send(response, outcome, message.method === 'HEAD'))
      .catch((error: unknown) => {
        response.writeHead(500, { 'content-type': 'text/plain; charset=utf-8' });
        response.end(`The emulator failed: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`);
      });
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', resolve);
  });
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  started(url);
  const close = () =>
    new Promise<void>((resolve) => {
      server.close(() => resolve());
      server.closeAllConnections();
    });
  return { url, close };
}
