import { GrpcError, type Handler, status } from './grpc.ts';
import { decode, encode, type Message, ProtobufError } from './protobuf.ts';
import { type CallName, calls, health } from './protocol.ts';

/** Answers every call of Terraform's with a message; what it throws is a fault of ours. */
export type Calls = Readonly<Record<CallName, (request: Message) => Promise<Message>>>;

const provider = '/tfplugin6.Provider/';
const streams = new Set(['/plugin.GRPCStdio/StreamStdio', '/plugin.GRPCBroker/StartStream']);

/** The calls as a handler of gRPC, with what HashiCorp's plugin library asks for besides; `end` is told when Terraform is done with us. */
export function service(answers: Calls, end: () => void): Handler {
  return async (path, request) => {
    if (streams.has(path)) return 'open';
    if (path === '/plugin.GRPCController/Shutdown') {
      setImmediate(end);
      return new Uint8Array();
    }
    if (path === '/grpc.health.v1.Health/Check') return encode({ status: 1 }, health);
    const name = path.startsWith(provider) ? path.slice(provider.length) : '';
    if (!Object.hasOwn(calls, name)) throw new GrpcError(status.unimplemented, `${path} is not served`);
    const [asked, answered] = calls[name as CallName];
    return encode(await answers[name as CallName](decoded(request, asked)), answered);
  };
}

function decoded(request: Uint8Array, description: Parameters<typeof decode>[1]): Message {
  try {
    return decode(request, description);
  } catch (error) {
    if (error instanceof ProtobufError) throw new GrpcError(status.invalidArgument, error.message, { cause: error });
    throw error;
  }
}
