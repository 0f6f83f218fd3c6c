import { expect, it } from 'vitest';
import { switchTable } from '../../src/emulator/index.ts';
import { switchMutants } from '../mutants/switches.ts';

it('no switch of the emulator can be broken anywhere without a case that notices', async () => {
  const mutants = await switchMutants();
  const alive = mutants.filter(({ killed }) => !killed).map(({ place, name, value }) => `${place}: ${name}=${value}`);
  expect(alive).toEqual([]);
  expect(new Set(mutants.map(({ name }) => name))).toEqual(new Set(switchTable.map(({ name }) => name)));
});
