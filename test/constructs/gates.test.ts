// What gates are for, with the real Terraform: nothing is revoked before everything is granted, and no project is made before all
// workspaces are there. And renames, which move what is there instead of making it anew.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { gateKinds } from '../../src/constructs/gate-kinds.ts';
import { zenform } from '../cli/run.ts';
import { nullProvider, nullSource } from '../terraform/null-provider.ts';
import { openStage, type Stage, terraformBinary } from '../terraform/stage.ts';

const accounts = ['runner', 'break-glass'];
const seed = {
  organizations: [
    {
      name: 'acme',
      service_accounts: accounts.map((name) => ({ name, keys: [{ name: 'main' }] })),
      grants: accounts.map((name) => ({ role: 'Organization Admin', service_account: name })),
    },
  ],
};

interface World {
  readonly stage: Stage;
  /** Synthesizes and applies; answers how that ended. A success leaves nothing to do. */
  apply(text: string): Promise<{ code: number; ending: string }>;
  /** The writes since the last apply began, as `POST /path`. */
  writes(): string[];
}

async function inWorld(gates: string, work: (world: World) => Promise<void>): Promise<void> {
  const stage = await openStage({ seed, others: { [nullSource]: nullProvider() } });
  const terraform = (...args: string[]) => stage.terraform(`-chdir=${join(stage.folder, 'out/stacks/acme')}`, ...args);
  let from = 0;
  try {
    await work({
      stage,
      apply: async (text) => {
        writeFileSync(join(stage.folder, 'zenform.yaml'), text);
        const synth = await zenform(['synth', '--out', 'out', '--gates', gates], stage.folder);
        expect(synth.code, synth.stderr).toBe(0);
        const init = await terraform('init');
        expect(init.code, init.out).toBe(0);
        from = stage.emulator.requests.length;
        const { code, out } = await terraform('apply', '-auto-approve');
        if (code !== 0) return { code, ending: out };
        const again = await terraform('plan', '-detailed-exitcode');
        expect(again.code, again.out).toBe(0);
        return { code, ending: out.split('\n').find((line) => line.startsWith('Apply complete!')) ?? out };
      },
      writes: () =>
        stage.emulator.requests
          .slice(from)
          .filter(({ method, path }) => method !== 'GET' && !path.endsWith('/login'))
          .map(({ method, path }) => `${method} ${path}`),
    });
  } finally {
    await stage.close();
  }
}

describe.skipIf(!terraformBinary).concurrent('gates (need `terraform` on the path)', () => {
  it.each(gateKinds)('of %s: nothing is revoked where something could not be granted, but for none', async (gates) => {
    await inWorld(gates, async ({ stage, apply, writes }) => {
      const text = (role: string) => `organization: { name: acme }
teams: { a: {} }
workspaces: { prod: { access: { ${role}: { teams: [a] } } } }
`;
      const revoked = () => writes().filter((one) => /^DELETE .*assignments/.test(one)).length;
      expect(await apply(text('Workspace Viewer'))).toMatchObject({ code: 0 });
      stage.emulator.addFault({ match: { method: 'POST', path: '/roles/*' }, when: 'before', do: { status: 403 } });
      expect(await apply(text('Workspace Admin'))).toMatchObject({ code: 1 });
      expect(revoked()).toBe(gates === 'none' ? 1 : 0);
      stage.emulator.clearFaults();
      expect(await apply(text('Workspace Admin'))).toMatchObject({ code: 0 });
      expect(revoked()).toBe(gates === 'none' ? 0 : 1);
    });
  });

  it.each(gateKinds)('of %s: no project is made while a workspace is missing, but for none', async (gates) => {
    await inWorld(gates, async ({ stage, apply, writes }) => {
      const text = `organization: { name: acme }
workspaces:
  prod: { projects: { churn: {} } }
  staging: { projects: { churn: {} } }
`;
      stage.emulator.addFault({ match: { method: 'POST', path: '/workspaces' }, nth: 2, when: 'before', do: { status: 403 } });
      expect(await apply(text)).toMatchObject({ code: 1 });
      const projects = () => writes().filter((one) => /^POST .*projects/.test(one)).length;
      expect(projects()).toBe(gates === 'none' ? 1 : 0);
      stage.emulator.clearFaults();
      expect(await apply(text)).toMatchObject({ code: 0 });
      expect(projects()).toBe(gates === 'none' ? 1 : 2);
    });
  });

  it.each(gateKinds)(
    'of %s do not hinder renames: what has another name is moved, and so is what speaks of it',
    async (gates) => {
      await inWorld(gates, async ({ apply, writes }) => {
        const text = ([team, before]: readonly string[], [project, earlier]: readonly string[]) => `organization: { name: acme }
members: { ada@acme.io: {} }
teams: { ${team}: { previously: [${before}], members: [ada@acme.io], roles: [Organization Member] }, other: {} }
workspaces:
  prod:
    access: { Workspace Viewer: { teams: [${team}, other] } }
    projects: { ${project}: { previously: [${earlier}], access: { Project Viewer: { teams: [${team}], members: [ada@acme.io] } } } }
`;
        expect(await apply(text(['ds', ''], ['churn', '']))).toMatchObject({ code: 0 });
        const gate = gates === 'none' ? 0 : 1;
        for (const [team, project, updates] of [
          [['data-science', 'oldest, ds'], ['churn-model', 'churn'], 2],
          [['data', 'oldest, ds, data-science'], ['churn-model', 'churn'], 1],
        ] as const) {
          const { ending } = await apply(text(team, project));
          expect(ending).toBe(`Apply complete! Resources: ${gate} added, ${updates} changed, ${gate} destroyed.`);
          expect(writes().map((one) => one.split(' ')[0])).toEqual(Array(updates).fill(expect.stringMatching(/^(PATCH|PUT)$/)));
        }
      });
    },
  );
});
