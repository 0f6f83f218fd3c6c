import type { TObject } from 'typebox';
import { type Address, type KindName, nameOf, organization } from '../../core/address.ts';
import type { FieldChange, Kind, Method, PlanContext, ReadContext } from '../../core/kind.ts';
import type { Json, Live, Resource, Spec } from '../../core/resource.ts';
import { asRow, jsonOf, type Row, textOf } from './decode.ts';
import { path as pathOf, type Template } from './path.ts';
import { unique } from './unique.ts';

/** An ordinary kind of the control plane, as data: where it is listed and written, and how its fields are called there. */
export interface Ordinary<S extends TObject> {
  readonly name: KindName;
  readonly summary: string;
  readonly plural: string;
  readonly spec: S;
  readonly examples: readonly Spec[];
  readonly address: (name: string) => Address;
  /** The API's field that holds the name. */
  readonly nameField: string;
  /** The API's name of a field, where it is another one. */
  readonly apiField?: Readonly<Record<string, string>>;
  /** The organization's id fills `{organization_id}`, the object's own id the parameter after it. */
  readonly paths: { readonly list: Template; readonly create: Template; readonly one: Template };
  /** Whether a create names the organization in its body. */
  readonly organizationInBody?: boolean;
  /** The verb of an update and the one to try when the first is answered 405. */
  readonly updateVerbs?: readonly [Method, ...Method[]];
  readonly holdsData?: boolean;
  readonly irreversible?: Kind['irreversible'];
  /** Rows that are not resources, such as predefined roles. */
  readonly skip?: (row: Row) => boolean;
}

/** The kind that such data describes. */
export function ordinary<S extends TObject>(data: Ordinary<S>): Kind<S> {
  const fields = Object.keys(data.spec.properties);
  const api = (field: string) => data.apiField?.[field] ?? field;
  const at = (template: Template, plan: PlanContext, ...own: string[]) =>
    pathOf(template, ...(template.includes('{organization_id}') ? [plan.ref(organization)] : []), ...own);
  const verbs = data.updateVerbs ?? ['PATCH'];

  const decode = (item: unknown): Live | undefined => {
    const row = asRow(item);
    const name = textOf(row, data.nameField);
    const id = textOf(row, 'id');
    if (!row || !name || !id || data.skip?.(row)) return undefined;
    const spec: Record<string, Json> = {};
    for (const field of fields) {
      const value = jsonOf(row, api(field));
      if (value !== undefined) spec[field] = value;
    }
    return { address: data.address(name), spec, ids: { id } };
  };

  return {
    name: data.name,
    summary: data.summary,
    plural: data.plural,
    spec: data.spec,
    examples: data.examples,
    nameField: data.nameField,
    reads: [],
    ...(data.holdsData === undefined ? {} : { holdsData: data.holdsData }),
    ...(data.irreversible ? { irreversible: data.irreversible } : {}),
    async list(read: ReadContext) {
      const rows = await read.list('control-plane', pathOf(data.paths.list, read.organizationId));
      return unique(rows.map(decode), data.plural);
    },
    create(resource: Resource, plan: PlanContext) {
      const body: Record<string, Json> = { [data.nameField]: nameOf(resource.address) };
      if (data.organizationInBody) body.organization_id = plan.ref(organization);
      for (const [field, value] of Object.entries(resource.spec)) if (value !== null) body[api(field)] = value;
      return [{ server: 'control-plane', method: 'POST', path: at(data.paths.create, plan), body }];
    },
    update(resource: Resource, _live: Live, changes: readonly FieldChange[], plan: PlanContext) {
      const body: Record<string, Json> = {};
      for (const change of changes) {
        body[api(change.path.slice(1))] = change.after ?? null;
      }
      const [method, ...others] = verbs;
      return [
        {
          server: 'control-plane',
          method,
          path: at(data.paths.one, plan, plan.ref(resource.address)),
          body,
          ...(others.length > 0 ? { alternatives: others.map((other) => ({ method: other })) } : {}),
        },
      ];
    },
    delete(live: Live, plan: PlanContext) {
      return [{ server: 'control-plane', method: 'DELETE', path: at(data.paths.one, plan, plan.ref(live.address)) }];
    },
    cleared: () => null,
  };
}
