// What is refused, and where that is said; and what becomes of a run that goes wrong in the middle.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import type { World as Seed } from '../../src/emulator/index.ts';
import { openStage, type Stage, said, terraformBinary } from './stage.ts';

let stage: Stage;
afterEach(() => stage?.close());

/** A stage with a configuration, and Terraform's words on one line. */
async function on(text: string, seed?: Seed) {
  stage = await openStage(seed ? { seed } : {});
  stage.write(text);
  await stage.terraform('init');
  return async (...args: readonly string[]) => {
    const { code, out } = await stage.terraform(...args);
    return { code, out: out.replace(/[│╷╵\s]+/g, ' ') };
  };
}
const workspace = (more = '') => `resource "zenmlpro_workspace" "x" {\n  name = "x"\n${more}}\n`;

describe.skipIf(!terraformBinary)('refusals', () => {
  it.each([
    ['zenmlpro_team', 'name = ""', 'name = ""', 'is too short'],
    ['zenmlpro_workspace', 'name = "Prod"', 'name = "Prod"', 'has another form'],
    ['zenmlpro_member', 'email = "no one@x"\nrole = "x"', 'email = "no one@x"', 'alan@acme.io'],
    ['zenmlpro_project', 'workspace = "x"\nname = "y"\nproject_metadata = "[1]"', 'project_metadata = "[1]"', 'JSON object'],
    [
      'zenmlpro_service_account_key',
      'service_account = "x"\nname = "y"\nrotate_after = "90"',
      'rotate_after = "90"',
      'such as 90d',
    ],
    ['zenmlpro_team_member', 'team = "x"', 'resource "zenmlpro_team_member"', 'one of `member`, `service_account` is needed'],
    ['zenmlpro_role_assignment', 'role = "x"\nmember = "a@b.c"\nteam = "t"', 'team = "t"', 'only one of'],
  ])('of values, at their place: %s %s', async (type, attributes, line, words) => {
    const run = await on(`resource "${type}" "x" {\n${attributes}\n}\n`);
    const { code, out } = await run('validate');
    expect(code).toBe(1);
    expect(out).toContain(words);
    expect(out).toContain(line);
  });

  it('of what cannot change: an error for what holds data, a replacement for the rest', async () => {
    const rest = (name: string) =>
      `resource "zenmlpro_project" "x" {\n  workspace = ${name}\n  name = "y"\n}\nresource "zenmlpro_workspace" "other" {\n  name = "other"\n}\n`;
    const run = await on(`${workspace()}${rest('zenmlpro_workspace.x.name')}`);
    expect((await run('apply', '-auto-approve')).code).toBe(0);
    stage.write(`${workspace()}${rest('zenmlpro_workspace.other.name')}`);
    const moved = await run('plan');
    expect([moved.code, moved.out]).toEqual([1, expect.stringContaining('`workspace` of a project cannot change')]);
    stage.write(`${workspace().replace('"x"\n', '"z"\n')}${rest('zenmlpro_workspace.x.name')}`);
    expect((await run('plan')).out).toContain('`name` of a workspace cannot change: it is "x"');
    stage.write(`${workspace('  version = "0.97.0"\n')}${rest('zenmlpro_workspace.x.name')}`);
    const older = await run('plan');
    expect(older.out).toContain('the server refuses to go back');
    expect(older.out).toContain('version = "0.97.0"');
  });

  it('of destroying what holds data: two words, and never what is protected', async () => {
    const run = await on(workspace());
    expect((await run('apply', '-auto-approve')).code).toBe(0);
    const refused = await run('plan', '-destroy');
    expect([refused.code, refused.out]).toEqual([1, expect.stringContaining('Write `allow_destroy = true`')]);
    stage.write('');
    expect((await run('plan')).out).toContain('all projects, pipelines, runs and models in it are destroyed');
    stage.write(workspace('  allow_destroy = true\n  protected = true\n'));
    expect((await run('apply', '-auto-approve')).code).toBe(0);
    expect((await run('plan', '-destroy')).out).toContain('is protected and would be destroyed');
    expect((await run('apply', '-auto-approve', '-replace=zenmlpro_workspace.x')).out).toContain(
      'is protected and would be destroyed',
    );
    stage.write(workspace('  allow_destroy = true\n'));
    expect((await run('apply', '-auto-approve')).code).toBe(0);
    expect((await run('destroy', '-auto-approve')).code).toBe(0);
  });

  it('of what locks the organization or the caller out, also when it all goes at once', async () => {
    const people = ['ada', 'alan', 'grace'].map((name) => `${name}@acme.io`);
    const seed = {
      accounts: people.map((email) => ({ email })),
      organizations: [
        {
          name: 'acme',
          service_accounts: [{ name: 'ci', keys: [{ name: 'main' }] }],
          grants: [
            { role: 'Organization Admin', service_account: 'ci' },
            ...people.map((account) => ({ role: 'Organization Admin', account })),
            ...people.map((account) => ({ role: 'Organization Member', account })),
          ],
        },
      ],
    };
    const blocks = [...people.map((email) => `member = "${email}"`), 'service_account = "ci"'].map(
      (holder, index) => `resource "zenmlpro_role_assignment" "a${index}" {\n  role = "Organization Admin"\n  ${holder}\n}\n`,
    );
    const run = await on(blocks.join(''), seed);
    const adopted = await run('apply', '-auto-approve');
    expect([adopted.code, adopted.out]).toEqual([0, expect.stringContaining('was there already, as it is wanted')]);
    const all = await run('destroy', '-auto-approve');
    expect(all.code).toBe(1);
    expect(all.out).toContain('of 2 people that are Organization Admin');
    expect(all.out).toContain('service_account/ci, which runs this, would no longer be Organization Admin');
    const left = stage.emulator.world().organizations?.[0]?.grants?.filter(({ role }) => role === 'Organization Admin') ?? [];
    expect(left.filter(({ account }) => account !== undefined)).toHaveLength(2);
    expect(left.filter((one) => one.service_account === 'ci')).toHaveLength(1);
    stage.write(`provider "zenmlpro" {\n  accept_lock_out = true\n}\n${blocks.slice(0, 3).join('')}`);
    expect(
      (await run('destroy', '-auto-approve', '-target=zenmlpro_role_assignment.a1', '-target=zenmlpro_role_assignment.a2')).code,
    ).toBe(0);
  });

  it('of what is there already and different, with what to do about it', async () => {
    const seed = {
      organizations: [
        {
          name: 'acme',
          service_accounts: [{ name: 'ci', keys: [{ name: 'main' }] }],
          teams: [{ name: 'ml', description: 'Theirs' }],
          grants: [{ role: 'Organization Admin', service_account: 'ci' }],
        },
      ],
    };
    const team = 'resource "zenmlpro_team" "ml" {\n  name = "ml"\n  description = "Ours"\n}\n';
    const run = await on(team, seed);
    const refused = await run('apply', '-auto-approve');
    expect(refused.code).toBe(1);
    expect(refused.out).toContain("terraform import zenmlpro_team.NAME 'team/ml'");
    expect(refused.out).toContain('name = "ml"');
    stage.write(`provider "zenmlpro" {\n  adopt_existing = true\n}\n${team}`);
    expect((await run('apply', '-auto-approve')).code).toBe(0);
    expect(stage.emulator.world().organizations?.[0]?.teams).toMatchObject([{ name: 'ml', description: 'Ours' }]);
  });

  it('of the server, at the attribute that it names', async () => {
    const run = await on('resource "zenmlpro_team" "x" {\n  name = "x"\n  description = "y"\n}\n');
    stage.emulator.addFault({
      match: { method: 'POST', path: '/teams' },
      do: { status: 422, body: { detail: [{ loc: ['body', 'description'], msg: 'is not nice', type: 'value_error' }] } },
    });
    const { code, out } = await run('apply', '-auto-approve');
    expect([code, out]).toEqual([1, expect.stringContaining('description = "y"')]);
  });

  it('of roles that do not exist, with the one that may be meant', async () => {
    const run = await on(
      'resource "zenmlpro_role_assignment" "x" {\n  role = "Organization Amin"\n  service_account = "ci"\n}\n',
    );
    const { out } = await run('apply', '-auto-approve');
    expect(out).toContain('Did you mean `Organization Admin`?');
    expect(out).toContain('role = "Organization Amin"');
  });
});

