/**
 * What a fleet is made of: the policies, freshly made for this run, and the rules of its traffic. What may be left out of
 * a fleet altogether is null then, and costs nothing; `PLAIN` leaves out all of it.
 */
import { isUntouched, type Outcome } from '../core/outcome.ts';
import type { Rng } from '../core/rng.ts';
import { NEVER, type Millis } from '../core/units.ts';
import type { ServerId } from '../core/request.ts';
import type { Autoscaler } from '../policies/autoscaler/autoscaler.ts';
import type { Balancer } from '../policies/balancer/balancer.ts';
import type { Breaker } from '../policies/breaker/breaker.ts';
import type { BreakerScope } from '../policies/breaker/scope.ts';
import type { Budget } from '../policies/budget/budget.ts';
import type { Ejection } from '../policies/ejection/ejection.ts';
import type { Affinity } from '../policies/guards/affinity.ts';
import type { CoDel } from '../policies/guards/codel.ts';
import type { Hedging } from '../policies/guards/hedging.ts';
import type { Rebalance } from '../policies/guards/rebalance.ts';
import type { SlowStart } from '../policies/guards/slow-start.ts';
import type { Victims } from '../policies/guards/victims.ts';
import type { Health } from '../policies/health/health.ts';
import type { LimitScope } from '../policies/limit/scope.ts';
import type { Limit } from '../policies/limit/limit.ts';

export interface FleetOptions extends Extras {
  /** Weights of the servers that are up at time 0, by id. */
  readonly weights: readonly number[];
  /** Weight of every server started later. */
  readonly newWeight: number;
  readonly balancer: Balancer;
  readonly health: (server: ServerId) => Health;
  /** The circuit of a server, or, where each tool has its own, of a tool there: its index, -1 for `initialize`. */
  readonly breaker: (server: ServerId, tool: number) => Breaker;
  readonly autoscaler: Autoscaler;
  /** `session`: a legacy session stays with the server that created it. `key`: requests of one key go to one server. */
  readonly affinity: Affinity;
  /** How long a draining server keeps its calls and sessions; NEVER = until they are done. */
  readonly drain: Millis;
  /** Deadline of one attempt; NEVER = none. */
  readonly timeout: Millis;
  /** Attempts in all; Infinity = unlimited. */
  readonly attempts: number;
  /** Pause before attempt `attempt` (from 1) of a request. */
  readonly backoff: (arrival: number, call: number, attempt: number) => Millis;
  /** Share of the interval at which a server's first check falls, 0..1, so that checks do not march in step. */
  readonly probePhase: (server: ServerId) => number;
}

export interface Extras {
  /** What has a circuit: each server, or each tool of each server. */
  readonly circuits: BreakerScope;
  /** Names of the tools by index, for notes on their circuits; empty where they are not known beforehand. */
  readonly tools: readonly string[];
  /** A call that ends so may be sent again whatever it does. */
  readonly untouched: (outcome: Outcome) => boolean;
  readonly ejection: Ejection | null;
  /** Fewer fit servers than this share of the ready ones: all ready ones are used. 0 = never. */
  readonly panic: number;
  /** A server that has come up, or is healthy again, gets only part of its traffic at first. */
  readonly slowStart: { readonly rule: SlowStart; readonly rng: Rng } | null;
  readonly limit: { readonly scope: LimitScope; readonly make: () => Limit } | null;
  readonly backlog: BacklogOptions | null;
  readonly budget: Budget | null;
  readonly hedging: Hedging | null;
  readonly rebalance: Rebalance | null;
  /** Whom a scale-in takes first, after those that are still starting. */
  readonly victims: Victims;
}

/** Where calls wait at the balancer that no server may take. */
export interface BacklogOptions {
  /** Waiting places; beyond them calls are shed. */
  readonly places: number;
  /** Longest wait. */
  readonly wait: Millis;
  readonly codel: CoDel | null;
}

/** A fleet without extras. */
export const PLAIN: Extras = {
  circuits: 'server',
  tools: [],
  untouched: isUntouched,
  ejection: null,
  panic: 0,
  slowStart: null,
  limit: null,
  backlog: null,
  budget: null,
  hedging: null,
  rebalance: null,
  victims: 'newest',
};

/** Does any policy want the report of load that may ride on an answer? */
export const wantsReports = ({ autoscaler, balancer }: FleetOptions): boolean =>
  autoscaler.every < NEVER || balancer.listens;
