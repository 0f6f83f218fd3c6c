import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { createClient, Secret } from '../../src/client/index.ts';
import { everything, failure } from './client-fake.ts';

const closing: (() => void)[] = [];
afterEach(() => {
  for (const close of closing.splice(0)) close();
});

/** A client, with a ready token, of a real server on loopback; time passes only while it waits to send again. */
async function against(listener: RequestListener) {
  const server = createServer(listener);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const close = () => {
    server.closeAllConnections();
    server.close();
  };
  closing.push(close);
  const clock = { now: () => 0, sleep: async () => {} };
  const credential = { kind: 'token', value: new Secret('token-planted') } as const;
  const apiUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}/prefix/`;
  return { client: createClient({ apiUrl, credential, writes: everything, clock, timeoutMs: 300 }), close, apiUrl };
}

const write = { method: 'POST', path: '/x', body: { name: 'ä' } } as const;

describe('over a real connection', () => {
  it('query, body and token arrive as they were meant', async () => {
    const { client } = await against((request, response) => {
      let body = '';
      request.on('data', (chunk) => {
        body += chunk;
      });
      request.on('end', () =>
        response.end(
          JSON.stringify([request.method, request.url, request.headers.authorization, request.headers['content-type'], body]),
        ),
      );
    });
    const sent = await client.controlPlane.write({ ...write, query: { a: 'x&y', n: 1 } });
    expect(sent).toEqual(['POST', '/prefix/x?a=x%26y&n=1', 'Bearer token-planted', 'application/json', '{"name":"ä"}']);
  });

  it.each(['reset', 'cut', 'silent', 'slow drip'])(
    '%s: a write is ambiguous and sent once, a read is sent again',
    async (how) => {
      let requests = 0;
      const { client } = await against((request, response) => {
        requests++;
        if (how === 'reset') request.socket.resetAndDestroy();
        if (how === 'cut') {
          response.writeHead(200, { 'content-length': 100 });
          response.write('{"id": 1');
          setImmediate(() => request.socket.destroy());
        }
        if (how === 'slow drip') {
          response.writeHead(200);
          const drip = setInterval(() => response.write(' '), 50);
          response.on('close', () => clearInterval(drip));
        }
      });
      const error = await failure(client.controlPlane.write(write));
      expect([error.status, error.ambiguous, requests]).toEqual([undefined, true, 1]);
      await failure(client.controlPlane.get('/x'));
      expect(requests).toBe(7);
    },
  );

  it('an adapter that never answers and never listens is given up', async () => {
    const credential = { kind: 'token', value: new Secret('token-planted') } as const;
    const options = { apiUrl: 'https://x.example', credential, writes: everything, timeoutMs: 30 };
    const client = createClient({ ...options, adapter: () => new Promise(() => {}) });
    expect((await failure(client.controlPlane.write(write))).ambiguous).toBe(true);
  });

  it('a server that is not there leaves no doubt', async () => {
    const { client, close } = await against(() => {});
    close();
    const error = await failure(client.controlPlane.write(write));
    expect(error).toMatchObject({ status: undefined, ambiguous: false, cause: { code: 'ECONNREFUSED' } });
    expect(Object.keys(error.cause as object)).toEqual(['code']);
  });

  it('a redirect does not carry the token away', async () => {
    let carried = false;
    const other = await against((_, response) => {
      carried = true;
      response.end('1');
    });
    const { client } = await against((_, response) => response.writeHead(302, { location: other.apiUrl }).end());
    expect((await failure(client.controlPlane.get('/x'))).message).toContain(new URL(other.apiUrl).host);
    expect(carried).toBe(false);
  });

  it('what stays on this machine goes through no proxy', async () => {
    const before = process.env.HTTP_PROXY;
    process.env.HTTP_PROXY = 'http://127.0.0.1:1';
    try {
      const { client } = await against((_, response) => response.end('"direct"'));
      expect(await client.controlPlane.get('/x')).toBe('direct');
    } finally {
      if (before === undefined) delete process.env.HTTP_PROXY;
      else process.env.HTTP_PROXY = before;
    }
  });
});
