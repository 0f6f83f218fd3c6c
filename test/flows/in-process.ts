import { main } from '../../src/commands/main.ts';
import type { Program } from './story.ts';

/** Runs the program within this process: a hundred times as fast as to start one, for when every story is told many times. */
export const inProcess: Program = async (args, cwd, env) => {
  let printed = '';
  const stream = {
    write: (text: string) => {
      printed += text;
    },
    isTTY: false,
    columns: undefined,
  };
  const signal = new AbortController().signal;
  const code = await main(args, { stdout: stream, stderr: stream, env, cwd, ask: undefined, signal, now: () => new Date() });
  return `${printed}${code === 0 ? '' : `[exit ${code}]\n`}`;
};
