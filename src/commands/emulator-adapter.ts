import type { AxiosAdapter, InternalAxiosRequestConfig } from 'axios';
import type { Emulator } from '../emulator/index.ts';

/** Lets the client talk to an emulator in this process: no port, nothing leaves the machine. */
export function emulatorAdapter(emulator: Emulator): AxiosAdapter {
  return async (config: InternalAxiosRequestConfig) => {
    const { AxiosHeaders } = await import('axios');
    const headers = Object.fromEntries(
      Object.entries(config.headers.toJSON()).map(([name, value]) => [name.toLowerCase(), String(value)]),
    );
    const answer = await emulator.handle({
      method: (config.method ?? 'get').toUpperCase(),
      url: config.url ?? '/',
      headers,
      ...(config.data === undefined ? {} : { body: String(config.data) }),
    });
    return { status: answer.status, statusText: '', data: answer.body, headers: new AxiosHeaders(answer.headers), config };
  };
}
