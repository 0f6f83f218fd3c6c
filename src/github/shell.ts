import { spawn } from 'node:child_process';

/** How a program ended, and what it printed on standard output when that was kept. */
export interface Ended {
  readonly code: number;
  readonly output: string;
}

/** Runs a program without a shell; what it prints goes to the log, unless its standard output is kept. */
export function run(
  command: string,
  args: readonly string[],
  how: { readonly cwd: string; readonly env: NodeJS.ProcessEnv; readonly keep?: boolean },
): Promise<Ended> {
  return new Promise((done, fail) => {
    const child = spawn(command, args, {
      cwd: how.cwd,
      env: how.env,
      stdio: ['ignore', how.keep ? 'pipe' : 'inherit', 'inherit'],
    });
    let output = '';
    child.stdout?.setEncoding('utf8').on('data', (text: string) => {
      output += text;
    });
    child.on('error', fail);
    child.on('close', (code, signal) => done({ code: code ?? (signal === 'SIGINT' ? 130 : 143), output }));
  });
}
