/**
 * A circuit breaker guards one server. `state` and `admits` are pure; a call that is sent takes a permit, and the
 * permit comes back with its outcome, so that an answer from before a trip cannot move the state after it.
 */
import type { Outcome } from '../../core/outcome.ts';
import type { Millis } from '../../core/units.ts';

export type BreakerState = 'closed' | 'open' | 'half-open';

/** Opaque; names the period of the breaker in which the call was sent. */
export type Permit = number;

export interface Breaker {
  state(now: Millis): BreakerState;
  /** May a call be sent? */
  admits(now: Millis): boolean;
  /** A call is sent; only after `admits`. */
  sent(now: Millis): Permit;
  /** That call ended, `tookMs` after it was sent. `cancelled` gives the permit back and counts for nothing. */
  settled(now: Millis, permit: Permit, outcome: Outcome, tookMs: Millis): void;
  /** Why it last changed state: "5 failures within 60s, the last: timeout". */
  because(): string;
  /** When `state` or `admits` changes by time alone. */
  wakeAt(now: Millis): Millis;
}
