// Into Terraform: by address, by id and by name; with import blocks; and data sources, which only look.
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { zenform } from '../cli/run.ts';
import { openStage, type Stage, terraformBinary } from './stage.ts';

const seed = {
  accounts: [{ email: 'ada@acme.io' }, { email: 'alan@acme.io' }],
  organizations: [
    {
      name: 'acme',
      description: 'Acme "ML" ${platform}',
      service_accounts: [{ name: 'ci', description: 'Runs it', keys: [{ name: 'main' }] }, { name: 'other' }],
      invitations: [{ email: 'grace@acme.io', role: 'Organization Member' }],
      teams: [
        { name: 'ml', description: 'Owns it', members: [{ account: 'ada@acme.io' }, { service_account: 'ci' }] },
        { name: 'other / team', members: [{ invitation: 'grace@acme.io' }] },
      ],
      workspaces: [
        { name: 'prod', display_name: 'Production', projects: [{ name: 'churn', description: 'Who leaves' }, { name: 'a-b' }] },
        { name: 'prod-churn', projects: [{ name: 'churn' }] },
        { name: 'old', status: 'deactivated' as const },
      ],
      grants: [
        { role: 'Organization Admin', service_account: 'ci' },
        { role: 'Organization Admin', account: 'ada@acme.io' },
        { role: 'Organization Member', account: 'ada@acme.io' },
        { role: 'Organization Viewer', account: 'alan@acme.io' },
        { role: 'Organization Member', team: 'ml' },
        { role: 'Workspace Viewer', team: 'ml', workspace: 'prod' },
        { role: 'Project Admin', account: 'ada@acme.io', workspace: 'prod', project: 'churn' },
      ],
    },
  ],
};

