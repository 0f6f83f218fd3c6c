// The declared fields of a thing, as zenform has them and as Terraform has them.
import type { Address } from '../core/address.ts';
import { canonical, equal, rulesOf } from '../core/field.ts';
import type { FieldChange } from '../core/kind.ts';
import type { Json, Live, Spec } from '../core/resource.ts';
import { kindNamed } from '../kinds/index.ts';
import { toAttribute } from './blocks.ts';
import { sameValue, unknown, type Value, type Values } from './cty.ts';
import type { Attribute, ResourceSchema } from './schema.ts';

/** A value of an attribute as zenform has it; the empty text of a field that can be cleared stands for nothing. */
export function fromAttribute(attribute: Attribute, value: Value): Json {
  if (attribute.clearable && value === '') return null;
  if (attribute.json && typeof value === 'string') {
    const parsed = jsonIn(value) ?? null;
    return attribute.clearable && canonical(parsed) === '{}' ? null : parsed;
  }
  // Nothing unknown comes here: an attribute that is unknown is left out before.
  return value as Json;
}

/** A live value as an attribute has it: where the server has nothing, an empty text stands for that. */
export function attributeValue(attribute: Attribute, value: Json | undefined): Value {
  if (value === undefined || value === null) return attribute.clearable ? (attribute.json ? '{}' : '') : null;
  return toAttribute(attribute, value) as Value;
}

/** The JSON in a text, or undefined when it is none. */
export function jsonIn(text: string): Json | undefined {
  try {
    return JSON.parse(text) as Json;
  } catch {
    return undefined;
  }
}

/** Whether two values of a field's attribute mean the same to the server. */
export function sameField(schema: ResourceSchema, attribute: Attribute, a: Value, b: Value, live: Live): boolean {
  if (sameValue(a, b, attribute.type)) return true;
  if (a === unknown || b === unknown) return false;
  if (attribute.source !== 'field' || attribute.mode === 'computed') return false;
  const kind = kindNamed(schema.kind);
  const rule = rulesOf(kind.spec).get(attribute.name);
  const [wanted, before] = [fromAttribute(attribute, a), fromAttribute(attribute, b) ?? rule?.fallback];
  const resource = { address: live.address, spec: { [attribute.name]: wanted } };
  return (
    kind.same?.(attribute.name, wanted, before, live, resource) ||
    equal(wanted ?? undefined, before ?? undefined, rule?.unordered)
  );
}

/** The fields that a plan wants, as far as it says what they are. */
export function specIn(schema: ResourceSchema, planned: Values): Spec {
  return Object.fromEntries(
    schema.attributes.flatMap((attribute): [string, Json][] => {
      const value = planned[attribute.name] ?? null;
      if (attribute.source !== 'field' || attribute.mode === 'computed' || value === null || value === unknown) return [];
      return [[attribute.name, fromAttribute(attribute, value)]];
    }),
  );
}

/** What of the wanted fields is different on the server. */
export function changedFields(schema: ResourceSchema, planned: Values, live: Live): FieldChange[] {
  return schema.attributes.flatMap((attribute): FieldChange[] => {
    const value = planned[attribute.name] ?? null;
    if (attribute.source !== 'field' || attribute.createOnly || attribute.mode === 'computed') return [];
    if (value === null || value === unknown || schema.kind === 'member') return [];
    const now = attributeValue(attribute, live.spec[attribute.name]);
    if (sameField(schema, attribute, value, now, live)) return [];
    return [{ path: `/${attribute.name}`, before: live.spec[attribute.name], after: fromAttribute(attribute, value) }];
  });
}

/** Fields that this server does not have at all: they are left out, and what Terraform has stays as it is. */
export function unsupportedIn(schema: ResourceSchema, live: Live): ReadonlySet<string> {
  const kind = kindNamed(schema.kind);
  return new Set(
    schema.attributes.flatMap(({ name, source }) => (source === 'field' && kind.unsupported?.(name, live) ? [name] : [])),
  );
}

/** A thing of which nothing is known but what a state says. */
export function liveFrom(schema: ResourceSchema, address: Address, state: Values): Live {
  return { address, ids: {}, spec: specIn(schema, state), facts: {} };
}
