// The demo configuration through both worlds, with the real Terraform: made a stack, applied, and found by zenform to be what the files
// say; then destroyed, and nothing else with it.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import type { Gates } from '../../src/constructs/gate-kinds.ts';
import type { World } from '../../src/emulator/index.ts';
import { zenform } from '../cli/run.ts';
import { nullProvider, nullSource } from '../terraform/null-provider.ts';
import { openStage, type Stage, terraformBinary } from '../terraform/stage.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const configs = join(root, 'configs');
const accounts = ['runner', 'break-glass'];
const seed: World = {
  organizations: [
    {
      name: 'acme',
      service_accounts: accounts.map((name) => ({ name, keys: [{ name: 'main' }] })),
      grants: accounts.map((name) => ({ role: 'Organization Admin', service_account: name })),
    },
  ],
};

/** A folder, an emulator, Terraform with both providers, and zenform; everything is timed. */
async function stories(work: (story: Story) => Promise<void>): Promise<void> {
  const stage = await openStage({ seed, others: { [nullSource]: nullProvider() } });
  const told: string[] = [];
  const timed = async <T>(what: string, run: () => Promise<T>): Promise<T> => {
    const [start, before] = [performance.now(), stage.emulator.requests.length];
    const result = await run();
    const requests = stage.emulator.requests.length - before;
    told.push(`${what} ${((performance.now() - start) / 1000).toFixed(1)} s${requests > 0 ? ` (${requests} requests)` : ''}`);
    return result;
  };
  try {
    await work({
      stage,
      told,
      out: join(stage.folder, 'out'),
      terraform: async (code, ...args) => {
        const said = await timed(`terraform ${args[0]}`, () =>
          stage.terraform(`-chdir=${join(stage.folder, 'out/stacks/acme')}`, ...args),
        );
        const out = said.out.replaceAll(/^.*: (Refreshing state|Creat|Destr|Still).*\n/gm, '');
        expect(said.code, out).toBe(code);
        return out;
      },
      zenform: async (code, ...args) => {
        const env = { ZENFORM_API_URL: stage.url, ZENFORM_API_KEY: stage.key, ZENFORM_FILE: configs };
        const ran = await timed(`zenform ${args[0]}`, () => zenform(args, stage.folder, { env }));
        expect(ran.code, `${ran.stdout}${ran.stderr}`).toBe(code);
        return ran.stdout;
      },
    });
  } finally {
    await stage.close();
  }
}

interface Story {
  readonly stage: Stage;
  readonly out: string;
  readonly told: string[];
  /** Runs Terraform on the stack, and answers what it says when it ends with that code. */
  terraform(code: number, ...args: readonly string[]): Promise<string>;
  zenform(code: number, ...args: readonly string[]): Promise<string>;
}

describe.skipIf(!terraformBinary)('configs/ in Terraform (needs `terraform` on the path)', () => {
  it.each(['null_resource', 'terraform_data'] satisfies Gates[])(
    'from the files to a live organization and back, with gates of %s',
    async (gates) => {
      await stories(async ({ stage, terraform, zenform, out, told }) => {
        const before = named(stage);
        await zenform(0, 'synth', '--out', out, '--gates', gates);
        await terraform(0, 'init');
        await terraform(0, 'validate');
        expect(verdict(await terraform(0, 'plan'))).toBe(`Plan: ${count(out)} to add, 0 to change, 0 to destroy.`);
        await terraform(0, 'apply', '-auto-approve');
        expect(verdict(await terraform(0, 'plan', '-detailed-exitcode'))).toMatch(/^No changes/);
        expect(verdict(await zenform(0, 'plan', '--detailed-exitcode'))).toMatch(/^No changes/);

        const made = ['synth', '--out', out, '--gates', gates, '--allow-destroy', 'workspace/*'];
        await zenform(0, ...made);
        expect(verdict(await terraform(0, 'apply', '-auto-approve'))).toMatch(/^Plan: 0 to add, \d+ to change, 0 to destroy/);
        expect(await terraform(1, 'destroy', '-auto-approve')).toContain('Instance cannot be destroyed');
        const overlay = join(stage.folder, 'unprotected.yaml');
        writeFileSync(overlay, 'workspaces: { production: { protected: false } }\n');
        await zenform(0, ...made, '--overlay', overlay);
        await terraform(0, 'destroy', '-auto-approve');
        expect(named(stage)).toEqual(before);
        console.log(`configs/ through Terraform with ${gates} (${count(out)} resources): ${told.join(', ')}`);
      });
    },
  );

  it('from a live organization that zenform has made, by import blocks, without a write', async () => {
    await stories(async ({ stage, terraform, zenform, out, told }) => {
      await zenform(0, 'apply', '--yes');
      await zenform(0, 'synth', '--out', out);
      const { unmanaged } = JSON.parse(await zenform(0, 'unmanaged', '-o', 'json')) as { unmanaged: { address: string }[] };
      const others = unmanaged.flatMap(({ address }) => ['--skip', address]);
      const imports = await zenform(0, 'terraform', 'import-blocks', '--organization', 'acme', ...others);
      writeFileSync(join(out, 'stacks/acme/imports.tf'), imports);
      await terraform(0, 'init');
      const gates = 2;
      expect(verdict(await terraform(0, 'plan'))).toBe(
        `Plan: ${count(out) - gates} to import, ${gates} to add, 0 to change, 0 to destroy.`,
      );
      const before = stage.emulator.requests.length;
      await terraform(0, 'apply', '-auto-approve');
      const written = stage.emulator.requests
        .slice(before)
        .filter(({ method, path }) => method !== 'GET' && !path.endsWith('/login'));
      expect(written).toEqual([]);
      expect(verdict(await terraform(0, 'plan', '-detailed-exitcode'))).toMatch(/^No changes/);
      expect(verdict(await zenform(0, 'plan', '--detailed-exitcode'))).toMatch(/^No changes/);
      console.log(`configs/ applied by zenform and imported (${count(out)} resources): ${told.join(', ')}`);
    });
  });
});

/** What the organization has, by name. */
function named({ emulator }: Stage) {
  const [organization] = emulator.world().organizations ?? [];
  const names = (list: readonly { readonly name: string }[] | undefined) => (list ?? []).map(({ name }) => name).sort();
  const { teams, workspaces, service_accounts, grants = [], invitations = [] } = organization ?? {};
  // What is deleted, or on the way to it, stays on the server as such.
  const standing = workspaces?.filter(({ status, desired_state = status }) => desired_state !== 'deleted');
  return [names(teams), names(standing), names(service_accounts), grants.length, invitations.length];
}

/** The line that says what would happen. */
const verdict = (said: string) => said.split('\n').find((line) => /^(Plan:|No changes)/.test(line));

/** The resources of the stack. */
function count(out: string): number {
  const { resource } = JSON.parse(readFileSync(join(out, 'stacks/acme/cdk.tf.json'), 'utf8')) as {
    readonly resource: Readonly<Record<string, object>>;
  };
  return Object.values(resource).reduce((sum, ones) => sum + Object.keys(ones).length, 0);
}
