export { createClient } from './client.ts';
export { systemClock } from './clock.ts';
export { ApiError, WriteForbidden } from './errors.ts';
export { Secret } from './secret.ts';
export { differences, readTargetDocument, type TargetDocument } from './target.ts';
export type {
  Client,
  ClientClock,
  ClientEvent,
  ClientOptions,
  Credential,
  ListOptions,
  Query,
  RequestEvent,
  Session,
  WriteRequest,
} from './types.ts';
export { checkUrl, normaliseBaseUrl } from './url.ts';
