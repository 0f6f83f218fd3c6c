// The real program, real certificates and real proxies: what stands between a person and the first answer.
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer as createHttp } from 'node:http';
import { createServer as createHttps } from 'node:https';
import { type AddressInfo, connect, type Server } from 'node:net';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createEmulator } from '../../src/emulator/index.ts';
import { cleanUp, folderWith } from '../cli/run.ts';

const program = fileURLToPath(new URL('../../dist/zenform.cjs', import.meta.url));
const cwd = folderWith({
  'zenform.yaml': 'organization: { name: acme }\nservice_accounts: { admin: { roles: [Organization Admin] } }\n',
});
const servers: Server[] = [];
const listening = async (server: Server): Promise<number> => {
  servers.push(server);
  await once(server.listen(0, '127.0.0.1'), 'listening');
  return (server.address() as AddressInfo).port;
};

/** The emulator behind TLS, with a certificate for `localhost` and `zenml.test` that no authority knows. */
let secure = 0;
/** A proxy that leads everything to it, for those who say who they are; and one that answers everything with a page. */
let proxy = 0;
let portal = 0;

beforeAll(async () => {
  const subject = ['-subj', '/CN=localhost', '-addext', 'subjectAltName=DNS:localhost,DNS:zenml.test'];
  const made = ['-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-days', '2'];
  execFileSync('openssl', ['req', ...made, ...subject, '-keyout', 'key.pem', '-out', 'ca.pem'], { cwd, stdio: 'ignore' });
  const emulator = createEmulator();
  const [key, cert] = ['key.pem', 'ca.pem'].map((name) => readFileSync(join(cwd, name), 'utf8'));
  secure = await listening(
    createHttps({ key, cert }, (request, response) => {
      let body = '';
      request.on('data', (part) => {
        body += part;
      });
      request.on('end', async () => {
        const headers = Object.fromEntries(Object.entries(request.headers).map(([name, value]) => [name, String(value)]));
        const answer = await emulator.handle({ method: request.method ?? '', url: request.url ?? '', headers, body });
        response.writeHead(answer.status, answer.headers).end(answer.body);
      });
    }),
  );
  const strict = createHttp();
  strict.on('connect', (request, socket) => {
    if (!request.headers['proxy-authorization']) {
      socket.end('HTTP/1.1 407 Proxy Authentication Required\r\ncontent-length: 0\r\n\r\n');
      return;
    }
    const onward = connect(secure, '127.0.0.1', () => {
      socket.write('HTTP/1.1 200 OK\r\n\r\n');
      onward.pipe(socket).pipe(onward);
    });
    for (const end of [socket, onward]) end.on('error', () => {});
  });
  proxy = await listening(strict);
  portal = await listening(
    createHttp((_, response) =>
      response.writeHead(403, { 'content-type': 'text/html' }).end('<html><body>Please log in</body></html>'),
    ),
  );
});
afterAll(() => {
  for (const server of servers) server.close();
  cleanUp();
});

async function plan(args: readonly string[], env: NodeJS.ProcessEnv = {}): Promise<{ code: number; told: string }> {
  const { HTTPS_PROXY: _, HTTP_PROXY: __, https_proxy: ___, http_proxy: ____, ...rest } = process.env;
  const child = spawn(process.execPath, [program, 'plan', ...args], {
    cwd,
    env: { ...rest, NO_COLOR: '1', CI: 'true', ZENFORM_API_KEY: 'ZENPROKEY_emulator', NO_PROXY: '', no_proxy: '', ...env },
  });
  let told = '';
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (part) => {
      told += part;
    });
  const [code] = (await once(child, 'close')) as [number];
  return { code, told };
}

describe('a certificate', () => {
  it('that nobody vouches for is refused with the way to trust it, and then trusted', async () => {
    const url = `https://localhost:${secure}`;
    const refused = await plan(['--api-url', url]);
    expect(refused.told).toContain('error[unreachable]: POST /auth/login on control-plane: no answer: self-signed certificate');
    expect(refused.told).toContain('give the certificate of the authority that signed it, as PEM: --ca-file FILE');
    expect([refused.code, (await plan(['--api-url', url, '--ca-file', 'ca.pem'])).code]).toEqual([1, 0]);
  });

  it('for another name is told as that', async () => {
    const { code, told } = await plan(['--api-url', `https://127.0.0.1:${secure}`, '--ca-file', 'ca.pem']);
    expect([code, told]).toEqual([
      1,
      expect.stringContaining('the certificate is for another name: check the host of --api-url'),
    ]);
  });

  it('is not looked for where nothing speaks TLS', async () => {
    const { told } = await plan(['--api-url', `https://localhost:${portal}`]);
    expect(told).toContain('no answer: the TLS handshake failed (EPROTO)\n    what answers there does not speak TLS');
  }, 60_000);
});

describe('a proxy', () => {
  const target = ['--api-url', 'https://zenml.test', '--ca-file', 'ca.pem'];

  it('is gone through, with its user and password, which are told to nobody', async () => {
    const env = { HTTPS_PROXY: `http://me:planted-password@127.0.0.1:${proxy}` };
    expect((await plan(target, env)).code).toBe(0);
    const { told } = await plan(target.slice(0, 2), env);
    expect(told).toContain(`no answer through the proxy 127.0.0.1:${proxy}: self-signed certificate`);
    expect(told).not.toContain('planted-password');
  });

  it('that wants a password says so', async () => {
    const { code, told } = await plan(target, { HTTPS_PROXY: `http://127.0.0.1:${proxy}` });
    expect([code, told]).toEqual([
      1,
      expect.stringContaining('the proxy wants a user and a password: HTTPS_PROXY=http://USER:PASSWORD@HOST:PORT'),
    ]);
  });

  it('that is not there is named, with the variables that lead to it', async () => {
    const { told } = await plan(target, { HTTPS_PROXY: 'http://127.0.0.1:1' });
    expect(told).toContain('no answer through the proxy 127.0.0.1:1: connect ECONNREFUSED');
    expect(told).toContain(
      'HTTPS_PROXY, HTTP_PROXY or ALL_PROXY send it through 127.0.0.1:1: check that, or name the host in NO_PROXY',
    );
  }, 60_000);

  it('that answers itself, with a page, is not taken for a refused key', async () => {
    const { told } = await plan(['--api-url', 'http://zenml.test', '--insecure-http'], {
      HTTP_PROXY: `http://127.0.0.1:${portal}`,
    });
    expect(told).toContain('error[api-error]: POST /auth/login on control-plane: 403: the answer is a page, not JSON');
    expect(told).toContain('something else answers in its place: another server, a proxy, or a page to log in; check --api-url');
  });
});
