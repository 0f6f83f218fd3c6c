// What travels between Terraform and the provider: anything at all may come, and it is an error or an answer, and never a crash.
import { X509Certificate } from 'node:crypto';
import { ExtData, encode as pack } from '@msgpack/msgpack';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Secret } from '../../src/client/index.ts';
import {
  conform,
  decodeObject,
  encodeObject,
  type ObjectType,
  unknown,
  type Value,
  ValueError,
  type Values,
} from '../../src/terraform/cty.ts';
import { selfSigned } from '../../src/terraform/plugin/certificate.ts';
import { GrpcError, unframe } from '../../src/terraform/plugin/grpc.ts';
import { type Description, decode, encode, type Message, ProtobufError } from '../../src/terraform/plugin/protobuf.ts';
import { type CallName, calls } from '../../src/terraform/plugin/protocol.ts';
import { service } from '../../src/terraform/plugin/service.ts';
import { type AttributeType, dataSchemas, resourceSchemas } from '../../src/terraform/schema.ts';
import { provider } from '../../src/terraform/server.ts';
import { often } from '../support/scenario.ts';

/** A provider that nobody has configured, so that nothing reaches for a network. */
const fresh = () =>
  service(
    provider({
      env: {},
      now: () => 0,
      apiUrl: (given) => given ?? 'http://127.0.0.1:1',
      credential: async () => ({ kind: 'key', value: new Secret('x') }),
      readFile: async () => '',
    }),
    () => {},
  );
const bytes = fc.uint8Array({ maxLength: 200 });
const type: fc.Arbitrary<AttributeType> = fc.letrec<{ type: AttributeType }>((tie) => ({
  type: fc.oneof(
    { maxDepth: 2 },
    fc.constantFrom<AttributeType>('string', 'number', 'bool'),
    fc.tuple(fc.constantFrom('list' as const, 'set' as const, 'map' as const), tie('type')),
    fc.tuple(fc.constant('object' as const), fc.dictionary(fc.string({ minLength: 1 }), tie('type'), { maxKeys: 3 })),
  ),
})).type;

function valuesOf(one: AttributeType): fc.Arbitrary<Value> {
  const known = (): fc.Arbitrary<Value> => {
    if (one === 'string') return fc.string({ unit: 'grapheme' });
    if (one === 'bool') return fc.boolean();
    if (one === 'number')
      return fc.oneof(
        fc.integer(),
        fc.double({ noNaN: true, noDefaultInfinity: true }).map((n) => (n === 0 ? 0 : n)),
      );
    if (one[0] === 'list' || one[0] === 'set') return fc.array(valuesOf(one[1]), { maxLength: 3 });
    if (one[0] === 'map')
      return fc.dictionary(
        fc.string().filter((key) => key !== '__proto__'),
        valuesOf(one[1]),
        { maxKeys: 3 },
      ) as fc.Arbitrary<Values>;
    return fc.record(Object.fromEntries(Object.entries(one[1] as ObjectType).map(([name, inner]) => [name, valuesOf(inner)])));
  };
  return fc.oneof({ weight: 6, arbitrary: known() }, fc.constant(null), fc.constant<Value>(unknown));
}

/** Fails for whatever is thrown that is no error of that kind. */
async function orError(work: () => unknown, kinds: readonly (new (...args: never[]) => Error)[]): Promise<void> {
  try {
    await work();
  } catch (error) {
    expect(
      kinds.some((kind) => error instanceof kind),
      String(error instanceof Error ? error.stack : error),
    ).toBe(true);
  }
}

describe('protocol buffers', () => {
  const inner = { text: [1, 'string'], number: [2, 'int'] } satisfies Description;
  const all = {
    text: [1, 'string'],
    bytes: [2, 'bytes'],
    truth: [3, 'bool'],
    number: [4, 'int'],
    one: [5, () => inner],
    many: [1000, () => inner, 'repeated'],
    map: [70_000, () => inner, 'map'],
  } satisfies Description;
  const part = fc.record({ text: fc.string({ unit: 'grapheme' }), number: fc.maxSafeInteger() });

  it('come back as they were sent', () => {
    const message = fc.record({
      text: fc.string({ unit: 'grapheme' }),
      bytes: bytes.map((data) => Buffer.from(data)),
      truth: fc.boolean(),
      number: fc.maxSafeInteger(),
      one: part,
      many: fc.array(part, { minLength: 1, maxLength: 3 }),
      map: fc.dictionary(fc.string({ unit: 'grapheme' }), part, { minKeys: 1, maxKeys: 3 }),
    });
    fc.assert(
      fc.property(message, (sent) => {
        expect(decode(encode(sent as Message, all), all)).toEqual(sent);
      }),
      often(200),
    );
  });

  it('of fields that are not known are passed over', () => {
    const sent = { text: 'x', number: 1 };
    expect(decode(encode({ ...sent, truth: true, bytes: Uint8Array.of(1), one: sent }, all), { text: [1, 'string'] })).toEqual({
      text: 'x',
    });
  });

  it('are an error when they are none', async () => {
    await fc.assert(
      fc.asyncProperty(bytes, (data) => orError(() => decode(data, all), [ProtobufError])),
      often(2000),
    );
  });
});

