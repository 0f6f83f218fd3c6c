// The only file that knows `process`. It loads the rest when there is more to do than to say its version.
declare const ZENFORM_VERSION: string;

if (process.argv.length === 3 && (process.argv[2] === '--version' || process.argv[2] === '-V')) {
  process.stdout.write(`${ZENFORM_VERSION}\n`);
} else {
  void start();
}

async function start(): Promise<void> {
  const { main } = await import('./commands/main.ts');
  // A reader that went away, such as `head`, is no trouble of ours.
  for (const stream of [process.stdout, process.stderr])
    stream.on('error', (error: NodeJS.ErrnoException) => process.exit(error.code === 'EPIPE' ? 0 : 1));
  try {
    process.exitCode = await main(process.argv.slice(2), {
      stdout: {
        write: (text) => void process.stdout.write(text),
        isTTY: process.stdout.isTTY === true,
        columns: process.stdout.columns,
      },
      stderr: {
        write: (text) => void process.stderr.write(text),
        isTTY: process.stderr.isTTY === true,
        columns: process.stderr.columns,
      },
      env: process.env,
      cwd: process.cwd(),
      ask: process.stdin.isTTY && process.stderr.isTTY ? ask : undefined,
      signal: interruption(),
      now: () => new Date(),
    });
  } catch (error) {
    const { name, message, stack } = error as Error;
    const detail = process.argv.includes('--verbose') ? `\n${stack ?? ''}` : ' (--verbose shows where)';
    process.stderr.write(`zenform failed, and that is a fault of zenform: ${name}: ${message}${detail}\n`);
    process.exitCode = 1;
  }
}

/** Fires on the first Ctrl-C or SIGTERM, with the exit code that each means; a second one ends the program at once. */
function interruption(): AbortSignal {
  const controller = new AbortController();
  for (const [signal, code] of [
    ['SIGINT', 130],
    ['SIGTERM', 143],
  ] as const)
    process.on(signal, () => {
      if (controller.signal.aborted) process.exit(code);
      controller.abort(code);
    });
  return controller.signal;
}

async function ask(question: string): Promise<string> {
  const { createInterface } = await import('node:readline/promises');
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  try {
    return await terminal.question(question);
  } finally {
    terminal.close();
  }
}
