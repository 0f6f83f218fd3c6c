import { ApiError, type Credential } from '../client/index.ts';
import type { Diagnostic } from '../core/diagnostic.ts';
import { endOf } from './connection.ts';

/** What the world did wrong, as a diagnostic that says what to do next; a fault of ours is thrown on. */
export function describe(error: unknown, asked?: { readonly credential: Credential }): Diagnostic {
  if (!(error instanceof ApiError)) throw error;
  const wrong = (code: Diagnostic['code'], hint?: string): Diagnostic => ({
    code,
    severity: 'error',
    summary: error.message,
    ...(hint === undefined ? {} : { hint }),
  });
  if (error.status === undefined) return wrong('unreachable', wayHint(error));
  if (error.status === 401) return wrong('unauthorized', credentialHint(asked?.credential));
  if (error.status === 407)
    return wrong('unreachable', 'the proxy wants a user and a password: HTTPS_PROXY=http://USER:PASSWORD@HOST:PORT');
  return wrong('api-error', answerHint(error));
}

const certificates: Readonly<Record<string, string>> = {
  CERT_HAS_EXPIRED:
    'the certificate of the server has run out: whoever runs the server has to renew it; is the clock of this machine right?',
  CERT_NOT_YET_VALID: 'the certificate of the server is not valid yet; is the clock of this machine right?',
  ERR_TLS_CERT_ALTNAME_INVALID: 'the certificate is for another name: check the host of --api-url',
};

/** No answer: what to look at depends on how far the request came. */
function wayHint({ cause, proxy }: ApiError): string {
  if (cause === undefined) return 'correct --api-url or ZENFORM_API_URL; --insecure-http allows plain http';
  const { code = '' } = cause as { readonly code?: string };
  const certificate = certificates[code];
  if (certificate !== undefined) return certificate;
  if (/CERT|SELF_SIGNED|UNABLE_TO_/.test(code))
    return 'give the certificate of the authority that signed it, as PEM: --ca-file FILE; checking cannot be switched off';
  if (code === 'EPROTO') return 'what answers there does not speak TLS: is it http://, or another port?';
  if (proxy !== undefined)
    return `HTTPS_PROXY, HTTP_PROXY or ALL_PROXY send it through ${proxy}: check that, or name the host in NO_PROXY`;
  if (code === 'ENOTFOUND' || code === 'EAI_AGAIN')
    return 'no such host is known here: check the name in --api-url or ZENFORM_API_URL, and the network; behind a proxy, set HTTPS_PROXY';
  if (code === 'ECONNREFUSED') return 'nothing listens there: check host and port of --api-url or ZENFORM_API_URL';
  if (code === 'ETIMEDOUT')
    return 'it is slow, or a firewall swallows it: check the network, set HTTPS_PROXY where there is a proxy, or give --timeout more seconds';
  return 'check --api-url, the network and the proxy settings';
}

function credentialHint(credential: Credential | undefined): string {
  const where = credential?.from?.what ?? 'ZENFORM_API_KEY';
  const file = credential?.from?.file === undefined ? '' : ` (${credential.from.file})`;
  if (where === 'zenml login') return `it is what \`zenml login\` has stored${file}: log in again, or set ZENFORM_API_KEY`;
  if (credential?.kind === 'token') {
    const end = credential.until ?? endOf(credential.value.reveal());
    return `it is a token, from ${where}${file}${end === undefined ? '' : `, good until ${end}`}: get a new one, or use a key, which does not end so soon`;
  }
  return `check ${where}${file}: the key may be wrong, expired or deactivated, or be for another server; a new one is made under Settings, Service Accounts`;
}

function answerHint({ status = 0, page }: ApiError): string | undefined {
  if (page) return 'something else answers in its place: another server, a proxy, or a page to log in; check --api-url';
  if (status === 403)
    return 'an Organization Admin has the right to that; `zenform doctor` shows who you are and what you may see';
  if (status === 404) return 'is --api-url the base of the API? The hosted one is https://cloudapi.zenml.io';
  if (status >= 500) return 'the trouble is on the server: try again later; nothing that was asked for twice is done twice';
  return undefined;
}
