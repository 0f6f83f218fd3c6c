import { describe, expect, it } from 'vitest';
import ours from '../../src/api/control-plane.openapi.json' with { type: 'json' };
import { reliedOn } from '../../src/api/relied-on.ts';
import { compareDocuments, documentOf, judge, placed, type TargetDocument } from '../../src/client/index.ts';

// biome-ignore lint/suspicious/noExplicitAny: a document is JSON of any shape
type Document = any;

const relied = reliedOn['control-plane'];
const read = (document: unknown) => documentOf(document) as TargetDocument;
/** Our document with an edit, as another server would serve it. */
function edited(edit: (document: Document) => void): TargetDocument {
  const document = structuredClone(ours) as Document;
  edit(document);
  return read(document);
}
const differencesAfter = (edit: (document: Document) => void) =>
  compareDocuments(edited(edit), read(ours), relied).map(
    ({ operation, what, consequence }) => `${operation}: ${what}, ${consequence}`,
  );
const parameter = (operation: Document, name: string) =>
  operation.parameters.splice(
    operation.parameters.findIndex((one: Document) => one.name === name),
    1,
  )[0];
const toBody = (operation: Document, names: readonly string[]) => {
  const properties = Object.fromEntries(names.map((name) => [name, parameter(operation, name).schema]));
  operation.requestBody = { content: { 'application/json': { schema: { type: 'object', properties } } } };
};

describe('the document of a target', () => {
  it('is no other than ours where it is ours, and all that zenform relies on is in it', () => {
    expect(compareDocuments(read(ours), read(ours), relied)).toEqual([]);
    expect(documentOf('<html>')).toBeUndefined();
    expect(documentOf({ paths: {} })).toBeUndefined();
  });

  it.each<[string, (document: Document) => void, string]>([
    [
      'an operation that is not there',
      (document) => delete document.paths['/teams/{team_id}'].patch,
      'PATCH /teams/{team_id}: missing, refused',
    ],
    [
      'a list that is not there',
      (document) => delete document.paths['/organizations/{organization_id}/service_accounts'].get,
      'GET /organizations/{organization_id}/service_accounts: missing, feature off',
    ],
    [
      'another verb',
      (document) => {
        const item = document.paths['/organizations/{organization_id}/service_accounts/{service_account_name_or_id}'];
        item.put = item.patch;
        delete item.patch;
      },
      'PATCH /organizations/{organization_id}/service_accounts/{service_account_name_or_id}: missing, adapted',
    ],
    [
      'an argument in the body',
      (document) => toBody(document.paths['/roles/{role_id}/assignments'].post, ['user_id']),
      'POST /roles/{role_id}/assignments: parameter, adapted',
    ],
    [
      'an argument that is gone',
      (document) => parameter(document.paths['/teams/{team_id}/members'].post, 'invitation_id'),
      'POST /teams/{team_id}/members: parameter, refused',
    ],
    [
      'a filter that is gone',
      (document) => parameter(document.paths['/organizations/{organization_id}/invitations'].get, 'only_pending'),
      'GET /organizations/{organization_id}/invitations: parameter, none',
    ],
    [
      'a field that has become required',
      (document) => document.components.schemas.TeamCreate.required.push('cost_center'),
      'POST /teams: required, refused',
    ],
    [
      'a shorter name',
      (document) => {
        document.components.schemas.TeamCreate.properties.name.maxLength = 12;
      },
      'POST /teams: limit, refused',
    ],
    [
      'a state less',
      (document) => {
        document.components.schemas.WorkspaceDesiredState.enum = ['available', 'deleted'];
      },
      'PATCH /workspaces/{workspace_id}: enum, refused',
    ],
  ])('shows %s', (_, edit, line) => {
    expect(differencesAfter(edit)).toContain(line);
  });

  it('shows other pages, list by list', () => {
    const lines = differencesAfter((document) => {
      document.components.parameters.Limit.schema.maximum = 50;
    });
    expect(new Set(lines.map((line) => line.split(': ')[1]))).toEqual(new Set(['limit, adapted']));
    expect(lines).toContain('GET /organizations: limit, adapted');
  });
});

const assign = {
  server: 'control-plane',
  method: 'POST',
  path: '/roles/6a7b8c9d-0000-4000-8000-000000000001/assignments',
  query: { user_id: '${member/ada@acme%2Eio.user_id}', workspace_id: '6a7b8c9d-0000-4000-8000-000000000002' },
} as const;

describe('a write', () => {
  it('goes where the target takes its arguments, and back again', () => {
    const target = edited((document) => toBody(document.paths['/roles/{role_id}/assignments'].post, ['user_id', 'workspace_id']));
    const moved = placed(target, assign);
    expect(moved).toEqual({ server: 'control-plane', method: 'POST', path: assign.path, body: assign.query });
    expect(placed(read(ours), moved)).toEqual(assign);
    expect(judge(target)(moved)).toBeUndefined();
    expect(judge(target)(assign)).toContain('does not know the parameter `user_id`');
    expect(placed(read(ours), assign)).toBe(assign);
  });

  it('that the target would refuse is known before it is sent', () => {
    const create = { method: 'POST', path: '/teams', body: { name: 'machine-learning', organization_id: '${organization.id}' } };
    expect(judge(read(ours))(create)).toBeUndefined();
    const refused = (edit: (document: Document) => void) => judge(edited(edit))(create);
    expect(refused((document) => document.components.schemas.TeamCreate.required.push('cost_center'))).toContain('cost_center');
    expect(
      refused((document) => {
        document.components.schemas.TeamCreate.properties.name.maxLength = 12;
      }),
    ).toContain('`name` must NOT have more than 12 characters');
    expect(refused((document) => delete document.paths['/teams'])).toBe('it has no POST /teams');
    expect(
      refused((document) => {
        document.components.schemas.TeamCreate = { $ref: '#/components/schemas/TeamCreate' };
      }),
    ).toBeUndefined();
  });
});
