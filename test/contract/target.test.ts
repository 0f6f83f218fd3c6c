import { describe, expect, it } from 'vitest';
import ours from '../../src/api/control-plane.openapi.json' with { type: 'json' };
import { reliedOn } from '../../src/api/relied-on.ts';
import workspace from '../../src/api/workspace.openapi.json' with { type: 'json' };
import { compareDocuments, documentOf, type TargetDocument } from '../../src/client/index.ts';
import { stage } from '../support/run.ts';
import { adminKey } from '../support/world.ts';

// biome-ignore lint/suspicious/noExplicitAny: a document is JSON of any shape
type Document = any;

const world = {
  accounts: [{ email: 'ada@acme.io' }],
  organizations: [
    {
      name: 'acme',
      service_accounts: [{ name: 'ci', keys: [{ name: 'main', value: adminKey }] }],
      teams: [{ name: 'ml', members: [{ account: 'ada@acme.io' }] }],
      grants: [
        { role: 'Organization Admin', service_account: 'ci' },
        { role: 'Organization Member', account: 'ada@acme.io' },
      ],
    },
  ],
};
const files = {
  'zenform.yaml': `
organization: { name: acme }
members: { ada@acme.io: { roles: [Organization Viewer] }, new@acme.io: {} }
teams: { ml: { members: [new@acme.io] }, data: { roles: [Organization Member] } }
`,
};

/** A stage whose server has a document of its own. */
function serving(edit: (document: Document) => void, switches: Readonly<Record<string, string>> = {}) {
  const on = stage(world, switches);
  const document = structuredClone(ours) as Document;
  edit(document);
  on.emulator.addFault({ match: { method: 'GET', path: '/openapi.json' }, do: { status: 200, body: document } });
  return on;
}

/** Every argument that is documented as a query parameter goes to the body. */
function everythingInBodies(document: Document): void {
  for (const item of Object.values<Document>(document.paths))
    for (const [method, operation] of Object.entries<Document>(item)) {
      if (method === 'get' || !operation.parameters) continue;
      const moved = operation.parameters.filter((one: Document) => one.in === 'query' && one.name.endsWith('_id'));
      if (moved.length === 0) continue;
      operation.parameters = operation.parameters.filter((one: Document) => !moved.includes(one));
      const properties = Object.fromEntries(moved.map((one: Document) => [one.name, one.schema]));
      operation.requestBody = { content: { 'application/json': { schema: { type: 'object', properties } } } };
    }
}

describe('a workspace server whose own document differs', () => {
  const required = (...names: string[]) => {
    const document = structuredClone(workspace) as Document;
    document.components.schemas.ProjectCreate.required = names;
    return compareDocuments(documentOf(document) as TargetDocument, documentOf(workspace) as TargetDocument, reliedOn.workspace);
  };

  it('may demand what zenform always sends, and nothing else', () => {
    expect(required('name')).toEqual([]);
    expect(required('name', 'display_name')).toMatchObject([{ what: 'required', detail: 'demands `display_name` in the body' }]);
  });
});

describe('a target whose own document differs', () => {
  it('gets its arguments where it takes them', async () => {
    const on = serving(everythingInBodies, { carrier: 'body' });
    const planned = await on.plan(files);
    expect(planned.plan?.steps.filter(({ query }) => query !== undefined)).toEqual([]);
    const applied = await on.apply(files);
    expect(applied.outcomes.filter(({ status }) => status !== 'applied')).toEqual([]);
    expect(applied.verified).toBe(true);
  });

  it('gets the verb that it has', async () => {
    const on = serving(
      (document) => {
        const item = document.paths['/organizations/{organization_id}/service_accounts/{service_account_name_or_id}'];
        item.put = item.patch;
        delete item.patch;
      },
      { 'sa-update-verb': 'PUT' },
    );
    const applied = await on.apply({
      'zenform.yaml': 'organization: { name: acme }\nservice_accounts: { ci: { description: Applies } }\n',
    });
    expect(applied.verified).toBe(true);
    expect(on.writes().map(({ method, status }) => `${method} ${status}`)).toEqual(['PUT 200']);
  });

  it('is asked for pages of the size that it has', async () => {
    const on = serving(
      (document) => {
        document.components.parameters.Limit.schema.maximum = 20;
      },
      { 'page-cap': '20', 'limit-over-max': 'reject' },
    );
    expect((await on.apply(files)).verified).toBe(true);
    expect(on.emulator.requests.filter(({ status }) => status === 422)).toEqual([]);
  });

  it('is not sent what it would refuse: the plan says so, with the place', async () => {
    const on = serving((document) => {
      document.components.schemas.TeamCreate.required.push('cost_center');
      delete document.paths['/teams/{team_id}/members'].post;
    });
    const { verdict, diagnostics } = await on.plan(files);
    expect(verdict).toBe('error');
    const named = diagnostics.filter(({ code }) => code === 'target-differs');
    expect(named.map(({ address, place }) => [address, place?.line])).toEqual([
      ['team/ml/member/new@acme.io', 4],
      ['team/data', 4],
    ]);
    expect(named[1]?.summary).toContain("must have required property 'cost_center'");
    const applied = await on.apply(files);
    expect([applied.verdict, on.writes()]).toEqual(['error', []]);
  });
});
