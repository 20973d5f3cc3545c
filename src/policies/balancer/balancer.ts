/**
 * A balancer chooses a server for each call. It is told `now` and all that happens to servers, keeps its own books, and
 * never asks anything. `joined` and `left` tell it who may be picked: servers that are ready, healthy and whose circuit
 * admits; `sent` and `settled` come for every call, also for servers that have left.
 */
import type { Outcome } from '../../core/outcome.ts';
import type { LoadReport } from '../../core/load-report.ts';
import type { Request, ServerId } from '../../core/request.ts';
import type { Millis } from '../../core/units.ts';

/** What `poll` answers when it wants to hear of no server. */
export const NOBODY: ServerId = -1;

export interface Balancer {
  /** Does it want the report of load that rides on every answer? */
  readonly listens: boolean;
  /** Does it ever ask servers for their load? */
  readonly polls: boolean;
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
  /** A server's load by its own account; the report is valid only during this call. */
  reported(now: Millis, server: ServerId, report: LoadReport): void;
  /** A server whose load it wants to hear of: asked after each pick until it is NOBODY. The answer is `reported`, or never comes. */
  poll(now: Millis): ServerId;
}

/** The servers that may be picked, in no particular order: O(1) to read, add, remove and test. */
export interface Candidates {
  readonly size: number;
  /** `index` in [0, size). */
  at(index: number): ServerId;
  has(server: ServerId): boolean;
}
