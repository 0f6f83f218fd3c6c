import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { World } from '../../src/emulator/index.ts';
import { converges } from '../support/converges.ts';
import { stage } from '../support/run.ts';
import { directed, often } from '../support/scenario.ts';
import { each } from '../support/switches.ts';
import { adminKey } from '../support/world.ts';

const bare: World = {
  organizations: [
    {
      name: 'acme',
      service_accounts: [{ name: 'ci', keys: [{ name: 'main', value: adminKey }] }],
      grants: [{ role: 'Organization Admin', service_account: 'ci' }],
    },
  ],
};

describe('a server of any habits', () => {
  it.each(each.map((settings) => [JSON.stringify(settings), settings] as const))(
    'is brought to what the files say: %s',
    async (_, settings) => {
      await fc.assert(
        fc.asyncProperty(directed, async (scenario) => {
          await converges({ ...scenario, switches: settings });
        }),
        { ...often(2), examples: [] },
      );
    },
  );

  it('whose roles have the names of old installations is told that there are no others, and is left alone', async () => {
    const on = stage(bare, { 'role-names': 'legacy' });
    const result = await on.apply({
      'a.yaml': 'organization: { name: acme, access: { Organization Viewer: { service_accounts: [ci] } } }',
    });
    expect({ verdict: result.verdict, writes: on.writes() }).toEqual({ verdict: 'error', writes: [] });
    const unknown = result.diagnostics.filter(({ code }) => code === 'role-unknown');
    expect(unknown.map(({ severity }) => severity)).toContain('error');
    expect(unknown.map(({ hint = '' }) => hint).join()).toMatch(/Admin.*Editor.*Viewer/);
  });
});
