// A certificate of our own for the line to Terraform: it has to be an X.509 one for `localhost`, and Node can only read those.
import { generateKeyPairSync, randomBytes, sign } from 'node:crypto';

type Der = Uint8Array;

const tlv = (tag: number, ...parts: readonly Der[]): Der => {
  const body = Buffer.concat(parts);
  return Buffer.concat([Uint8Array.of(tag), lengthOf(body.length), body]);
};
function lengthOf(length: number): Der {
  if (length < 128) return Uint8Array.of(length);
  const bytes: number[] = [];
  for (let rest = length; rest > 0; rest = Math.floor(rest / 256)) bytes.unshift(rest % 256);
  return Uint8Array.of(128 + bytes.length, ...bytes);
}
const sequence = (...parts: readonly Der[]) => tlv(0x30, ...parts);
const set = (...parts: readonly Der[]) => tlv(0x31, ...parts);
const octets = (body: Der) => tlv(0x04, body);
const truth = tlv(0x01, Uint8Array.of(0xff));
const bits = (body: Der, unused = 0) => tlv(0x03, Uint8Array.of(unused), body);
const time = (date: Date) => tlv(0x18, Buffer.from(`${date.toISOString().slice(0, 19).replaceAll(/[-:T]/g, '')}Z`, 'ascii'));

function objectId(dotted: string): Der {
  const [first = 0, second = 0, ...rest] = dotted.split('.').map(Number);
  const bytes = rest.flatMap((part) => {
    const digits = [part % 128];
    for (let high = Math.floor(part / 128); high > 0; high = Math.floor(high / 128)) digits.unshift((high % 128) + 128);
    return digits;
  });
  return tlv(0x06, Uint8Array.of(first * 40 + second, ...bytes));
}

const ecdsaWithSha256 = sequence(objectId('1.2.840.10045.4.3.2'));
const name = sequence(set(sequence(objectId('2.5.4.3'), tlv(0x0c, Buffer.from('localhost', 'ascii')))));
const extension = (id: string, critical: boolean, value: Der) =>
  sequence(objectId(id), ...(critical ? [truth] : []), octets(value));
const extensions = sequence(
  extension('2.5.29.19', true, sequence(truth)),
  // digitalSignature, keyEncipherment, keyAgreement, keyCertSign
  extension('2.5.29.15', true, bits(Uint8Array.of(0b10101100), 2)),
  // Server and client.
  extension('2.5.29.37', false, sequence(objectId('1.3.6.1.5.5.7.3.1'), objectId('1.3.6.1.5.5.7.3.2'))),
  extension('2.5.29.17', false, sequence(tlv(0x82, Buffer.from('localhost', 'ascii')))),
);

const day = 24 * 3_600_000;

/** A key and a self-signed certificate for `localhost` that is good for some days around `now`, in milliseconds. */
export function selfSigned(now: number): { readonly key: string; readonly cert: string; readonly der: Uint8Array } {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const serial = Uint8Array.of(1, ...randomBytes(15));
  const body = sequence(
    tlv(0xa0, tlv(0x02, Uint8Array.of(2))),
    tlv(0x02, serial),
    ecdsaWithSha256,
    name,
    sequence(time(new Date(now - day)), time(new Date(now + 30 * day))),
    name,
    publicKey.export({ type: 'spki', format: 'der' }),
    tlv(0xa3, extensions),
  );
  const der = sequence(body, ecdsaWithSha256, bits(sign('sha256', body, privateKey)));
  const lines = Buffer.from(der)
    .toString('base64')
    .replace(/(.{64})/g, '$1\n');
  return {
    key: String(privateKey.export({ type: 'pkcs8', format: 'pem' })),
    cert: `-----BEGIN CERTIFICATE-----\n${lines}\n-----END CERTIFICATE-----\n`,
    der,
  };
}
