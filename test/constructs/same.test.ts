import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { gateKinds } from '../../src/constructs/gate-kinds.ts';
import { today } from '../support/run.ts';
import { often, scenarios, unfold } from '../support/scenario.ts';
import { comparable, makers, synthesize, withFiles } from './synthesize.ts';

describe('a stack', () => {
  it('is the same whoever makes it, but for the line with the version, and the same bytes every time', async () => {
    await fc.assert(
      fc.asyncProperty(scenarios, fc.constantFrom(...gateKinds), async (scenario, gates) => {
        await withFiles(unfold(scenario).files, async (folder) => {
          const own = await synthesize('own', folder, { gates, now: today });
          for (const maker of makers) {
            const made = await synthesize(maker, folder, { gates, now: today });
            expect(comparable(made), maker).toBe(comparable(own));
            expect(await synthesize(maker, folder, { gates, now: today }), maker).toEqual(made);
          }
        });
      }),
      often(40),
    );
  });
});
