/** What a fleet is made of: the policies, freshly made for this run, and the rules of its traffic. */
import { NEVER, type Millis } from '../core/units.ts';
import type { ServerId } from '../core/request.ts';
import type { Autoscaler } from '../policies/autoscaler/autoscaler.ts';
import type { Balancer } from '../policies/balancer/balancer.ts';
import type { Breaker } from '../policies/breaker/breaker.ts';
import type { Health } from '../policies/health/health.ts';

/** Does any policy want the report of load that may ride on an answer? */
export const wantsReports = ({ autoscaler, balancer }: FleetOptions): boolean =>
  autoscaler.every < NEVER || balancer.listens;

export interface FleetOptions {
  /** Weights of the servers that are up at time 0, by id. */
  readonly weights: readonly number[];
  /** Weight of every server started later. */
  readonly newWeight: number;
  readonly balancer: Balancer;
  readonly health: (server: ServerId) => Health;
  readonly breaker: (server: ServerId) => Breaker;
  readonly autoscaler: Autoscaler;
  /** `session`: a legacy session stays with the server that created it. */
  readonly affinity: 'none' | 'session';
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
