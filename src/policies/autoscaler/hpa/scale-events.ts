/**
 * What has been changed of late, for the rate limits of the HPA's behaviour: changes count while they are younger than
 * a policy's period, and a change older than the longest period gives its place to a new one (Kubernetes 1.33,
 * horizontal.go, storeScaleEvent), so that the list stays as long as the busiest period was.
 */
import type { Millis } from '../../../core/units.ts';
import type { ScalingRules } from './behavior.ts';

export interface ScaleEvent {
  /** Replicas added, or removed, in the direction of the list it is in. */
  readonly change: number;
  readonly at: Millis;
}

/** Replicas changed in the `period` before now. */
export const changeWithin = (
  now: Millis,
  events: readonly ScaleEvent[],
  period: Millis,
): number => {
  let sum = 0;
  for (const { change, at } of events) if (now - at < period) sum += change;
  return sum;
};

/** Without rules nothing is stored, for nothing would read it. */
export const storeEvent = (
  now: Millis,
  events: ScaleEvent[],
  rules: ScalingRules | null,
  change: number,
): void => {
  if (rules === null) return;
  const longest = Math.max(0, ...rules.policies.map(({ period }) => period));
  const old = events.findLastIndex(({ at }) => now - at > longest);
  if (old < 0) events.push({ change, at: now });
  else events[old] = { change, at: now };
};
