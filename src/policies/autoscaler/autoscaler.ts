/**
 * An autoscaler is asked every `every` how many servers there should be. It answers with data: a number and the reason.
 * Starting, draining and choosing the victim are the fleet's business.
 */
import type { LoadReport } from '../../core/load-report.ts';
import type { ServerId } from '../../core/request.ts';
import type { Millis } from '../../core/units.ts';

export interface Autoscaler {
  /** Time between decisions; NEVER = none are made. */
  readonly every: Millis;
  /** How often the fleet asks every server for its load; NEVER = it needs no reports. */
  readonly scrape: Millis;
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
  /** Requests present, those that wait at the balancer included: mean over the time since the last decision. */
  readonly concurrencyMean: number;
  /** Requests that wait at the balancer now. */
  readonly waiting: number;
  /** Calls waiting in servers' queues as last reported, all together; null when no server has reported. */
  readonly queued: number | null;
  /** The servers that are wanted, one by one. */
  readonly members: readonly ServerLoad[];
}

/** One server as a scaler sees it. What its reports say is as old as they are: nobody fills the gaps. */
export interface ServerLoad {
  readonly id: ServerId;
  readonly phase: 'starting' | 'ready';
  /** Started, and passing its checks. */
  readonly healthy: boolean;
  readonly startedAt: Millis;
  /** When it first was ready; null until then. */
  readonly readyAt: Millis | null;
  /** Calls in flight to it. */
  readonly inFlight: number;
  /** What the last scrape brought; null = nothing yet. */
  readonly report: LoadReport | null;
  /** When that report came; -Infinity = never. */
  readonly reportedAt: Millis;
  /** The report of the scrape before it. CPU between the two = growth of busyMs / (time between them x slots). */
  readonly previous: LoadReport | null;
  readonly previousAt: Millis;
}

export interface Decision {
  readonly desired: number;
  readonly because: string;
}
