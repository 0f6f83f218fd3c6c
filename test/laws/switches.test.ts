import fc from 'fast-check';
import { describe, it } from 'vitest';
import { converges } from '../support/converges.ts';
import { directed, often } from '../support/scenario.ts';
import { each } from '../support/switches.ts';

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
});
