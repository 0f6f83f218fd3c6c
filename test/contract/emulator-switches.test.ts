import { describe, expect, test } from 'vitest';
import { createEmulator, switchTable } from '../../src/emulator/index.ts';
import { type Client, type Json, start } from './emulator-client.ts';
import { ada, assign, bob, cases, prod } from './emulator-switch-cases.ts';

describe.each(cases.map((entry) => [entry.name, entry] as const))('%s', (name, entry) => {
  test.each(Object.entries(entry.sees))('%s', async (value, expected) => {
    expect(await entry.probe(start({ ...entry.with, [name]: value }))).toEqual(expected);
  });
});

test('the default of each switch is its first value', async () => {
  for (const entry of cases) {
    const first = switchTable.find((row) => row.name === entry.name)?.values[0] ?? '';
    expect([entry.name, await entry.probe(start(entry.with))]).toEqual([entry.name, entry.sees[first]]);
  }
});

describe('switches with time', () => {
  test('token-ttl ends a token', async () => {
    let now = 1_000_000;
    const c = start({ 'token-ttl': '60' }, { now: () => now });
    const form = { method: 'POST', url: '/auth/login', headers: { 'content-type': 'application/x-www-form-urlencoded' } };
    const login = JSON.parse((await c.emulator.handle({ ...form, body: 'password=ZENPROKEY_admin' })).body);
    expect(login.expires_in).toBe(60);
    now += 59_000;
    expect((await c.call('GET', '/organizations', undefined, login.access_token)).status).toBe(200);
    now += 1_000;
    expect((await c.call('GET', '/organizations', undefined, login.access_token)).status).toBe(401);
  });

  test.each([
    ['off', 'pending'],
    ['10', 'expired'],
  ])('invitation-ttl %s leaves an invitation %s', async (ttl, status) => {
    let now = 1_000_000;
    const c = start({ 'invitation-ttl': ttl }, { now: () => now });
    now += 10_000;
    const { body } = await c.call('GET', `/organizations/${c.organization}/invitations?only_pending=false`);
    expect(body[0].status).toBe(status);
  });

  test.each([
    ['0', 200],
    ['5', 403],
  ])('rbac-delay %s: a new grant gives %i at first', async (delay, status) => {
    let now = 1_000_000;
    const c = start({ 'rbac-delay': delay }, { now: () => now });
    await assign(c, 'Organization Member', bob(c));
    await assign(c, 'Workspace Admin', `${bob(c)}&${prod(c)}`);
    const probe = async () => (await assign(c, 'Workspace Viewer', `${ada(c)}&${prod(c)}`, 'POST', 'ZENPROKEY_bob')).status;
    expect(await probe()).toBe(status);
    now += 5_000;
    expect(await probe()).toBe(status === 200 ? 409 : 200);
  });
});

test('list-order random shows the same rows in another order', async () => {
  const names = async (c: Client) =>
    (await c.call('GET', `/organizations/${c.organization}/roles`)).body.map((role: Json) => role.name);
  const created = await names(start());
  const random = await names(start({ 'list-order': 'random' }));
  expect(random).not.toEqual(created);
  expect([...random].sort()).toEqual([...created].sort());
});

test('an unknown switch or value names what exists', () => {
  expect(() => createEmulator({ switches: { colour: 'red' } })).toThrow(/unknown switch "colour"; there are: team-member-shape/);
  expect(() => createEmulator({ switches: { 'missing-revoke': '500' } })).toThrow(/cannot be "500"; it can be: 404, 200/);
});

test('every switch has a test', () => {
  const timed = ['token-ttl', 'invitation-ttl', 'rbac-delay', 'list-order'];
  const metered = ['entitlement.pipeline', 'entitlement.pipeline_run', 'entitlement.model', 'entitlement.template_run'];
  const tested = new Set([...cases.map((entry) => entry.name), ...timed, ...metered]);
  expect(switchTable.map((row) => row.name).filter((name) => !tested.has(name))).toEqual([]);
});
