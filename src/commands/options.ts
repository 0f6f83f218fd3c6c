import type { Selection } from '../render/command-line.ts';

/** The options that commands share, as the command line gives them. */
export interface Options extends Selection {
  readonly output?: readonly string[];
  readonly concurrency?: number;
  readonly rate?: number;
  readonly timeout?: number;
  readonly caFile?: string;
  readonly insecureHttp?: boolean;
  readonly color?: boolean;
  readonly quiet?: boolean;
  readonly verbose?: boolean;
  readonly events?: string;
}
