/**
 * Practical significance: how large a difference must be before anybody should act on it. A share of the baseline's
 * mean (`margin`, 5 % unless set), and for latencies and shares never less than a floor, since 5 % of a 2 ms latency or
 * of a 0.01 % error rate is nothing. Other units have no natural floor and stay relative.
 */
import { METRICS, type MetricName, type Unit } from '../core/metrics.ts';

/** 1 ms; 0.1 percentage point. */
const FLOORS: Readonly<Record<Unit, number>> = {
  ms: 1,
  share: 0.001,
  s: 0,
  perSecond: 0,
  count: 0,
  ratio: 0,
};

/** In the metric's unit. */
export const marginOf = (metric: MetricName, baselineMean: number, share: number): number =>
  Math.max(share * Math.abs(baselineMean), FLOORS[METRICS[metric].unit]);
