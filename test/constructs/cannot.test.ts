import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { stackOf } from '../../src/constructs/from-yaml.ts';
import { openStage, terraformBinary } from '../terraform/stage.ts';
import { comparable, makers, synthesize, withFiles } from './synthesize.ts';

const now = '2026-11-23';
const said = (text: string) =>
  withFiles({ 'zenform.yaml': text }, async (folder) => {
    const { diagnostics } = await stackOf('files', { cwd: folder, now });
    return diagnostics
      .filter(({ code }) => code === 'terraform-cannot')
      .map(({ summary, place }) => `${place?.line ?? '-'}: ${summary}`);
  });

describe('what Terraform cannot do is said', () => {
  it.each([
    ['organization: { name: acme }', []],
    ['organization: { name: acme, access_mode: add, access: { Organization Member: { teams: [a] } } }\nteams: { a: {} }', []],
    [
      'organization: { name: acme, access: { Organization Member: { teams: [a] } } }\nteams: { a: {} }',
      [
        '-: 1 list of the files is complete, and Terraform takes back only what it has given itself: there, each `access_mode` is `add`',
      ],
    ],
    [
      'organization: { name: acme, prune: [teams] }',
      ['1: `prune` does nothing in Terraform, which destroys only what it has made itself'],
    ],
    ['organization: { name: acme, create: true }', ['1: Terraform adopts the organization and never creates it']],
    ['organization: { name: acme, create: false }', []],
    ['organization: { name: acme, allowed_domains: [acme.io] }', ['1: `allowed_domains` does nothing in Terraform']],
    [
      'organization: { name: acme }\naccept: [{ guard: mass-change, address: team, reason: moving }]',
      ['2: `accept` does nothing in Terraform, which has no guards'],
    ],
    [
      'organization: { name: acme }\nteams:\n  old: { absent: true }',
      ['3: team/old is to be absent, and Terraform destroys only what it has made itself'],
    ],
    [
      'organization: { name: acme }\nteams:\n  a: { protected: true }',
      ['3: team/a is protected in Terraform as long as the block is there, and not against taking it out'],
    ],
    [
      'organization: { name: acme }\nservice_accounts:\n  ci:\n    keys:\n      main: { to: { file: secrets/ci.key } }',
      ['5: the value of service_account/ci/key/main goes into the state of Terraform, and not where the files say'],
    ],
    [
      'organization: { name: acme }\nroles:\n  Release Manager: { level: project, permissions: [] }',
      ['3: role/Release Manager has no resource in Terraform'],
    ],
    [
      'organization: { name: acme }\nteams:\n  b: { previously: [a] }\n  a: { previously: [c] }',
      ['3: the earlier name `a` of team/b is that of something else now, and Terraform moves nothing away from there'],
    ],
  ])('%s', async (text, expected) => {
    expect(await said(text)).toEqual(expected);
  });

  it('of entries that end, in one line for all', async () => {
    const [ends] = await said(`organization: { name: acme }
members: { a@acme.io: {}, b@acme.io: {}, c@acme.io: {} }
teams:
  a: { members: [{ email: a@acme.io, expires: 2027-01-31 }, { email: b@acme.io, expires: 2027-01-31 }, c@acme.io] }
`);
    expect(ends).toBe('4: 2 entries end on a day that is looked at here, and not by Terraform');
  });
});

describe('text that Terraform or the libraries would take for something else', () => {
  const hostile =
    '$' + '{TfToken[TOKEN.0]} $$' + '{TfToken[1]} %{ if true } $' + '{x} $$' + '{y} %%' + '{z} "quoted" \\n <&> \u2028 $';
  const text = `organization: { name: acme }\nteams: { constructor: { description: ${JSON.stringify(hostile)} } }\n`;

  it('is the same whoever makes the stack', async () => {
    await withFiles({ 'zenform.yaml': text }, async (folder) => {
      const own = comparable(await synthesize('own', folder, { now }));
      for (const maker of makers) expect(comparable(await synthesize(maker, folder, { now })), maker).toBe(own);
    });
  });

  it.skipIf(!terraformBinary)('comes through as it is (needs `terraform` on the path)', async () => {
    const stage = await openStage();
    try {
      await withFiles({ 'zenform.yaml': text }, async (folder) => {
        for (const [name, file] of Object.entries(await synthesize('own', folder, { now })))
          if (name.endsWith('cdk.tf.json')) writeFileSync(join(stage.folder, 'cdk.tf.json'), file);
      });
      for (const args of [['init'], ['apply', '-auto-approve']]) {
        const said = await stage.terraform(...args);
        expect(said.code, said.out).toBe(0);
      }
      expect(stage.emulator.world().organizations?.[0]?.teams?.[0]?.description).toBe(hostile);
    } finally {
      await stage.close();
    }
  });
});
