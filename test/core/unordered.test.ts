import { expect, it } from 'vitest';
import { stage } from '../support/run.ts';
import { adminKey } from '../support/world.ts';

it('a list whose order means nothing is the same in any order', async () => {
  const on = stage({
    organizations: [
      {
        name: 'acme',
        trusted_domains: ['acme.io', 'acme.com'],
        service_accounts: [{ name: 'ci', keys: [{ name: 'main', value: adminKey }] }],
        grants: [{ role: 'Organization Admin', service_account: 'ci' }],
      },
    ],
  });
  const plan = async (domains: string) =>
    (await on.plan({ 'a.yaml': `organization: { name: acme, trusted_domains: [${domains}] }\n` })).plan?.changes.map(
      ({ address }) => address,
    );
  expect(await plan('acme.com, acme.io')).toEqual([]);
  expect(await plan('acme.com')).toEqual(['organization']);
});