describe.skipIf(!terraformBinary)('imports', () => {
  let stage: Stage;
  const run = async (...args: readonly string[]) => {
    const said = await stage.terraform(...args);
    expect(said.code, said.out).toBe(0);
    return said.out;
  };
  const blocks = async (...more: readonly string[]) => {
    const env = { ZENFORM_API_URL: stage.url, ZENFORM_API_KEY: stage.key, ZENFORM_ORGANIZATION: 'acme' };
    const ran = await zenform(['terraform', 'import-blocks', ...more], stage.folder, { env });
    expect(ran.code, ran.stderr).toBe(0);
    return ran.stdout;
  };
  const empty = () => rmSync(join(stage.folder, 'terraform.tfstate'), { force: true });

  beforeAll(async () => {
    stage = await openStage({ seed });
    stage.write('');
    await run('init');
  });
  afterAll(() => stage?.close());

  it('take blocks with resources for a whole live organization, and nothing changes', async () => {
    stage.write(await blocks('--with-resources'));
    const formatted = readFileSync(join(stage.folder, 'main.tf'), 'utf8');
    expect((await stage.terraform('fmt', '-check', '-diff')).out, formatted).toBe('');
    const count = formatted.match(/^import/gm)?.length;
    expect(await run('plan')).toContain(`Plan: ${count} to import, 0 to add, 0 to change, 0 to destroy.`);
    await run('apply', '-auto-approve');
    expect((await stage.terraform('plan', '-detailed-exitcode')).code).toBe(0);
    expect(readFileSync(join(stage.folder, 'terraform.tfstate'), 'utf8')).not.toContain('ZENPROKEY');
    empty();
  });

  it('take blocks alone, and Terraform writes the resources', async () => {
    stage.write(await blocks());
    await run('plan', '-generate-config-out=generated.tf');
    expect(await run('apply', '-auto-approve')).toContain('0 added, 0 changed, 0 destroyed');
    expect((await stage.terraform('plan', '-detailed-exitcode')).code).toBe(0);
    rmSync(join(stage.folder, 'generated.tf'));
    empty();
  });

  it('take a part of the tree', async () => {
    const text = await blocks('--only', 'workspace/prod', '--skip', '**/grant/**', '--with-resources');
    expect(text.match(/^import/gm)).toHaveLength(3);
    stage.write(text);
    expect(await run('plan')).toContain('Plan: 3 to import, 0 to add, 0 to change, 0 to destroy.');
  });

  it.each([
    ['zenmlpro_team', 'name = "ml"', ['team/ml', 'ml', 'ID']],
    ['zenmlpro_project', 'workspace = "prod"\nname = "churn"', ['workspace/prod/project/churn', 'prod/churn', 'ID']],
    ['zenmlpro_member', 'email = "Grace@acme.io"\nrole = "Organization Member"', ['member/grace@acme.io', 'grace@acme.io']],
    ['zenmlpro_organization', '', ['acme', 'organization', 'ID']],
    ['zenmlpro_service_account_key', 'service_account = "ci"\nname = "main"', ['service_account/ci/key/main']],
    [
      'zenmlpro_role_assignment',
      'role = "Workspace Viewer"\nworkspace = "prod"\nteam = "ml"',
      ['workspace/prod/grant/Workspace Viewer/team/ml'],
    ],
  ])('%s: by address, by name, by id', async (type, attributes, words) => {
    stage.write(`resource "${type}" "x" {\n${attributes}\n}\n`);
    let id = '';
    for (const word of words) {
      await run('import', `${type}.x`, word === 'ID' ? id : word);
      id = String(stage.state().resources[0]?.instances[0]?.attributes.id);
      expect((await stage.terraform('plan', '-detailed-exitcode')).code, word).toBe(0);
      empty();
    }
  });

  it.each([
    ['team/none', 'there is no team/none that can be seen'],
    ['workspace/prod', 'there is no team/workspace%2Fprod that can be seen'],
    ['00000000-0000-4000-8000-000000000000', 'names no team that can be seen'],
  ])('of what is not there say so: %s', async (word, words) => {
    stage.write('resource "zenmlpro_team" "x" {\n  name = "x"\n}\n');
    const said = await stage.terraform('import', 'zenmlpro_team.x', word);
    expect(said.code).toBe(1);
    expect(said.out.replace(/\s+/g, ' ')).toContain(words);
  });

  it('keep references by name and by id for the same, in both directions', async () => {
    stage.write(
      `resource "zenmlpro_team" "ml" {\n  name = "ml"\n}\nresource "zenmlpro_team_member" "x" {\n  team = "ml"\n  service_account = "ci"\n}\n`,
    );
    await run('import', 'zenmlpro_team.ml', 'ml');
    await run('import', 'zenmlpro_team_member.x', 'team/ml/service_account/ci');
    writeFileSync(
      join(stage.folder, 'main.tf'),
      readFileSync(join(stage.folder, 'main.tf'), 'utf8').replace('team = "ml"', 'team = zenmlpro_team.ml.id'),
    );
    expect((await stage.terraform('plan', '-detailed-exitcode')).code).toBe(0);
    empty();
  });

  it('have data sources beside them: one by name, or all', async () => {
    stage.write(`
data "zenmlpro_organization" "own" {}
data "zenmlpro_workspace" "prod" { name = "prod" }
data "zenmlpro_workspace" "all" {}
data "zenmlpro_project" "churn" {
  workspace = data.zenmlpro_workspace.prod.id
  name = "churn"
}
data "zenmlpro_project" "of_prod" { workspace = "prod" }
data "zenmlpro_project" "all" {}
data "zenmlpro_team" "ml" { name = "ml" }
data "zenmlpro_team" "all" {}
data "zenmlpro_role" "admin" { name = "Organization Admin" }
data "zenmlpro_role" "all" {}
data "zenmlpro_member" "ada" { email = "Ada@acme.io" }
data "zenmlpro_member" "all" {}
data "zenmlpro_service_account" "all" {}
output "seen" {
  value = {
    organization = data.zenmlpro_organization.own.name
    server       = data.zenmlpro_workspace.prod.server_url
    statuses     = { for name, one in data.zenmlpro_workspace.all.all : name => one.status }
    churn        = data.zenmlpro_project.churn.description
    of_prod      = keys(data.zenmlpro_project.of_prod.all)
    projects     = keys(data.zenmlpro_project.all.all)
    ml           = data.zenmlpro_team.ml.description
    teams        = keys(data.zenmlpro_team.all.all)
    admin        = data.zenmlpro_role.admin.level
    roles        = length(data.zenmlpro_role.all.all)
    ada          = data.zenmlpro_member.ada.role
    invited      = [for email, one in data.zenmlpro_member.all.all : email if one.invited]
    accounts     = keys(data.zenmlpro_service_account.all.all)
  }
}
`);
    await run('apply', '-auto-approve');
    expect(JSON.parse(await run('output', '-json', 'seen'))).toEqual({
      organization: 'acme',
      server: expect.stringContaining(stage.url),
      statuses: { prod: 'available', 'prod-churn': 'available', old: 'deactivated' },
      churn: 'Who leaves',
      of_prod: ['a-b', 'churn'],
      projects: ['prod-churn/churn', 'prod/a-b', 'prod/churn'],
      ml: 'Owns it',
      teams: ['ml', 'other / team'],
      admin: 'organization',
      roles: 14,
      ada: 'Organization Admin',
      invited: ['grace@acme.io'],
      accounts: ['ci', 'other'],
    });
    empty();
  });

  it('have data sources that say what they do not find, at its place', async () => {
    stage.write('data "zenmlpro_team" "x" {\n  name = "none"\n}\n');
    const said = await stage.terraform('plan');
    expect(said.out).toContain('there is no team `none` that can be seen');
    expect(said.out).toContain('name = "none"');
  });

  it('and nothing of it was written', () => {
    expect(stage.emulator.requests.filter(({ method, path }) => method !== 'GET' && !path.endsWith('/login'))).toEqual([]);
  });
});
