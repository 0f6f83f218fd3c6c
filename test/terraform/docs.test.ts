// The examples of the documentation, all together, applied by the real Terraform; and a page for each schema.
import { readdirSync, readFileSync } from 'node:fs';
import { afterAll, describe, expect, it } from 'vitest';
import { dataSchemas, resourceSchemas } from '../../src/terraform/schema.ts';
import { openStage, type Stage, terraformBinary } from './stage.ts';

const folder = new URL('../../docs/terraform/', import.meta.url);
const list = (path: string) => readdirSync(new URL(path, folder), { recursive: true, encoding: 'utf8' });
const texts = (path: string) =>
  list(path)
    .filter((name) => name.endsWith('.tf'))
    .map((name) => readFileSync(new URL(`${path}/${name}`, folder), 'utf8'));

describe('the documentation of the provider', () => {
  it('has a page and an example for each resource and data source, and none for anything else', () => {
    const bare = (schemas: typeof resourceSchemas) =>
      [...schemas.keys()].map((type) => `${type.slice('zenmlpro_'.length)}.md`).sort();
    expect(list('resources').sort()).toEqual(bare(resourceSchemas));
    expect(list('data-sources').sort()).toEqual(bare(dataSchemas));
    expect(readdirSync(new URL('examples/resources', folder)).sort()).toEqual([...resourceSchemas.keys()].sort());
    expect(readdirSync(new URL('examples/data-sources', folder)).sort()).toEqual([...dataSchemas.keys()].sort());
  });

  describe.skipIf(!terraformBinary)('with Terraform', () => {
    let stage: Stage;
    afterAll(() => stage?.close());

    it('has examples that are formatted, do what they say, and leave nothing to do', async () => {
      stage = await openStage();
      const run = async (...args: readonly string[]) => {
        const { code, out } = await stage.terraform(...args);
        expect(code, out).toBe(0);
        return out;
      };
      const resources = texts('examples/resources').join('\n');
      const provider = readFileSync(new URL('examples/provider/provider.tf', folder), 'utf8');
      stage.write(`${provider.slice(provider.indexOf('provider "zenmlpro"'))}\n${resources}`);
      await run('init');
      expect((await stage.terraform('fmt', '-check', '-diff')).out).toBe('');
      expect(await run('apply', '-auto-approve')).toContain('12 added');
      stage.write(`${resources}\n${texts('examples/data-sources').join('\n')}`);
      expect((await stage.terraform('fmt', '-check', '-diff')).out).toBe('');
      await run('apply', '-auto-approve');
      expect(JSON.parse(await run('output', '-json', 'invited'))).toEqual(['alan@acme.io']);
      expect((await stage.terraform('plan', '-detailed-exitcode')).code).toBe(0);
      expect(await run('output', '-raw', 'ci_key')).toMatch(/^ZENPROKEY_/);
    });
  });
});
