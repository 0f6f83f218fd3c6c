import { type AxiosAdapter, AxiosError, AxiosHeaders } from 'axios';
import type { Emulator } from '../emulator/index.ts';

/** The address of an emulator in this process; nothing on any network has it. */
export const emulatorUrl = 'http://emulator.invalid';

/** Lets the client talk to an emulator in this process: no port, and nothing leaves the machine, wherever a world points. */
export function emulatorAdapter(emulator: Emulator): AxiosAdapter {
  return async (config) => {
    const url = config.url ?? '';
    if (!url.startsWith(`${emulatorUrl}/`))
      throw new AxiosError(`${URL.canParse(url) ? new URL(url).host : url} is outside the emulator`, 'ENOTFOUND', config);
    const headers = Object.entries(AxiosHeaders.from(config.headers).toJSON()).map(([name, value]) => [name, String(value)]);
    const request = { method: (config.method ?? 'get').toUpperCase(), url, headers: Object.fromEntries(headers) };
    const body = typeof config.data === 'string' ? { body: config.data } : {};
    const answer = await answered(emulator.handle({ ...request, ...body }, config.signal as AbortSignal | undefined), config);
    return { status: answer.status, statusText: '', data: answer.body, headers: answer.headers, config };
  };
}

/** The answer; a broken line is an error as axios has it, with the system's code. */
async function answered<T>(answer: Promise<T>, config: AxiosError['config']): Promise<T> {
  try {
    return await answer;
  } catch (error) {
    const { message, code } = error as { message: string; code?: string };
    throw new AxiosError(message, typeof code === 'string' ? code : 'ERR_CANCELED', config);
  }
}
