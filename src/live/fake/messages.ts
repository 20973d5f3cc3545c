/** What the parent of a fake server's process and the process say to each other over IPC. */
import type { ServerId } from '../../core/request.ts';
import type { FaultEffect, Inputs, Traffic } from '../../scenario/scenario.ts';
import type { ServerTally } from '../../fake/fake-server.ts';

export interface FakeProcessOptions {
  readonly id: ServerId;
  readonly speed: number;
  readonly slots: number;
  /** Waiting places; null = no limit. */
  readonly queue: number | null;
  readonly discipline: 'fifo' | 'processor-sharing';
  readonly traffic: Traffic;
  readonly inputs: Inputs;
  readonly seed: number;
  /** 0 = any free port. */
  readonly port: number;
  /** `Date.now()` at which the run began. */
  readonly epoch: number;
}

export type ToServer =
  | { readonly kind: 'configure'; readonly options: FakeProcessOptions }
  | {
      readonly kind: 'fault';
      readonly fault: number;
      readonly on: boolean;
      readonly effect: FaultEffect;
      readonly healthOk: boolean;
    }
  | { readonly kind: 'tally' };

export type FromServer =
  | { readonly kind: 'listening'; readonly port: number }
  | {
      readonly kind: 'tally';
      readonly tally: ServerTally;
      readonly waits: {
        readonly count: number;
        readonly sumMs: number;
        readonly counts: Uint32Array;
      };
    };
