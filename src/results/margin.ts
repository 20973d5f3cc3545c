/**
 * Practical significance: how large a difference must be before anybody should act on it. A share of the baseline's
 * mean (`margin`, 5 % unless set), and for latencies and shares never less than a floor, since 5 % of a 2 ms latency or
 * of a 0.01 % error rate is nothing. Other units have no natural floor and stay relative.
 */
import { formatDifference, formatUnit } from '../core/format.ts';
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

/** What `marginOf` comes to, as a reader needs it: the share, `5 %`, or where that is less the floor, `0.1 points`. */
export const marginText = (metric: MetricName, baselineMean: number, share: number): string =>
  marginOf(metric, baselineMean, share) > share * Math.abs(baselineMean)
    ? floorText(metric)
    : formatUnit('share', share);

/** The rule for some metrics at once: `5 %, but at least 0.1 points or 1 ms`. */
export const marginRule = (metrics: readonly MetricName[], share: number): string => {
  const floored = metrics.filter((metric) => FLOORS[METRICS[metric].unit] > 0);
  const floors = [...new Set(floored.map(floorText))];
  const least = floors.length === 0 ? '' : `, but at least ${floors.join(' or ')}`;
  return `${formatUnit('share', share)}${least}`;
};

const floorText = (metric: MetricName): string =>
  formatDifference(metric, FLOORS[METRICS[metric].unit]).replace(/^\+/, '');
