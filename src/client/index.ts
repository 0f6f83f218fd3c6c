export { createClient } from './client.ts';
export { systemClock } from './clock.ts';
export { ApiError, WriteForbidden } from './errors.ts';
export { Secret } from './secret.ts';
export { queryText } from './session.ts';
export * from './target/index.ts';
export type {
  Client,
  ClientClock,
  ClientEvent,
  ClientOptions,
  Credential,
  Footprint,
  Session,
} from './types.ts';
export { normaliseBaseUrl } from './url.ts';
