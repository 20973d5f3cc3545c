/**
 * A limit says how many calls may be in flight at once, in a scope: one server, or the whole fleet. Beyond it calls
 * wait at the balancer or are shed; that is the fleet's doing. An adaptive limit learns from the time calls take.
 */
import type { Outcome } from '../../core/outcome.ts';
import type { Millis } from '../../core/units.ts';

export interface Limit {
  /** Calls allowed in flight in its scope now, whole, >= 1; Infinity = any number. Pure. */
  limit(): number;
  /**
   * A call of its scope ended after `tookMs`, sent when `inFlight` calls of the scope were in flight, itself included.
   * `cancelled` and `shed` say nothing of the scope's capacity and change nothing.
   */
  settled(now: Millis, outcome: Outcome, tookMs: Millis, inFlight: number): void;
}
