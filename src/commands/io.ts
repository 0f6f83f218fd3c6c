/** The world of a command: what it reads and where it writes. Given from outside, so that tests can run commands in process. */
export interface Io {
  readonly stdout: Stream;
  readonly stderr: Stream;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly cwd: string;
  /** Asks a person; undefined without a terminal. */
  readonly ask: ((question: string) => Promise<string>) | undefined;
  /** Fires on Ctrl-C or SIGTERM; its reason is the exit code of a run that wrote nothing. */
  readonly signal: AbortSignal;
  readonly now: () => Date;
  /** The file that runs: what was built with it stands beside it. */
  readonly program?: string;
}

export interface Stream {
  write(text: string): void;
  readonly isTTY: boolean;
  readonly columns: number | undefined;
}
