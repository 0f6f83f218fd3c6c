// gRPC on node:http2, as far as a plugin of Terraform needs it: single requests with single answers, and streams that stay open and silent.
import {
  createSecureServer,
  createServer,
  type Http2Server,
  type IncomingHttpHeaders,
  type SecureServerOptions,
  type ServerHttp2Stream,
} from 'node:http2';

/** Status numbers of gRPC. */
export const status = { ok: 0, invalidArgument: 3, unimplemented: 12, internal: 13 } as const;

/** A call that is answered with a status instead of a message. */
export class GrpcError extends Error {
  override readonly name = 'GrpcError';
  readonly status: number;

  constructor(code: number, message: string, options?: ErrorOptions) {
    super(message, options);
    this.status = code;
  }
}

/** Answers a call: the bytes of the message, or `open` for a stream that ends when the other side goes. */
export type Handler = (path: string, request: Uint8Array) => Promise<Uint8Array | 'open'>;

/** More than any schema or state of Terraform's: it refuses larger ones itself. */
const largest = 256 * 1024 * 1024;

/** A server, not yet listening. With TLS only whoever has the certificate of `ca` gets in. */
export function grpcServer(handle: Handler, tls?: Pick<SecureServerOptions, 'key' | 'cert' | 'ca'>): Http2Server {
  const settings = { settings: { initialWindowSize: 1024 * 1024, maxConcurrentStreams: 1000 } };
  const server = tls
    ? createSecureServer({ ...settings, ...tls, requestCert: true, rejectUnauthorized: true, minVersion: 'TLSv1.2' })
    : createServer(settings);
  server.on('stream', (stream: ServerHttp2Stream, headers: IncomingHttpHeaders) =>
    serve(stream, String(headers[':path']), handle),
  );
  // A connection that breaks is the other side's trouble.
  server.on('sessionError', () => {});
  return server;
}

function serve(stream: ServerHttp2Stream, path: string, handle: Handler): void {
  const chunks: Buffer[] = [];
  let length = 0;
  let started = false;
  const start = (work: () => Uint8Array) => {
    if (started) return;
    started = true;
    void answer(stream, path, handle, work);
  };
  stream.on('error', () => {});
  stream.on('data', (chunk: Buffer) => {
    length += chunk.length;
    if (length > largest)
      start(() => {
        throw new GrpcError(status.invalidArgument, 'the request is too large');
      });
    else chunks.push(chunk);
  });
  stream.on('end', () => start(() => unframe(Buffer.concat(chunks))));
  // A stream is open from the start, whatever is sent on it.
  if (/\/(StreamStdio|StartStream)$/.test(path)) start(() => new Uint8Array());
}

async function answer(stream: ServerHttp2Stream, path: string, handle: Handler, request: () => Uint8Array): Promise<void> {
  let trailers = { 'grpc-status': String(status.ok), 'grpc-message': '' };
  try {
    const message = await handle(path, request());
    if (stream.destroyed || stream.closed) return;
    stream.respond({ ':status': 200, 'content-type': 'application/grpc+proto' }, { waitForTrailers: true });
    stream.on('wantTrailers', () => stream.sendTrailers(trailers));
    if (message !== 'open') stream.end(frame(message));
  } catch (error) {
    const { message } = error instanceof Error ? error : new Error(String(error));
    trailers = {
      'grpc-status': String(error instanceof GrpcError ? error.status : status.internal),
      'grpc-message': encodeURIComponent(Buffer.from(message.slice(0, 1000)).toString()),
    };
    if (stream.destroyed || stream.closed) return;
    stream.respond({ ':status': 200, 'content-type': 'application/grpc+proto', ...trailers }, { endStream: true });
  }
}

function frame(message: Uint8Array): Buffer {
  const head = Buffer.alloc(5);
  head.writeUInt32BE(message.length, 1);
  return Buffer.concat([head, message]);
}

/** The one message of a request. Throws `GrpcError`. */
export function unframe(data: Buffer): Uint8Array {
  if (data.length < 5) throw new GrpcError(status.invalidArgument, 'the request holds no message');
  if (data[0] !== 0) throw new GrpcError(status.unimplemented, 'compressed messages are not taken');
  if (data.readUInt32BE(1) !== data.length - 5)
    throw new GrpcError(status.invalidArgument, 'the request is not as long as it says');
  return data.subarray(5);
}
