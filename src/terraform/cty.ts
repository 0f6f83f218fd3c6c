// Terraform's values: msgpack on the line, JSON in old states, plain data here. Both directions go along with a type, so that nothing
// that is not of it comes in or out.
import { Decoder, Encoder, ExtData } from '@msgpack/msgpack';
import type { AttributeType } from './schema.ts';

/** A value that is known only after something has been done. */
export const unknown = Symbol('unknown');

/** A value of Terraform's: sets are lists without order, objects and maps are plain objects without a prototype. */
export type Value = null | boolean | number | string | typeof unknown | readonly Value[] | Values;
export type Values = { readonly [name: string]: Value };

/** The type of a whole resource. */
export type ObjectType = Readonly<Record<string, AttributeType>>;

/** Bytes or JSON that are no value of the type. */
export class ValueError extends Error {
  override readonly name = 'ValueError';
}

const decoder = new Decoder();
const encoder = new Encoder();

/** The attributes that msgpack bytes hold; null for an object that is not there. Throws `ValueError`. */
export function decodeObject(bytes: Uint8Array, type: ObjectType): Values | null {
  const value = conform(unpacked(bytes), ['object', type], 'the value');
  if (value === unknown) throw new ValueError('the whole value is unknown');
  return value as Values | null;
}

function unpacked(bytes: Uint8Array): unknown {
  try {
    return decoder.decode(bytes);
  } catch (error) {
    throw new ValueError('the value is not msgpack', { cause: error });
  }
}

/** The msgpack bytes of an object, or of none. */
export function encodeObject(values: Values | null, type: ObjectType): Uint8Array {
  return encoder.encode(packable(values, ['object', type]));
}

/** A value out of anything, as far as it is of a type; an absent attribute is null. */
export function conform(value: unknown, type: AttributeType, where: string): Value {
  if (value === null || value === undefined) return null;
  if (value instanceof ExtData) return unknown;
  const wrong = (wanted: string) => new ValueError(`${where} is not ${wanted}`);
  if (type === 'string') {
    if (typeof value !== 'string') throw wrong('a text');
    return value;
  }
  if (type === 'bool') {
    if (typeof value !== 'boolean') throw wrong('true or false');
    return value;
  }
  if (type === 'number') {
    // Numbers that do not fit come as decimal text.
    const number = typeof value === 'string' && value.trim() !== '' ? Number(value) : value;
    if (typeof number !== 'number' || !Number.isFinite(number)) throw wrong('a number');
    return number;
  }
  const [what, inner] = type;
  if (what === 'list' || what === 'set') {
    if (!Array.isArray(value)) throw wrong(`a ${what}`);
    return value.map((item, index) => conform(item, inner as AttributeType, `${where}[${index}]`));
  }
  if (typeof value !== 'object' || Array.isArray(value) || ArrayBuffer.isView(value)) throw wrong(`a ${what}`);
  const entries = Object.entries(value);
  if (what === 'map')
    return withoutPrototype(entries.map(([key, item]) => [key, conform(item, inner as AttributeType, `${where}.${key}`)]));
  const types = inner as ObjectType;
  const extra = entries.find(([key]) => !Object.hasOwn(types, key));
  if (extra) throw new ValueError(`${where} has no attribute ${extra[0].slice(0, 100)}`);
  const given = value as Readonly<Record<string, unknown>>;
  return withoutPrototype(Object.entries(types).map(([key, one]) => [key, conform(given[key], one, `${where}.${key}`)] as const));
}

function withoutPrototype(entries: Iterable<readonly [string, Value]>): Values {
  const values = Object.create(null) as Record<string, Value>;
  for (const [key, value] of entries) values[key] = value;
  return values;
}

function packable(value: Value | undefined, type: AttributeType): unknown {
  if (value === null || value === undefined) return null;
  if (value === unknown) return new ExtData(0, Uint8Array.of(0));
  if (typeof type === 'string')
    return type === 'number' && typeof value === 'number' && !Number.isSafeInteger(value) ? String(value) : value;
  const [what, inner] = type;
  if (Array.isArray(value)) return value.map((item) => packable(item, inner as AttributeType));
  const given = value as Values;
  if (what === 'map')
    return Object.fromEntries(Object.entries(given).map(([key, item]) => [key, packable(item, inner as AttributeType)]));
  return Object.fromEntries(Object.entries(inner as ObjectType).map(([key, one]) => [key, packable(given[key], one)]));
}

/** Whether two values are the same; sets whatever their order. */
export function sameValue(a: Value, b: Value, type: AttributeType): boolean {
  if (a === b) return true;
  if (!Array.isArray(a) || !Array.isArray(b) || typeof type === 'string') return false;
  const texts = (list: readonly Value[]) => {
    const keys = list.map((item) => (item === unknown ? 'unknown' : JSON.stringify(item)));
    return type[0] === 'set' ? keys.sort() : keys;
  };
  const [x, y] = [texts(a), texts(b)];
  return x.length === y.length && x.every((one, index) => one === y[index]);
}

/** Whether something in a value is unknown. */
export function hasUnknown(value: Value): boolean {
  if (value === unknown) return true;
  if (typeof value !== 'object' || value === null) return false;
  return Object.values(value).some(hasUnknown);
}