describe('values', () => {
  it('come back as they were sent', () => {
    const pair = fc.dictionary(fc.string({ minLength: 1 }), type, { maxKeys: 3 }).chain((object) => {
      const values = fc.record(Object.fromEntries(Object.entries(object).map(([name, one]) => [name, valuesOf(one)])));
      return fc.tuple(fc.constant(object), values);
    });
    fc.assert(
      fc.property(pair, ([object, values]) => {
        expect(decodeObject(encodeObject(values, object), object)).toEqual(values);
      }),
      often(200),
    );
  });

  it('take numbers as text and unknown ones of any sort', () => {
    const object = { n: 'number', s: 'string' } as const;
    expect(decodeObject(pack({ n: '0.1', s: new ExtData(12, Uint8Array.of(0x81, 1, 0xc2)) }), object)).toEqual({
      n: 0.1,
      s: unknown,
    });
    expect(decodeObject(pack({ n: 3, s: new ExtData(0, Uint8Array.of(0)) }), object)).toEqual({ n: 3, s: unknown });
    expect(decodeObject(pack(null), object)).toBeNull();
  });

  it('of another type are an error with the place', () => {
    expect(() => conform({ a: [1] }, ['object', { a: ['list', 'string'] }], 'it')).toThrow('it.a[0] is not a text');
    expect(() => conform({ b: 1 }, ['object', { a: 'string' }], 'it')).toThrow('it has no attribute b');
  });

  it('are an error when they are none', async () => {
    const types = [...resourceSchemas.values(), ...dataSchemas.values()].map(({ attributes }) =>
      Object.fromEntries(attributes.map((one) => [one.name, one.type])),
    );
    const anything = fc.oneof(
      bytes,
      fc.anything({ withNullPrototype: true }).map((value) => packed(value)),
    );
    await fc.assert(
      fc.asyncProperty(anything, fc.constantFrom(...types), (data, one) => orError(() => decodeObject(data, one), [ValueError])),
      often(2000),
    );
  });
});

function packed(value: unknown): Uint8Array {
  try {
    return pack(value);
  } catch {
    return new Uint8Array();
  }
}

describe('every call', () => {
  const names = Object.keys(calls) as CallName[];

  it('answers any bytes with an answer or a status', async () => {
    const handle = fresh();
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...names), bytes, (name, data) => {
        // One that has been configured would try to reach its server, again and again.
        const asked = name === 'ConfigureProvider' ? fresh() : handle;
        return orError(() => asked(`/tfplugin6.Provider/${name}`, data), [GrpcError]);
      }),
      often(1000),
    );
  });

  it('answers any values with an answer, and says in it what is wrong', async () => {
    const handle = fresh();
    const dynamic = fc
      .oneof(
        bytes,
        fc.dictionary(fc.constantFrom('id', 'name', 'role', 'team'), fc.anything()).map((value) => packed(value)),
      )
      .map((msgpack) => ({ msgpack }));
    const request = fc.record({
      typeName: fc.oneof(fc.constantFrom(...resourceSchemas.keys()), fc.string()),
      config: dynamic,
      priorState: dynamic,
      proposedNewState: dynamic,
      plannedState: dynamic,
      currentState: dynamic,
      version: fc.integer(),
      rawState: fc.record({
        json: fc.oneof(
          bytes,
          fc.json().map((text) => Buffer.from(text)),
        ),
      }),
      id: fc.string(),
      // Not configured: nothing of this may reach for a network.
    });
    const asked = names.filter((name) => name !== 'StopProvider');
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...asked), request, async (name, message) => {
        if (name === 'ConfigureProvider') return;
        const [description, answered] = calls[name];
        const answer = await handle(`/tfplugin6.Provider/${name}`, encode(message as Message, description));
        if (answer === 'open') throw new Error('a call is no stream');
        const { diagnostics = [] } = decode(answer, answered) as { diagnostics?: { summary?: string }[] };
        for (const { summary } of diagnostics) expect(summary).not.toContain('its own fault');
      }),
      often(1000),
    );
  });

  it('that is not served is told so, and the streams of the plugin library stay open', async () => {
    const handle = fresh();
    await expect(handle('/tfplugin6.Provider/MoveResourceState', new Uint8Array())).rejects.toMatchObject({ status: 12 });
    await expect(handle('/tfplugin6.Provider/constructor', new Uint8Array())).rejects.toMatchObject({ status: 12 });
    expect(await handle('/plugin.GRPCStdio/StreamStdio', new Uint8Array())).toBe('open');
    expect(await handle('/grpc.health.v1.Health/Check', new Uint8Array())).toEqual(Buffer.from([8, 1]));
  });

  it('comes in one whole frame, or not at all', async () => {
    await fc.assert(
      fc.asyncProperty(bytes, (data) => orError(() => unframe(Buffer.from(data)), [GrpcError])),
      often(200),
    );
    expect(unframe(Buffer.from([0, 0, 0, 0, 2, 7, 8]))).toEqual(Buffer.from([7, 8]));
  });
});

describe('the certificate', () => {
  it('is for this machine, for now, and for its own key', () => {
    const now = Date.parse('2026-11-23T12:00:00Z');
    const { cert, der } = selfSigned(now);
    const read = new X509Certificate(cert);
    expect(read.raw.equals(der)).toBe(true);
    expect(read.subjectAltName).toBe('DNS:localhost');
    expect(read.verify(read.publicKey)).toBe(true);
    expect(Date.parse(read.validFrom)).toBeLessThan(now);
    expect(Date.parse(read.validTo)).toBeGreaterThan(now);
    expect(read.ca).toBe(true);
  });
});
