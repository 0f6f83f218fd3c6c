import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as cdktf from 'cdktf';
import * as cdktn from 'cdktn';
import { afterAll, afterEach, describe, expect, it, vi } from 'vitest';
import { camel, className } from '../../src/constructs/classes.ts';
import { constructs } from '../../src/constructs/index.ts';
import { dataSchemas, resourceSchemas } from '../../src/terraform/schema.ts';
import { openStage, terraformBinary } from '../terraform/stage.ts';

const folders: string[] = [];
afterAll(() => {
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
});
afterEach(() => vi.unstubAllEnvs());
const folder = () => {
  folders.push(mkdtempSync(join(tmpdir(), 'zenform-classes-')));
  return folders.at(-1) ?? '';
};

/** A program as its owner would write it; the types are checked by the compiler, and the values by Terraform. */
function withCdktf(hcl: boolean): string {
  // What the library's command line does for `synth --hcl`.
  if (hcl) vi.stubEnv('SYNTH_HCL_OUTPUT', 'true');
  const outdir = folder();
  const app = new cdktf.App({ outdir });
  const stack = new cdktf.TerraformStack(app, 'typed');
  const {
    Provider,
    Organization,
    Workspace,
    Project,
    Team,
    TeamMember,
    Member,
    RoleAssignment,
    ServiceAccount,
    ServiceAccountKey,
    ...rest
  } = constructs(cdktf);
  const { DataTeam, DataRole, DataOrganization } = rest;
  new cdktf.LocalBackend(stack, { path: 'typed.tfstate' });
  new Provider(stack, 'zenmlpro', { concurrency: 4, acceptLockOut: true });
  new Organization(stack, 'organization', { description: 'A "quoted" text', trustedDomains: ['acme.io', 'acme.example'] });
  const ada = new Member(stack, 'ada', { email: 'ada@acme.io', role: 'Organization Member' });
  const team = new Team(stack, 'ml', { name: 'ml', description: 'Owns it', lifecycle: { preventDestroy: true } });
  new TeamMember(stack, 'ada-in-ml', { team: team.id, member: ada.email });
  const account = new ServiceAccount(stack, 'ci', { username: 'ci', active: false });
  const key = new ServiceAccountKey(stack, 'key', { serviceAccount: account.id, name: 'main', rotateAfter: '90d' });
  const prod = new Workspace(stack, 'prod', { name: 'prod', displayName: 'Production', allowDestroy: true, dependsOn: [team] });
  const churn = new Project(stack, 'churn', { workspace: prod.id, name: 'churn', projectMetadata: JSON.stringify({ a: [1] }) });
  new RoleAssignment(stack, 'grant', { role: 'Project Developer', workspace: prod.id, project: churn.id, team: team.id });
  const other = new DataTeam(stack, 'other', { name: team.name });
  const roles = new DataRole(stack, 'roles');
  const organization = new DataOrganization(stack, 'live');
  new cdktf.TerraformOutput(stack, 'key-value', { value: key.key, sensitive: true });
  new cdktf.TerraformOutput(stack, 'others', {
    value: [other.description, roles.all, organization.trustedDomains, account.active],
  });
  app.synth();
  return join(outdir, 'stacks/typed');
}

function withCdktn(): string {
  const outdir = folder();
  const app = new cdktn.App({ outdir });
  const stack = new cdktn.TerraformStack(app, 'typed');
  const { Provider, Team, Workspace } = constructs(cdktn);
  new Provider(stack, 'zenmlpro', { organization: 'acme' });
  const team = new Team(stack, 'ml', { name: 'ml' });
  // @ts-expect-error: a workspace needs a name.
  new Workspace(stack, 'nameless', { displayName: 'Production' });
  // @ts-expect-error: it is `displayName` in TypeScript.
  new Workspace(stack, 'snake', { name: 'snake', display_name: 'Production' });
  // @ts-expect-error: the id is the server's.
  new Team(stack, 'with-id', { name: 'with-id', id: 'made-up' });
  // @ts-expect-error: truth is no text.
  new Workspace(stack, 'texts', { name: 'texts', active: 'yes' });
  // @ts-expect-error: a team has no such attribute.
  expect(team.nothing).toBeUndefined();
  app.synth();
  return join(outdir, 'stacks/typed');
}

describe('the classes', () => {
  it.each([
    ['cdktf', cdktf],
    ['cdktn', cdktn],
  ])('are there for everything that the provider has: %s', (_, lib) => {
    const all = constructs(lib as typeof cdktf) as unknown as Readonly<Record<string, unknown>>;
    const names = [
      ...[...resourceSchemas.values()].map(className),
      ...[...dataSchemas.values()].map((one) => `Data${className(one)}`),
    ];
    expect(Object.keys(all).sort()).toEqual([...names, 'Provider', 'fromYaml'].sort());
  });

  it('shadow nothing that the libraries need', () => {
    for (const lib of [cdktf, cdktn])
      for (const schema of [...resourceSchemas.values(), ...dataSchemas.values()])
        for (const { name } of schema.attributes) {
          const taken = camel(name) in lib.TerraformResource.prototype || metaArguments.includes(camel(name));
          expect(taken, `${schema.type}.${name}`).toBe(false);
        }
  });

  it('give Terraform what was given to them', () => {
    const made = JSON.parse(readFileSync(join(withCdktf(false), 'cdk.tf.json'), 'utf8'));
    expect(made.provider.zenmlpro).toEqual([{ concurrency: 4, accept_lock_out: true }]);
    expect(made.resource.zenmlpro_project.churn).toMatchObject({
      workspace: '${zenmlpro_workspace.prod.id}',
      project_metadata: '{"a":[1]}',
    });
    expect(made.resource.zenmlpro_team.ml.lifecycle).toEqual({ prevent_destroy: true });
    expect(made.resource.zenmlpro_workspace.prod.depends_on).toEqual(['zenmlpro_team.ml']);
    expect(JSON.parse(readFileSync(join(withCdktn(), 'cdk.tf.json'), 'utf8')).resource.zenmlpro_workspace.snake).toMatchObject({
      name: 'snake',
    });
  });

  it.skipIf(!terraformBinary)('make what Terraform takes, as JSON and as HCL (needs `terraform` on the path)', async () => {
    const stage = await openStage();
    try {
      for (const hcl of [false, true]) {
        const at = `-chdir=${withCdktf(hcl)}`;
        for (const command of ['init', 'validate']) {
          const { code, out } = await stage.terraform(at, command);
          expect(code, out).toBe(0);
        }
      }
    } finally {
      await stage.close();
    }
  });
});

const metaArguments = ['dependsOn', 'count', 'provider', 'lifecycle', 'forEach', 'provisioners', 'connection', 'node'];
