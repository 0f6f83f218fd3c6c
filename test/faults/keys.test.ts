import { describe, expect, it } from 'vitest';
import type { World, WorldKey } from '../../src/emulator/world.ts';
import { type Files, type Stage, stage } from '../support/run.ts';
import { adminKey } from '../support/world.ts';

const old = '2026-01-01T00:00:00Z';
const exec = { PATH: process.env.PATH };

const worldWith = (...keys: WorldKey[]): World => ({
  organizations: [
    {
      name: 'acme',
      service_accounts: [
        { name: 'ci', keys: [{ name: 'own', value: adminKey, created: old }] },
        { name: 'bot', keys },
      ],
      grants: [{ role: 'Organization Admin', service_account: 'ci' }],
    },
  ],
});
const filesWith = (account: string, keys: object): Files => ({
  'zenform.yaml': JSON.stringify({ organization: { name: 'acme' }, service_accounts: { [account]: { keys } } }),
});
const to = (command: string) => ({ exec: [process.execPath, '-e', command] });
const keyOf = (on: Stage, account: string, name: string) =>
  [...on.emulator.state().accounts.values()].find(({ username }) => username === account)?.keys.find((key) => key.name === name);
const codesOf = (run: Awaited<ReturnType<Stage['apply']>>) =>
  run.diagnostics.filter(({ severity }) => severity === 'error').map(({ code }) => code);

describe('a key whose sink fails', () => {
  it.each([
    ['a new one', []],
    ['one that is due', [{ name: 'k', value: 'ZENPROKEY_before', created: old }]],
  ])('is deactivated, the step fails, and the next run makes a new value: %s', async (_what, keys) => {
    const on = stage(worldWith(...keys));
    const failing = filesWith('bot', { k: { to: to('process.exit(1)'), rotate_after: '90d' } });
    const run = await on.apply(failing, { exec });
    expect(run.outcomes.filter(({ status }) => status === 'failed').map(({ error }) => error)).toEqual([
      expect.stringContaining('its secret was not delivered'),
    ]);
    expect(keyOf(on, 'bot', 'k')).toMatchObject({ active: false, description: '[not delivered yet]' });
    expect(codesOf(run)).toEqual([]);
    const next = await on.apply(filesWith('bot', { k: { to: to(''), rotate_after: '90d' } }), { exec });
    expect(next.verified).toBe(true);
    expect(keyOf(on, 'bot', 'k')).toMatchObject({ active: true, description: '', previous: null });
  });

  it('stays as it is when this may run with it', async () => {
    const on = stage(worldWith());
    const run = await on.apply(filesWith('ci', { own: { to: to('process.exit(1)'), rotate_after: '90d' } }), { exec });
    expect(run.outcomes.map(({ status }) => status)).toEqual(['applied', 'failed', 'skipped']);
    expect(keyOf(on, 'ci', 'own')).toMatchObject({ active: true, previous: { value: adminKey } });
  });
});

describe('a key of which the answer is lost', () => {
  it.each([
    ['when it is made', [], 1],
    ['when it is rotated', [{ name: 'k', value: 'ZENPROKEY_before', created: old }], 2],
  ])('is made anew by the next run, and nobody is cut off before: %s', async (_what, keys, at) => {
    const on = stage(worldWith(...keys));
    const files = filesWith('bot', { k: { to: { file: 'k' }, rotate_after: '90d' } });
    on.emulator.addFault({ match: { method: 'POST', path: '/organizations/*' }, nth: 1, when: 'after', do: 'drop' });
    const run = await on.apply(files);
    expect(run.outcomes.map(({ status }) => status)).toEqual([...Array(at - 1).fill('applied'), 'failed', 'skipped']);
    expect(run.outcomes[at - 1]?.error).toContain('the answer with its secret was lost');
    expect(keyOf(on, 'bot', 'k')).toMatchObject({ active: true, previous: keys[0] ? { value: 'ZENPROKEY_before' } : null });
    const next = await on.apply(files);
    expect([next.verified, keyOf(on, 'bot', 'k')?.description]).toEqual([true, '']);
  });
});

describe('a command of the files', () => {
  it('does not run where nobody has allowed it, and nothing is sent', async () => {
    const on = stage(worldWith());
    const run = await on.apply(filesWith('bot', { k: { to: to('') } }));
    expect([run.verdict, codesOf(run)]).toEqual(['refused', ['exec-not-allowed']]);
    expect(on.writes()).toEqual([]);
  });
});

describe('the key that this runs with', () => {
  it('is not deleted unless that is accepted', async () => {
    const on = stage(worldWith());
    const files = filesWith('ci', { own: { absent: { destroy: 'own' } } });
    const refused = await on.apply(files, { accept: [] });
    expect([refused.verdict, codesOf(refused)]).toEqual(['refused', ['lock-out']]);
    const accepted = await on.plan(files, { accept: [{ guard: 'lock-out', address: 'service_account/ci/key/own' }] });
    expect(accepted.verdict).toBe('ok');
  });
});
