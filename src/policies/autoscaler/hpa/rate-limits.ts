/**
 * How fast the HPA may go, and how far: rate limits by policies over the replicas at the start of each policy's period,
 * then min and max (Kubernetes 1.33, horizontal.go, convertDesiredReplicasWithBehaviorRate). Percentages round up on
 * the way up and are cut on the way down. A limit stops a change, it never forces one the other way. Without a
 * behaviour only the doubling rule holds, at least to 4.
 */
import type { Millis } from '../../../core/units.ts';
import type { Behavior, ScalingPolicy, ScalingRules } from './behavior.ts';
import { changeWithin, type ScaleEvent } from './scale-events.ts';

export type LimitReason =
  'DesiredWithinRange' | 'ScaleUpLimit' | 'ScaleDownLimit' | 'TooManyReplicas' | 'TooFewReplicas';

export interface Limited {
  readonly replicas: number;
  readonly reason: LimitReason;
}

export interface Wish {
  readonly current: number;
  readonly desired: number;
  readonly min: number;
  readonly max: number;
}

export interface ScaleEvents {
  readonly up: readonly ScaleEvent[];
  readonly down: readonly ScaleEvent[];
}

export const limitByBehavior = (
  now: Millis,
  { current, desired, min, max }: Wish,
  behavior: Behavior,
  events: ScaleEvents,
): Limited => {
  if (desired > current) {
    const limit = Math.max(scalingLimit(now, 'up', current, behavior.up, events), current);
    if (desired > Math.min(limit, max))
      return max > limit
        ? { replicas: limit, reason: 'ScaleUpLimit' }
        : { replicas: max, reason: 'TooManyReplicas' };
  }
  if (desired < current) {
    const limit = Math.min(scalingLimit(now, 'down', current, behavior.down, events), current);
    if (desired < Math.max(limit, min))
      return min < limit
        ? { replicas: limit, reason: 'ScaleDownLimit' }
        : { replicas: min, reason: 'TooFewReplicas' };
  }
  return { replicas: desired, reason: 'DesiredWithinRange' };
};

/** The most, or fewest, replicas that the rules of a direction allow now. */
export const scalingLimit = (
  now: Millis,
  direction: 'up' | 'down',
  current: number,
  { select, policies }: ScalingRules,
  events: ScaleEvents,
): number => {
  if (select === 'disabled') return current;
  const allowed = policies.map((policy) => {
    const added = changeWithin(now, events.up, policy.period);
    const removed = changeWithin(now, events.down, policy.period);
    return moved(direction, current - added + removed, policy);
  });
  return (direction === 'up') === (select === 'max') ? Math.max(...allowed) : Math.min(...allowed);
};

const moved = (direction: 'up' | 'down', from: number, policy: ScalingPolicy): number => {
  if ('pods' in policy) return direction === 'up' ? from + policy.pods : from - policy.pods;
  return direction === 'up'
    ? Math.ceil(from * (1 + policy.percent))
    : Math.trunc(from * (1 - policy.percent));
};

/** Without a behaviour: at most twice as many, but 4 always. */
export const limitByDoubling = ({ current, desired, min, max }: Wish): Limited => {
  const limit = Math.max(2 * current, 4);
  if (desired < min) return { replicas: min, reason: 'TooFewReplicas' };
  if (desired <= Math.min(limit, max)) return { replicas: desired, reason: 'DesiredWithinRange' };
  return max > limit
    ? { replicas: limit, reason: 'ScaleUpLimit' }
    : { replicas: max, reason: 'TooManyReplicas' };
};
