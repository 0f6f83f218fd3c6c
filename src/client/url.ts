/** What a base URL may be. */
export interface UrlRules {
  /** Plain http to any host. */
  readonly insecureHttp?: boolean | undefined;
}

/** Whether a host is this machine, or a name that by RFC 6761 no network knows, as the emulator inside a process has. */
export function isLocal(hostname: string): boolean {
  const host = hostname.toLowerCase().replace(/^\[|\]$/g, '');
  return host === 'localhost' || host === '::1' || /\.(localhost|invalid)$/.test(host) || /^127(\.\d{1,3}){3}$/.test(host);
}

/** What is wrong with a base URL; undefined when it can be used. The URL is repeated only as far as it holds no password. */
export function checkUrl(text: string, rules: UrlRules = {}): string | undefined {
  const url = URL.canParse(text.trim()) ? new URL(text.trim()) : undefined;
  if (!url) return 'this is not a URL; give one such as https://zenml.example.com/api/v1';
  if (url.protocol !== 'https:' && url.protocol !== 'http:')
    return `${url.protocol}// is not a protocol that can be used; https is`;
  if (url.username !== '' || url.password !== '')
    return 'a URL with a user or a password in it is not used; give the key as credential';
  if (url.search !== '' || url.hash !== '') return 'a base URL has no ? and no #';
  if (url.protocol === 'http:' && !rules.insecureHttp && !isLocal(url.hostname))
    return `plain http to ${url.host} would show the key to the network; use https, or allow insecure http`;
  return undefined;
}

/** A base URL in the one form that paths are appended to, without a slash at its end. Throws what `checkUrl` says. */
export function normaliseBaseUrl(text: string, rules: UrlRules = {}): string {
  const problem = checkUrl(text, rules);
  if (problem !== undefined) throw new Error(`the URL cannot be used: ${problem}`);
  const url = new URL(text.trim());
  return `${url.origin}${url.pathname.replace(/\/+$/, '')}`;
}
