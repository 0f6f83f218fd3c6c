import type { ClientOptions, Credential } from '../client/index.ts';
import type { Check } from './doctor.ts';

type Observation = Parameters<NonNullable<ClientOptions['observe']>>[0];

/** Seconds by which two clocks may differ before that can matter: tokens and dates are compared across them. */
const tolerable = 60;

/** Looks on while a client works, and tells what the connection and the credential are like. */
export function connection(credential: Credential) {
  const exchanges: Observation[] = [];
  let lifetime: number | undefined;
  return {
    observe: (one: Observation) => void exchanges.push(one),
    onEvent: (event: Parameters<NonNullable<ClientOptions['onEvent']>>[0]) => {
      if (event.type === 'login' && event.server === 'control-plane') lifetime = event.expiresIn;
    },
    checks: (): readonly Check[] => {
      const own = exchanges.filter(({ server }) => server === 'control-plane');
      const times = own.map(({ ms }) => ms).sort((a, b) => a - b);
      const tls = own.find((one) => one.tls !== undefined)?.tls;
      const ahead = own
        .flatMap(({ aheadMs }) => (aheadMs === undefined ? [] : [aheadMs / 1000]))
        .sort((a, b) => Math.abs(a) - Math.abs(b))[0];
      return [
        { name: 'latency', status: 'ok', detail: `${Math.round(times[Math.floor(times.length / 2)] ?? 0)} ms for a request` },
        { name: 'tls', status: 'ok', detail: tls ?? 'not encrypted, or not known' },
        clock(ahead),
        token(credential, lifetime),
      ];
    },
  };
}

function clock(ahead: number | undefined): Check {
  if (ahead === undefined) return { name: 'clock', status: 'ok', detail: 'the server does not tell its time' };
  const seconds = Math.round(Math.abs(ahead));
  if (seconds < tolerable) return { name: 'clock', status: 'ok', detail: 'the clocks agree' };
  return {
    name: 'clock',
    status: 'warning',
    detail: `the server's clock is ${seconds} s ${ahead > 0 ? 'ahead' : 'behind'}: tokens and \`expires\` may end at another moment than expected`,
  };
}

function token(credential: Credential, lifetime: number | undefined): Check {
  const { kind, value, from } = credential;
  const of = from ? ` of ${from.what}` : '';
  const place = from?.file === undefined ? '' : ` (${from.file})`;
  const check = (status: Check['status'], what: string, more: string): Check => ({
    name: 'credential',
    status,
    detail: `${what}${of}${place}, ${more}`,
    // Paths hold names of people.
    shared: `${what}${of}, ${more}`,
  });
  if (kind === 'key') {
    const exchanged = lifetime === undefined ? 'tokens whose life is not told' : `tokens that live ${minutes(lifetime)}`;
    return check('ok', 'a key', `exchanged for ${exchanged}`);
  }
  const end = credential.until ?? endOf(value.reveal());
  return end === undefined
    ? check('warning', 'a token', 'which does not tell until when')
    : check('ok', 'a token', `good until ${end}`);
}

const minutes = (seconds: number) => (seconds < 120 ? `${seconds} s` : `${Math.round(seconds / 60)} minutes`);

/** When a JWT ends; only that is read of it. */
export function endOf(jwt: string): string | undefined {
  try {
    const claims = JSON.parse(Buffer.from(jwt.split('.')[1] ?? '', 'base64url').toString('utf8')) as { readonly exp?: unknown };
    return typeof claims.exp === 'number' ? new Date(claims.exp * 1000).toISOString() : undefined;
  } catch {
    return undefined;
  }
}
