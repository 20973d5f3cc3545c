/**
 * How late the driver was, and whether that colours the result. A late request counts its lateness as latency, so the
 * driver's own share of what was measured must stay small: the run is invalid when lag p99 is above 5 ms and above 5 %
 * of the median latency. (Below 5 ms it is the noise of timers; what a median of 20 ms hides, a p99 hides better.)
 */
import { isCompleted } from '../../core/outcome.ts';
import type { Millis } from '../../core/units.ts';
import type { Sample } from './samples.ts';

export interface Lag {
  readonly p50: Millis;
  readonly p99: Millis;
  readonly max: Millis;
  /** A p99 above this makes the run invalid. */
  readonly limit: Millis;
}

const TOLERATED_MS = 5;
const TOLERATED_SHARE = 0.05;

/** Of the requests that were meant to be sent from `from` on, ms since the run began; zeros when there are none. */
export const lagOf = (samples: readonly Sample[], from: Millis): Lag => {
  const measured = samples.filter(({ at }) => at >= from);
  const lags = sorted(measured.map(({ lagMs }) => lagMs));
  const completed = measured.filter(({ outcome }) => isCompleted(outcome));
  const latencies = sorted(completed.map(({ latencyMs }) => latencyMs));
  return {
    p50: quantile(lags, 0.5),
    p99: quantile(lags, 0.99),
    max: lags.at(-1) ?? 0,
    limit: Math.max(TOLERATED_MS, TOLERATED_SHARE * quantile(latencies, 0.5)),
  };
};

const sorted = (values: readonly number[]): Float64Array => Float64Array.from(values).sort();

/** Nearest rank; 0 of nothing. */
const quantile = (values: Float64Array, q: number): number =>
  values[Math.max(0, Math.ceil(q * values.length) - 1)] ?? 0;
