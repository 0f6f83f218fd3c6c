// `npm run synth`, which is what `cdktf.json` names, and the built program beside it.
import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, describe, expect, it } from 'vitest';
import { nullProvider, nullSource } from '../terraform/null-provider.ts';
import { openStage, terraformBinary } from '../terraform/stage.ts';
import { comparable } from './synthesize.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'zenform-script-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const { app } = JSON.parse(readFileSync(join(root, 'cdktf.json'), 'utf8')) as { readonly app: string };
const [command = '', ...first] = app.split(' ');
const run = (program: string, args: readonly string[], env: Record<string, string> = {}) =>
  promisify(execFile)(program, [...args], { cwd: root, env: { ...process.env, ...env } });
const day = ['--now', '2026-11-23'];
const filesIn = (out: string) =>
  Object.fromEntries(
    ['manifest.json', 'stacks/acme/cdk.tf.json'].map((name) => [name, readFileSync(join(folder, out, name), 'utf8')]),
  );

describe('what cdktf.json names', () => {
  it.each(['null_resource', 'terraform_data'])('makes what the built program makes, with gates of %s', async (gates) => {
    const built = join(folder, `built-${gates}`);
    await run(process.execPath, ['dist/zenform.cjs', 'synth', '--out', built, '--gates', gates, ...day]);
    for (const library of ['cdktf', 'cdktn']) {
      // As the command line of the library runs it: the output folder comes in the environment.
      const env = { CDKTF_OUTDIR: join(folder, `${library}-${gates}`) };
      await run(command, [...first, '--library', library, '--gates', gates, ...day], env);
      expect(comparable(filesIn(`${library}-${gates}`))).toBe(comparable(filesIn(`built-${gates}`)));
    }
  });

  it.skipIf(!terraformBinary)('makes what `terraform validate` accepts (needs `terraform` on the path)', async () => {
    const stage = await openStage({ others: { [nullSource]: nullProvider() } });
    try {
      for (const gates of ['null_resource', 'terraform_data']) {
        const out = join(stage.folder, gates);
        await run('npm', ['run', '--silent', 'synth', '--', '--gates', gates, '--out', out, ...day]);
        for (const step of ['init', 'validate']) {
          const said = await stage.terraform(`-chdir=${join(out, 'stacks/acme')}`, step);
          expect(said.code, said.out).toBe(0);
        }
      }
    } finally {
      await stage.close();
    }
  });
});