describe.skipIf(!terraformBinary)('when something goes wrong in the middle', () => {
  it('a write whose answer is lost is looked for, and not repeated', async () => {
    const run = await on('resource "zenmlpro_team" "x" {\n  name = "x"\n}\n');
    stage.emulator.addFault({ match: { method: 'POST', path: '/teams' }, nth: 1, when: 'after', do: 'drop' });
    expect((await run('apply', '-auto-approve')).code).toBe(0);
    expect((await run('plan', '-detailed-exitcode')).code).toBe(0);
    expect(stage.emulator.world().organizations?.[0]?.teams).toHaveLength(1);
  });

  it('what was made only in part is kept in the state', async () => {
    const run = await on(workspace('  active = false\n'));
    stage.emulator.addFault({ match: { method: 'PATCH', path: '/workspaces/*' }, do: { status: 403, body: { detail: 'no' } } });
    const failed = await run('apply', '-auto-approve');
    expect([failed.code, failed.out]).toEqual([1, expect.stringContaining('terraform untaint')]);
    expect(stage.state().resources[0]?.instances[0]?.status).toBe('tainted');
    stage.emulator.clearFaults();
    expect((await run('untaint', 'zenmlpro_workspace.x')).code).toBe(0);
    expect((await run('apply', '-auto-approve')).code).toBe(0);
    expect((await run('plan', '-detailed-exitcode')).code).toBe(0);
  });

  it('the value of a key that nobody got is replaced by another one at once', async () => {
    const key =
      'resource "zenmlpro_service_account_key" "x" {\n  service_account = "ci"\n  name = "new"\n}\noutput "key" {\n  value = zenmlpro_service_account_key.x.key\n  sensitive = true\n}\n';
    const seed = {
      organizations: [
        {
          name: 'acme',
          service_accounts: [{ name: 'ci', keys: [{ name: 'main' }] }],
          grants: [{ role: 'Organization Admin', service_account: 'ci' }],
        },
      ],
    };
    const run = await on(key, seed);
    stage.emulator.addFault({ match: { method: 'POST', path: '*/api_keys' }, nth: 1, when: 'after', do: 'drop' });
    expect((await run('apply', '-auto-approve')).code).toBe(0);
    expect((await run('plan', '-detailed-exitcode')).code).toBe(0);
    const value = (await stage.terraform('output', '-raw', 'key')).out;
    expect(value).toMatch(/^ZENPROKEY_/);
    const login = await fetch(`${stage.url}/auth/login`, { method: 'POST', body: new URLSearchParams({ password: value }) });
    expect(login.status).toBe(200);
    expect(stage.emulator.world().organizations?.[0]?.service_accounts?.[0]?.keys).toHaveLength(2);
  });

  it('Terraform shows no secret, whatever it logs', async () => {
    const run = await on(
      'resource "zenmlpro_service_account" "x" {\n  username = "x"\n}\nresource "zenmlpro_service_account_key" "x" {\n  service_account = zenmlpro_service_account.x.id\n  name = "main"\n}\n',
    );
    const child = stage.start('apply', '-auto-approve', '-no-color');
    const { code, out } = await said(child);
    expect([code, out]).toEqual([0, expect.not.stringMatching(/ZENPROKEY_/)]);
    const { out: shown } = await run('show');
    expect(shown).not.toMatch(/ZENPROKEY_/);
    expect(readFileSync(join(stage.folder, 'terraform.tfstate'), 'utf8')).toMatch(/ZENPROKEY_/);
  });

  it('what cannot be read is no change, and is said', async () => {
    const text = `${workspace()}resource "zenmlpro_project" "y" {\n  workspace = zenmlpro_workspace.x.id\n  name = "y"\n}\n`;
    const run = await on(text);
    expect((await run('apply', '-auto-approve')).code).toBe(0);
    stage.emulator.addFault({ match: { method: 'GET', path: '*/api/v1/projects' }, do: { status: 403, body: { detail: 'no' } } });
    const { code, out } = await run('plan', '-detailed-exitcode');
    expect([code, out]).toEqual([0, expect.stringContaining('It is not checked')]);
  });

  it('an unknown configuration of the provider is waited for', async () => {
    const run = await on(
      'resource "terraform_data" "name" {\n  input = "acme"\n}\nprovider "zenmlpro" {\n  organization = terraform_data.name.output\n}\nresource "zenmlpro_team" "x" {\n  name = "x"\n}\n',
    );
    expect((await run('apply', '-auto-approve')).code).toBe(0);
    stage.write(
      'resource "terraform_data" "name" {\n  input = "acme"\n  triggers_replace = 1\n}\nprovider "zenmlpro" {\n  organization = terraform_data.name.output\n}\nresource "zenmlpro_team" "x" {\n  name = "x"\n}\n',
    );
    expect((await run('apply', '-auto-approve')).code).toBe(0);
  });

  it('a provider that cannot find its organization says which ones there are', async () => {
    const run = await on('provider "zenmlpro" {\n  organization = "other"\n}\nresource "zenmlpro_team" "x" {\n  name = "x"\n}\n');
    const { code, out } = await run('apply', '-auto-approve');
    expect([code, out]).toEqual([1, expect.stringContaining('there is no organization `other` that the caller can see')]);
  });
});
