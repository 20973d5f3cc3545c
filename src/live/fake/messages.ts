/**
 * What the parent of a fake server's process and the process say to each other over IPC. The parent forks it with
 * `serialization: 'advanced'`, as `inputs` and histograms are typed arrays.
 */
import type { Distribution } from '../../core/distributions.ts';
import type { ServerId } from '../../core/request.ts';
import type { Millis } from '../../core/units.ts';
import type { ServerTally } from '../../fake/fake-server.ts';
import type { FaultEffect, Inputs, Traffic } from '../../scenario/scenario.ts';

/** How a request is answered: with a JSON body, with a stream of one event, or as the client's Accept prefers. */
export type ReplyForm = 'json' | 'sse' | 'auto';

/** Which clients a server speaks to. */
export type Eras = 'legacy' | 'modern' | 'both';

/** A fake server, as it behaves and as it is served. */
export interface FakeServerSettings {
  readonly id: ServerId;
  readonly speed: number;
  readonly slots: number;
  /** Waiting places; null = no limit. */
  readonly queue: number | null;
  /** Full, does it send modern clients away to come again? No, unless given. */
  readonly defers?: boolean;
  /** Longest wait in the queue, drawn for each attempt; null = no limit. */
  readonly patience: Distribution | null;
  readonly discipline: 'fifo' | 'processor-sharing';
  readonly traffic: Traffic;
  readonly inputs: Inputs;
  /** Draws of work and weather; that of the driver. */
  readonly seed: number;
  /** `auto` unless given. */
  readonly reply?: ReplyForm;
  /** `both` unless given. */
  readonly eras?: Eras;
  /** Between comments on an idle stream; 15 s unless given, as the official SDKs do. */
  readonly keepAlive?: Millis;
  /** Legacy sessions that nobody has spoken of for so long, and that have no stream open, are forgotten; NEVER unless given. */
  readonly sessionIdle?: Millis;
}

export interface FakeProcessOptions extends FakeServerSettings {
  /** 0 = any free port. */
  readonly port: number;
  /** `Date.now()` at which the run began. */
  readonly epoch: number;
}

export type ToServer =
  | { readonly kind: 'configure'; readonly options: FakeProcessOptions }
  | {
      readonly kind: 'fault';
      /** Its number in the scenario. */
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
