/**
 * A balancer chooses a server for each call. It is told `now` and all that happens to servers, keeps its own books, and
 * never asks anything. `joined` and `left` tell it who may be picked: servers that are ready, healthy and whose circuit
 * admits; `sent` and `settled` come for every call, also for servers that have left.
 */
import type { Outcome } from '../../core/outcome.ts';
import type { Request, ServerId } from '../../core/request.ts';
import type { Millis } from '../../core/units.ts';

export interface Balancer {
  /** One of `candidates`, which is never empty. */
  pick(now: Millis, request: Request, candidates: Candidates): ServerId;
  /** A call went to `server`. */
  sent(now: Millis, server: ServerId): void;
  /** That call ended after `tookMs`. */
  settled(now: Millis, server: ServerId, outcome: Outcome, tookMs: Millis): void;
  /** `server` may be picked from now on; `weight` > 0. */
  joined(now: Millis, server: ServerId, weight: number): void;
  /** `server` may no longer be picked. */
  left(now: Millis, server: ServerId): void;
}

/** The servers that may be picked, in no particular order: O(1) to read, add, remove and test. */
export interface Candidates {
  readonly size: number;
  /** `index` in [0, size). */
  at(index: number): ServerId;
  has(server: ServerId): boolean;
}
