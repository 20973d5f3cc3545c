/**
 * Hedging: a safe call that is slow to be answered is sent to a second server as well, and the first good answer wins
 * (Dean and Barroso, "The Tail at Scale", 2013). It buys the tail with load. Its pathology: where the delay lies in the
 * body of the latencies, or a busy fleet pushes them past it, every call is made twice and the fleet gets busier still.
 */
import type { Millis } from '../../core/units.ts';
import type { Guard } from './guard.ts';

export interface Hedging {
  /** Time without an answer after which the next attempt is made. */
  readonly after: Millis;
  /** Attempts under way at once, at most. */
  readonly attempts: number;
}

export const hedging: Guard = {
  key: 'traffic.hedging',
  summary: 'another attempt of a safe call beside a slow one',
  facts: {
    rule: 'A safe call that is not pinned and has no answer `after` it was sent goes to another server too, one not tried before, up to `attempts` under way at once, if the retry budget allows it. The first good answer wins and the others are given up; a failure is not replied while another attempt is under way.',
    follows:
      'gRPC proposal A6 (hedgingPolicy: hedgingDelay, maxAttempts), without its non-fatal codes and server pushback',
    good: 'rare pauses on servers with room to spare, with `after` at the p95 or beyond',
    bad: 'a busy fleet, or a delay below the usual latency: up to `attempts` times the load; legacy servers, which work the loser to its end',
    cost: 'O(1), and a timer for each safe call',
  },
};
