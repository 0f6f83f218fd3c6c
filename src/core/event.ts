import type { Address, KindName } from './address.ts';

/** What the engine reports while it works. It prints nothing and asks nothing. */
export type Event =
  | { readonly event: 'phase'; readonly phase: 'load' | 'read' | 'plan' | 'execute' | 'verify' }
  | { readonly event: 'read'; readonly kind: KindName; readonly count: number }
  | {
      readonly event: 'step';
      readonly status: 'started' | 'applied' | 'failed' | 'skipped';
      readonly step: string;
      readonly address: Address;
      readonly message?: string;
    }
  | {
      readonly event: 'wait';
      readonly address: Address;
      readonly status: string;
      readonly seconds: number;
      readonly limit: number;
    }
  | {
      readonly event: 'request';
      readonly server: string;
      readonly method: string;
      readonly path: string;
      readonly status?: number;
      readonly ms: number;
    }
  | {
      readonly event: 'retry';
      readonly server: string;
      readonly method: string;
      readonly path: string;
      readonly attempt: number;
      readonly waitMs: number;
      readonly reason: string;
    }
  | {
      readonly event: 'done';
      readonly applied: number;
      readonly failed: number;
      readonly skipped: number;
      readonly verified: boolean;
    };
