// The wire format of protocol buffers, as far as Terraform's plugin protocol uses it. A field that is given is written, also when it has
// the default value of its type: in a `oneof` that is the only sign of which one is meant.

/** What a field holds: a scalar, or a message, which is given by its description. */
export type FieldType = 'string' | 'bytes' | 'bool' | 'int' | (() => Description);

/** A message: its fields by name, as `[number, type]`; `repeated` and `map` (with texts as keys) hold several. */
export type Description = Readonly<Record<string, readonly [number: number, type: FieldType, many?: 'repeated' | 'map']>>;

/** A message as data; what is absent is not there. */
export type Message = { readonly [field: string]: unknown };

/** Bytes that are no message of that kind. */
export class ProtobufError extends Error {
  override readonly name = 'ProtobufError';
}

const deepest = 32;

/** The bytes of a message. */
export function encode(message: Message, description: Description): Uint8Array {
  const parts: Uint8Array[] = [];
  for (const [name, [number, type, many]] of Object.entries(description)) {
    const value = message[name];
    if (value === undefined || value === null) continue;
    if (many === 'repeated') for (const item of value as readonly unknown[]) parts.push(...field(number, type, item));
    else if (many === 'map')
      for (const [key, item] of Object.entries(value as Message))
        parts.push(...bytesField(number, concat([...field(1, 'string', key), ...field(2, type, item)])));
    else parts.push(...field(number, type, value));
  }
  return concat(parts);
}

function field(number: number, type: FieldType, value: unknown): Uint8Array[] {
  if (type === 'bool') return [varint(number * 8), varint(value ? 1 : 0)];
  if (type === 'int') return [varint(number * 8), varint(Number(value))];
  if (type === 'string') return bytesField(number, Buffer.from(String(value), 'utf8'));
  if (type === 'bytes') return bytesField(number, value as Uint8Array);
  return bytesField(number, encode(value as Message, type()));
}

const bytesField = (number: number, bytes: Uint8Array) => [varint(number * 8 + 2), varint(bytes.length), bytes];
const concat = (parts: readonly Uint8Array[]) => (parts.length === 1 && parts[0] ? parts[0] : Buffer.concat(parts));

function varint(value: number): Uint8Array {
  if (value >= 0 && value < 128) return Uint8Array.of(value);
  const bytes: number[] = [];
  // A negative number is written as the 64 bits of its complement.
  let rest = BigInt.asUintN(64, BigInt(value));
  do {
    const low = Number(rest & 127n);
    rest >>= 7n;
    bytes.push(rest > 0n ? low | 128 : low);
  } while (rest > 0n);
  return Uint8Array.from(bytes);
}

/** The message that bytes hold; unknown fields are left out. Throws `ProtobufError`. */
export function decode(bytes: Uint8Array, description: Description, depth = 0): Message {
  if (depth > deepest) throw new ProtobufError('the message is nested too deeply');
  const reader = new Reader(bytes);
  const byNumber = numbersOf(description);
  const message: Record<string, unknown> = {};
  while (!reader.done()) {
    const tag = reader.varint();
    const [number, wire] = [Math.floor(tag / 8), tag % 8];
    const known = byNumber.get(number);
    if (number === 0) throw new ProtobufError('a field has the number 0');
    if (!known) {
      reader.skip(wire);
      continue;
    }
    const [name, type, many] = known;
    if (many === 'map') {
      const entry = decode(reader.bytes(wire), { key: [1, 'string'], value: [2, type] }, depth + 1);
      message[name] ??= Object.create(null);
      (message[name] as Record<string, unknown>)[String(entry.key ?? '')] = entry.value;
      continue;
    }
    const value = read(reader, wire, type, depth);
    if (many === 'repeated') {
      message[name] ??= [];
      (message[name] as unknown[]).push(value);
    } else message[name] = value;
  }
  return message;
}

function read(reader: Reader, wire: number, type: FieldType, depth: number): unknown {
  if (type === 'bool' || type === 'int') {
    if (wire !== 0) throw new ProtobufError(`a number comes as wire type ${wire}`);
    const value = reader.varint();
    return type === 'bool' ? value !== 0 : value;
  }
  const bytes = reader.bytes(wire);
  if (type === 'bytes') return bytes;
  if (type === 'string') return utf8(bytes);
  return decode(bytes, type(), depth + 1);
}

function utf8(bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch (error) {
    throw new ProtobufError('a text is not UTF-8', { cause: error });
  }
}

type Numbered = ReadonlyMap<number, readonly [name: string, type: FieldType, many: 'repeated' | 'map' | undefined]>;
const numbered = new WeakMap<Description, Numbered>();

function numbersOf(description: Description): Numbered {
  const known = numbered.get(description);
  if (known) return known;
  const made = new Map(Object.entries(description).map(([name, [number, type, many]]) => [number, [name, type, many] as const]));
  numbered.set(description, made);
  return made;
}

/** Goes through bytes from front to back. */
class Reader {
  readonly #bytes: Uint8Array;
  #at = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  done(): boolean {
    return this.#at >= this.#bytes.length;
  }

  /** Up to 64 bits; those that do not fit a safe number lose their lowest ones. */
  varint(): number {
    let value = 0n;
    for (let shift = 0n; shift < 70n; shift += 7n) {
      const byte = this.#bytes[this.#at++];
      if (byte === undefined) throw new ProtobufError('the message breaks off in a number');
      value |= BigInt(byte & 127) << shift;
      if (byte < 128) return Number(BigInt.asIntN(64, value));
    }
    throw new ProtobufError('a number is longer than 64 bits');
  }

  bytes(wire: number): Uint8Array {
    if (wire !== 2) throw new ProtobufError(`bytes come as wire type ${wire}`);
    return this.#take(this.varint());
  }

  skip(wire: number): void {
    if (wire === 0) this.varint();
    else if (wire === 1) this.#take(8);
    else if (wire === 2) this.#take(this.varint());
    else if (wire === 5) this.#take(4);
    else throw new ProtobufError(`there is no wire type ${wire}`);
  }

  #take(length: number): Uint8Array {
    if (length < 0 || length > this.#bytes.length - this.#at) throw new ProtobufError('the message breaks off');
    this.#at += length;
    return this.#bytes.subarray(this.#at - length, this.#at);
  }
}
