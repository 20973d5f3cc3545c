/** What the driver saw of one request: one row each, the truth about latency and errors in a live run. */
import type { Outcome } from '../../core/outcome.ts';
import type { RequestKind } from '../../core/request.ts';
import type { Millis } from '../../core/units.ts';

export interface Sample {
  readonly arrival: number;
  readonly call: number;
  readonly session: number;
  readonly kind: RequestKind;
  /** Index of the tool; -1 for `initialize`. */
  readonly tool: number;
  /** Intended instant, ms since the run began. */
  readonly at: Millis;
  /** How much later than intended it was really sent. */
  readonly lagMs: Millis;
  /** From the intended instant to the last byte. */
  readonly latencyMs: Millis;
  readonly outcome: Outcome;
}
