/**
 * An autoscaler is asked every `every` how many servers there should be. It answers with data: a number and the reason.
 * Starting, draining and choosing the victim are the fleet's business.
 */
import type { Millis } from '../../core/units.ts';

export interface Autoscaler {
  /** Time between decisions; NEVER = none are made. */
  readonly every: Millis;
  decide(now: Millis, load: Load): Decision;
}

/** The fleet as a scaler sees it. Averages are over the time since the last decision. */
export interface Load {
  /** Servers that are wanted now: ready or on their way up, draining ones left out. */
  readonly servers: number;
  /** Of these, how many are started and checked. */
  readonly ready: number;
  /** Mean latency of completed requests; null when there were none. */
  readonly latencyMsMean: number | null;
  readonly requestsPerSecond: number;
  /** Failed / settled requests, 0 when there were none. */
  readonly errorRate: number;
  /** Calls in flight, all servers together. */
  readonly active: number;
  /** Calls waiting in servers' queues as last reported, all together; null when no server has reported. */
  readonly queued: number | null;
}

export interface Decision {
  readonly desired: number;
  readonly because: string;
}
