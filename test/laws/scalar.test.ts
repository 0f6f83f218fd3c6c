import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { layouts } from '../support/layout.ts';
import { stage } from '../support/run.ts';
import { isOneWrite } from '../support/scalar.ts';
import { often } from '../support/scenario.ts';
import { settings } from '../support/switches.ts';
import { adminKey, recipes } from '../support/world.ts';

describe('one field', () => {
  it('is one change, one step and one write', async () => {
    await fc.assert(fc.asyncProperty(recipes, fc.nat(99), fc.nat(99), layouts, settings, isOneWrite), often(80));
  });

  it('is empty afterwards where the files say null', async () => {
    const on = stage({
      organizations: [
        {
          name: 'acme',
          description: 'Old',
          service_accounts: [
            { name: 'ci', keys: [{ name: 'main', value: adminKey }] },
            { name: 'bot', display_name: 'Old', description: 'Old' },
          ],
          teams: [{ name: 'ml', description: 'Old' }],
          workspaces: [{ name: 'prod', description: 'Old', projects: [{ name: 'churn', description: 'Old' }] }],
          grants: [{ role: 'Organization Admin', service_account: 'ci' }],
        },
      ],
    });
    const empty = { description: null };
    const files = {
      organization: { name: 'acme', ...empty },
      service_accounts: { bot: { name: null, ...empty } },
      teams: { ml: empty },
      workspaces: { prod: { ...empty, projects: { churn: empty } } },
    };
    const run = await on.apply({ 'zenform.yaml': JSON.stringify(files) });
    expect(run.verified).toBe(true);
    expect(JSON.stringify(on.emulator.world())).not.toContain('Old');
  });
});
