// The only file that knows `process`. It loads the rest only when there is more to do than to say its version.
import type { Io } from './commands/io.ts';

/** Put in by the build. */
declare const ZENFORM_VERSION: string | undefined;
const version = typeof ZENFORM_VERSION === 'string' ? ZENFORM_VERSION : 'development';
const argv = process.argv.slice(2);

if (argv.length === 1 && (argv[0] === '--version' || argv[0] === '-V')) process.stdout.write(`${version}\n`);
else void start();

async function start(): Promise<void> {
  // A reader that went away, such as `head`, is no trouble of ours.
  for (const stream of [process.stdout, process.stderr])
    stream.on('error', (error: NodeJS.ErrnoException) => process.exit(error.code === 'EPIPE' ? (process.exitCode ?? 0) : 1));
  const { main } = await import('./commands/main.ts');
  process.exitCode = await main(argv, io(), version);
}

function io(): Io {
  const stream = (target: NodeJS.WriteStream) => ({
    write: (text: string) => void target.write(text),
    isTTY: target.isTTY === true,
    get columns() {
      return target.columns;
    },
  });
  return {
    stdout: stream(process.stdout),
    stderr: stream(process.stderr),
    env: process.env,
    cwd: process.cwd(),
    ask: process.stdin.isTTY && process.stderr.isTTY ? ask : undefined,
    signal: interruption(),
    now: () => new Date(),
    ...(process.argv[1] === undefined ? {} : { program: process.argv[1] }),
  };
}

/** Fires on the first Ctrl-C or SIGTERM, with the exit code that each means; a second one ends the program at once. */
function interruption(): AbortSignal {
  const controller = new AbortController();
  const codes = { SIGINT: 130, SIGTERM: 143 };
  for (const [name, code] of Object.entries(codes))
    process.on(name, () => {
      if (controller.signal.aborted) process.exit(code);
      controller.abort(code);
    });
  return controller.signal;
}

/** One line from the terminal. It stays in its ordinary mode, so that Ctrl-C is a signal as ever. */
async function ask(question: string): Promise<string> {
  const { createInterface } = await import('node:readline');
  const lines = createInterface({ input: process.stdin, terminal: false });
  process.stderr.write(question);
  return new Promise((answered) => {
    const end = (answer: string) => {
      lines.removeAllListeners();
      lines.close();
      answered(answer);
    };
    lines.once('line', end);
    lines.once('close', () => end(''));
    process.once('SIGINT', () => end(''));
    process.once('SIGTERM', () => end(''));
  });
}
