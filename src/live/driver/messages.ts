/** What the launcher and the driver's process say to each other over IPC. */
import type { Millis } from '../../core/units.ts';
import type { Inputs, Traffic } from '../../scenario/scenario.ts';
import type { SessionTally } from '../../scenario/traffic.ts';
import type { Pacing } from './pacer.ts';
import type { Sample } from './samples.ts';

export interface DriverOptions {
  /** The MCP endpoint under load. */
  readonly url: string;
  readonly traffic: Traffic;
  readonly inputs: Inputs;
  readonly seed: number;
  readonly duration: Millis;
  readonly warmup: Millis;
  readonly pacing: Pacing;
  /** `Date.now()` at which the run begins. */
  readonly epoch: number;
}

export type ToDriver = { readonly kind: 'drive'; readonly options: DriverOptions };

export type FromDriver =
  /** It is up, and waits to be told what to drive. */
  | { readonly kind: 'ready' }
  | { readonly kind: 'samples'; readonly samples: readonly Sample[] }
  /** All samples have been told. */
  | { readonly kind: 'done'; readonly sessions: SessionTally };
