/**
 * What a server says of its own load, when it is asked or along with an answer (as ORCA reports do, gRPC A51): gauges of
 * this instant and totals since it started, so that whoever has two reports has the
 * rates between them. Totals never shrink, but a live process that was restarted begins anew at 0.
 */
import type { Millis } from './units.ts';

export interface LoadReport {
  /** Slots at work. */
  readonly busy: number;
  readonly slots: number;
  /** Calls waiting for a slot. */
  readonly queued: number;
  /** Slot time at work since it started, ms: its growth over time and slots is the CPU of a pod. */
  readonly busyMs: number;
  /** Calls whose work was finished since it started. */
  readonly finished: number;
  /** Calls that the server itself answered with an error since it started. */
  readonly failed: number;
  /** Recent time in the server per call, an average of the last few, ms; 0 = none yet. */
  readonly latencyMs: Millis;
}

/** The same, to be written over: reports are valid only while they are told. */
export type MutableLoadReport = { -readonly [field in keyof LoadReport]: LoadReport[field] };

export const emptyReport = (): MutableLoadReport => ({
  busy: 0,
  slots: 0,
  queued: 0,
  busyMs: 0,
  finished: 0,
  failed: 0,
  latencyMs: 0,
});

export const copyReport = (from: LoadReport, to: MutableLoadReport): void => {
  to.busy = from.busy;
  to.slots = from.slots;
  to.queued = from.queued;
  to.busyMs = from.busyMs;
  to.finished = from.finished;
  to.failed = from.failed;
  to.latencyMs = from.latencyMs;
};
