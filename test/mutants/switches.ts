// Every place of the emulator that looks at a switch, broken for every value of it: the cases of the switches have to notice. The places are
// rewritten once, while the emulator is bundled, so that each mutant costs no more than the probes of its switch.
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { isDeepStrictEqual } from 'node:util';
import { build, type Plugin } from 'esbuild';
import { switchTable } from '../../src/emulator/index.ts';
import type { start } from '../contract/emulator-client.ts';
import type { Case } from '../contract/emulator-switch-cases.ts';

/** One place that takes one value of a switch for another. */
export interface SwitchMutant {
  readonly place: string;
  readonly name: string;
  readonly value: string;
  /** Whether a case has noticed for any of the other values. */
  readonly killed: boolean;
}

const root = fileURLToPath(new URL('../../', import.meta.url));
const look = /switchOf\([\w.]+, ('[^']+'|`[^`]+`)\)/g;

/** Wraps every look at a switch into a call that may answer something else, and notes where it is. */
const wrapping = (places: Set<string>): Plugin => ({
  name: 'places',
  setup: ({ onLoad }) =>
    onLoad({ filter: /src\/emulator\/.*\.ts$/ }, async ({ path }) => {
      const text = await readFile(path, 'utf8');
      const file = relative(root, path);
      const contents = text.replace(look, (call, name: string, at: number) => {
        const place = `${file}:${text.slice(0, at).split('\n').length}`;
        places.add(place);
        return `globalThis.lookedAt(${JSON.stringify(place)}, ${name}, ${call})`;
      });
      return { contents, loader: 'ts' };
    }),
});

interface Bundle {
  readonly start: typeof start;
  readonly cases: readonly Case[];
}

/** All of them, with the verdict on each. */
export async function switchMutants(): Promise<SwitchMutant[]> {
  const places = new Set<string>();
  const { cases, start } = await bundled(places);
  const seen = new Map<string, Set<string>>();
  const hook = globalThis as { lookedAt?: (place: string, name: string, value: string) => string };
  const probe = async (one: Case, value: string) =>
    isDeepStrictEqual(await one.probe(start({ ...one.with, [one.name]: value })).catch(() => 'failed'), one.sees[value]);
  // First nothing is broken: which places does each switch have?
  hook.lookedAt = (place, name, value) => {
    seen.set(name, (seen.get(name) ?? new Set()).add(place));
    return value;
  };
  for (const one of cases) for (const value of Object.keys(one.sees)) await probe(one, value);
  const mutants: SwitchMutant[] = [];
  for (const { name, values } of switchTable) {
    const own = cases.filter((one) => one.name === name);
    const usual = values[0] ?? '';
    const tried = new Set(own.flatMap(({ sees }) => Object.keys(sees)));
    for (const place of seen.get(name) ?? ['nowhere'])
      for (const broken of tried) {
        if (broken === usual) continue;
        let killed = false;
        for (const other of tried) {
          if (other === broken) continue;
          hook.lookedAt = (at, which, value) => (at === place && which === name && value === broken ? other : value);
          for (const one of own) killed ||= broken in one.sees && !(await probe(one, broken));
        }
        // One number stands for all of them.
        const value = values.includes(broken) ? broken : '<n>';
        const known = mutants.findIndex((one) => one.place === place && one.name === name && one.value === value);
        if (known < 0) mutants.push({ place, name, value, killed });
        else if (killed) mutants[known] = { place, name, value, killed };
      }
  }
  delete hook.lookedAt;
  const reached = new Set([...seen.values()].flatMap((one) => [...one]));
  const unreached = [...places].filter((place) => !reached.has(place));
  return [...mutants, ...unreached.map((place) => ({ place, name: 'any', value: 'any', killed: false }))];
}

async function bundled(places: Set<string>): Promise<Bundle> {
  const folder = await mkdtemp(join(tmpdir(), 'zenform-switches-'));
  const outfile = join(folder, 'emulator.cjs');
  const contents = `
    export { start } from './emulator-client.ts';
    import { cases as answers } from './emulator-switch-cases.ts';
    import { courses } from './emulator-course-cases.ts';
    export const cases = [...answers, ...courses];`;
  try {
    const stdin = { contents, resolveDir: join(root, 'test/contract'), loader: 'ts' as const };
    await build({
      stdin,
      outfile,
      bundle: true,
      platform: 'node',
      format: 'cjs',
      logLevel: 'error',
      plugins: [wrapping(places)],
    });
    return createRequire(import.meta.url)(outfile) as Bundle;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
