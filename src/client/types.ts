import type { AxiosAdapter } from 'axios';
import type { Secret } from './secret.ts';

/** A key is exchanged for tokens; a token is sent as it is. */
export interface Credential {
  readonly kind: 'key' | 'token';
  readonly value: Secret;
}

/** Time as the client sees it; given from outside so that tests need not wait. */
export interface ClientClock {
  /** Milliseconds. */
  now(): number;
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
}

export interface ClientOptions {
  /** Base URL of the control plane, with any prefix. */
  readonly apiUrl: string;
  readonly credential: Credential;
  /** Without it nothing but GET leaves, authentication apart: the transport of everything that plans. */
  readonly allowWrites: boolean;
  readonly adapter?: AxiosAdapter;
  /** Requests in flight at once, over all servers; 8 by default. */
  readonly concurrency?: number;
  /** Requests that may start in any second. */
  readonly rate?: number;
  /** For one request, in milliseconds; 30,000 by default. */
  readonly timeoutMs?: number;
  /** Further certificate authorities, as PEM. TLS is always verified. */
  readonly ca?: string;
  /** Plain http to other hosts than loopback. */
  readonly insecureHttp?: boolean;
  /** Whether the target's own document says that it honours `limit`, so that a short page is the last. */
  readonly limitHonoured?: boolean;
  readonly onEvent?: (event: ClientEvent) => void;
  readonly clock?: ClientClock;
  readonly uuid?: () => string;
  readonly random?: () => number;
  readonly signal?: AbortSignal;
}

/** What the client reports: never headers or bodies, so never a secret. */
export type ClientEvent =
  | {
      readonly type: 'request';
      readonly server: string;
      readonly method: string;
      readonly path: string;
      readonly status?: number;
      readonly ms: number;
    }
  | {
      readonly type: 'retry';
      readonly server: string;
      readonly method: string;
      readonly path: string;
      readonly attempt: number;
      readonly waitMs: number;
      readonly reason: string;
    }
  | { readonly type: 'login'; readonly server: string };

export type Query = Readonly<Record<string, string | number | boolean | undefined>>;

export interface WriteRequest {
  readonly method: 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  readonly path: string;
  readonly query?: Query;
  readonly body?: unknown;
  /** One per intended write, the same through its repetitions; sent where the server knows it. */
  readonly idempotencyKey?: string;
}

/** One server, logged in to when it is first used. Everything throws `ApiError` for what the server or the network did. */
export interface Session {
  get(path: string, query?: Query): Promise<unknown>;
  /** All pages, each row once. `paged: false` for the lists that have no pages. */
  list(path: string, query?: Query, options?: { readonly paged?: boolean }): Promise<readonly unknown[]>;
  /** Sends a write once; again only after a refusal. An answer that leaves it open whether it happened is an `ambiguous` error. */
  write(request: WriteRequest): Promise<unknown>;
}

export interface Client {
  readonly controlPlane: Session;
  /** The session with a workspace's own server; the same one for the same address. */
  workspace(serverUrl: string): Session;
}
