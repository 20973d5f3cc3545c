/**
 * The reference's AutoScaler over policies/autoscaler/threshold.ts: hand it metrics, and it says whether a server should be
 * added or removed. It moves nothing itself. Names, weights and defaults are the reference's, and so are the faults of its
 * score (docs/policies.md). One difference: a fleet outside its bounds is told to move back into them, whatever the score.
 */
import { AUTOSCALERS } from '../../policies/autoscaler/index.ts';
import type { Autoscaler } from '../../policies/autoscaler/autoscaler.ts';
import type { Clock } from '../clock.ts';
import { makePolicy } from './settings.ts';
import { systemTime } from './timekeeper.ts';

export interface ScalingMetrics {
  readonly avgLatencyMs: number;
  readonly requestsPerSecond: number;
  /** Calls in flight, all servers together. */
  readonly activeConnections: number;
  /** Failed / all, 0..1. */
  readonly errorRate: number;
  /** Calls waiting, all servers together. */
  readonly queueDepth: number;
}

export interface ScalingPolicy {
  /** A score above this adds a server; 0.8. */
  readonly scaleUpThreshold?: number;
  /** A score below this removes one; 0.3. */
  readonly scaleDownThreshold?: number;
  /** 2. */
  readonly minInstances?: number;
  /** 10. */
  readonly maxInstances?: number;
  /** Time after an action in which nothing is changed; 300. */
  readonly cooldownSeconds?: number;
}

export type ScalingAction = 'scale_up' | 'scale_down';

/** Anything that knows how many servers there are, such as a LoadBalancer. */
export interface Sized {
  readonly serverCount: number;
}

export class AutoScaler {
  readonly #scaler: Autoscaler;
  readonly #fleet: Sized;
  readonly #clock: Clock;
  #because = 'not asked yet';

  /** Throws ScenarioError when the policy is not allowed. */
  constructor(policy: ScalingPolicy, fleet: Sized, clock: Clock = systemTime()) {
    const { cooldownSeconds } = policy;
    this.#scaler = makePolicy('AutoScaler', AUTOSCALERS['threshold']!, [
      ['up', 'scaleUpThreshold', policy.scaleUpThreshold],
      ['down', 'scaleDownThreshold', policy.scaleDownThreshold],
      ['min', 'minInstances', policy.minInstances],
      ['max', 'maxInstances', policy.maxInstances],
      [
        'cooldown',
        'cooldownSeconds',
        cooldownSeconds === undefined ? undefined : `${cooldownSeconds}s`,
      ],
    ]);
    this.#fleet = fleet;
    this.#clock = clock;
  }

  /** Why the last answer was what it was: "score 0.91 > 0.8". */
  get because(): string {
    return this.#because;
  }

  /** What should be done now, if anything. An action begins the cooldown: ask only if you mean to follow. */
  evaluate(metrics: ScalingMetrics): ScalingAction | null {
    const servers = this.#fleet.serverCount;
    const { desired, because } = this.#scaler.decide(this.#clock.now(), {
      servers,
      ready: servers,
      latencyMsMean: metrics.avgLatencyMs,
      requestsPerSecond: metrics.requestsPerSecond,
      errorRate: metrics.errorRate,
      active: metrics.activeConnections,
      concurrencyMean: metrics.activeConnections,
      waiting: 0,
      members: [],
      queued: metrics.queueDepth,
    });
    this.#because = because;
    if (desired === servers) return null;
    return desired > servers ? 'scale_up' : 'scale_down';
  }
}
