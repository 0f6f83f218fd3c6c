import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Environment } from './environment.ts';

/** What a server of ZenML Pro has to know about its control plane. */
export interface Enrolled {
  readonly controlPlane: string;
  readonly organization: { readonly id: string; readonly name: string };
  readonly workspace: { readonly id: string; readonly name: string };
  readonly enrollmentKey: string;
}

/** How to start a server: open source, or enrolled in a control plane. */
export interface ServerOptions {
  readonly pro?: Enrolled;
  readonly port?: number;
  /** How long tokens of an open-source server live (60); null: for ever. */
  readonly tokenMinutes?: number | null;
  /** Further settings of the server. */
  readonly env?: Readonly<Record<string, string>>;
}

/** A running ZenML server. */
export interface RealServer {
  readonly url: string;
  /** The file of its SQLite database. */
  readonly database: string;
  stop(): Promise<void>;
}

/** The server ends with the test, however that ends: whoever reads its standard input sees it close. */
const program = `
import os, sys, threading, uvicorn
threading.Thread(target=lambda: (sys.stdin.read(), os._exit(0)), daemon=True).start()
uvicorn.run("zenml.zen_server.zen_server_api:app", host="127.0.0.1", port=int(sys.argv[1]))
`;

/** A port of loopback that nobody listens on. */
export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  return typeof address === 'object' && address ? address.port : 0;
}

/** Settings for Python programs of ZenML whose state is below one folder; nothing of the caller's own gets in. */
export function settings(state: string): Record<string, string> {
  const { PATH = '', LANG = 'C.UTF-8' } = process.env;
  return {
    PATH,
    LANG,
    HOME: state,
    NO_COLOR: '1',
    ZENML_CONFIG_PATH: join(state, 'config'),
    ZENML_LOCAL_STORES_PATH: join(state, 'stores'),
    ZENML_ANALYTICS_OPT_IN: 'false',
    AUTO_OPEN_DASHBOARD: 'false',
    NO_PROXY: '*',
  };
}

function proSettings(pro: Enrolled, url: string): Record<string, string> {
  return {
    ZENML_SERVER_DEPLOYMENT_TYPE: 'cloud',
    ZENML_SERVER_SERVER_URL: url,
    ZENML_SERVER_PRO_API_URL: pro.controlPlane,
    ZENML_SERVER_PRO_DASHBOARD_URL: pro.controlPlane,
    ZENML_SERVER_PRO_OAUTH2_AUDIENCE: pro.controlPlane,
    ZENML_SERVER_PRO_OAUTH2_CLIENT_SECRET: pro.enrollmentKey,
    ZENML_SERVER_PRO_ORGANIZATION_ID: pro.organization.id,
    ZENML_SERVER_PRO_ORGANIZATION_NAME: pro.organization.name,
    ZENML_SERVER_PRO_WORKSPACE_ID: pro.workspace.id,
    ZENML_SERVER_PRO_WORKSPACE_NAME: pro.workspace.name,
  };
}

const openSource = (minutes: number | null): Record<string, string> => ({
  ZENML_SERVER_AUTO_ACTIVATE: '1',
  ZENML_DEFAULT_USER_NAME: 'default',
  ZENML_DEFAULT_USER_PASSWORD: '',
  ...(minutes === null ? {} : { ZENML_SERVER_JWT_TOKEN_EXPIRE_MINUTES: String(minutes) }),
});

/** Starts a real server on loopback with its state in a folder of its own, and waits until it listens. Open source: activated, account `default` without a password. */
export async function startServer(environment: Environment, options: ServerOptions = {}): Promise<RealServer> {
  const state = await mkdtemp(join(tmpdir(), 'zenform-zenml-'));
  await mkdir(join(state, 'config'));
  // In a file, because the server looks for the folder of its main module.
  const main = join(state, 'serve.py');
  await writeFile(main, program);
  const port = options.port ?? (await freePort());
  const url = `http://127.0.0.1:${port}`;
  const database = join(state, 'zenml.db');
  const env = {
    ...settings(state),
    ZENML_STORE_URL: `sqlite:///${database}`,
    ZENML_SERVER_JWT_SECRET_KEY: 'only-for-tests-only-for-tests-only-for-tests',
    ...(options.pro ? proSettings(options.pro, url) : openSource(options.tokenMinutes === undefined ? 60 : options.tokenMinutes)),
    ...options.env,
  };
  const child = spawn(environment.python, [main, String(port)], { cwd: state, env, stdio: ['pipe', 'pipe', 'pipe'] });
  const closed = once(child, 'close');
  const log: string[] = [];
  const listening = new Promise<void>((resolve) => {
    const look = (text: string) => {
      log.push(text);
      if (log.length > 200) log.shift();
      if (text.includes('Uvicorn running on')) resolve();
    };
    for (const stream of [child.stdout, child.stderr]) stream.setEncoding('utf8').on('data', look);
  });
  const stop = async () => {
    child.kill();
    child.stdin.end();
    await closed;
    await rm(state, { recursive: true, force: true });
  };
  const up = await Promise.race([listening.then(() => true), closed.then(() => false)]);
  if (!up) {
    await rm(state, { recursive: true, force: true });
    throw new Error(`the ZenML server ended while it started:\n${log.join('').split('\n').slice(-25).join('\n')}`);
  }
  return { url, database, stop };
}

const filling = `
import json, sqlite3, sys, uuid
db = sqlite3.connect(sys.argv[1])
db.row_factory = sqlite3.Row
one = dict(db.execute("select * from project limit 1").fetchone())
for index, name in enumerate(json.loads(sys.argv[2])):
    row = {**one, "id": uuid.uuid4().hex, "created": f"2099-01-01 00:00:00.{index:06d}", "name": name, "display_name": name}
    db.execute(f"insert into project ({', '.join(row)}) values ({', '.join('?' for _ in row)})", list(row.values()))
db.commit()
`;

/** Puts projects into the database of a server: like its first one but for id and names, and made one after the other, later. */
export async function fill(environment: Environment, database: string, names: readonly string[]): Promise<void> {
  const child = spawn(environment.python, ['-c', filling, database, JSON.stringify(names)], { stdio: 'inherit' });
  const [code] = await once(child, 'close');
  if (code !== 0) throw new Error('the projects could not be written into the database');
}
