/**
 * Stabilisation of the HPA: no fewer replicas than any recommendation of the down window asked for, no more than any
 * of the up window did (Kubernetes 1.33, horizontal.go). What is remembered is the recommendation as the metrics gave
 * it, so that a held value does not hold itself for ever.
 */
import type { Millis } from '../../../core/units.ts';

export interface Recommendation {
  readonly replicas: number;
  readonly at: Millis;
}

/** With a behaviour: one window a direction. A recommendation as old as a window is outside of it. */
export const stabilise = (
  now: Millis,
  log: Recommendation[],
  { current, desired }: { readonly current: number; readonly desired: number },
  { up, down }: { readonly up: Millis; readonly down: Millis },
): number => {
  let ceiling = desired;
  let floor = desired;
  for (const { replicas, at } of log) {
    if (now - at < up) ceiling = Math.min(ceiling, replicas);
    if (now - at < down) floor = Math.max(floor, replicas);
  }
  remember(now, log, desired, Math.max(up, down));
  return Math.min(Math.max(current, ceiling), floor);
};

/** Without a behaviour: the way down alone. A recommendation as old as the window still counts. */
export const stabiliseDown = (
  now: Millis,
  log: Recommendation[],
  desired: number,
  window: Millis,
): number => {
  let highest = desired;
  for (const { replicas, at } of log) if (now - at <= window) highest = Math.max(highest, replicas);
  remember(now, log, desired, window);
  return highest;
};

/** In the place of one that no window holds any more, if there is one. */
const remember = (now: Millis, log: Recommendation[], replicas: number, window: Millis): void => {
  const old = log.findLastIndex(({ at }) => now - at > window);
  if (old < 0) log.push({ replicas, at: now });
  else log[old] = { replicas, at: now };
};
