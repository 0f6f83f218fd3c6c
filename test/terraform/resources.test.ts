// Every resource and every field, with the real Terraform: made, changed one by one, changed behind its back, and destroyed.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { resourceSchemas } from '../../src/terraform/schema.ts';
import { byHand, openStage, type Stage, terraformBinary } from './stage.ts';

/** Two values of every field that can be written; what is not here is not a field that can change. */
const fields: Readonly<Record<string, Readonly<Record<string, readonly [before: string, after: string]>>>> = {
  zenmlpro_organization: { description: ['"Before"', '"After"'], logo_url: ['"https://a.example/1"', '""'] },
  zenmlpro_workspace: {
    display_name: ['"Before"', '"After"'],
    description: ['"Before"', '""'],
    logo_url: ['"https://a.example/1"', '"https://a.example/2"'],
    version: ['"0.98.0"', '"0.99.0"'],
    active: ['true', 'false'],
    protected: ['false', 'true'],
    allow_destroy: ['false', 'true'],
  },
  zenmlpro_project: {
    name: ['"before"', '"after"'],
    display_name: ['"Before"', '"After"'],
    description: ['"Before"', '""'],
    project_metadata: ['jsonencode({ a = 1 })', 'jsonencode({ b = [1, "${2}", null] })'],
    protected: ['true', 'false'],
    allow_destroy: ['false', 'true'],
  },
  zenmlpro_service_account: {
    username: ['"ci-before"', '"ci-after"'],
    name: ['"Before"', '"After"'],
    description: ['"Before"', '""'],
    active: ['true', 'false'],
  },
  zenmlpro_service_account_key: { rotate_after: ['"90d"', '"80d"'], rotate_when: ['"once"', '"twice"'] },
  zenmlpro_member: { role: ['"Organization Member"', '"Organization Viewer"'] },
  zenmlpro_team: { name: ['"before"', '"after"'], description: ['"Before"', '""'] },
  zenmlpro_team_member: { member: ['"alan@acme.io"', '"grace@acme.io"'] },
  zenmlpro_role_assignment: { role: ['"Project Viewer"', '"Project Developer"'] },
};
/** What the other attributes of each are. */
const fixed: Readonly<Record<string, string>> = {
  zenmlpro_workspace: 'name = "lasting"',
  zenmlpro_project: 'workspace = zenmlpro_workspace.home.id',
  zenmlpro_service_account_key: 'service_account = zenmlpro_service_account.x.id\nname = "main"\nexpires_in = "365d"',
  zenmlpro_member: 'email = "Ada@acme.io"',
  zenmlpro_team_member: 'team = zenmlpro_team.x.id\ndepends_on = [zenmlpro_member.alan, zenmlpro_member.grace]',
  zenmlpro_role_assignment: 'workspace = zenmlpro_workspace.home.id\nproject = zenmlpro_project.x.id\nteam = zenmlpro_team.x.id',
};
const others = `
resource "zenmlpro_workspace" "home" {
  name = "home"
  allow_destroy = true
}
resource "zenmlpro_member" "alan" {
  email = "alan@acme.io"
  role = "Organization Member"
}
resource "zenmlpro_member" "grace" {
  email = "grace@acme.io"
  role = "Organization Member"
}
`;

/** The configuration in which the first `changed` fields of every resource have their second value. */
function configuration(changed: number): string {
  const blocks = Object.entries(fields).map(([type, own]) => {
    const lines = Object.entries(own).map(([name, values], index) => `${name} = ${values[index < changed ? 1 : 0]}`);
    return `resource "${type}" "x" {\n${[fixed[type] ?? '', ...lines].join('\n')}\n}\n`;
  });
  return blocks.join('') + others;
}

interface Change {
  readonly type: string;
  readonly name: string;
  readonly change: {
    readonly actions: readonly string[];
    readonly before: Readonly<Record<string, unknown>> | null;
    readonly after: Readonly<Record<string, unknown>> | null;
  };
}

