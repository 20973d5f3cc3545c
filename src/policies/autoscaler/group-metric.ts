/**
 * The metrics of an EC2 Auto Scaling group as CloudWatch has them, one point a period: mean CPU of the instances that
 * are past their warm-up, and the balancer's requests and concurrency for each target that is in service.
 */
import { zNumber, zRate, zShare, type Millis } from '../../core/units.ts';
import type { Load, ServerLoad } from './autoscaler.ts';

export type GroupMetricName = 'cpu' | 'requests' | 'inFlight';

/** Of each metric, what a target or threshold for it may be. */
export const GROUP_METRICS = {
  cpu: () => zShare({ positive: true }),
  requests: () => zRate({ positive: true }),
  inFlight: () => zNumber({ exclusiveMin: 0 }),
} as const;

/** Is it past its warm-up? Those of the start have been up for long. */
export const isWarm = (now: Millis, { readyAt }: ServerLoad, warmup: Millis): boolean =>
  readyAt !== null && (readyAt <= 0 || now - readyAt >= warmup);

export const warmCount = (now: Millis, load: Load, warmup: Millis): number => {
  let warm = 0;
  for (const server of load.members) if (isWarm(now, server, warmup)) warm++;
  return warm;
};

export class GroupMetric {
  readonly #name: GroupMetricName;
  readonly #warmup: Millis;
  /** What each server had reported at the last point. */
  #before = new Map<number, { readonly busyMs: number; readonly at: Millis }>();

  constructor(name: GroupMetricName, warmup: Millis) {
    this.#name = name;
    this.#warmup = warmup;
  }

  /** The point of the period that ends now; null when there is none. */
  point(now: Millis, load: Load): number | null {
    if (this.#name === 'cpu') return this.#cpu(now, load.members);
    if (load.ready === 0) return null;
    const total = this.#name === 'requests' ? load.requestsPerSecond : load.concurrencyMean;
    return total / load.ready;
  }

  /** Busy slots over slots, for each server since its report at the last point. */
  #cpu(now: Millis, servers: readonly ServerLoad[]): number | null {
    const before = this.#before;
    this.#before = new Map();
    let sum = 0;
    let count = 0;
    for (const server of servers) {
      const { id, report, reportedAt: at } = server;
      if (report === null || report.slots <= 0) continue;
      const { busyMs, slots } = report;
      this.#before.set(id, { busyMs, at });
      const last = before.get(id);
      if (last === undefined || at <= last.at || busyMs < last.busyMs) continue;
      if (!isWarm(now, server, this.#warmup)) continue;
      sum += (busyMs - last.busyMs) / ((at - last.at) * slots);
      count++;
    }
    // To nine digits, so that 60 % is 60 % whatever it was added up from.
    return count === 0 ? null : Math.round((sum / count) * 1e9) / 1e9;
  }
}

/** "cpu 91%", "requests 52.1/s", "inFlight 7.5": a value of the metric as one reads it. */
export const shownAs = (name: GroupMetricName, value: number): string => {
  if (name === 'cpu') return `${(value * 100).toFixed(0)}%`;
  const digits = Number(value.toPrecision(3));
  return name === 'requests' ? `${digits}/s` : String(digits);
};
