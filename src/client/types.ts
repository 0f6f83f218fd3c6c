import type { AxiosAdapter } from 'axios';
import type { Redactor } from './redact.ts';
import type { Secret } from './secret.ts';
import type { TargetDocument } from './target/index.ts';

/** What a caller proves itself with: a key is exchanged for tokens, a token is sent as it is. */
export interface Credential {
  readonly kind: 'key' | 'token';
  readonly value: Secret;
  /** Where it was found, such as `ZENFORM_API_KEY` or `zenml login`, and the file that holds it, if one does. */
  readonly from?: { readonly what: string; readonly file?: string };
  /** When it ends, as an ISO moment, where that is written beside it. */
  readonly until?: string;
}

/** Query parameters of a request; undefined ones are left out. */
export type Query = Readonly<Record<string, string | number | boolean | undefined>>;

/** One intended write. */
export interface WriteRequest {
  readonly method: 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  readonly path: string;
  readonly query?: Query;
  readonly body?: unknown;
  /** UUID of the intention, sent with POSTs to workspace servers; made up if absent, the same through every resend. */
  readonly idempotencyKey?: string;
  /** The planned step that this is for: the footprint knows it by this name. */
  readonly step?: string;
}

/** A write as it is about to leave: the server's name or base URL, query and body as text. */
export interface LeavingWrite {
  readonly server: string;
  readonly method: string;
  readonly path: string;
  readonly query?: string;
  readonly body?: string;
  readonly step?: string;
}

/** All that a client may write: asked before every request that is neither GET nor login, and told what was taken. */
export interface Footprint {
  allows(write: LeavingWrite): boolean;
  /** It was answered with success, and the answer was whole: the same may not leave once more. */
  taken(write: LeavingWrite): void;
}

/** How a list is read: `paged: false` is one request without paging parameters; `size` is the page size of workspace servers (100). */
export interface ListOptions {
  readonly paged?: boolean;
  readonly size?: number;
}

/** Requests to one server, logged in to when it is first used. What the world does wrong is an `ApiError`. */
export interface Session {
  get(path: string, query?: Query): Promise<unknown>;
  /** All pages, each row once, in the order of the server. */
  list(path: string, query?: Query, options?: ListOptions): Promise<readonly unknown[]>;
  /** The answer's JSON; null when it is empty. Rejects with `WriteForbidden` where only reading is allowed. */
  write(request: WriteRequest): Promise<unknown>;
}

/** The servers of one ZenML Pro installation. */
export interface Client {
  readonly controlPlane: Session;
  /** The server of a workspace, by its `server_url`; the same session for the same URL. */
  workspace(serverUrl: string): Session;
  /** Knows the secrets of this client, and those that it is told. */
  readonly redactor: Redactor;
  /** A client that may write this besides; both together keep to the rate and the concurrency of this one. */
  writing(writes: Footprint): Client;
  /** Goes along with what the control plane's own document says about its pages. */
  adapt(document: TargetDocument | undefined): Client;
}

/** Time, given from outside so that tests do not wait. A sleep ends early when the signal comes. */
export interface ClientClock {
  /** Milliseconds. */
  now(): number;
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
}

/** One exchange; `status` is absent when no answer came. */
export interface RequestEvent {
  readonly type: 'request';
  /** `control-plane`, or the base URL of a workspace server. */
  readonly server: string;
  readonly method: string;
  readonly path: string;
  readonly status?: number;
  readonly ms: number;
}

/** What the client reports while it works; never headers, queries, bodies or secrets. */
export type ClientEvent =
  | RequestEvent
  | (Omit<RequestEvent, 'type' | 'ms'> & {
      readonly type: 'retry';
      /** Number of the attempt that failed, from 1. */
      readonly attempt: number;
      readonly waitMs: number;
      readonly reason: string;
    })
  | {
      readonly type: 'login';
      readonly server: string;
      /** How long the token lives, in seconds, where the server says so. */
      readonly expiresIn?: number;
    };

/** What an exchange shows besides its answer. */
export interface Observation {
  readonly server: string;
  readonly ms: number;
  /** The protocol of an encrypted connection, such as `TLSv1.3`. */
  readonly tls?: string;
  /** By how many milliseconds the server's clock is ahead of ours; it has a grain of a second. */
  readonly aheadMs?: number;
}

/** Where the servers are, who asks, and how carefully. */
export interface ClientOptions {
  /** Base URL of the control plane, with any prefix. */
  readonly apiUrl: string;
  readonly credential: Credential;
  /** What may be written. Absent: anything but GET is refused before it is sent, apart from logging in. */
  readonly writes?: Footprint;
  readonly adapter?: AxiosAdapter;
  /** Requests in flight at once over all servers (8). */
  readonly concurrency?: number;
  /** Requests a second over all servers; no rolling second holds more. */
  readonly rate?: number;
  /** Per request (30000). */
  readonly timeoutMs?: number;
  /** PEM certificates of authorities to trust besides those that Node trusts. TLS is always verified. */
  readonly ca?: string;
  /** Allows plain http to other hosts than loopback. */
  readonly insecureHttp?: boolean;
  readonly onEvent?: (event: ClientEvent) => void;
  readonly observe?: (observation: Observation) => void;
  readonly clock?: ClientClock;
  readonly uuid?: () => string;
  /** 0 to 1, for the jitter of retries. */
  readonly random?: () => number;
  /** Ends waiting and starting; requests under way are finished, and a client that may write may still read, to settle what it wrote. */
  readonly signal?: AbortSignal;
  readonly userAgent?: string;
}
