import { ApiError } from './errors.ts';

const loopback = new Set(['localhost', '127.0.0.1', '[::1]', '::1', 'emulator.invalid']);

/** A base URL without a trailing slash. Throws an `ApiError` for text that is none, and for plain http to another machine. */
export function checkedUrl(text: string, server: string, insecureHttp = false): string {
  const refuse = (message: string) =>
    new ApiError({ server, method: 'CONNECT', path: '/', serverMessage: message, unsent: true });
  let url: URL;
  try {
    url = new URL(text);
  } catch {
    throw refuse(`\`${text}\` is not a URL`);
  }
  if (url.protocol !== 'https:' && url.protocol !== 'http:') throw refuse(`\`${url.protocol}\` is not a protocol of the API`);
  if (url.username || url.password) throw refuse('a URL must not hold credentials');
  const local = loopback.has(url.hostname) || /^127\.\d+\.\d+\.\d+$/.test(url.hostname);
  if (url.protocol === 'http:' && !local && !insecureHttp)
    throw refuse(`${url.origin} would be reached without TLS; use https, or --insecure-http`);
  return `${url.origin}${url.pathname.replace(/\/+$/, '')}`;
}
