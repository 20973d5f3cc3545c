/**
 * A world carries out intentions and tells facts: the simulated one by arithmetic, the live one by doing them. Besides
 * the door there is an observer, who may see what no fleet can: queues, waits and slots inside the servers. A `World` runs
 * to its end by itself and shows it to the observer, as the simulated one does. The live one is `Intentions` alone: real
 * time needs nobody to run it, and a live run asks its servers and tells the recorder itself (cli/driven-run.ts).
 */
import type { Request, ServerId } from '../core/request.ts';
import type { Millis } from '../core/units.ts';
import type { Facts } from './facts.ts';
import type { Intentions } from './intentions.ts';

export interface World extends Intentions {
  /** Runs to the end, telling `facts` and showing `observer` what happens. */
  run(facts: Facts, observer: Observer): void;
}

export interface Observer {
  /** A call, the `attempt`th of `request` from 0, got a slot after waiting `waitedMs`, 0 if it did not wait. */
  waited(now: Millis, server: ServerId, waitedMs: Millis, request: Request, attempt: number): void;
  /** Regularly: calls in all servers' queues together. */
  tick(now: Millis, queued: number): void;
  /** All servers' totals: when the warm-up ends, and when the duration ends. */
  tally(now: Millis, servers: readonly ServerTotals[]): void;
  /** A fault begins or ends on a server; `fault` is its number in the scenario. */
  fault(now: Millis, fault: number, server: ServerId, on: boolean): void;
  /** At the end: what became of the sessions that started in the measured time. */
  sessions(totals: SessionTotals): void;
}

/** One server's totals since its start, ms and counts. */
export interface ServerTotals {
  readonly id: ServerId;
  readonly group: string;
  readonly startedAt: Millis;
  /** NEVER while it is there. */
  readonly exitedAt: Millis;
  /** Slots at work, integrated over time. */
  readonly busyMs: number;
  /** Slots, integrated over the time it was up. */
  readonly slotMs: number;
  readonly upMs: number;
  /** Calls that reached it. */
  readonly came: number;
  /** Calls whose work it finished. */
  readonly finished: number;
}

export interface SessionTotals {
  readonly started: number;
  /** Sessions whose server no longer knew them. */
  readonly lost: number;
  /** Of these, how many initialised anew. */
  readonly recovered: number;
  /** Tool calls made in sessions. */
  readonly calls: number;
}
