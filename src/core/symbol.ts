import type { Address } from './address.ts';
import type { Call } from './kind.ts';
import type { Json } from './resource.ts';

// A name of the user's may hold anything, so the characters that end a symbol are encoded inside one.
const encode = (text: string) => text.replace(/[%{}$]/g, (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`);
const decode = (text: string) =>
  text.replace(/%(24|25|7B|7D)/g, (_, code: string) => String.fromCharCode(Number.parseInt(code, 16)));
const pattern = /\$\{([^{}$]+)\.([a-z_]+)\}/g;

/** The placeholder for an id that is not known before something is created, such as `${team/x.id}`. */
export function symbol(address: Address, name: string): string {
  return `\${${encode(address)}.${name}}`;
}

/** The symbols in a text made by zenform: a path or the value of an id. */
export function symbolsIn(text: string): { address: Address; name: string }[] {
  return [...text.matchAll(pattern)].map(([, address = '', name = '']) => ({ address: decode(address) as Address, name }));
}

/** The symbols of a call. Texts of a body that are not ids are the user's own, whatever they look like. */
export function symbolsOf(call: Pick<Call, 'path' | 'query' | 'body'>): { address: Address; name: string }[] {
  return [call.path, ...Object.values(call.query ?? {}), ...ids(call.body).map(([, value]) => value)].flatMap(symbolsIn);
}

/** The call with every symbol replaced, or undefined when one cannot be. */
export function substitute<C extends Pick<Call, 'path' | 'query' | 'body'>>(
  call: C,
  idOf: (address: Address, name: string) => string | undefined,
): C | undefined {
  let open = false;
  const fill = (text: string, wrap: (id: string) => string = (id) => id) =>
    text.replace(pattern, (_, address: string, name: string) => {
      const id = idOf(decode(address) as Address, name);
      if (id === undefined) open = true;
      return id === undefined ? '' : wrap(id);
    });
  const filled = {
    ...call,
    path: fill(call.path, encodeURIComponent),
    ...(call.query ? { query: Object.fromEntries(Object.entries(call.query).map(([key, value]) => [key, fill(value)])) } : {}),
    ...(call.body === undefined ? {} : { body: withIds(call.body, fill) }),
  };
  return open ? undefined : filled;
}

function ids(body: Json | undefined): [string, string][] {
  if (typeof body !== 'object' || body === null || Array.isArray(body)) return [];
  return Object.entries(body).filter(
    (entry): entry is [string, string] => entry[0].endsWith('_id') && typeof entry[1] === 'string',
  );
}

function withIds(body: Json, fill: (text: string) => string): Json {
  const replaced = ids(body);
  return replaced.length === 0
    ? body
    : { ...(body as { [key: string]: Json }), ...Object.fromEntries(replaced.map(([key, value]) => [key, fill(value)])) };
}
