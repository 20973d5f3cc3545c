/**
 * A retry budget bounds what retries may add to the load: one for the whole fleet, beside the number of attempts that
 * one request may have. Without it, a fleet that fails is sent a multiple of its traffic and cannot recover.
 */
import type { Outcome } from '../../core/outcome.ts';
import type { Millis } from '../../core/units.ts';

export interface Budget {
  /** A request's first attempt is made. */
  arrived(now: Millis): void;
  /**
   * May one more attempt be made? `inFlight`: requests without a reply, those that wait in the backlog or out their
   * back-off included; `retrying`: those of them that were granted a retry or hedge. Pure.
   */
  admits(now: Millis, inFlight: number, retrying: number): boolean;
  /** One more attempt is made; only after `admits`. */
  spent(now: Millis): void;
  /** An attempt, first or later, ended. */
  settled(now: Millis, outcome: Outcome): void;
}
