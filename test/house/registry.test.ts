import { readdirSync, readFileSync } from 'node:fs';
import { Ajv2020 } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import { describe, expect, it } from 'vitest';
import { kindNamed, kinds } from '../../src/kinds/index.ts';

const folder = new URL('../../src/kinds/', import.meta.url);
const names = Object.keys(kinds) as (keyof typeof kinds)[];

describe('the registry of kinds', () => {
  it('lists one kind for each file of the folder', () => {
    const files = readdirSync(folder, { withFileTypes: true }).filter((entry) => entry.isFile() && entry.name !== 'index.ts');
    expect(files.map(({ name }) => name.replace('.ts', '').replaceAll('-', '_')).sort()).toEqual([...names].sort());
  });

  it('takes one import and one line for each', () => {
    const text = readFileSync(new URL('index.ts', folder), 'utf8');
    for (const name of names) expect(text.match(new RegExp(`/${name.replaceAll('_', '-')}\\.ts'`, 'g'))).toHaveLength(1);
  });

  it.each(names)('%s: its name fits, its schema compiles, and its examples are valid', (name) => {
    const kind = kindNamed(name);
    expect(kind.name).toBe(name);
    const ajv = new Ajv2020({ strict: false, allErrors: true });
    addFormats.default(ajv);
    const valid = ajv.compile({ ...kind.spec, required: [], additionalProperties: false });
    for (const example of kind.examples) expect([valid(example), valid.errors]).toEqual([true, null]);
    for (const [field, schema] of Object.entries(kind.spec.properties))
      expect((schema as { description?: string }).description, field).toBeTruthy();
  });

  it.each(names)('%s: reads only kinds that do not read it in turn', (name) => {
    const reach = (from: keyof typeof kinds, seen: Set<string>): Set<string> => {
      for (const next of kindNamed(from).reads) if (!seen.has(next)) reach(next, seen.add(next));
      return seen;
    };
    expect(reach(name, new Set()).has(name)).toBe(false);
  });
});
