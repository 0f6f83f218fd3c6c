// What a plan without changes costs: requests against the least that can do, computed from the world and not from the program; then
// time and memory, each as a ratio to the smallest world of the same run.

import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { type AxiosAdapter, AxiosHeaders } from 'axios';
import { Secret } from '../src/client/index.ts';
import { createEmulator } from '../src/emulator/index.ts';
import { exportOrganization } from '../src/look.ts';
import { type Inputs, planOrganization } from '../src/sync.ts';
import { key, worldOf } from './world.ts';

/** The least number of requests that sees everything (design: section 6); every list is one page for every 100 rows, and at least one. */
function leastRequests(people: number): number {
  const pages = (rows: number) => Math.max(1, Math.ceil(rows / 100));
  const teams = Math.ceil(people / 10);
  const workspaces = Math.ceil(people / 100);
  const identity = 2;
  const lists = pages(1) + pages(workspaces) + pages(teams) + pages(14) + pages(0) + pages(1);
  const perRole = 14;
  const perWorkspace = 2;
  return identity + lists + teams + perRole + workspaces * perWorkspace;
}

async function measure(people: number) {
  const emulator = createEmulator({ seed: worldOf(people) });
  const adapter: AxiosAdapter = async (config) => {
    const headers = Object.fromEntries(
      Object.entries(config.headers.toJSON()).map(([name, value]) => [name.toLowerCase(), String(value)]),
    );
    const answer = await emulator.handle({
      method: (config.method ?? 'get').toUpperCase(),
      url: config.url ?? '',
      headers,
      ...(config.data === undefined ? {} : { body: String(config.data) }),
    });
    return { status: answer.status, statusText: '', data: answer.body, headers: new AxiosHeaders(answer.headers), config };
  };
  const folder = await mkdtemp(join(tmpdir(), 'zenform-bench-'));
  const inputs: Inputs = {
    files: [folder],
    overlays: [],
    variables: new Map(),
    cwd: folder,
    now: '2026-01-01',
    only: [],
    skip: [],
    allowDestroy: [],
    accept: [],
    organization: 'acme',
    target: { apiUrl: 'http://emulator.invalid', credential: { kind: 'key', value: new Secret(key) }, adapter },
  };
  for (const { name, text } of (await exportOrganization(inputs)).files) {
    await mkdir(dirname(join(folder, name)), { recursive: true });
    await writeFile(join(folder, name), text);
  }
  emulator.clearRequests();
  const start = performance.now();
  const { plan } = await planOrganization(inputs);
  const seconds = (performance.now() - start) / 1000;
  await rm(folder, { recursive: true });
  if (!plan || plan.changes.length > 0) throw new Error('the plan of an export is not empty');
  return {
    people,
    resources: plan.summary.unchanged,
    requests: emulator.requests.length,
    least: leastRequests(people),
    seconds,
    megabytes: process.memoryUsage().rss / 1e6,
  };
}

await measure(10);
const rows = [];
for (const people of [100, 1000, 3000]) rows.push(await measure(people));
const [first] = rows;
console.log('people  resources  requests  least  requests/least  seconds  time ratio  resources ratio  MB');
for (const row of rows) {
  const ratio = (value: number, base: number | undefined) => (value / (base ?? value)).toFixed(1);
  console.log(
    [
      row.people,
      row.resources,
      row.requests,
      row.least,
      (row.requests / row.least).toFixed(2),
      row.seconds.toFixed(2),
      ratio(row.seconds, first?.seconds),
      ratio(row.resources, first?.resources),
      row.megabytes.toFixed(0),
    ].join('\t'),
  );
}