describe.skipIf(!terraformBinary)('resources', () => {
  let stage: Stage;
  const run = async (...args: readonly string[]) => {
    const said = await stage.terraform(...args);
    expect(said.code, said.out).toBe(0);
    return said.out;
  };
  const isDone = async () => {
    const said = await stage.terraform('plan', '-detailed-exitcode');
    expect(said.code, said.out).toBe(0);
  };
  /** What a plan would change, by type. */
  const planned = async () => {
    await run('plan', '-out=p');
    const { resource_changes: changes } = JSON.parse(await run('show', '-json', 'p')) as { resource_changes: readonly Change[] };
    return changes.filter(({ change }) => change.actions[0] !== 'no-op');
  };
  const differing = ({ change: { before, after } }: Change) =>
    Object.keys({ ...before, ...after }).filter((name) => JSON.stringify(before?.[name]) !== JSON.stringify(after?.[name]));

  beforeAll(async () => {
    stage = await openStage();
    stage.write(configuration(0));
    await run('init');
    await run('apply', '-auto-approve');
  });
  afterAll(() => stage?.close());

  it('cover every resource, and every field that can be written', () => {
    const writable = [...resourceSchemas.values()].map(({ type, attributes }) => [
      type,
      attributes
        .filter(({ source, mode, createOnly }) => (source === 'field' || source === 'own') && mode !== 'computed' && !createOnly)
        .map(({ name }) => name)
        // Only a super-user may set it.
        .filter((name) => name !== 'trusted_domains'),
    ]);
    for (const [type, names] of writable)
      expect(Object.keys(fields[String(type)] ?? {}), String(type)).toEqual(expect.arrayContaining([...(names ?? [])]));
  });

  it('are made, and a plan has nothing to do then', isDone);

  it.each([1, 2, 3, 4, 5, 6, 7])('change in field %i of each, and in nothing else', async (changed) => {
    const expected = Object.entries(fields).filter(([, own]) => Object.keys(own).length >= changed);
    stage.write(configuration(changed));
    const changes = await planned();
    const types = changes.filter(({ name }) => name === 'x').map(({ type }) => type);
    expect(types.sort()).toEqual(expect.arrayContaining(expected.map(([type]) => type).sort()));
    for (const change of changes) {
      if (change.change.actions.length > 1) continue;
      const field = Object.keys(fields[change.type] ?? {})[changed - 1];
      const unknown = change.type === 'zenmlpro_service_account_key' ? ['rotated', 'key', 'expires_at'] : [];
      expect(
        differing(change).filter((name) => !unknown.includes(name)),
        change.type,
      ).toEqual([field]);
    }
    await run('apply', 'p');
    await isDone();
  });

  it('are put back when somebody changes them by hand', async () => {
    const id = (type: string, name = 'x') =>
      String(stage.state().resources.find((one) => one.type === type && one.name === name)?.instances[0]?.attributes.id);
    const invitations = stage.emulator.world().organizations?.[0]?.invitations ?? [];
    const invitationOf = (email: string) => invitations.find((one) => one.email === email)?.id;
    await byHand(stage, 'PATCH', `/organizations/${id('zenmlpro_organization')}`, { description: 'By hand' });
    await byHand(stage, 'PATCH', `/workspaces/${id('zenmlpro_workspace')}`, { display_name: 'By hand' });
    await byHand(stage, 'PATCH', `/teams/${id('zenmlpro_team')}`, { name: 'by-hand', description: 'By hand' });
    await byHand(
      stage,
      'PATCH',
      `/organizations/${id('zenmlpro_organization')}/service_accounts/${id('zenmlpro_service_account')}`,
      {
        description: 'By hand',
      },
    );
    await byHand(stage, 'DELETE', `/teams/${id('zenmlpro_team')}/members?invitation_id=${invitationOf('grace@acme.io')}`);
    const changes = await planned();
    expect(changes.map(({ type }) => type).sort()).toEqual([
      'zenmlpro_organization',
      'zenmlpro_service_account',
      'zenmlpro_team',
      'zenmlpro_team_member',
      'zenmlpro_workspace',
    ]);
    await run('apply', 'p');
    await isDone();
    const world = stage.emulator.world().organizations?.[0];
    expect(world?.description).toBe('After');
    expect(world?.teams?.map(({ name }) => name)).toContain('after');
  });

  it('are made again when somebody deletes them by hand', async () => {
    const team = stage.state().resources.find(({ type }) => type === 'zenmlpro_team')?.instances[0]?.attributes.id;
    await byHand(stage, 'DELETE', `/teams/${team}`);
    const changes = await planned();
    expect(changes.map(({ type, change }) => `${type} ${change.actions.join()}`).sort()).toEqual([
      'zenmlpro_role_assignment create',
      'zenmlpro_team create',
      'zenmlpro_team_member create',
    ]);
    await run('apply', 'p');
    await isDone();
  });

  it('leave a state of before the schemas changed as it is meant', async () => {
    const { readFileSync, writeFileSync } = await import('node:fs');
    const path = `${stage.folder}/terraform.tfstate`;
    const state = JSON.parse(readFileSync(path, 'utf8'));
    for (const { instances } of state.resources)
      for (const instance of instances) {
        instance.schema_version = 0;
        instance.attributes.gone_since = 'x';
        delete instance.attributes.description;
      }
    writeFileSync(path, JSON.stringify({ ...state, serial: state.serial + 1 }));
    await isDone();
    await run('apply', '-refresh-only', '-auto-approve');
    for (const { instances } of stage.state().resources) expect(instances[0]?.schema_version).toBe(1);
  });

  it('are destroyed', async () => {
    const text = configuration(7).replace('protected = true', 'protected = false');
    stage.write(text);
    await run('apply', '-auto-approve');
    await run('destroy', '-auto-approve');
    const world = stage.emulator.world().organizations?.[0];
    expect(world?.teams ?? []).toEqual([]);
    expect((world?.workspaces ?? []).filter(({ desired_state: state }) => state !== 'deleted')).toEqual([]);
    expect(world?.invitations ?? []).toEqual([]);
    expect(world?.service_accounts).toHaveLength(1);
    expect(world?.name).toBe('acme');
  });
});
