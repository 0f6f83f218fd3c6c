import { type TObject, type TSchema, Type } from 'typebox';
import type { Json } from './resource.ts';

/** What a field means to the diff, read off its schema. */
export interface FieldRule {
  /** Cannot change once set: a difference is an error, never a replacement. */
  readonly immutable: boolean;
  /** A list whose order means nothing. */
  readonly unordered: boolean;
  /** Only read by zenform itself, never compared. */
  readonly writeOnly: boolean;
  /** What the server has when it does not say. */
  readonly fallback: Json | undefined;
}

/** The rule of every field of a kind's schema. */
export function rulesOf(spec: TObject): ReadonlyMap<string, FieldRule> {
  return new Map(
    Object.entries(spec.properties as Record<string, TSchema & Record<string, unknown>>).map(([name, schema]) => [
      name,
      {
        immutable: schema['x-immutable'] === true,
        unordered: schema.uniqueItems === true,
        writeOnly: schema.writeOnly === true,
        fallback: schema.default as Json | undefined,
      },
    ]),
  );
}

/** Whether two JSON values are the same; lists as sets where their order means nothing. */
export function equal(a: Json | undefined, b: Json | undefined, unordered = false): boolean {
  return a === b || canonical(a, unordered) === canonical(b, unordered);
}

/** JSON text that is the same for equal values: object keys sorted, and lists too where their order means nothing. */
export function canonical(value: Json | undefined, unordered = false): string {
  if (value === undefined) return 'undefined';
  if (Array.isArray(value)) {
    const items = value.map((item) => canonical(item));
    return `[${(unordered ? items.sort() : items).join(',')}]`;
  }
  if (value !== null && typeof value === 'object') {
    const entries = Object.entries(value as { [key: string]: Json }).sort(([x], [y]) => (x < y ? -1 : 1));
    return `{${entries.map(([key, item]) => `${JSON.stringify(key)}:${canonical(item)}`).join(',')}}`;
  }
  return JSON.stringify(value);
}

/** A text field of the API: its limits, and whether writing null clears it. */
export function text<N extends boolean = false>(
  options: { min?: number; max: number; pattern?: string; nullable?: N } & Record<string, unknown>,
) {
  const { min = 1, max, nullable, ...rest } = options;
  return Type.Unsafe<N extends true ? string | null : string>({
    type: nullable ? ['string', 'null'] : 'string',
    minLength: min,
    maxLength: max,
    ...rest,
  });
}
