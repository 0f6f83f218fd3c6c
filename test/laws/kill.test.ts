import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import { type Case, cases, type Trial, trialOf, wanted } from '../support/kill.ts';
import { often } from '../support/scenario.ts';

/** How many requests a run may have at most, so that it can be killed at each of them. */
const longest = 140;

describe('a run that is killed at any request', () => {
  const figures = { scenarios: 0, kills: 0, worlds: 0, covered: new Set<string>() };

  it('is finished by one more, and everybody is safe all the time', async () => {
    const { seed, numRuns } = often(1000);
    for (const one of fc.sample(cases, { seed, numRuns: 3000 })) {
      if (figures.kills >= numRuns && figures.covered.size === wanted.length) break;
      const trial = await of(one, 'undisturbed', () => trialOf(one));
      if (!trial || trial.length > longest || !brings(trial, figures.kills >= numRuns)) continue;
      figures.scenarios += 1;
      for (const cell of trial.covers) if (wanted.includes(cell)) figures.covered.add(cell);
      for (let at = 1; at <= trial.length; at++)
        for (const when of ['before', 'after'] as const) {
          figures.kills += 1;
          const where = `killed ${when} request ${at} of ${trial.length}`;
          if (await of(one, where, () => trial.kill(at, when))) figures.worlds += 1;
        }
    }
    expect(wanted.filter((cell) => !figures.covered.has(cell))).toEqual([]);
  });

  async function of<T>(one: Case, where: string, run: () => Promise<T>): Promise<T> {
    try {
      return await run();
    } catch (error) {
      throw new Error(`${where}: ${fc.stringify(one)}`, { cause: error });
    }
  }

  /** Whether a case shows something that no case before it has shown. */
  const brings = ({ covers }: Trial, enough: boolean) =>
    covers.some((cell) => wanted.includes(cell) && !figures.covered.has(cell)) ||
    (!enough && figures.covered.size === wanted.length);

  afterAll(() => {
    const { scenarios, kills, worlds, covered } = figures;
    console.log(
      `kill law: ${kills} kill points in ${scenarios} scenarios, ${worlds} worlds left behind; ` +
        `${covered.size} of ${wanted.length} kinds × actions and guarded moves`,
    );
  });
});
